//! ListObjects and ListObjectsV2.

use jetway_iam::RequestContext;
use s3s::{S3Request, S3Result, dto};

use super::{
    backend::Backend,
    buckets::{owner, timestamp},
    call::{Call, Target},
    error,
    keys::{After, Item, Page, Query, collect},
    records::BucketRecord,
};

/// Most keys and common prefixes in one answer.
const MAX_KEYS: i32 = 1_000;

pub(super) async fn list_v2(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::ListObjectsV2Input>,
) -> S3Result<dto::ListObjectsV2Output> {
    let input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    call.allow_with(
        "s3:ListBucket",
        Target::Bucket(&input.bucket, &bucket),
        |keys| {
            fill(
                keys,
                input.prefix.as_deref(),
                input.delimiter.as_deref(),
                input.max_keys,
            );
        },
    )?;
    let encoding = Encoding::of(input.encoding_type.as_ref())?;
    let max_keys = max_keys(input.max_keys)?;
    let after = match &input.continuation_token {
        Some(token) => Some(After::from_token(token)?),
        None => input
            .start_after
            .clone()
            .filter(|key| !key.is_empty())
            .map(After::Key),
    };
    let query = Query {
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input
            .delimiter
            .clone()
            .filter(|delimiter| !delimiter.is_empty()),
        after,
        max: usize::try_from(max_keys).unwrap_or_default(),
    };
    let page = page_of(backend, &input.bucket, query).await?;
    let next = page
        .items
        .last()
        .filter(|_| page.truncated)
        .map(|item| item.after().to_token());
    let key_count = i32::try_from(page.items.len()).unwrap_or(i32::MAX);
    let with_owner = input.fetch_owner.unwrap_or_default().then_some(&bucket);
    let is_truncated = Some(page.truncated);
    let (contents, common_prefixes) = split(page, encoding, with_owner);
    Ok(dto::ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(encoding.apply(input.prefix.unwrap_or_default())),
        max_keys: Some(max_keys),
        key_count: Some(key_count),
        continuation_token: input.continuation_token,
        is_truncated,
        next_continuation_token: next,
        contents: Some(contents),
        common_prefixes: Some(common_prefixes),
        delimiter: input.delimiter.map(|text| encoding.apply(text)),
        encoding_type: input.encoding_type,
        start_after: input.start_after.map(|text| encoding.apply(text)),
        request_charged: None,
    })
}

pub(super) async fn list_v1(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::ListObjectsInput>,
) -> S3Result<dto::ListObjectsOutput> {
    let input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    call.allow_with(
        "s3:ListBucket",
        Target::Bucket(&input.bucket, &bucket),
        |keys| {
            fill(
                keys,
                input.prefix.as_deref(),
                input.delimiter.as_deref(),
                input.max_keys,
            );
        },
    )?;
    let encoding = Encoding::of(input.encoding_type.as_ref())?;
    let max_keys = max_keys(input.max_keys)?;
    let delimiter = input
        .delimiter
        .clone()
        .filter(|delimiter| !delimiter.is_empty());
    let has_delimiter = delimiter.is_some();
    let query = Query {
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter,
        after: input
            .marker
            .clone()
            .filter(|key| !key.is_empty())
            .map(After::Key),
        max: usize::try_from(max_keys).unwrap_or_default(),
    };
    let page = page_of(backend, &input.bucket, query).await?;
    // Version 1 names the next marker only with a delimiter; without one it is the last key.
    let next = page
        .items
        .last()
        .filter(|_| page.truncated && has_delimiter);
    let next_marker = next.map(|item| encoding.apply(item.text().to_owned()));
    let is_truncated = Some(page.truncated);
    let (contents, common_prefixes) = split(page, encoding, Some(&bucket));
    Ok(dto::ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(encoding.apply(input.prefix.unwrap_or_default())),
        marker: Some(encoding.apply(input.marker.unwrap_or_default())),
        max_keys: Some(max_keys),
        is_truncated,
        contents: Some(contents),
        common_prefixes: Some(common_prefixes),
        delimiter: input.delimiter.map(|text| encoding.apply(text)),
        next_marker,
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}

/// The condition keys of a listing: those that the request gives.
fn fill(
    keys: &mut RequestContext,
    prefix: Option<&str>,
    delimiter: Option<&str>,
    max_keys: Option<i32>,
) {
    if let Some(prefix) = prefix {
        keys.set("s3:prefix", prefix);
    }
    if let Some(delimiter) = delimiter {
        keys.set("s3:delimiter", delimiter);
    }
    if let Some(max_keys) = max_keys {
        keys.set("s3:max-keys", max_keys.to_string());
    }
}

fn max_keys(asked: Option<i32>) -> S3Result<i32> {
    match asked {
        None => Ok(MAX_KEYS),
        Some(asked) if asked < 0 => Err(error::invalid_argument(
            "Argument maxKeys must be an integer between 0 and 2147483647",
        )),
        Some(asked) => Ok(asked.min(MAX_KEYS)),
    }
}

async fn page_of(backend: &Backend, bucket: &str, query: Query) -> S3Result<Page> {
    let bucket = bucket.to_owned();
    backend
        .blocking(move |storage| collect(storage, &bucket, &query))
        .await
}

/// How keys are written in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Plain,
    Url,
}

impl Encoding {
    fn of(asked: Option<&dto::EncodingType>) -> S3Result<Self> {
        match asked.map(dto::EncodingType::as_str) {
            None => Ok(Self::Plain),
            Some("url") => Ok(Self::Url),
            Some(_) => Err(error::invalid_argument(
                "Invalid Encoding Method specified in Request",
            )),
        }
    }

    /// `encoding-type=url` as S3 does it: a space becomes a plus sign, a slash stays.
    fn apply(self, text: String) -> String {
        match self {
            Self::Plain => text,
            Self::Url => url_encode(&text),
        }
    }
}

/// Percent-encoding of keys in listings and addresses.
pub(super) fn url_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            other => {
                out.push('%');
                out.push_str(&hex::encode_upper([other]));
            }
        }
    }
    out
}

fn split(
    page: Page,
    encoding: Encoding,
    with_owner: Option<&BucketRecord>,
) -> (Vec<dto::Object>, Vec<dto::CommonPrefix>) {
    let (mut objects, mut prefixes) = (Vec::new(), Vec::new());
    for item in page.items {
        match item {
            Item::Prefix(prefix) => {
                prefixes.push(dto::CommonPrefix {
                    prefix: Some(encoding.apply(prefix)),
                });
            }
            Item::Object(key, record) => objects.push(dto::Object {
                checksum_algorithm: Some(vec![dto::ChecksumAlgorithm::from_static(
                    record.checksum.algorithm.name(),
                )]),
                checksum_type: Some(dto::ChecksumType::from_static(record.checksum.type_name())),
                e_tag: Some(dto::ETag::Strong(record.etag)),
                key: Some(encoding.apply(key)),
                last_modified: Some(timestamp(record.modified_at)),
                owner: with_owner.map(|bucket| owner(&bucket.account)),
                restore_status: None,
                size: i64::try_from(record.size).ok(),
                storage_class: Some(dto::ObjectStorageClass::from(
                    record
                        .headers
                        .storage_class
                        .unwrap_or_else(|| "STANDARD".to_owned()),
                )),
            }),
        }
    }
    (objects, prefixes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_encoded_as_s3_does() {
        assert_eq!(url_encode("a+b c/ü(1)*~"), "a%2Bb+c/%C3%BC%281%29*%7E");
    }
}
