//! Why there is no page, and the page that says so.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use jetway_pages::{
    Link, Message, Severity,
    local::identity_center::console::{BASE, CenterNav, CenterProblem},
};

use super::visit::Visit;
use crate::{LocalAws, Op, StoreError, authorize::Denied, json_service::JsonError, sign_in::page};

/// Why there is no page.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no instance yet: the dashboard is the only page.
    NotEnabled,
    /// The address names something that is not there.
    NotFound(&'static str),
    /// A refusal, in the words of the API.
    Refused {
        heading: &'static str,
        error: Box<JsonError>,
        link: Option<Link>,
    },
}

/// A page, or why there is none.
pub(super) type Answer = Result<Response<Body>, Failure>;

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        Self::refused("You may not see this", denied.into())
    }
}

impl Failure {
    pub(super) fn refused(heading: &'static str, error: JsonError) -> Self {
        Self::Refused {
            heading,
            error: Box::new(error),
            link: None,
        }
    }

    /// A form that no page of this session made.
    pub(super) fn forged() -> Self {
        Self::refused(
            "Nothing was changed",
            JsonError::access_denied(
                "The form did not come from a page of this session. Open the page again and use its own buttons.",
            ),
        )
    }

    /// With the way back to a page of the console.
    pub(super) fn back_to(self, to: &str, text: &str) -> Self {
        match self {
            Self::Refused { heading, error, .. } => Self::Refused {
                heading,
                error,
                link: Some(Link {
                    href: format!("{BASE}{to}"),
                    text: text.to_owned(),
                }),
            },
            other => other,
        }
    }

    pub(super) fn answer(self, visit: &Visit) -> Response<Body> {
        let (status, heading, message, link) = match self {
            Self::NotEnabled => return page::redirect(&visit.op, BASE),
            Self::NotFound(what) => (
                StatusCode::NOT_FOUND,
                "There is no such page",
                format!("{what} is not here. It may have been deleted."),
                None,
            ),
            Self::Refused {
                heading,
                error,
                link,
            } => (status_of(&error), heading, error.message, link),
        };
        let problem = CenterProblem {
            heading: heading.to_owned(),
            message,
            link,
        };
        visit.page_with(status, CenterNav::Dashboard, problem)
    }
}

/// The status of a page about an error of the API.
pub(super) fn status_of(error: &JsonError) -> StatusCode {
    match (error.status, error.code.as_ref()) {
        (500, _) => StatusCode::INTERNAL_SERVER_ERROR,
        (_, "AccessDeniedException") => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// A request that could not be read.
pub(super) fn unreadable(aws: &LocalAws, op: &Op, status: u16) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    tell(
        aws,
        op,
        status,
        "The request could not be taken",
        "Its form is too long, cannot be read, or did not come from its page. Open the page again and use its own buttons.",
    )
}

/// The state file does not work.
pub(super) fn broken(aws: &LocalAws, op: &Op, error: &StoreError) -> Response<Body> {
    tracing::error!(request.id = op.request_id, %error, "a page of the console could not be shown");
    tell(
        aws,
        op,
        StatusCode::INTERNAL_SERVER_ERROR,
        "The local AWS cannot read or write its state",
        "Its log says why; then try again.",
    )
}

fn tell(aws: &LocalAws, op: &Op, status: StatusCode, heading: &str, text: &str) -> Response<Body> {
    let message = Message {
        severity: if status.is_server_error() {
            Severity::Broken
        } else {
            Severity::Refused
        },
        badge: status.to_string(),
        heading: heading.to_owned(),
        paragraphs: vec![text.to_owned()],
        link: Some(Link {
            href: BASE.to_owned(),
            text: "Open the IAM Identity Center console".to_owned(),
        }),
        reference: Some(op.request_id.clone()),
    };
    page::html(aws, op, status, page::chrome("Local AWS"), message)
}
