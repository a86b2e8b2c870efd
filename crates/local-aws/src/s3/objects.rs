//! GetObject, HeadObject, GetObjectTagging.

use std::ops::Range;

use s3s::{S3Request, S3Result, dto};

use super::{
    backend::Backend,
    buckets::timestamp,
    call::{Call, Target},
    error,
    records::{BucketRecord, ObjectRecord},
    select::{Ask, Selected, open},
};

pub(super) async fn get(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::GetObjectInput>,
) -> S3Result<dto::GetObjectOutput> {
    let input = request.input;
    refuse_customer_key(input.sse_customer_algorithm.as_ref())?;
    let owner = input.expected_bucket_owner.as_deref();
    let bucket = backend.bucket(&input.bucket, owner)?;
    allow_read(
        call,
        (&input.bucket, &bucket),
        &input.key,
        input.version_id.as_deref(),
    )?;
    let ask = Ask {
        range: input.range,
        part: input.part_number,
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    let (record, selected, reader) =
        open(backend, call, (&input.bucket, &bucket), &input.key, &ask).await?;
    let view = View::of(
        &record,
        &selected,
        wants_checksum(input.checksum_mode.as_ref()),
    );
    Ok(dto::GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        body: Some(dto::StreamingBlob::wrap(reader.into_stream())),
        cache_control: record.headers.cache_control,
        checksum_crc32: view.checksum.checksum_crc32,
        checksum_crc32c: view.checksum.checksum_crc32c,
        checksum_crc64nvme: view.checksum.checksum_crc64nvme,
        checksum_sha1: view.checksum.checksum_sha1,
        checksum_sha256: view.checksum.checksum_sha256,
        checksum_type: view.checksum.checksum_type,
        content_disposition: record.headers.content_disposition,
        content_encoding: record.headers.content_encoding,
        content_language: record.headers.content_language,
        content_length: view.content_length,
        content_range: view.content_range,
        content_type: view.content_type,
        e_tag: Some(dto::ETag::Strong(record.etag)),
        expires: record.headers.expires.map(timestamp),
        last_modified: Some(timestamp(record.modified_at)),
        metadata: Some(record.headers.metadata.into_iter().collect()),
        parts_count: view.parts_count,
        server_side_encryption: Some(encryption()),
        storage_class: record.headers.storage_class.map(dto::StorageClass::from),
        ..dto::GetObjectOutput::default()
    })
}

pub(super) fn head(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::HeadObjectInput>,
) -> S3Result<dto::HeadObjectOutput> {
    let input = request.input;
    refuse_customer_key(input.sse_customer_algorithm.as_ref())?;
    let owner = input.expected_bucket_owner.as_deref();
    let bucket = backend.bucket(&input.bucket, owner)?;
    allow_read(
        call,
        (&input.bucket, &bucket),
        &input.key,
        input.version_id.as_deref(),
    )?;
    let ask = Ask {
        range: input.range,
        part: input.part_number,
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    let record = backend.object(call, (&input.bucket, &bucket), &input.key)?;
    let selected = ask.select(&record)?;
    let view = View::of(
        &record,
        &selected,
        wants_checksum(input.checksum_mode.as_ref()),
    );
    Ok(dto::HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        cache_control: record.headers.cache_control,
        checksum_crc32: view.checksum.checksum_crc32,
        checksum_crc32c: view.checksum.checksum_crc32c,
        checksum_crc64nvme: view.checksum.checksum_crc64nvme,
        checksum_sha1: view.checksum.checksum_sha1,
        checksum_sha256: view.checksum.checksum_sha256,
        checksum_type: view.checksum.checksum_type,
        content_disposition: record.headers.content_disposition,
        content_encoding: record.headers.content_encoding,
        content_language: record.headers.content_language,
        content_length: view.content_length,
        content_range: view.content_range,
        content_type: view.content_type,
        e_tag: Some(dto::ETag::Strong(record.etag)),
        expires: record.headers.expires.map(timestamp),
        last_modified: Some(timestamp(record.modified_at)),
        metadata: Some(record.headers.metadata.into_iter().collect()),
        parts_count: view.parts_count,
        server_side_encryption: Some(encryption()),
        storage_class: record.headers.storage_class.map(dto::StorageClass::from),
        ..dto::HeadObjectOutput::default()
    })
}

/// No object has tags: requests that would give it some are refused. Clients ask before they copy
/// an object in parts.
pub(super) fn tagging(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::GetObjectTaggingInput>,
) -> S3Result<dto::GetObjectTaggingOutput> {
    let input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    let target = Target::Object(&input.bucket, &bucket, &input.key);
    call.allow("s3:GetObjectTagging", target)?;
    only_null_version(input.version_id.as_deref())?;
    backend.object(call, (&input.bucket, &bucket), &input.key)?;
    Ok(dto::GetObjectTaggingOutput {
        tag_set: Vec::new(),
        version_id: None,
    })
}

/// Reading an object, or the one version that there is.
pub(super) fn allow_read(
    call: &Call,
    (name, bucket): (&str, &BucketRecord),
    key: &str,
    version: Option<&str>,
) -> S3Result<()> {
    let action = if version.is_some() {
        "s3:GetObjectVersion"
    } else {
        "s3:GetObject"
    };
    call.allow_with(action, Target::Object(name, bucket, key), |keys| {
        if let Some(version) = version {
            keys.set("s3:VersionId", version);
        }
    })?;
    only_null_version(version)
}

/// Buckets have no versioning: the only version is `null`.
pub(super) fn only_null_version(version: Option<&str>) -> S3Result<()> {
    match version {
        None | Some("null") => Ok(()),
        Some(_) => Err(error::invalid_argument("Invalid version id specified")),
    }
}

/// The members that GetObject and HeadObject compute.
struct View {
    checksum: dto::Checksum,
    content_length: Option<i64>,
    content_range: Option<String>,
    content_type: Option<String>,
    parts_count: Option<i32>,
}

impl View {
    fn of(record: &ObjectRecord, selected: &Selected, with_checksum: bool) -> Self {
        let Range { start, end } = selected.bytes;
        let partial = selected.partial;
        Self {
            checksum: if with_checksum && !partial {
                record.checksum.to_dto()
            } else {
                dto::Checksum::default()
            },
            content_length: i64::try_from(end - start).ok(),
            content_range: partial
                .then(|| format!("bytes {start}-{}/{}", end.saturating_sub(1), record.size)),
            content_type: Some(
                record
                    .headers
                    .content_type
                    .clone()
                    .unwrap_or_else(|| "binary/octet-stream".to_owned()),
            ),
            parts_count: (selected.by_part && !record.parts.is_empty())
                .then(|| i32::try_from(record.parts.len()).unwrap_or(i32::MAX)),
        }
    }
}

fn wants_checksum(mode: Option<&dto::ChecksumMode>) -> bool {
    mode.is_some_and(|mode| mode.as_str().eq_ignore_ascii_case("ENABLED"))
}

/// What S3 does by default; here it says that nothing else was asked for.
pub(super) fn encryption() -> dto::ServerSideEncryption {
    dto::ServerSideEncryption::from_static(dto::ServerSideEncryption::AES256)
}

/// Encryption with keys of the customer is not built.
fn refuse_customer_key(algorithm: Option<&String>) -> S3Result<()> {
    if algorithm.is_some() {
        Err(error::not_implemented())
    } else {
        Ok(())
    }
}
