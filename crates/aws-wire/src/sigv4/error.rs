//! What can be wrong with a signature, in AWS's words: those of the query services (IAM, STS) and
//! those of S3.

use crate::error::AwsError;

/// Why a signature is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigV4Error {
    /// A signature both in the header and in the query.
    #[error("the request carries two signatures")]
    TwoMechanisms,
    /// Not `AWS4-HMAC-SHA256`.
    #[error("unsupported algorithm {algorithm}")]
    UnsupportedAlgorithm {
        /// What was given.
        algorithm: String,
        /// In the query string rather than in the header.
        in_query: bool,
    },
    /// A part of the `Authorization` header without an equals sign.
    #[error("'{part}' is not a key=value pair")]
    NotKeyValue {
        /// The part.
        part: String,
        /// The whole header.
        header: String,
    },
    /// Parameters of the header, or headers, are missing. Each text is one of AWS's sentences.
    #[error("parameters of the Authorization header are missing")]
    MissingInHeader(Vec<&'static str>),
    /// Parameters of the presigned query are missing.
    #[error("parameters of the signed query are missing")]
    MissingInQuery(Vec<&'static str>),
    /// `X-Amz-Expires` is not a number of seconds up to a week.
    #[error("X-Amz-Expires is not acceptable")]
    BadExpires(&'static str),
    /// The date is not `YYYYMMDDTHHMMSSZ`.
    #[error("the date '{0}' is not in ISO 8601 basic format")]
    BadDate(String),
    /// The credential does not have five parts.
    #[error("the credential '{0}' does not have five parts")]
    BadCredential(String),
    /// `host` is not among the signed headers.
    #[error("the host header is not signed")]
    HostNotSigned,
    /// S3 wants every `x-amz-*` header signed; these are not.
    #[error("headers are not signed: {0:?}")]
    HeadersNotSigned(Vec<String>),
    /// Signed too long ago.
    #[error("signature expired: {signed_at} is before {earliest}")]
    Expired {
        /// `X-Amz-Date`.
        signed_at: String,
        /// The oldest time that is accepted.
        earliest: String,
        /// The server's time.
        now: String,
    },
    /// Signed in the future.
    #[error("signature not yet current: {signed_at} is after {latest}")]
    NotYetCurrent {
        /// `X-Amz-Date`.
        signed_at: String,
        /// The latest time that is accepted.
        latest: String,
        /// The server's time.
        now: String,
    },
    /// The life of a presigned S3 address is over.
    #[error("the presigned address has expired")]
    PresignedExpired,
    /// The credential scope is not for this request. Each fault is told.
    #[error("the credential scope is wrong")]
    WrongScope(Vec<ScopeFault>),
    /// The signature is not the one that the secret gives.
    #[error("the signature does not match")]
    Mismatch,
}

/// One fault of a credential scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeFault {
    /// The scope names another service.
    Service {
        /// What the scope says.
        given: String,
        /// What it must be.
        expected: String,
    },
    /// The scope does not end in `aws4_request`.
    Terminator(String),
    /// The scope's day is not that of `X-Amz-Date`.
    Date {
        /// What the scope says.
        given: String,
        /// The day of `X-Amz-Date`.
        expected: String,
        /// `X-Amz-Date`.
        timestamp: String,
    },
}

impl ScopeFault {
    fn query_text(&self) -> String {
        match self {
            Self::Service { expected, .. } => {
                format!("Credential should be scoped to correct service: '{expected}'.")
            }
            Self::Terminator(given) => format!(
                "Credential should be scoped with a valid terminator: 'aws4_request', not \
                 '{given}'."
            ),
            Self::Date {
                given,
                expected,
                timestamp,
            } => format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
                 from HTTP: '{given}' != '{expected}', from '{timestamp}'."
            ),
        }
    }

    fn s3_text(&self) -> String {
        match self {
            Self::Service { given, expected } => {
                format!("incorrect service \"{given}\". This endpoint belongs to \"{expected}\".")
            }
            Self::Terminator(given) => {
                format!("incorrect terminal \"{given}\". This endpoint uses \"aws4_request\".")
            }
            Self::Date {
                given, expected, ..
            } => format!(
                "Invalid credential date \"{given}\". This date is not the same as X-Amz-Date: \
                 \"{expected}\"."
            ),
        }
    }
}

