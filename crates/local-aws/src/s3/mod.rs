//! S3: buckets and objects, on the protocol layer of the `s3s` crate.
//!
//! * `front.rs` takes a request from the dispatcher, verifies its signature by the server's clock
//!   and in AWS's words, and lets `s3s` decode it; `finish.rs` completes the answer.
//! * `call.rs` is who calls and what they may do; every operation asks it, with the bucket's
//!   owner as the resource's account.
//! * `backend.rs` lists the operations that exist; the rest answer `NotImplemented`. One file per
//!   family: `buckets.rs`, `listing.rs`, `objects.rs`, `delete.rs`, `upload.rs`, `copy.rs`,
//!   `multipart.rs`, `complete.rs`.
//! * `store/` keeps the records in the state file, `files.rs` the bytes below `objects/`.

mod backend;
mod buckets;
mod call;
mod checksum;
mod complete;
mod copy;
mod delete;
mod error;
mod files;
mod finish;
mod front;
mod hosts;
mod intake;
mod keys;
mod listing;
mod multipart;
mod objects;
mod records;
mod select;
mod store;
mod upload;

use crate::{LocalAws, Op, OpenError};

pub(crate) use front::Service;
pub(crate) use store::Storage;

/// The S3 service of a local AWS. Cheap to clone.
pub(crate) fn service(aws: &LocalAws) -> Service {
    Service::new(aws)
}

/// Why a bucket cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum CreateBucketError {
    /// The name breaks the naming rules.
    #[error(
        "'{0}' is not a bucket name: 3 to 63 of a-z, 0-9, dots and hyphens, starting and ending with a letter or digit"
    )]
    Name(String),
    /// Another account has a bucket of this name.
    #[error("the bucket {0} belongs to another account")]
    Taken(String),
    /// The state file cannot be written.
    #[error(transparent)]
    Store(#[from] crate::StoreError),
}

/// Creates a bucket of `account` in `region`; nothing happens when the account already has it.
pub fn create_bucket(
    aws: &LocalAws,
    op: &Op,
    account: &str,
    name: &str,
    region: &str,
) -> Result<(), CreateBucketError> {
    if !buckets::is_bucket_name(name) {
        return Err(CreateBucketError::Name(name.to_owned()));
    }
    let record = records::BucketRecord {
        account: account.to_owned(),
        region: region.to_owned(),
        created_at: op.unix(),
    };
    match aws.s3_storage().create_bucket(name, &record)? {
        None => Ok(()),
        Some(existing) if existing.account == account => Ok(()),
        Some(_) => Err(CreateBucketError::Taken(name.to_owned())),
    }
}

/// Opens the tables and the folder of the objects, and removes what an interrupted write left.
pub(crate) fn open(
    store: std::sync::Arc<crate::state::store::Store>,
    data_dir: &std::path::Path,
) -> Result<Storage, OpenError> {
    Storage::open(store, &data_dir.join("objects"))
}

/// Names and regions of an account's buckets, by name, for the console.
pub(crate) fn buckets_of(
    aws: &LocalAws,
    account: &str,
) -> Result<Vec<(String, String)>, crate::StoreError> {
    let buckets = aws.s3_storage().buckets_of(account)?;
    Ok(buckets
        .into_iter()
        .map(|(name, record)| (name, record.region))
        .collect())
}
