//! Buckets, objects and uploads in tables of the state file.

mod objects;
mod uploads;

use std::{collections::HashSet, path::Path, sync::Arc};

use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use serde::{Serialize, de::DeserializeOwned};

pub(in crate::s3) use self::objects::Step;
use self::{
    objects::objects_after,
    uploads::{take_upload, uploads_of},
};
use super::{
    files::Files,
    records::{BucketRecord, ObjectRecord, PartRecord},
};
use crate::{OpenError, StoreError, state::store::Store};

/// Bucket name → bucket.
const BUCKETS: TableDefinition<'static, &str, &str> = TableDefinition::new("s3_buckets");
/// Bucket name and key → object. The order of the table is the order of a listing.
const OBJECTS: TableDefinition<'static, (&str, &str), &str> = TableDefinition::new("s3_objects");
/// Upload id → upload.
const UPLOADS: TableDefinition<'static, &str, &str> = TableDefinition::new("s3_uploads");
/// Upload id and part number → part.
const PARTS: TableDefinition<'static, (&str, u16), &str> = TableDefinition::new("s3_parts");

/// What S3 keeps, on disk. Cloning shares it.
#[derive(Clone, Debug)]
pub(crate) struct Storage {
    store: Arc<Store>,
    pub(in crate::s3) files: Files,
}

/// How a write of an object ended.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::s3) enum Written {
    /// The object is there; the file of the one it replaced is free.
    Done(Option<String>),
    /// The bucket was deleted meanwhile.
    NoSuchBucket,
    /// The condition on the existing object does not hold.
    ConditionFailed,
    /// The upload was completed or aborted meanwhile.
    NoSuchUpload,
}

/// How the deletion of a bucket ended.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::s3) enum BucketDeleted {
    /// Gone, with its unfinished uploads, whose files are free.
    Done(Vec<String>),
    /// There is no such bucket.
    NoSuchBucket,
    /// It has objects.
    NotEmpty,
}

/// A condition on the object that a write replaces.
pub(in crate::s3) type Condition<'a> = &'a (dyn Fn(Option<&ObjectRecord>) -> bool + Sync);

impl Storage {
    /// Opens the tables and the folder of the objects.
    pub(in crate::s3) fn open(store: Arc<Store>, folder: &Path) -> Result<Self, OpenError> {
        let unusable = |error: std::io::Error| OpenError::NotWritable {
            path: folder.to_owned(),
            reason: error.to_string(),
        };
        let files = Files::open(folder).map_err(unusable)?;
        let storage = Self { store, files };
        let used = storage.create_tables()?;
        storage.files.sweep(&used).map_err(unusable)?;
        Ok(storage)
    }

    /// Makes sure that the tables exist, and names every file that a record names.
    fn create_tables(&self) -> Result<HashSet<String>, StoreError> {
        let transaction = self.begin_write()?;
        let mut used = HashSet::new();
        {
            transaction.open_table(BUCKETS)?;
            transaction.open_table(UPLOADS)?;
            for entry in transaction.open_table(OBJECTS)?.iter()? {
                used.insert(decode::<ObjectRecord>(entry?.1.value())?.file);
            }
            for entry in transaction.open_table(PARTS)?.iter()? {
                used.insert(decode::<PartRecord>(entry?.1.value())?.file);
            }
        }
        commit(transaction)?;
        Ok(used)
    }

    /// Creates a bucket; gives the existing one when the name is taken.
    pub(in crate::s3) fn create_bucket(
        &self,
        name: &str,
        record: &BucketRecord,
    ) -> Result<Option<BucketRecord>, StoreError> {
        let transaction = self.begin_write()?;
        {
            let mut buckets = transaction.open_table(BUCKETS)?;
            if let Some(existing) = buckets.get(name)? {
                return decode(existing.value()).map(Some);
            }
            buckets.insert(name, encode(record)?.as_str())?;
        }
        commit(transaction)?;
        Ok(None)
    }

    /// The bucket of this name.
    pub(in crate::s3) fn bucket(&self, name: &str) -> Result<Option<BucketRecord>, StoreError> {
        let transaction = self.begin_read()?;
        let found = transaction.open_table(BUCKETS)?.get(name)?;
        found.map(|found| decode(found.value())).transpose()
    }

    /// All buckets of an account, by name.
    pub(in crate::s3) fn buckets_of(
        &self,
        account: &str,
    ) -> Result<Vec<(String, BucketRecord)>, StoreError> {
        let transaction = self.begin_read()?;
        let mut found = Vec::new();
        for entry in transaction.open_table(BUCKETS)?.iter()? {
            let (name, value) = entry?;
            let record: BucketRecord = decode(value.value())?;
            if record.account == account {
                found.push((name.value().to_owned(), record));
            }
        }
        Ok(found)
    }

    /// Deletes an empty bucket.
    pub(in crate::s3) fn delete_bucket(&self, name: &str) -> Result<BucketDeleted, StoreError> {
        let transaction = self.begin_write()?;
        if objects_after(&transaction.open_table(OBJECTS)?, name, "")?
            .next()
            .is_some()
        {
            return Ok(BucketDeleted::NotEmpty);
        }
        if transaction.open_table(BUCKETS)?.remove(name)?.is_none() {
            return Ok(BucketDeleted::NoSuchBucket);
        }
        let mut freed = Vec::new();
        for upload in uploads_of(&transaction, name)? {
            freed.extend(take_upload(&transaction, &upload)?);
        }
        commit(transaction)?;
        Ok(BucketDeleted::Done(freed))
    }

    fn begin_read(&self) -> Result<ReadTransaction, StoreError> {
        self.store.database().begin_read()
    }

    fn begin_write(&self) -> Result<WriteTransaction, StoreError> {
        self.store.database().begin_write()
    }
}

fn commit(transaction: WriteTransaction) -> Result<(), StoreError> {
    transaction
        .commit()
        .map_err(|error| StoreError::Storage(error.to_string()))
}

fn encode(record: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|error| StoreError::Storage(error.to_string()))
}

fn decode<T: DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Damaged(format!("a record of S3: {error}")))
}
