//! DeleteObject and DeleteObjects.

use s3s::{S3ErrorCode, S3Request, S3Result, dto};

use super::{
    backend::Backend,
    call::{Call, Target},
    error,
    objects::only_null_version,
    records::BucketRecord,
};

/// Most keys in one DeleteObjects.
const MAX_DELETED: usize = 1_000;

pub(super) async fn one(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::DeleteObjectInput>,
) -> S3Result<dto::DeleteObjectOutput> {
    let input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    allow_delete(
        call,
        (&input.bucket, &bucket),
        &input.key,
        input.version_id.as_deref(),
    )?;
    if input.if_match.is_some()
        || input.if_match_size.is_some()
        || input.if_match_last_modified_time.is_some()
    {
        return Err(error::not_implemented());
    }
    let freed = backend
        .blocking(move |storage| storage.delete_objects(&input.bucket, &[input.key]))
        .await?;
    backend.free(freed).await;
    Ok(dto::DeleteObjectOutput::default())
}

/// Each key is authorised for itself; a refusal is an entry of the answer, not of the request.
pub(super) async fn many(
    backend: &Backend,
    call: &Call,
    request: S3Request<dto::DeleteObjectsInput>,
) -> S3Result<dto::DeleteObjectsOutput> {
    let input = request.input;
    let bucket = backend.bucket(&input.bucket, input.expected_bucket_owner.as_deref())?;
    let objects = input.delete.objects;
    if objects.is_empty() || objects.len() > MAX_DELETED {
        return Err(error::plain(S3ErrorCode::MalformedXML));
    }
    let (mut keys, mut errors) = (Vec::new(), Vec::new());
    for object in objects {
        let place = (input.bucket.as_str(), &bucket);
        let version = object.version_id.as_deref();
        let allowed = allow_delete(call, place, &object.key, version).and_then(|()| {
            let conditional = object.e_tag.is_some()
                || object.size.is_some()
                || object.last_modified_time.is_some();
            if conditional {
                Err(error::not_implemented())
            } else {
                Ok(())
            }
        });
        match allowed {
            Ok(()) => keys.push(object.key),
            Err(refused) => errors.push(dto::Error {
                code: Some(refused.code().as_str().to_owned()),
                message: refused.message().map(str::to_owned),
                key: Some(object.key),
                version_id: object.version_id,
            }),
        }
    }
    let (name, removed) = (input.bucket, keys.clone());
    let freed = backend
        .blocking(move |storage| storage.delete_objects(&name, &removed))
        .await?;
    backend.free(freed).await;
    let deleted = keys
        .into_iter()
        .filter(|_| input.delete.quiet != Some(true))
        .map(|key| dto::DeletedObject {
            key: Some(key),
            ..dto::DeletedObject::default()
        })
        .collect();
    Ok(dto::DeleteObjectsOutput {
        deleted: Some(deleted),
        errors: Some(errors),
        request_charged: None,
    })
}

fn allow_delete(
    call: &Call,
    (name, bucket): (&str, &BucketRecord),
    key: &str,
    version: Option<&str>,
) -> S3Result<()> {
    let action = if version.is_some() {
        "s3:DeleteObjectVersion"
    } else {
        "s3:DeleteObject"
    };
    call.allow_with(action, Target::Object(name, bucket, key), |keys| {
        if let Some(version) = version {
            keys.set("s3:VersionId", version);
        }
    })?;
    only_null_version(version)
}
