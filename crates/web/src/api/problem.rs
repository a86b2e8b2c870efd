//! What went wrong, as a document (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, ETAG, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use jetway_identity::{NotAllowed, StoreError, TextError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::version::entity_tag;
use crate::shared::Failure;

/// RFC 9457 §3.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Why a request was not done. Handlers return it as their error.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The caller can do something about it.
    Document(Box<Document>),
    /// The front door logs the cause and writes the document.
    Failure(Failure),
}

/// The answer to a request that was not done (RFC 9457). The media type is
/// `application/problem+json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document {
    /// What kind of problem, for programs: `urn:jetway:problem:` and a word that does not change.
    #[serde(rename = "type")]
    #[schema(example = "urn:jetway:problem:invalid")]
    kind: String,
    /// The same for every problem of this type.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What is wrong here and what to do next.
    detail: String,
    /// The fields that are wrong. Absent when the problem is not about fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// The entity tag of the resource as it is now, when it is not the one that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "\"7\"")]
    current_etag: Option<String>,
    /// Names this request in the server's log. Present when the server is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub(crate) struct FieldError {
    /// The field's path in the body, or the name of the query parameter or header.
    #[schema(example = "sessions.idle_minutes")]
    pub(crate) field: String,
    /// What is wrong with it and what would be right.
    #[schema(example = "use a number from 1 to 1440")]
    pub(crate) message: String,
}

impl FieldError {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

impl Problem {
    /// A problem of the kind `urn:jetway:problem:<word>`.
    pub(crate) fn new(
        status: StatusCode,
        word: &str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self::Document(Box::new(Document {
            kind: format!("urn:jetway:problem:{word}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            current_etag: None,
            request_id: None,
            retry_after: None,
        }))
    }

    /// 400: this is not a request that could be read.
    pub(crate) fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "unreadable",
            "The request cannot be read",
            detail,
        )
    }

    /// 400: parameters of the query or the path are wrong.
    pub(crate) fn bad_parameters(errors: Vec<FieldError>) -> Self {
        Self::unreadable(said(&errors)).with_errors(errors)
    }

    /// 422: the request was read and its values cannot be taken.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "Some values cannot be used",
            said(&errors),
        )
        .with_errors(errors)
    }

    /// 422 about one field.
    pub(crate) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, message)])
    }

    /// 409: another record has this value already.
    pub(crate) fn taken(field: impl Into<String>, message: impl Into<String>) -> Self {
        let error = FieldError::new(field, message);
        Self::conflict("taken", said(std::slice::from_ref(&error))).with_errors(vec![error])
    }

    /// 409: this cannot be done in the state that things are in. `word` names the kind.
    pub(crate) fn conflict(word: &str, detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            word,
            "Not possible in the present state",
            detail,
        )
    }

    /// 403: the role or the key allows this, and not all of what was asked.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not permitted", detail)
    }

    /// 404: no such thing, or none that this key may see.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "Not found",
            format!("There is no {what} with this id."),
        )
    }

    /// 412 (RFC 9110 §13.1.1): the resource has `version` now, not the one in `If-Match`.
    pub(crate) fn stale(version: i64) -> Self {
        let mut problem = Self::new(
            StatusCode::PRECONDITION_FAILED,
            "stale",
            "Changed in the meantime",
            "It was changed since you read it. Read it again, apply your change to that and send \
             the new ETag in If-Match.",
        );
        if let Self::Document(document) = &mut problem {
            document.current_etag = Some(entity_tag(version));
        }
        problem
    }

    /// With the fields that are wrong.
    pub(crate) fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        if let Self::Document(document) = &mut self {
            document.errors = errors;
        }
        self
    }

    /// With the seconds after which to try again.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        if let Self::Document(document) = &mut self {
            document.retry_after = Some(seconds);
        }
        self
    }

    /// With the id of the request, for what only the server's log explains.
    pub(crate) fn with_request_id(mut self, id: &str) -> Self {
        if let Self::Document(document) = &mut self {
            document.request_id = Some(id.to_owned());
        }
        self
    }

    /// Status and text.
    pub(crate) fn said(self) -> Result<(StatusCode, String), Failure> {
        match self {
            Self::Failure(failure) => Err(failure),
            Self::Document(document) => {
                let status = StatusCode::from_u16(document.status).map_err(Failure::internal)?;
                Ok((status, document.detail))
            }
        }
    }
}

/// One sentence for each field.
fn said(errors: &[FieldError]) -> String {
    let sentences: Vec<_> = errors
        .iter()
        .map(|error| format!("{}: {}.", error.field, error.message))
        .collect();
    sentences.join(" ")
}

impl From<NotAllowed> for Problem {
    fn from(error: NotAllowed) -> Self {
        Self::Failure(error.into())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(unique) => Self::conflict("taken", format!("{unique} is taken.")),
            StoreError::Missing => Self::conflict(
                "missing",
                "The request refers to something that does not exist any more.",
            ),
            StoreError::Unavailable(_) => Self::Failure(error.into()),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Problem {
    /// A text of a record that cannot be kept; `field` is its name in the API.
    pub(crate) fn text(field: &str, error: &TextError) -> Self {
        Self::field(field, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = match self {
            Self::Failure(failure) => return failure.into_response(),
            Self::Document(document) => document,
        };
        let Ok(body) = serde_json::to_vec(&document) else {
            return Failure::internal("a problem cannot be written").into_response();
        };
        let status = StatusCode::from_u16(document.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, [(CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        let headers = response.headers_mut();
        if let Some(tag) = document
            .current_etag
            .and_then(|tag| HeaderValue::try_from(tag).ok())
        {
            headers.insert(ETAG, tag);
        }
        if let Some(seconds) = document.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
