//! PutObject, and what every way of making an object has in common.

use jetway_iam::RequestContext;
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result, TrailingHeaders, dto};

use super::{
    backend::Backend,
    call::{Call, Target},
    checksum::{Algorithm, Checksum, Given},
    error,
    intake::{self, Promise, receive},
    objects::encryption,
    records::{BucketRecord, Headers, ObjectRecord},
    store::Written,
};

/// Most bytes of names and values of `x-amz-meta-*`.
const MAX_METADATA: usize = 2 * 1024;

const STORAGE_CLASSES: [&str; 9] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
    "EXPRESS_ONEZONE",
];

/// The members by which PutObject, CopyObject and CreateMultipartUpload describe the new object.
/// The three inputs have them in common, but no type.
macro_rules! described {
    ($input:expr) => {
        $crate::s3::upload::Described {
            acl: $input.acl.as_ref().map(|acl| acl.as_str().to_owned()),
            grants: $input.grant_full_control.is_some()
                || $input.grant_read.is_some()
                || $input.grant_read_acp.is_some()
                || $input.grant_write_acp.is_some(),
            encryption: $input
                .server_side_encryption
                .as_ref()
                .map(|kind| kind.as_str().to_owned()),
            not_built: $input.sse_customer_algorithm.is_some()
                || $input.sse_customer_key.is_some()
                || $input.ssekms_key_id.is_some()
                || $input
                    .tagging
                    .as_deref()
                    .is_some_and(|tagging| !tagging.is_empty())
                || $input.website_redirect_location.is_some(),
            locked: $input.object_lock_legal_hold_status.is_some()
                || $input.object_lock_mode.is_some()
                || $input.object_lock_retain_until_date.is_some(),
            headers: $crate::s3::records::Headers {
                content_type: $input.content_type.clone(),
                cache_control: $input.cache_control.clone(),
                content_disposition: $input.content_disposition.clone(),
                content_encoding: $crate::s3::upload::without_chunking(
                    $input.content_encoding.as_deref(),
                ),
                content_language: $input.content_language.clone(),
                expires: $input
                    .expires
                    .clone()
                    .map(|at| time::OffsetDateTime::from(at).unix_timestamp()),
                storage_class: $input
                    .storage_class
                    .as_ref()
                    .map(|class| class.as_str().to_owned()),
                metadata: $input
                    .metadata
                    .clone()
                    .unwrap_or_default()
                    .into_iter()
                    .collect(),
            },
        }
    };
}
pub(super) use described;

/// How a new object is described.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) acl: Option<String>,
    pub(super) grants: bool,
    pub(super) encryption: Option<String>,
    pub(super) not_built: bool,
    pub(super) locked: bool,
    pub(super) headers: Headers,
}

impl Described {
    /// May the caller create this object? `keys` adds condition keys of the operation.
    pub(super) fn allow(
        &self,
        call: &Call,
        (name, bucket): (&str, &BucketRecord),
        key: &str,
        keys: impl Fn(&mut RequestContext),
    ) -> S3Result<()> {
        let target = Target::Object(name, bucket, key);
        let fill = |context: &mut RequestContext| {
            let given = [
                ("s3:x-amz-acl", &self.acl),
                ("s3:x-amz-server-side-encryption", &self.encryption),
                ("s3:x-amz-storage-class", &self.headers.storage_class),
            ];
            for (name, value) in given {
                if let Some(value) = value {
                    context.set(name, value.clone());
                }
            }
            keys(context);
        };
        call.allow_with("s3:PutObject", target, fill)?;
        if self.acl.is_some() || self.grants {
            call.allow_with("s3:PutObjectAcl", target, fill)?;
        }
        Ok(())
    }

    /// The headers to keep. What is not built is refused, not forgotten.
    pub(super) fn accept(self) -> S3Result<Headers> {
        // Buckets enforce the owner's ownership, as new buckets of AWS do since 2023.
        let acl = self.acl.as_deref();
        if self.grants || !matches!(acl, None | Some("private" | "bucket-owner-full-control")) {
            return Err(S3Error::with_message(
                S3ErrorCode::AccessControlListNotSupported,
                "The bucket does not allow ACLs",
            ));
        }
        if self.locked {
            return Err(error::invalid_request(
                "Bucket is missing Object Lock Configuration",
            ));
        }
        if self.not_built || !matches!(self.encryption.as_deref(), None | Some("AES256")) {
            return Err(error::not_implemented());
        }
        let class = self.headers.storage_class.as_deref();
        if class.is_some_and(|class| !STORAGE_CLASSES.contains(&class)) {
            return Err(error::plain(S3ErrorCode::InvalidStorageClass));
        }
        let metadata = self.headers.metadata.iter();
        if metadata
            .map(|(name, value)| name.len() + value.len())
            .sum::<usize>()
            > MAX_METADATA
        {
            return Err(error::custom(
                400,
                "MetadataTooLarge",
                "Your metadata headers exceed the maximum allowed metadata size",
            ));
        }
        let mut headers = self.headers;
        headers.storage_class = headers.storage_class.filter(|class| class != "STANDARD");
        Ok(headers)
    }
}

/// `aws-chunked` is how the request was sent, not how the object is encoded.
pub(super) fn without_chunking(encoding: Option<&str>) -> Option<String> {
    let kept: Vec<&str> = encoding?
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty() && !part.eq_ignore_ascii_case("aws-chunked"))
        .collect();
    if kept.is_empty() {
        None
    } else {
        Some(kept.join(","))
    }
}

