//! S3's errors in S3's words.

use std::fmt::Display;

use jetway_aws_wire::AwsError;
use s3s::{S3Error, S3ErrorCode};

use crate::StoreError;

/// The text that S3 gives with a code, for errors that were made without one.
pub(super) fn default_message(code: &str) -> Option<&'static str> {
    Some(match code {
        "AccessDenied" => "Access Denied",
        "BadDigest" => "The Content-MD5 you specified did not match what we received.",
        "BucketAlreadyExists" => {
            "The requested bucket name is not available. The bucket namespace is shared by all \
             users of the system. Please select a different name and try again."
        }
        "BucketAlreadyOwnedByYou" => {
            "Your previous request to create the named bucket succeeded and you already own it."
        }
        "BucketNotEmpty" => "The bucket you tried to delete is not empty",
        "EntityTooLarge" => "Your proposed upload exceeds the maximum allowed size",
        "EntityTooSmall" => "Your proposed upload is smaller than the minimum allowed size",
        "ExpiredToken" => "The provided token has expired.",
        "IncompleteBody" => {
            "You did not provide the number of bytes specified by the Content-Length HTTP header"
        }
        "InternalError" => "We encountered an internal error. Please try again.",
        "InvalidAccessKeyId" => "The AWS Access Key Id you provided does not exist in our records.",
        "InvalidBucketName" => "The specified bucket is not valid.",
        "InvalidDigest" => "The Content-MD5 you specified was invalid.",
        "InvalidPart" => {
            "One or more of the specified parts could not be found.  The part may not have been \
             uploaded, or the specified entity tag may not match the part's entity tag."
        }
        "InvalidPartOrder" => {
            "The list of parts was not in ascending order. Parts must be ordered by part number."
        }
        "InvalidRange" => "The requested range is not satisfiable",
        "InvalidStorageClass" => "The storage class you specified is not valid",
        "InvalidToken" => "The provided token is malformed or otherwise invalid.",
        "InvalidURI" => "Couldn't parse the specified URI.",
        "KeyTooLongError" => "Your key is too long",
        "MalformedXML" => {
            "The XML you provided was not well-formed or did not validate against our published \
             schema"
        }
        "MaxMessageLengthExceeded" => "Your request was too big",
        "MethodNotAllowed" => "The specified method is not allowed against this resource.",
        "MissingContentLength" => "You must provide the Content-Length HTTP header.",
        "NoSuchBucket" => "The specified bucket does not exist",
        "NoSuchKey" => "The specified key does not exist.",
        "NoSuchUpload" => {
            "The specified upload does not exist. The upload ID may be invalid, or the upload may \
             have been aborted or completed."
        }
        "NotImplemented" => "A header you provided implies functionality that is not implemented",
        "PreconditionFailed" => "At least one of the pre-conditions you specified did not hold",
        "SignatureDoesNotMatch" => {
            "The request signature we calculated does not match the signature you provided. Check \
             your key and signing method."
        }
        _ => return None,
    })
}

/// An error with S3's own text.
pub(super) fn plain(code: S3ErrorCode) -> S3Error {
    match default_message(code.as_str()) {
        Some(message) => S3Error::with_message(code, message),
        None => S3Error::new(code),
    }
}

/// A code that `s3s` does not know.
pub(super) fn custom(status: u16, code: &'static str, message: &'static str) -> S3Error {
    let mut made = S3Error::with_message(S3ErrorCode::Custom(code.into()), message);
    if let Ok(status) = http::StatusCode::from_u16(status) {
        made.set_status_code(status);
    }
    made
}

/// `InvalidRequest` 400.
pub(super) fn invalid_request(message: impl Into<String>) -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidRequest, message.into())
}

/// `InvalidArgument` 400.
pub(super) fn invalid_argument(message: impl Into<String>) -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidArgument, message.into())
}

/// `NotImplemented` 501: the request asks for something that is not built, and leaving it out
/// silently would be worse.
pub(super) fn not_implemented() -> S3Error {
    plain(S3ErrorCode::NotImplemented)
}

/// `AccessDenied` 403 with the reason.
pub(super) fn access_denied(message: impl Into<String>) -> S3Error {
    S3Error::with_message(S3ErrorCode::AccessDenied, message.into())
}

/// `InternalError` 500. The cause goes to the log.
pub(super) fn internal(what: &str, cause: &dyn Display) -> S3Error {
    tracing::error!("s3: {what}: {cause}");
    plain(S3ErrorCode::InternalError)
}

/// The state file could not be read or written.
pub(super) fn store(error: &StoreError) -> S3Error {
    internal("state", error)
}

/// A file of an object could not be read or written.
pub(super) fn io(error: &std::io::Error) -> S3Error {
    internal("object files", error)
}

/// A code and text from the credential checks, which speak in terms of `AwsError`.
pub(super) fn invalid_access_key_id() -> AwsError {
    from_table(403, "InvalidAccessKeyId")
}

/// The session token is not that of the access key.
pub(super) fn invalid_token() -> AwsError {
    from_table(400, "InvalidToken")
}

/// The session is over.
pub(super) fn expired_token() -> AwsError {
    from_table(400, "ExpiredToken")
}

/// What an unsigned request gets.
pub(super) fn anonymous() -> AwsError {
    from_table(403, "AccessDenied")
}

fn from_table(status: u16, code: &'static str) -> AwsError {
    AwsError::sender(status, code, default_message(code).unwrap_or_default())
}
