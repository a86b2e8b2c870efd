//! AWS Signature Version 4, the verifying side.
//!
//! [`parse`] finds the signature in a request (header or presigned query) and [`verify`] checks
//! it. The order of the checks, and so the error that a request with several faults gets, is that
//! of AWS. S3 signs the path as it stands; every other service signs the normalised path encoded
//! a second time.

mod canonical;
mod error;
mod parse;
mod verify;

use std::borrow::Cow;

use aws_lc_rs::digest::{SHA256, digest};
use time::OffsetDateTime;

pub use error::{ScopeFault, SigV4Error};
pub use parse::parse;
pub use verify::verify;

/// The one algorithm that is accepted.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// How far the time of a signed request may be from the server's: 15 minutes either way.
pub const MAX_SKEW: time::Duration = time::Duration::minutes(15);
/// The longest life of a presigned S3 address: seven days, in seconds.
pub const MAX_PRESIGNED_SECONDS: u32 = 604_800;

/// What is signed of a request. Everything is as on the wire.
#[derive(Debug, Clone)]
pub struct RequestParts<'a> {
    /// `GET`, `POST` …
    pub method: &'a str,
    /// The path, still percent-encoded.
    pub path: &'a str,
    /// The query string without the question mark, still percent-encoded; may be empty.
    pub query: &'a str,
    /// All headers in order of arrival, names in lower case.
    pub headers: &'a [(String, String)],
    /// What stands for the body in the canonical request.
    pub body_sha256: BodyHash,
}

/// The last line of the canonical request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyHash(Cow<'static, str>);

impl BodyHash {
    /// A presigned S3 request: the body is not part of the signature.
    pub const UNSIGNED_PAYLOAD: Self = Self(Cow::Borrowed("UNSIGNED-PAYLOAD"));

    /// The hash of the body that arrived. Right for every service but S3.
    pub fn of(body: &[u8]) -> Self {
        Self(Cow::Owned(hex::encode(digest(&SHA256, body))))
    }

    /// The value of `x-amz-content-sha256` as the client sent it. Whoever reads the body must
    /// then check it against this value.
    pub fn verbatim(header: &str) -> Self {
        Self(Cow::Owned(header.to_owned()))
    }

    /// The text in the canonical request.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the signature was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// The `Authorization` header.
    Header,
    /// The query string (`X-Amz-Signature`); `expires` is `X-Amz-Expires` in seconds.
    Query {
        /// Life of the address in seconds, when the query gives one.
        expires: Option<u32>,
    },
}

/// The parsed, not yet verified, signature of a request.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// The access key id: the first part of the credential.
    pub access_key_id: String,
    /// The day of the credential scope, `YYYYMMDD`.
    pub date: String,
    /// The region of the credential scope.
    pub region: String,
    /// The service of the credential scope.
    pub service: String,
    /// The end of the credential scope; must be `aws4_request`.
    pub terminator: String,
    /// The names of the signed headers in lower case, sorted.
    pub signed_headers: Vec<String>,
    /// The signature as given.
    pub signature: String,
    /// `X-Amz-Security-Token`, from the header or the query.
    pub security_token: Option<String>,
    /// `X-Amz-Date` as given, `YYYYMMDDTHHMMSSZ`.
    pub timestamp: String,
    /// The same, parsed.
    pub signed_at: OffsetDateTime,
    /// Header or query.
    pub placement: Placement,
}

impl Authorization {
    /// Whether the scope names S3, which has rules and texts of its own.
    pub fn is_s3(&self) -> bool {
        self.service == "s3"
    }

    /// The credential scope, `date/region/service/aws4_request`.
    pub fn scope(&self) -> String {
        format!(
            "{}/{}/{}/{}",
            self.date, self.region, self.service, self.terminator
        )
    }
}
