//! Who calls, and what they may do.

use std::sync::Arc;

use jetway_iam::{RequestContext, ResourceText};
use s3s::{S3Error, S3Request, S3Result};

use super::{error, records::BucketRecord};
use crate::{
    Op, Principal,
    authorize::{Ask, authorize},
    state::State,
};

/// One verified S3 request. Travels in the extensions of the HTTP request.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) op: Op,
    pub(super) principal: Principal,
    pub(super) state: Arc<State>,
    /// Facts about the signature.
    pub(super) signature: Signature,
    /// Fresh random bytes of this request, for the one name that it may need.
    pub(super) nonce: [u8; 16],
}

/// What the condition keys of S3 say about the signature.
#[derive(Debug)]
pub(super) struct Signature {
    pub(super) access_key_id: String,
    /// Region of the credential scope.
    pub(super) region: String,
    /// `x-amz-content-sha256`.
    pub(super) content_sha256: String,
    /// Age in milliseconds of a presigned address; `None` for a signature in the header.
    pub(super) presigned_age: Option<i128>,
}

/// What an action is done to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'a> {
    /// The list of buckets, which refusals do not name.
    AllBuckets,
    /// A bucket that does not exist yet.
    NewBucket(&'a str),
    Bucket(&'a str, &'a BucketRecord),
    Object(&'a str, &'a BucketRecord, &'a str),
}

impl Target<'_> {
    fn arn(self) -> String {
        match self {
            // What AWS matches a policy's Resource with: both `*` and `arn:aws:s3:::*` allow.
            Self::AllBuckets => "arn:aws:s3:::*".to_owned(),
            Self::NewBucket(name) | Self::Bucket(name, _) => format!("arn:aws:s3:::{name}"),
            Self::Object(name, _, key) => format!("arn:aws:s3:::{name}/{key}"),
        }
    }
}

impl Call {
    /// The call of a request. Without one the request did not come through the front: refused.
    pub(super) fn of<T>(request: &S3Request<T>) -> S3Result<Arc<Self>> {
        request
            .extensions
            .get::<Arc<Self>>()
            .cloned()
            .ok_or_else(|| s3s::s3_error!(AccessDenied, "Access Denied"))
    }

    /// Whether the caller may do this; otherwise `AccessDenied` with AWS's text.
    pub(super) fn allow(&self, action: &str, target: Target<'_>) -> S3Result<()> {
        self.allow_with(action, target, |_| {})
    }

    /// [`Self::allow`] with condition keys of the operation.
    pub(super) fn allow_with(
        &self,
        action: &str,
        target: Target<'_>,
        keys: impl FnOnce(&mut RequestContext),
    ) -> S3Result<()> {
        let arn = target.arn();
        let account = match target {
            Target::AllBuckets | Target::NewBucket(_) => &self.principal.account,
            Target::Bucket(_, bucket) | Target::Object(_, bucket, _) => &bucket.account,
        };
        let mut context = RequestContext::default();
        self.fill(&mut context, account);
        keys(&mut context);
        let ask = Ask {
            action,
            resource: &arn,
            text: match target {
                Target::AllBuckets => None,
                _ => Some(ResourceText::Quoted(&arn)),
            },
            resource_account: account,
            region: &self.signature.region,
            context,
        };
        authorize(&self.state, &self.op, &self.principal, ask)
            .map_err(|denied| error::access_denied(denied.message))
    }

    /// What a reader gets for an object that is not there: that it is not there, if they may list
    /// the bucket, and otherwise only that they may not know.
    pub(super) fn no_such_key(&self, name: &str, bucket: &BucketRecord) -> S3Error {
        match self.allow("s3:ListBucket", Target::Bucket(name, bucket)) {
            Ok(()) => error::plain(s3s::S3ErrorCode::NoSuchKey),
            Err(denied) => denied,
        }
    }

    /// A name that was never used before: 32 hexadecimal characters.
    pub(super) fn fresh_name(&self) -> String {
        hex::encode(self.nonce)
    }

    /// Unix seconds of the request.
    pub(super) fn now(&self) -> i64 {
        self.op.unix()
    }

    fn fill(&self, context: &mut RequestContext, account: &str) {
        let signature = &self.signature;
        context.set("s3:signatureversion", jetway_aws_wire::sigv4::ALGORITHM);
        context.set("s3:x-amz-content-sha256", signature.content_sha256.clone());
        context.set("s3:ResourceAccount", account);
        match signature.presigned_age {
            Some(age) => {
                context.set("s3:authType", "REST-QUERY-STRING");
                context.set("s3:signatureAge", age.to_string());
            }
            None => context.set("s3:authType", "REST-HEADER"),
        }
    }
}
