//! CopyObject and UploadPartCopy.

use s3s::{S3Request, S3Result, dto};

use super::{
    backend::Backend,
    buckets::timestamp,
    call::Call,
    error,
    files::Reader,
    intake::{Promise, Received, receive},
    multipart,
    objects::{self, encryption},
    records::{Headers, ObjectRecord},
    select::{self, Ask},
    upload::{WriteCondition, commit, described},
};

const NOTHING_CHANGES: &str = "This copy request is illegal because it is trying to copy an \
                               object to itself without changing the object's metadata, storage \
                               class, website redirect location or encryption attributes.";

/// Where a copy comes from.
struct Source {
    bucket: String,
    key: String,
    version: Option<String>,
    expected_owner: Option<String>,
}

impl Source {
    fn new(header: dto::CopySource, expected_owner: Option<String>) -> S3Result<Self> {
        match header {
            dto::CopySource::Bucket {
                bucket,
                key,
                version_id,
            } => Ok(Self {
                bucket: bucket.into(),
                key: key.into(),
                version: version_id.map(String::from),
                expected_owner,
            }),
            _ => Err(error::not_implemented()),
        }
    }

    /// Opens the source for a caller who may read it.
    async fn open(
        &self,
        backend: &Backend,
        call: &Call,
        mut ask: Ask,
    ) -> S3Result<(ObjectRecord, Reader, u64)> {
        let bucket = backend.bucket(&self.bucket, self.expected_owner.as_deref())?;
        let place = (self.bucket.as_str(), &bucket);
        objects::allow_read(call, place, &self.key, self.version.as_deref())?;
        // Of a copy every failed condition is a failed precondition; nothing is "not modified".
        let unchanged = (ask.if_none_match.take(), ask.if_modified_since.take());
        let (record, selected, reader) =
            select::open(backend, call, place, &self.key, &ask).await?;
        let still = Ask {
            if_none_match: unchanged.0,
            if_modified_since: unchanged.1,
            ..Ask::default()
        };
        if still.select(&record).is_err() {
            return Err(error::plain(s3s::S3ErrorCode::PreconditionFailed));
        }
        Ok((record, reader, selected.bytes.end - selected.bytes.start))
    }
}

pub(super) async fn copy(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::CopyObjectInput>,
) -> S3Result<dto::CopyObjectOutput> {
    let source_header = header(&request, "x-amz-copy-source");
    let input = request.input;
    let directive = input
        .metadata_directive
        .as_ref()
        .map(dto::MetadataDirective::as_str);
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    let described = described!(input);
    described.allow(call, (&input.bucket, &bucket), &input.key, |keys| {
        keys.set(
            "s3:x-amz-copy-source",
            source_header.clone().unwrap_or_default(),
        );
        if let Some(directive) = directive {
            keys.set("s3:x-amz-metadata-directive", directive);
        }
    })?;
    let new_headers = described.accept()?;
    if input.copy_source_sse_customer_algorithm.is_some() {
        return Err(error::not_implemented());
    }
    let replace = match directive {
        None | Some("COPY") => false,
        Some("REPLACE") => true,
        Some(_) => return Err(error::invalid_argument("Unknown metadata directive.")),
    };
    let algorithm = super::upload::wanted(None, input.checksum_algorithm.as_ref())?;
    let source = Source::new(input.copy_source, input.expected_source_bucket_owner)?;
    let onto_itself = source.bucket == input.bucket && source.key == input.key;
    let ask = Ask {
        if_match: input.copy_source_if_match,
        if_none_match: input.copy_source_if_none_match,
        if_modified_since: input.copy_source_if_modified_since,
        if_unmodified_since: input.copy_source_if_unmodified_since,
        ..Ask::default()
    };
    let (original, reader, size) = source.open(backend, call, ask).await?;
    let class_given = input.storage_class.is_some()
        && new_headers.storage_class != original.headers.storage_class;
    if onto_itself && !replace && !class_given && input.server_side_encryption.is_none() {
        return Err(error::invalid_request(NOTHING_CHANGES));
    }
    let received = copy_bytes(
        backend,
        call,
        reader,
        Promise {
            algorithm: Some(algorithm.unwrap_or(original.checksum.algorithm)),
            length: Some(size),
            ..Promise::default()
        },
    )
    .await?;
    // The storage class is never copied.
    let headers = if replace {
        new_headers
    } else {
        Headers {
            storage_class: new_headers.storage_class,
            ..original.headers
        }
    };
    let record = ObjectRecord::received(received, headers, call.now());
    let result = result_of(&record);
    commit(
        backend,
        (input.bucket, input.key),
        record,
        WriteCondition::default(),
    )
    .await?;
    Ok(dto::CopyObjectOutput {
        copy_object_result: Some(result),
        server_side_encryption: Some(encryption()),
        ..dto::CopyObjectOutput::default()
    })
}

