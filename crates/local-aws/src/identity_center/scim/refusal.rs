//! Why a request was refused, and how the client is told.

use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use futures_util::stream;
use jetway_aws_wire::AwsError;
use jetway_scim::{ErrorShape, Profile, ScimError, ScimType};
use time::OffsetDateTime;

use crate::{
    StoreError, body,
    identity_center::directory::{DirectoryError, Kind},
};

/// Why a request was refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Tenant or token are wrong.
    Unauthorized,
    /// Nothing is served there.
    NoSuchAddress,
    /// The address is not served with this method.
    Method {
        /// Those it is served with.
        allowed: &'static str,
    },
    /// An operation of the protocol that is not offered.
    Unsupported,
    /// What the protocol refuses.
    Scim(ScimError),
    /// What the identity store refuses.
    Directory(DirectoryError),
    /// There is no such schema or resource type.
    NoSuchDocument,
    /// Too many requests; a fault for tests.
    Throttled {
        /// Seconds, if the client is told.
        retry_after: Option<u32>,
    },
    /// Something went wrong here.
    Internal,
    /// The connection is cut; a fault for tests.
    Reset,
}

impl From<ScimError> for Refusal {
    fn from(error: ScimError) -> Self {
        Self::Scim(error)
    }
}

impl From<DirectoryError> for Refusal {
    fn from(error: DirectoryError) -> Self {
        Self::Directory(error)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Directory(error.into())
    }
}

impl Refusal {
    /// A body that did not arrive or is too large.
    pub(super) fn of_body(error: AwsError) -> Self {
        Self::Scim(ScimError::new(error.status, error.message))
    }

    /// The error of the protocol, in the words of the dialect.
    pub(super) fn error(&self, profile: &Profile) -> ScimError {
        let say = |status: u16, aws: &str, rfc: &str| {
            let detail = match profile.errors {
                ErrorShape::Aws => aws,
                ErrorShape::Rfc => rfc,
            };
            ScimError::new(status, detail)
        };
        match self {
            Self::Scim(error) => error.clone(),
            Self::Unauthorized => say(
                401,
                "Authorization header is invalid or missing. This error also occurs if the tenant ID is incorrect.",
                "The bearer token is missing, unknown or expired, or the address names another tenant. Generate a token in the settings of IAM Identity Center.",
            ),
            Self::NoSuchAddress => say(
                404,
                "Specified resource does not exist.",
                "There is nothing at this address.",
            ),
            Self::NoSuchDocument => say(
                404,
                "Specified resource does not exist.",
                "There is no such schema or resource type.",
            ),
            Self::Method { .. } => say(
                405,
                "Operation is not supported.",
                "This address does not take this method.",
            ),
            Self::Unsupported => say(
                501,
                "Operation is not supported.",
                "This operation is not offered; see ServiceProviderConfig.",
            ),
            Self::Directory(DirectoryError::Duplicate { attribute, .. }) => {
                ScimError::duplicate(profile, attribute)
            }
            Self::Directory(DirectoryError::NotFound(Kind::User)) => say(
                404,
                "Specified user does not exist.",
                "There is no such user.",
            ),
            Self::Directory(DirectoryError::NotFound(Kind::Group)) => say(
                404,
                "Specified group does not exist.",
                "There is no such group.",
            ),
            Self::Throttled { .. } => say(
                429,
                "Too many requests exceeded the limits.",
                "There were too many requests. Try again later.",
            ),
            Self::Directory(DirectoryError::Store(_)) | Self::Internal | Self::Reset => say(
                500,
                "Service failed to process the request.",
                "The request could not be completed because of a fault of the server.",
            ),
        }
    }

    /// The exception's name in CloudTrail.
    pub(super) fn code(&self, profile: &Profile) -> &'static str {
        match self.error(profile).status {
            401 => "UnauthorizedException",
            403 => "AccessDeniedException",
            404 => "ResourceNotFoundException",
            409 => "ConflictException",
            429 => "ThrottlingException",
            500 => "InternalServerException",
            _ => "ValidationException",
        }
    }

    /// What the log says: never a value that the client sent.
    pub(super) fn logged(&self, profile: &Profile) -> String {
        match self {
            Self::Directory(DirectoryError::Duplicate { kind, attribute }) => {
                let attribute = match *attribute {
                    "emails" => "Email".to_owned(),
                    other => capitalised(other),
                };
                match kind {
                    Kind::Group => format!("Duplicate Group{attribute}"),
                    Kind::User => format!("Duplicate {attribute}"),
                }
            }
            Self::Reset => "The connection was cut, as a test asked for".to_owned(),
            // AWS's texts are fixed; ours may quote the request.
            Self::Scim(error) if profile.errors == ErrorShape::Rfc => error
                .scim_type
                .map_or("refused", ScimType::as_str)
                .to_owned(),
            _ => self.error(profile).detail,
        }
    }

    pub(super) fn into_response(
        self,
        profile: &Profile,
        request_id: &str,
        now: OffsetDateTime,
    ) -> Response<Body> {
        if let Self::Directory(DirectoryError::Store(error)) = &self {
            tracing::error!(request.id = request_id, %error, "a SCIM request could not be stored");
        }
        if matches!(self, Self::Reset) {
            return cut();
        }
        let error = self.error(profile);
        let content = error.body(profile, request_id, now).to_string();
        let mut response = body::answer(error.status, request_id, profile.content_type, content);
        let headers = response.headers_mut();
        match self {
            Self::Throttled {
                retry_after: Some(seconds),
            } => {
                headers.insert(header::RETRY_AFTER, seconds.into());
            }
            Self::Method { allowed } => {
                headers.insert(header::ALLOW, HeaderValue::from_static(allowed));
            }
            Self::Unauthorized if profile.errors == ErrorShape::Rfc => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response
    }
}

/// A response whose body fails at once: the server closes the connection.
fn cut() -> Response<Body> {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Response::new(Body::from_stream(stream::iter([
        Err::<axum::body::Bytes, _>(broken),
    ])))
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}
