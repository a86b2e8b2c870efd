//! Errors of the protocol (RFC 7644 section 3.12) and their bodies in either dialect.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::profile::{ErrorShape, Profile};

/// The URN of an error message.
pub const ERROR_URN: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// The keywords of RFC 7644 table 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScimType {
    /// The filter cannot be read, or compares what cannot be compared.
    InvalidFilter,
    /// More results than the server returns.
    TooMany,
    /// Another resource holds a value that must be unique.
    Uniqueness,
    /// The attribute may not be changed.
    Mutability,
    /// The body is no JSON or does not have the shape of the message.
    InvalidSyntax,
    /// The path of a patch operation cannot be read or names nothing.
    InvalidPath,
    /// The path of a patch operation selects nothing.
    NoTarget,
    /// A value is missing or does not fit its attribute.
    InvalidValue,
    /// The version of the protocol is not supported.
    InvalidVers,
    /// The request may not carry sensitive values in its address.
    Sensitive,
}

impl ScimType {
    /// The keyword as it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
        }
    }
}

/// A refusal: what the client is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ScimError {
    /// The HTTP status.
    pub status: u16,
    /// The keyword of RFC 7644, where one fits. The AWS dialect never sends it.
    pub scim_type: Option<ScimType>,
    /// The sentence a person reads.
    pub detail: String,
}

impl ScimError {
    /// An error without a keyword.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: None,
            detail: detail.into(),
        }
    }

    /// A 400 with its keyword.
    pub fn bad_request(scim_type: ScimType, detail: impl Into<String>) -> Self {
        Self {
            status: 400,
            scim_type: Some(scim_type),
            detail: detail.into(),
        }
    }

    /// 409: another resource holds the value of `attribute`. AWS does not say which attribute.
    pub fn duplicate(profile: &Profile, attribute: &str) -> Self {
        Self {
            status: 409,
            scim_type: Some(ScimType::Uniqueness),
            detail: match profile.errors {
                ErrorShape::Aws => "Refused to create a new, duplicate resource.".to_owned(),
                ErrorShape::Rfc => {
                    format!("Another resource has the same \"{attribute}\". It must be unique.")
                }
            },
        }
    }

    /// The JSON body. `request_id` and `now` are sent by the AWS dialect only.
    pub fn body(&self, profile: &Profile, request_id: &str, now: OffsetDateTime) -> Value {
        match profile.errors {
            ErrorShape::Aws => json!({
                "schema": [ERROR_URN],
                "schemas": [ERROR_URN],
                "detail": self.detail,
                "status": self.status.to_string(),
                "exceptionRequestId": request_id,
                "timeStamp": aws_time_stamp(now),
            }),
            ErrorShape::Rfc => {
                let mut body = json!({ "schemas": [ERROR_URN], "status": self.status.to_string() });
                if let Some(scim_type) = self.scim_type {
                    body["scimType"] = scim_type.as_str().into();
                }
                body["detail"] = self.detail.as_str().into();
                body
            }
        }
    }
}

/// `2022-03-18 10:57:08.014`, in UTC.
fn aws_time_stamp(now: OffsetDateTime) -> String {
    let format =
        format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]");
    now.to_offset(time::UtcOffset::UTC)
        .format(&format)
        .unwrap_or_default()
}
