//! Uploads in parts: CreateMultipartUpload, UploadPart, AbortMultipartUpload.

use jetway_iam::RequestContext;
use s3s::{S3ErrorCode, S3Request, S3Result, dto};

use super::{
    backend::Backend,
    call::{self, Call},
    checksum::{Algorithm, Checksum, Given},
    error,
    intake::{self, Promise, Received, receive},
    objects::encryption,
    records::{PartRecord, UploadRecord},
    upload::{self, announced, body_of, described, length, wanted},
};

/// Highest number of a part.
const MAX_PART_NUMBER: u16 = 10_000;

/// Which upload a request is about.
pub(super) struct Target<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) upload_id: &'a str,
    pub(super) expected_owner: Option<&'a str>,
}

impl Target<'_> {
    /// The upload, for a caller who may write the object.
    pub(super) fn find(
        &self,
        backend: &Backend,
        call: &Call,
        keys: impl FnOnce(&mut RequestContext),
    ) -> S3Result<UploadRecord> {
        self.find_for("s3:PutObject", backend, call, keys)
    }

    fn find_for(
        &self,
        action: &str,
        backend: &Backend,
        call: &Call,
        keys: impl FnOnce(&mut RequestContext),
    ) -> S3Result<UploadRecord> {
        let bucket = backend.bucket(self.bucket, self.expected_owner)?;
        call.allow_with(
            action,
            call::Target::Object(self.bucket, &bucket, self.key),
            keys,
        )?;
        let found = backend
            .storage
            .upload(self.upload_id)
            .map_err(|fault| error::store(&fault))?;
        found
            .filter(|upload| upload.bucket == self.bucket && upload.key == self.key)
            .ok_or_else(|| error::plain(S3ErrorCode::NoSuchUpload))
    }
}

pub(super) async fn create(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::CreateMultipartUploadInput>,
) -> S3Result<dto::CreateMultipartUploadOutput> {
    let input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    let described = described!(input);
    described.allow(call, (&input.bucket, &bucket), &input.key, |_| {})?;
    let headers = described.accept()?;
    let algorithm = wanted(None, input.checksum_algorithm.as_ref())?;
    let composite = is_composite(algorithm, input.checksum_type.as_ref())?;
    let record = UploadRecord {
        bucket: input.bucket.clone(),
        key: input.key.clone(),
        initiated_at: call.now(),
        algorithm: algorithm.unwrap_or(Algorithm::Crc64Nvme),
        composite,
        headers,
    };
    let id = call.fresh_name();
    let upload_id = id.clone();
    if !backend
        .blocking(move |storage| storage.create_upload(&id, &record))
        .await?
    {
        return Err(error::plain(S3ErrorCode::NoSuchBucket));
    }
    Ok(dto::CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(upload_id),
        checksum_algorithm: input.checksum_algorithm,
        checksum_type: algorithm.map(|_| {
            dto::ChecksumType::from_static(if composite {
                dto::ChecksumType::COMPOSITE
            } else {
                dto::ChecksumType::FULL_OBJECT
            })
        }),
        server_side_encryption: Some(encryption()),
        ..dto::CreateMultipartUploadOutput::default()
    })
}

