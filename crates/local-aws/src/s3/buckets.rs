//! ListBuckets, CreateBucket, DeleteBucket, HeadBucket, GetBucketLocation.

use aws_lc_rs::digest::{SHA256, digest};
use s3s::{S3ErrorCode, S3Request, S3Result, dto};
use time::OffsetDateTime;

use super::{
    backend::Backend,
    call::{Call, Target},
    error,
    records::BucketRecord,
    store::BucketDeleted,
};
use crate::authorize::GLOBAL_REGION;

/// Most buckets in one answer of ListBuckets.
const MAX_BUCKETS: i32 = 10_000;

pub(super) fn list(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::ListBucketsInput>,
) -> S3Result<dto::ListBucketsOutput> {
    call.allow("s3:ListAllMyBuckets", Target::AllBuckets)?;
    let input = request.input;
    let max = input.max_buckets.unwrap_or(MAX_BUCKETS);
    if !(1..=MAX_BUCKETS).contains(&max) {
        return Err(error::invalid_argument(
            "Argument max-buckets must be an integer between 1 and 10000",
        ));
    }
    let max = usize::try_from(max).unwrap_or_default();
    let after = input.continuation_token.as_deref().unwrap_or_default();
    let prefix = input.prefix.as_deref().unwrap_or_default();
    let mut found = backend
        .storage
        .buckets_of(&call.principal.account)
        .map_err(|fault| error::store(&fault))?;
    found.retain(|(name, bucket)| {
        name.starts_with(prefix)
            && name.as_str() > after
            && input
                .bucket_region
                .as_ref()
                .is_none_or(|region| *region == bucket.region)
    });
    let more = found.len() > max;
    found.truncate(max);
    let continuation_token = found.last().filter(|_| more).map(|(name, _)| name.clone());
    let buckets = found
        .into_iter()
        .map(|(name, bucket)| dto::Bucket {
            bucket_region: Some(bucket.region),
            creation_date: Some(timestamp(bucket.created_at)),
            name: Some(name),
        })
        .collect();
    Ok(dto::ListBucketsOutput {
        buckets: Some(buckets),
        continuation_token,
        owner: Some(owner(&call.principal.account)),
        prefix: input.prefix,
    })
}

pub(super) async fn create(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::CreateBucketInput>,
) -> S3Result<dto::CreateBucketOutput> {
    let input = request.input;
    let constraint = input
        .create_bucket_configuration
        .as_ref()
        .and_then(|configuration| configuration.location_constraint.as_ref())
        .map(|constraint| constraint.as_str().to_owned());
    call.allow_with(
        "s3:CreateBucket",
        Target::NewBucket(&input.bucket),
        |keys| {
            if let Some(constraint) = &constraint {
                keys.set("s3:LocationConstraint", constraint.clone());
            }
            if let Some(acl) = &input.acl {
                keys.set("s3:x-amz-acl", acl.as_str());
            }
        },
    )?;
    refuse_what_is_not_built(&input)?;
    if !is_bucket_name(&input.bucket) {
        return Err(error::plain(S3ErrorCode::InvalidBucketName));
    }
    let region = region_of(constraint.as_deref(), &call.signature.region)?;
    let record = BucketRecord {
        account: call.principal.account.clone(),
        region,
        created_at: call.now(),
    };
    let name = input.bucket.clone();
    let existing = backend
        .blocking(move |storage| storage.create_bucket(&name, &record))
        .await?;
    match existing {
        None => {}
        Some(existing) if existing.account != call.principal.account => {
            return Err(error::plain(S3ErrorCode::BucketAlreadyExists));
        }
        // Only in us-east-1 is creating one's own bucket again a success, as it was in 2006.
        Some(_) if call.signature.region == GLOBAL_REGION => {}
        Some(_) => return Err(error::plain(S3ErrorCode::BucketAlreadyOwnedByYou)),
    }
    Ok(dto::CreateBucketOutput {
        location: Some(format!("/{}", input.bucket)),
    })
}

pub(super) async fn delete(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::DeleteBucketInput>,
) -> S3Result<dto::DeleteBucketOutput> {
    let input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    call.allow("s3:DeleteBucket", Target::Bucket(&input.bucket, &bucket))?;
    match backend
        .blocking(move |storage| storage.delete_bucket(&input.bucket))
        .await?
    {
        BucketDeleted::Done(freed) => backend.free(freed).await,
        BucketDeleted::NoSuchBucket => return Err(error::plain(S3ErrorCode::NoSuchBucket)),
        BucketDeleted::NotEmpty => return Err(error::plain(S3ErrorCode::BucketNotEmpty)),
    }
    Ok(dto::DeleteBucketOutput::default())
}

