//! Unfinished uploads and their parts.

use std::collections::HashMap;

use redb::{ReadableTable, WriteTransaction};

use super::{
    BUCKETS, Condition, PARTS, Storage, UPLOADS, Written, commit, decode, encode,
    objects::write_object,
};
use crate::{
    StoreError,
    s3::records::{ObjectRecord, PartRecord, UploadRecord},
};

impl Storage {
    /// Starts an upload.
    pub(in crate::s3) fn create_upload(
        &self,
        id: &str,
        record: &UploadRecord,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin_write()?;
        if transaction
            .open_table(BUCKETS)?
            .get(record.bucket.as_str())?
            .is_none()
        {
            return Ok(false);
        }
        transaction
            .open_table(UPLOADS)?
            .insert(id, encode(record)?.as_str())?;
        commit(transaction)?;
        Ok(true)
    }

    /// The upload with this id.
    pub(in crate::s3) fn upload(&self, id: &str) -> Result<Option<UploadRecord>, StoreError> {
        let transaction = self.begin_read()?;
        let found = transaction.open_table(UPLOADS)?.get(id)?;
        found.map(|found| decode(found.value())).transpose()
    }

    /// The parts of an upload by number.
    pub(in crate::s3) fn parts(
        &self,
        upload: &str,
    ) -> Result<HashMap<u16, PartRecord>, StoreError> {
        let transaction = self.begin_read()?;
        let parts = transaction.open_table(PARTS)?;
        let mut found = HashMap::new();
        for entry in parts.range((upload, 0)..=(upload, u16::MAX))? {
            let (key, value) = entry?;
            found.insert(key.value().1, decode(value.value())?);
        }
        Ok(found)
    }

    /// Adds or replaces a part.
    pub(in crate::s3) fn put_part(
        &self,
        upload: &str,
        number: u16,
        record: &PartRecord,
    ) -> Result<Written, StoreError> {
        let transaction = self.begin_write()?;
        if transaction.open_table(UPLOADS)?.get(upload)?.is_none() {
            return Ok(Written::NoSuchUpload);
        }
        let replaced = {
            let mut parts = transaction.open_table(PARTS)?;
            let old = parts.insert((upload, number), encode(record)?.as_str())?;
            old.map(|old| decode::<PartRecord>(old.value()))
                .transpose()?
        };
        commit(transaction)?;
        Ok(Written::Done(replaced.map(|part| part.file)))
    }

    /// Turns an upload into an object; gives also the files of the parts.
    pub(in crate::s3) fn complete_upload(
        &self,
        upload: (&str, &UploadRecord),
        record: &ObjectRecord,
        condition: Condition<'_>,
    ) -> Result<(Written, Vec<String>), StoreError> {
        let (id, about) = upload;
        let transaction = self.begin_write()?;
        if transaction.open_table(UPLOADS)?.get(id)?.is_none() {
            return Ok((Written::NoSuchUpload, Vec::new()));
        }
        let place = (about.bucket.as_str(), about.key.as_str());
        let written = write_object(&transaction, place, record, condition)?;
        if !matches!(written, Written::Done(_)) {
            return Ok((written, Vec::new()));
        }
        let freed = take_upload(&transaction, id)?;
        commit(transaction)?;
        Ok((written, freed))
    }

    /// Ends an upload without an object; gives the files of the parts. `None`: no such upload.
    pub(in crate::s3) fn abort_upload(&self, id: &str) -> Result<Option<Vec<String>>, StoreError> {
        let transaction = self.begin_write()?;
        if transaction.open_table(UPLOADS)?.get(id)?.is_none() {
            return Ok(None);
        }
        let freed = take_upload(&transaction, id)?;
        commit(transaction)?;
        Ok(Some(freed))
    }
}

pub(super) fn uploads_of(
    transaction: &WriteTransaction,
    bucket: &str,
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for entry in transaction.open_table(UPLOADS)?.iter()? {
        let (id, value) = entry?;
        if decode::<UploadRecord>(value.value())?.bucket == bucket {
            found.push(id.value().to_owned());
        }
    }
    Ok(found)
}

/// Removes an upload and its parts; gives the files of the parts.
pub(super) fn take_upload(
    transaction: &WriteTransaction,
    id: &str,
) -> Result<Vec<String>, StoreError> {
    transaction.open_table(UPLOADS)?.remove(id)?;
    let mut parts = transaction.open_table(PARTS)?;
    let mut freed = Vec::new();
    for entry in parts.range((id, 0)..=(id, u16::MAX))? {
        freed.push(decode::<PartRecord>(entry?.1.value())?.file);
    }
    parts.retain_in((id, 0)..=(id, u16::MAX), |_, _| false)?;
    Ok(freed)
}