pub(super) async fn copy_part(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::UploadPartCopyInput>,
) -> S3Result<dto::UploadPartCopyOutput> {
    let source_header = header(&request, "x-amz-copy-source");
    let input = request.input;
    if input.sse_customer_algorithm.is_some() || input.copy_source_sse_customer_algorithm.is_some()
    {
        return Err(error::not_implemented());
    }
    let target = multipart::Target {
        bucket: &input.bucket,
        key: &input.key,
        upload_id: &input.upload_id,
        expected_owner: input.expected_bucket_owner.as_deref(),
    };
    let upload = target.find(backend, call, |keys| {
        keys.set(
            "s3:x-amz-copy-source",
            source_header.clone().unwrap_or_default(),
        );
    })?;
    let number = multipart::part_number(input.part_number)?;
    let range = input
        .copy_source_range
        .as_deref()
        .map(dto::Range::parse)
        .transpose();
    let source = Source::new(input.copy_source, input.expected_source_bucket_owner)?;
    let ask = Ask {
        range: range.map_err(|_| {
            error::invalid_argument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where \
                 first and last are the zero-based offsets of the first and last bytes to copy",
            )
        })?,
        if_match: input.copy_source_if_match,
        if_none_match: input.copy_source_if_none_match,
        if_modified_since: input.copy_source_if_modified_since,
        if_unmodified_since: input.copy_source_if_unmodified_since,
        ..Ask::default()
    };
    let (_, reader, size) = source.open(backend, call, ask).await?;
    let received = copy_bytes(
        backend,
        call,
        reader,
        Promise {
            algorithm: Some(upload.algorithm),
            length: Some(size),
            ..Promise::default()
        },
    )
    .await?;
    let part = multipart::add_part(backend, &input.upload_id, number, received).await?;
    let checksum = part.checksum.to_dto();
    Ok(dto::UploadPartCopyOutput {
        copy_part_result: Some(dto::CopyPartResult {
            checksum_crc32: checksum.checksum_crc32,
            checksum_crc32c: checksum.checksum_crc32c,
            checksum_crc64nvme: checksum.checksum_crc64nvme,
            checksum_sha1: checksum.checksum_sha1,
            checksum_sha256: checksum.checksum_sha256,
            e_tag: Some(dto::ETag::Strong(part.etag)),
            last_modified: Some(timestamp(call.now())),
        }),
        server_side_encryption: Some(encryption()),
        ..dto::UploadPartCopyOutput::default()
    })
}

async fn copy_bytes(
    backend: &Backend,
    call: &Call,
    reader: Reader,
    promise: Promise,
) -> S3Result<Received> {
    receive(
        &backend.storage.files,
        call.fresh_name(),
        reader.into_stream(),
        promise,
    )
    .await
}

fn result_of(record: &ObjectRecord) -> dto::CopyObjectResult {
    let checksum = record.checksum.to_dto();
    dto::CopyObjectResult {
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        checksum_type: checksum.checksum_type,
        e_tag: Some(dto::ETag::Strong(record.etag.clone())),
        last_modified: Some(timestamp(record.modified_at)),
    }
}

fn header<T>(request: &S3Request<T>, name: &str) -> Option<String> {
    request.headers.get(name)?.to_str().ok().map(str::to_owned)
}