pub(super) fn head(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::HeadBucketInput>,
) -> S3Result<dto::HeadBucketOutput> {
    let input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    call.allow("s3:ListBucket", Target::Bucket(&input.bucket, &bucket))?;
    Ok(dto::HeadBucketOutput {
        bucket_region: Some(bucket.region),
        ..dto::HeadBucketOutput::default()
    })
}

pub(super) fn location(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::GetBucketLocationInput>,
) -> S3Result<dto::GetBucketLocationOutput> {
    let input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    call.allow(
        "s3:GetBucketLocation",
        Target::Bucket(&input.bucket, &bucket),
    )?;
    // us-east-1 has no name here.
    let region = Some(bucket.region).filter(|region| region != GLOBAL_REGION);
    Ok(dto::GetBucketLocationOutput {
        location_constraint: region.map(dto::BucketLocationConstraint::from),
    })
}

/// The naming rules of general purpose buckets.
pub(super) fn is_bucket_name(name: &str) -> bool {
    let reserved_start = ["xn--", "sthree-", "amzn-s3-demo-"];
    let reserved_end = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    let adjacent = [".-", "-."];
    s3s::path::check_bucket_name(name)
        && !reserved_start.iter().any(|start| name.starts_with(start))
        && !reserved_end.iter().any(|end| name.ends_with(end))
        && !adjacent.iter().any(|pair| name.contains(pair))
}

/// The owner element: the canonical user of an account, 64 hexadecimal characters.
pub(super) fn owner(account: &str) -> dto::Owner {
    dto::Owner {
        display_name: None,
        id: Some(hex::encode(digest(&SHA256, account.as_bytes()))),
    }
}

/// Unix seconds as a timestamp.
pub(super) fn timestamp(seconds: i64) -> dto::Timestamp {
    OffsetDateTime::from_unix_timestamp(seconds)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .into()
}

fn refuse_what_is_not_built(input: &dto::CreateBucketInput) -> S3Result<()> {
    let has_grants = input.grant_full_control.is_some()
        || input.grant_read.is_some()
        || input.grant_read_acp.is_some()
        || input.grant_write.is_some()
        || input.grant_write_acp.is_some();
    let acl_is_private = input
        .acl
        .as_ref()
        .is_none_or(|acl| acl.as_str() == "private");
    if has_grants || !acl_is_private {
        return Err(error::custom(
            400,
            "InvalidBucketAclWithObjectOwnership",
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
        ));
    }
    let enforced = |ownership: &dto::ObjectOwnership| ownership.as_str() == "BucketOwnerEnforced";
    let directory = input
        .create_bucket_configuration
        .as_ref()
        .is_some_and(|configuration| {
            configuration.bucket.is_some() || configuration.location.is_some()
        });
    if input.object_lock_enabled_for_bucket == Some(true)
        || !input.object_ownership.as_ref().is_none_or(enforced)
        || directory
    {
        return Err(error::not_implemented());
    }
    Ok(())
}

/// The region of a new bucket. The endpoint of us-east-1 creates buckets everywhere, any other
/// region only its own; the region of the endpoint is that of the signature.
fn region_of(constraint: Option<&str>, endpoint: &str) -> S3Result<String> {
    let incompatible = |what: &str| {
        s3s::S3Error::with_message(
            S3ErrorCode::IllegalLocationConstraintException,
            format!(
                "The {what} location constraint is incompatible for the region specific endpoint \
                 this request was sent to."
            ),
        )
    };
    match constraint {
        None | Some("") if endpoint == GLOBAL_REGION => Ok(endpoint.to_owned()),
        None | Some("") => Err(incompatible("unspecified")),
        Some(constraint) if !is_region(constraint) || constraint == GLOBAL_REGION => {
            Err(s3s::S3Error::with_message(
                S3ErrorCode::InvalidLocationConstraint,
                "The specified location-constraint is not valid",
            ))
        }
        Some(constraint) => {
            let region = if constraint == "EU" {
                "eu-west-1"
            } else {
                constraint
            };
            if endpoint == GLOBAL_REGION || endpoint == region {
                Ok(region.to_owned())
            } else {
                Err(incompatible(constraint))
            }
        }
    }
}

/// `eu-central-1`, `us-gov-west-1`, …, or the old `EU`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = parts.split_last() else {
        return false;
    };
    let is_word =
        |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    text == "EU"
        || (words.len() >= 2
            && words.iter().all(is_word)
            && matches!(number.len(), 1 | 2)
            && number.bytes().all(|byte| byte.is_ascii_digit()))
}