pub(super) async fn put_part(
    backend: &Backend,
    call: &Call,
    mut request: S3Request<dto::UploadPartInput>,
) -> S3Result<dto::UploadPartOutput> {
    let trailer = request.trailing_headers.take();
    let announced = announced(&request);
    let input = request.input;
    if input.sse_customer_algorithm.is_some() {
        return Err(error::not_implemented());
    }
    let target = Target {
        bucket: &input.bucket,
        key: &input.key,
        upload_id: &input.upload_id,
        expected_owner: input.expected_bucket_owner.as_deref(),
    };
    let upload = target.find(backend, call, |_| {})?;
    let number = part_number(input.part_number)?;
    let checksum = Checksum::given(Given([
        input.checksum_crc32,
        input.checksum_crc32c,
        input.checksum_crc64nvme,
        input.checksum_sha1,
        input.checksum_sha256,
    ]))?;
    let algorithm = checksum
        .as_ref()
        .map(|checksum| checksum.algorithm)
        .or(announced);
    if let Some(algorithm) = algorithm.filter(|given| *given != upload.algorithm) {
        return Err(error::invalid_request(format!(
            "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
            upload.algorithm.name().to_ascii_lowercase(),
            algorithm.name().to_ascii_lowercase()
        )));
    }
    let promise = Promise {
        md5: intake::content_md5(input.content_md5.as_deref())?,
        length: length(input.content_length)?,
        ..upload::promise(checksum, Some(upload.algorithm), trailer)
    };
    let body = body_of(input.body);
    let received = receive(&backend.storage.files, call.fresh_name(), body, promise).await?;
    let part = add_part(backend, &input.upload_id, number, received).await?;
    let checksum = part.checksum.to_dto();
    Ok(dto::UploadPartOutput {
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        e_tag: Some(dto::ETag::Strong(part.etag)),
        server_side_encryption: Some(encryption()),
        ..dto::UploadPartOutput::default()
    })
}

pub(super) async fn abort(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::AbortMultipartUploadInput>,
) -> S3Result<dto::AbortMultipartUploadOutput> {
    let input = request.input;
    let target = Target {
        bucket: &input.bucket,
        key: &input.key,
        upload_id: &input.upload_id,
        expected_owner: input.expected_bucket_owner.as_deref(),
    };
    target.find_for("s3:AbortMultipartUpload", backend, call, |_| {})?;
    match backend
        .blocking(move |storage| storage.abort_upload(&input.upload_id))
        .await?
    {
        Some(freed) => backend.free(freed).await,
        None => return Err(error::plain(S3ErrorCode::NoSuchUpload)),
    }
    Ok(dto::AbortMultipartUploadOutput::default())
}

/// Records a part whose bytes are on disk.
pub(super) async fn add_part(
    backend: &Backend,
    upload_id: &str,
    number: u16,
    received: Received,
) -> S3Result<PartRecord> {
    let part = PartRecord {
        file: received.file,
        size: received.size,
        etag: hex::encode(received.md5),
        checksum: received.checksum,
    };
    let (id, record) = (upload_id.to_owned(), part.clone());
    let written = backend
        .blocking(move |storage| storage.put_part(&id, number, &record))
        .await;
    upload::settle(backend, written, part.file.clone()).await?;
    Ok(part)
}

/// 1 to 10 000.
pub(super) fn part_number(number: i32) -> S3Result<u16> {
    u16::try_from(number)
        .ok()
        .filter(|number| (1..=MAX_PART_NUMBER).contains(number))
        .ok_or_else(|| {
            error::invalid_argument("Part number must be an integer between 1 and 10000, inclusive")
        })
}

fn is_composite(algorithm: Option<Algorithm>, asked: Option<&dto::ChecksumType>) -> S3Result<bool> {
    let algorithm = algorithm.unwrap_or(Algorithm::Crc64Nvme);
    let (kind, possible, composite) = match asked.map(dto::ChecksumType::as_str) {
        None => return Ok(algorithm.may_be_composite()),
        Some(kind @ dto::ChecksumType::COMPOSITE) => (kind, algorithm.may_be_composite(), true),
        Some(kind @ dto::ChecksumType::FULL_OBJECT) => {
            (kind, algorithm.may_be_full_object(), false)
        }
        Some(_) => {
            return Err(error::invalid_request(
                "Value for x-amz-checksum-type header is invalid.",
            ));
        }
    };
    if possible {
        return Ok(composite);
    }
    Err(error::invalid_request(format!(
        "The {kind} checksum type cannot be used with the {} checksum algorithm.",
        algorithm.name().to_ascii_lowercase()
    )))
}
