//! What is stored about buckets, objects and unfinished uploads: one JSON value each, in tables of
//! the state file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    checksum::{Algorithm, Checksum},
    intake::Received,
};

/// A bucket; its name is the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BucketRecord {
    /// The owning account.
    pub(crate) account: String,
    /// The region it was created in.
    pub(crate) region: String,
    /// Unix seconds.
    pub(crate) created_at: i64,
}

/// The headers that come back as they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Headers {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cache_control: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content_disposition: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content_encoding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content_language: Option<String>,
    /// Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<i64>,
    /// Absent means `STANDARD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) storage_class: Option<String>,
    /// `x-amz-meta-*`, names without that prefix.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) metadata: BTreeMap<String, String>,
}

/// An object; bucket and key are the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ObjectRecord {
    /// Name of the file with the bytes; never reused.
    pub(super) file: String,
    /// Bytes.
    pub(super) size: u64,
    /// Without quotes.
    pub(super) etag: String,
    /// Unix seconds.
    pub(super) modified_at: i64,
    /// Given by the client, or computed.
    pub(super) checksum: Checksum,
    /// Sizes of the parts when it was uploaded in parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<u64>,
    /// As given.
    #[serde(default)]
    pub(super) headers: Headers,
}

impl ObjectRecord {
    /// An object that arrived in one piece. `now` is Unix seconds.
    pub(super) fn received(received: Received, headers: Headers, now: i64) -> Self {
        Self {
            file: received.file,
            size: received.size,
            etag: hex::encode(received.md5),
            modified_at: now,
            checksum: received.checksum,
            parts: Vec::new(),
            headers,
        }
    }
}

/// An unfinished multipart upload; the upload id is the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadRecord {
    pub(super) bucket: String,
    pub(super) key: String,
    /// Unix seconds.
    pub(super) initiated_at: i64,
    /// What the parts and the object are checked with.
    pub(super) algorithm: Algorithm,
    /// The object's checksum is a checksum of the parts' checksums.
    pub(super) composite: bool,
    /// For the object.
    #[serde(default)]
    pub(super) headers: Headers,
}

/// A part of an unfinished upload; upload id and part number are the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartRecord {
    pub(super) file: String,
    pub(super) size: u64,
    /// MD5 in hexadecimal, without quotes.
    pub(super) etag: String,
    pub(super) checksum: Checksum,
}
