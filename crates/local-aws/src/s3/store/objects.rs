//! Objects.

use redb::{ReadableTable, WriteTransaction};

use super::{BUCKETS, Condition, OBJECTS, Storage, Written, commit, decode, encode};
use crate::{StoreError, s3::records::ObjectRecord};

impl Storage {
    /// The object with this key.
    pub(in crate::s3) fn object(
        &self,
        bucket: &str,
        key: &str,
    ) -> Result<Option<ObjectRecord>, StoreError> {
        let transaction = self.begin_read()?;
        let found = transaction.open_table(OBJECTS)?.get((bucket, key))?;
        found.map(|found| decode(found.value())).transpose()
    }

    /// Creates or replaces an object.
    pub(in crate::s3) fn put_object(
        &self,
        bucket: &str,
        key: &str,
        record: &ObjectRecord,
        condition: Condition<'_>,
    ) -> Result<Written, StoreError> {
        let transaction = self.begin_write()?;
        let written = write_object(&transaction, (bucket, key), record, condition)?;
        if let Written::Done(_) = written {
            commit(transaction)?;
        }
        Ok(written)
    }

    /// Removes objects in one transaction; gives the files that are free.
    pub(in crate::s3) fn delete_objects(
        &self,
        bucket: &str,
        keys: &[String],
    ) -> Result<Vec<String>, StoreError> {
        let transaction = self.begin_write()?;
        let mut freed = Vec::new();
        {
            let mut objects = transaction.open_table(OBJECTS)?;
            for key in keys {
                if let Some(old) = objects.remove((bucket, key.as_str()))? {
                    freed.push(decode::<ObjectRecord>(old.value())?.file);
                }
            }
        }
        commit(transaction)?;
        Ok(freed)
    }

    /// Visits the objects of a bucket in the order of their keys. The visitor says how to go on.
    pub(in crate::s3) fn visit_objects(
        &self,
        bucket: &str,
        from: &str,
        mut visit: impl FnMut(&str, ObjectRecord) -> Step,
    ) -> Result<(), StoreError> {
        let transaction = self.begin_read()?;
        let objects = transaction.open_table(OBJECTS)?;
        let mut from = from.to_owned();
        'seek: loop {
            for entry in objects_after(&objects, bucket, &from)? {
                let (key, record) = entry?;
                match visit(&key, record) {
                    Step::Next => {}
                    Step::Stop => return Ok(()),
                    Step::SeekTo(next) => {
                        from = next;
                        continue 'seek;
                    }
                }
            }
            return Ok(());
        }
    }
}

/// How a visit of objects goes on.
pub(in crate::s3) enum Step {
    Next,
    Stop,
    /// Go on at the first key that is not less than this one.
    SeekTo(String),
}

pub(super) fn write_object(
    transaction: &WriteTransaction,
    (bucket, key): (&str, &str),
    record: &ObjectRecord,
    condition: Condition<'_>,
) -> Result<Written, StoreError> {
    if transaction.open_table(BUCKETS)?.get(bucket)?.is_none() {
        return Ok(Written::NoSuchBucket);
    }
    let mut objects = transaction.open_table(OBJECTS)?;
    let old: Option<ObjectRecord> = objects
        .get((bucket, key))?
        .map(|old| decode(old.value()))
        .transpose()?;
    if !condition(old.as_ref()) {
        return Ok(Written::ConditionFailed);
    }
    objects.insert((bucket, key), encode(record)?.as_str())?;
    Ok(Written::Done(old.map(|old| old.file)))
}

pub(super) fn objects_after<'t>(
    objects: &'t impl ReadableTable<(&'static str, &'static str), &'static str>,
    bucket: &'t str,
    from: &str,
) -> Result<impl Iterator<Item = Result<(String, ObjectRecord), StoreError>> + 't, StoreError> {
    let range = objects.range((bucket, from)..)?;
    Ok(range
        .map(move |entry| -> Result<_, StoreError> {
            let (key, value) = entry?;
            let (found, key) = key.value();
            if found != bucket {
                return Ok(None);
            }
            Ok(Some((key.to_owned(), decode(value.value())?)))
        })
        .map_while(Result::transpose))
}
