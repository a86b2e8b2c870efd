//! The IAM Identity Center console for administrators: pages under `/console/identity-center`, and
//! the sign-in with an access key that they need.
//!
//! A page reads the state after asking whether its visitor may. What changes something goes through
//! the operations of the APIs ([`visit::Visit::api`]): the console can do nothing that `aws` could
//! not, and is refused in the same words.

mod access_control;
mod account;
mod accounts;
mod assignments;
mod attempts;
mod certificates;
mod dashboard;
mod failure;
mod form;
mod groups;
mod held;
mod identity_source;
mod permission_set;
mod permission_sets;
mod policy;
mod provisioning;
mod routes;
mod session;
mod settings;
mod sign_in;
mod tags;
mod users;
mod visit;

use axum::{
    body::Body,
    http::{Method, Response, request::Parts},
};
use jetway_pages::local::identity_center::console::{BASE, SIGN_IN};

pub(crate) use self::attempts::Attempts;
use self::{form::Form, routes::Found, visit::Visit};
use crate::{LocalAws, Op, body, sign_in::page};

/// The largest form: metadata of 75,000 characters, twice encoded.
const MAX_FORM: usize = 512 * 1024;
/// Where one signs out.
const SIGN_OUT: &str = "/console/sign-in/out";

/// Whether an unsigned request is for these pages.
pub(crate) fn serves(parts: &Parts) -> bool {
    let path = parts.uri.path();
    matches!(path, SIGN_IN | SIGN_OUT)
        || path
            .strip_prefix(BASE)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers a request for which [`serves`] said yes.
pub(crate) async fn serve(
    aws: &LocalAws,
    mut op: Op,
    parts: Parts,
    content: Body,
) -> Response<Body> {
    let path = parts.uri.path().to_owned();
    let form = match read(&parts, content).await {
        Ok(form) => form,
        Err(status) => return failure::unreadable(aws, &op, status),
    };
    let request_id = op.request_id.clone();
    let aws = aws.clone();
    // Sessions and changes are read and written on the disk.
    let answered = tokio::task::spawn_blocking(move || match path.as_str() {
        SIGN_IN => sign_in::answer(&aws, &mut op, &parts, &form),
        SIGN_OUT => sign_in::out(&aws, &op, &parts, &form),
        _ => console(&aws, op, parts, form),
    });
    answered.await.unwrap_or_else(|error| {
        tracing::error!(request.id = request_id, %error, "a page did not finish");
        body::answer(500, &request_id, "text/plain", "The page did not finish.\n")
    })
}

/// The fields of a form; none for GET.
async fn read(parts: &Parts, content: Body) -> Result<Form, u16> {
    if parts.method != Method::POST {
        return Ok(Form::default());
    }
    let content = body::read(&parts.headers, content, MAX_FORM)
        .await
        .map_err(|error| error.status)?;
    Form::read(&parts.headers, &content).await.ok_or(400)
}

/// A page for whoever is signed in; the way to the sign-in for everybody else.
fn console(aws: &LocalAws, op: Op, parts: Parts, form: Form) -> Response<Body> {
    let rest = parts.uri.path().strip_prefix(BASE).unwrap_or_default();
    let Some((found, captured)) = routes::find(&parts.method, rest) else {
        return page::not_here(aws, &op);
    };
    let signed_in = match session::of_browser(aws, &op, &parts.headers) {
        Ok(Some(signed_in)) => signed_in,
        Ok(None) => return sign_in::first(&op, &parts),
        Err(error) => return failure::broken(aws, &op, &error),
    };
    let query = Form::of_query(parts.uri.query().unwrap_or_default());
    let mut visit = Visit::new(aws, op, parts, signed_in);
    visit.form = form;
    visit.query = query;
    visit.captured = captured;
    let Found { page, changes } = found;
    let answered = if changes && !visit.form_is_genuine() {
        Err(failure::Failure::forged())
    } else {
        page(&mut visit)
    };
    answered.unwrap_or_else(|failure| failure.answer(&visit))
}