impl SigV4Error {
    /// The error of IAM, STS and the other query services.
    pub fn into_query_error(self) -> AwsError {
        match self {
            Self::UnsupportedAlgorithm { in_query: true, .. } => {
                AwsError::missing_authentication_token()
            }
            Self::UnsupportedAlgorithm { algorithm, .. } => {
                incomplete(format!("Unsupported AWS 'algorithm': '{algorithm}'."))
            }
            Self::NotKeyValue { part, header } => incomplete(format!(
                "'{part}' not a valid key=value pair (missing equal-sign) in Authorization \
                 header: '{header}'."
            )),
            Self::MissingInHeader(sentences) => {
                let mut text = sentences.join(" ");
                text.push_str(" Authorization=AWS4-HMAC-SHA256");
                incomplete(text)
            }
            Self::MissingInQuery(sentences) => {
                let mut text = sentences.join(" ");
                text.push_str(" Re-examine the query-string parameters.");
                incomplete(text)
            }
            Self::BadExpires(text) => incomplete(text),
            Self::BadDate(given) => incomplete(format!(
                "Date must be in ISO-8601 'basic format'. Got '{given}'. See \
                 http://en.wikipedia.org/wiki/ISO_8601"
            )),
            Self::BadCredential(given) => incomplete(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{given}'"
            )),
            Self::HostNotSigned => mismatch(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
            ),
            Self::HeadersNotSigned(names) => mismatch(
                names
                    .iter()
                    .map(|name| {
                        format!("'{name}' must be a 'SignedHeader' in the AWS Authorization.")
                    })
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            Self::Expired {
                signed_at,
                earliest,
                now,
            } => mismatch(format!(
                "Signature expired: {signed_at} is now earlier than {earliest} ({now} - 15 min.)"
            )),
            Self::NotYetCurrent {
                signed_at,
                latest,
                now,
            } => mismatch(format!(
                "Signature not yet current: {signed_at} is still later than {latest} ({now} + 15 \
                 min.)"
            )),
            Self::WrongScope(faults) => mismatch(
                faults
                    .iter()
                    .map(ScopeFault::query_text)
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            Self::TwoMechanisms | Self::PresignedExpired | Self::Mismatch => mismatch(
                "The request signature we calculated does not match the signature you provided. \
                 Check your AWS Secret Access Key and signing method. Consult the service \
                 documentation for details.",
            ),
        }
    }

    /// The error of S3. `in_query` faults of a presigned address have codes of their own.
    pub fn into_s3_error(self) -> AwsError {
        match self {
            Self::TwoMechanisms => AwsError::bad_request(
                "InvalidArgument",
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, \
                 Signature query string parameter or the Authorization header should be specified",
            ),
            Self::UnsupportedAlgorithm { in_query: true, .. } => query_parameters(
                "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"",
            ),
            // Signature Version 2, whose signatures have no useful end, among others.
            Self::UnsupportedAlgorithm { .. } => AwsError::bad_request(
                "InvalidRequest",
                "The authorization mechanism you have provided is not supported. Please use \
                 AWS4-HMAC-SHA256.",
            ),
            Self::NotKeyValue { .. } | Self::MissingInHeader(_) => s3_from_header(&self),
            Self::MissingInQuery(_) => query_parameters(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, \
                 X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and \
                 X-Amz-Expires parameters.",
            ),
            Self::BadExpires(text) => query_parameters(text),
            Self::BadDate(_) => AwsError::access_denied(
                "AWS authentication requires a valid Date or x-amz-date header",
            ),
            Self::BadCredential(_) => malformed(
                "the Credential is mal-formed; expecting \
                 \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
            ),
            Self::HostNotSigned | Self::HeadersNotSigned(_) => AwsError::access_denied(
                "There were headers present in the request which were not signed",
            ),
            Self::Expired { .. } | Self::NotYetCurrent { .. } => AwsError::sender(
                403,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
            ),
            Self::PresignedExpired => AwsError::access_denied("Request has expired"),
            Self::WrongScope(faults) => {
                malformed(&faults.first().map(ScopeFault::s3_text).unwrap_or_default())
            }
            Self::Mismatch => AwsError::sender(
                403,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. \
                 Check your key and signing method.",
            ),
        }
    }
}

/// The texts of the parameters that may be missing.
pub(super) const HEADER_CREDENTIAL: &str = "Authorization header requires 'Credential' parameter.";
pub(super) const HEADER_SIGNATURE: &str = "Authorization header requires 'Signature' parameter.";
pub(super) const HEADER_SIGNED_HEADERS: &str =
    "Authorization header requires 'SignedHeaders' parameter.";
pub(super) const HEADER_DATE: &str =
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";

fn s3_from_header(error: &SigV4Error) -> AwsError {
    match error {
        SigV4Error::MissingInHeader(sentences) if sentences == &[HEADER_DATE] => {
            AwsError::access_denied("AWS authentication requires a valid Date or x-amz-date header")
        }
        _ => malformed(
            "the authorization header requires three components: Credential, SignedHeaders, and \
             Signature.",
        ),
    }
}

fn incomplete(message: impl Into<String>) -> AwsError {
    AwsError::bad_request("IncompleteSignature", message)
}

fn mismatch(message: impl Into<String>) -> AwsError {
    AwsError::sender(403, "SignatureDoesNotMatch", message)
}

fn malformed(reason: &str) -> AwsError {
    AwsError::bad_request(
        "AuthorizationHeaderMalformed",
        format!("The authorization header is malformed; {reason}"),
    )
}

fn query_parameters(message: &str) -> AwsError {
    AwsError::bad_request("AuthorizationQueryParametersError", message)
}
