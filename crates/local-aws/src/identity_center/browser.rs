//! What the pages of Identity Center have in common: a request with its form, who is signed in,
//! and pages that say what is wrong.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header, request::Parts},
};
use jetway_aws_wire::QueryRequest;
use jetway_pages::{Chrome, Link, Message, Person, Severity, SignOut};

use super::portal_session::{self, SignedIn};
use crate::{
    LocalAws, Op, StoreError, body,
    sign_in::{self, page},
};

/// The largest form: a SAML response of 128 KB, percent-encoded.
const MAX_FORM: usize = 512 * 1024;
/// What the frame of these pages says beside the mark.
pub(crate) const TITLE: &str = "AWS access portal";

/// One request of a browser.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) aws: LocalAws,
    pub(crate) op: Op,
    pub(crate) parts: Parts,
    /// The fields of a POST.
    pub(crate) form: QueryRequest,
    /// The parameters in the address.
    pub(crate) query: QueryRequest,
}

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The state file does not work.
    Store(StoreError),
    /// A page that says what is wrong and what to do.
    Told(Box<Told>),
}

/// What a page of refusal says.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) heading: String,
    pub(crate) paragraphs: Vec<String>,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Failure {
    pub(crate) fn told(status: StatusCode, heading: &str, paragraphs: &[&str]) -> Self {
        Self::Told(Box::new(Told {
            status,
            heading: heading.to_owned(),
            paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        }))
    }

    /// A form that no page here made.
    pub(crate) fn forged() -> Self {
        Self::told(
            StatusCode::FORBIDDEN,
            "This form did not come from its page",
            &["Open the page again and use its own buttons."],
        )
    }
}

/// A page, or why there is none.
pub(crate) type Answer = Result<Response<Body>, Failure>;

/// Reads the request and answers it where waiting for the disk holds nobody up.
pub(crate) async fn answer(
    aws: &LocalAws,
    op: Op,
    parts: Parts,
    content: Body,
    page: fn(&mut Visit) -> Answer,
) -> Response<Body> {
    let form = body::read(&parts.headers, content, MAX_FORM).await;
    let query = QueryRequest::decode(parts.uri.query().unwrap_or_default().as_bytes());
    let request_id = op.request_id.clone();
    let mut visit = Visit {
        aws: aws.clone(),
        op,
        parts,
        form: QueryRequest::default(),
        query: QueryRequest::default(),
    };
    let form = form
        .ok()
        .and_then(|content| QueryRequest::decode(&content).ok());
    let (Some(form), Ok(query)) = (form, query) else {
        let unreadable = Failure::told(
            StatusCode::BAD_REQUEST,
            "The request cannot be read",
            &[
                "Its form or its address is too long, or names something twice. Begin again where you came from.",
            ],
        );
        return failed(&visit, unreadable);
    };
    (visit.form, visit.query) = (form, query);
    let answered = tokio::task::spawn_blocking(move || {
        page(&mut visit).unwrap_or_else(|failure| failed(&visit, failure))
    });
    answered.await.unwrap_or_else(|error| {
        tracing::error!(request.id = request_id, %error, "a page did not finish");
        body::answer(500, &request_id, "text/plain", "The page did not finish.\n")
    })
}

fn failed(visit: &Visit, failure: Failure) -> Response<Body> {
    let told = match failure {
        Failure::Told(told) => *told,
        Failure::Store(error) => {
            tracing::error!(request.id = visit.op.request_id, %error, "a page could not be shown");
            Told {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                heading: "The local AWS cannot read or write its state".to_owned(),
                paragraphs: vec!["Its log says why; then try again.".to_owned()],
            }
        }
    };
    let badge = told.status.canonical_reason().unwrap_or("Error");
    let broken = told.status.is_server_error();
    let message = Message {
        severity: if broken {
            Severity::Broken
        } else {
            Severity::Refused
        },
        badge: format!("{} {badge}", told.status.as_u16()),
        heading: told.heading,
        paragraphs: told.paragraphs,
        link: Some(Link {
            href: super::PORTAL_PATH.to_owned(),
            text: "Open the access portal".to_owned(),
        }),
        reference: Some(visit.op.request_id.clone()),
    };
    visit.page(told.status, message)
}

impl Visit {
    /// Who is signed in to the portal.
    pub(crate) fn signed_in(&self) -> Result<Option<SignedIn>, StoreError> {
        portal_session::find(&self.aws, &self.op, &self.parts.headers)
    }

    /// Whether the form came from a page of this session.
    pub(crate) fn check_form(&self, signed_in: &SignedIn) -> Result<(), Failure> {
        let genuine = sign_in::same_origin(&self.parts.headers)
            && sign_in::same_token(&signed_in.session.csrf, self.form.get("csrf"));
        if genuine {
            Ok(())
        } else {
            Err(Failure::forged())
        }
    }

    /// A page for nobody in particular.
    pub(crate) fn page<B: jetway_pages::Body>(
        &self,
        status: StatusCode,
        content: B,
    ) -> Response<Body> {
        page::html(&self.aws, &self.op, status, page::chrome(TITLE), content)
    }

    /// A page for whoever is signed in.
    pub(crate) fn page_for<B: jetway_pages::Body>(
        &self,
        signed_in: &SignedIn,
        content: B,
    ) -> Response<Body> {
        let chrome = Chrome {
            person: Some(Person {
                name: signed_in.display_name(),
                detail: signed_in.user_name().to_owned(),
            }),
            sign_out: Some(SignOut {
                action: super::portal::SIGN_OUT_PATH.to_owned(),
                csrf: Some(signed_in.session.csrf.clone()),
            }),
            ..page::chrome(TITLE)
        };
        page::html(&self.aws, &self.op, StatusCode::OK, chrome, content)
    }

    /// To an address that was checked, with GET.
    pub(crate) fn redirect(&self, target: &str) -> Answer {
        let target = HeaderValue::from_str(target).map_err(|_| {
            Failure::told(
                StatusCode::BAD_REQUEST,
                "The address cannot be written",
                &["Begin again where you came from."],
            )
        })?;
        let mut response = body::answer(303, &self.op.request_id, "text/plain", "");
        response.headers_mut().insert(header::LOCATION, target);
        Ok(response)
    }
}