pub(super) async fn put(
    backend: &Backend,
    call: &Call,
    mut request: S3Request<dto::PutObjectInput>,
) -> S3Result<dto::PutObjectOutput> {
    let trailer = request.trailing_headers.take();
    let announced = announced(&request);
    let mut input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    let described = described!(input);
    described.allow(call, (&input.bucket, &bucket), &input.key, |_| {})?;
    let headers = described.accept()?;
    if input.write_offset_bytes.is_some() {
        return Err(error::not_implemented());
    }
    let condition = WriteCondition::new(input.if_match.take(), input.if_none_match.take())?;
    let promise = Promise {
        checksum: Checksum::given(Given([
            input.checksum_crc32.take(),
            input.checksum_crc32c.take(),
            input.checksum_crc64nvme.take(),
            input.checksum_sha1.take(),
            input.checksum_sha256.take(),
        ]))?,
        algorithm: wanted(announced, input.checksum_algorithm.as_ref())?,
        trailer,
        md5: intake::content_md5(input.content_md5.as_deref())?,
        length: length(input.content_length)?,
    };
    let body = body_of(input.body.take());
    let received = receive(&backend.storage.files, call.fresh_name(), body, promise).await?;
    let record = ObjectRecord::received(received, headers, call.now());
    let (etag, checksum) = (record.etag.clone(), record.checksum.to_dto());
    commit(backend, (input.bucket, input.key), record, condition).await?;
    Ok(dto::PutObjectOutput {
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        checksum_type: checksum.checksum_type,
        e_tag: Some(dto::ETag::Strong(etag)),
        server_side_encryption: Some(encryption()),
        ..dto::PutObjectOutput::default()
    })
}

/// Makes an object visible; its file is removed again if that fails.
pub(super) async fn commit(
    backend: &Backend,
    (bucket, key): (String, String),
    record: ObjectRecord,
    condition: WriteCondition,
) -> S3Result<()> {
    let file = record.file.clone();
    let written = backend
        .blocking(move |storage| {
            storage.put_object(&bucket, &key, &record, &|old| condition.holds(old))
        })
        .await;
    settle(backend, written, file).await
}

/// Removes the file that lost: the old object's, or the new one's when nothing was written.
pub(super) async fn settle(
    backend: &Backend,
    written: S3Result<Written>,
    file: String,
) -> S3Result<()> {
    let refused = match written {
        Ok(Written::Done(replaced)) => {
            backend.free(replaced).await;
            return Ok(());
        }
        Ok(Written::NoSuchBucket) => error::plain(S3ErrorCode::NoSuchBucket),
        Ok(Written::ConditionFailed) => error::plain(S3ErrorCode::PreconditionFailed),
        Ok(Written::NoSuchUpload) => error::plain(S3ErrorCode::NoSuchUpload),
        Err(refused) => refused,
    };
    backend.free([file]).await;
    Err(refused)
}

/// `If-Match` and `If-None-Match: *` of a write.
#[derive(Debug, Default)]
pub(super) struct WriteCondition {
    etag: Option<dto::ETagCondition>,
    absent: bool,
}

impl WriteCondition {
    pub(super) fn new(
        if_match: Option<dto::ETagCondition>,
        if_none_match: Option<dto::ETagCondition>,
    ) -> S3Result<Self> {
        match if_none_match {
            None => Ok(Self {
                etag: if_match,
                absent: false,
            }),
            Some(condition) if condition.is_any() && if_match.is_none() => Ok(Self {
                etag: None,
                absent: true,
            }),
            Some(_) => Err(error::not_implemented()),
        }
    }

    pub(super) fn holds(&self, old: Option<&ObjectRecord>) -> bool {
        let etag_holds = match (&self.etag, old) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(condition), Some(old)) => {
                condition.is_any()
                    || condition
                        .as_etag()
                        .is_some_and(|etag| etag.value() == old.etag)
            }
        };
        etag_holds && !(self.absent && old.is_some())
    }
}

/// The body of an upload; none is an empty one.
pub(super) fn body_of(body: Option<dto::StreamingBlob>) -> dto::StreamingBlob {
    body.unwrap_or_else(|| dto::StreamingBlob::from(s3s::Body::empty()))
}

/// The number of bytes that the client announced.
pub(super) fn length(header: Option<i64>) -> S3Result<Option<u64>> {
    header
        .map(u64::try_from)
        .transpose()
        .map_err(|_| error::invalid_argument("Content-Length must not be negative"))
}

/// The checksum that a trailer will carry.
pub(super) fn announced<T>(request: &S3Request<T>) -> Option<Algorithm> {
    request
        .headers
        .get("x-amz-trailer")?
        .to_str()
        .ok()
        .and_then(Algorithm::from_header)
}

/// Which checksum to compute when no header carries one.
pub(super) fn wanted(
    announced: Option<Algorithm>,
    named: Option<&dto::ChecksumAlgorithm>,
) -> S3Result<Option<Algorithm>> {
    match (announced, named) {
        (Some(announced), _) => Ok(Some(announced)),
        (None, Some(named)) => Algorithm::from_name(named.as_str()).map(Some),
        (None, None) => Ok(None),
    }
}

/// What was promised about a part, whose input has the same members as an object's.
pub(super) fn promise(
    checksum: Option<Checksum>,
    algorithm: Option<Algorithm>,
    trailer: Option<TrailingHeaders>,
) -> Promise {
    Promise {
        checksum,
        algorithm,
        trailer,
        ..Promise::default()
    }
}
