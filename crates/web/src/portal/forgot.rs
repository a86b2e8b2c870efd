//! `/login/forgot`: asking for a link to choose a new password.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode};
use jetway_identity::credentials::{RequestResetError, request_password_reset};
use jetway_pages::Message;
use jetway_pages::account::AskForReset;
use jetway_pages::admin::parts::Field;

use crate::portal::whole_seconds;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{Failure, Site, Visit, VisitorForm, form_fields, html, is_from_visitor};

/// Longest address that is shown again.
const MAX_EMAIL: usize = 254;

pub(crate) async fn forgot_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    let form = VisitorForm::of(&site, &mut op, &headers);
    form.page(&site, StatusCode::OK, ask(&form, "", None))
}

/// The same answer whoever has the address, or nobody.
pub(crate) async fn forgot(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    let mut op = visit.into_op();
    let form = VisitorForm::of(&site, &mut op, &headers);
    let email: String = fields
        .get("email")?
        .unwrap_or_default()
        .chars()
        .filter(|letter| !letter.is_control())
        .take(MAX_EMAIL)
        .collect();
    if !is_from_visitor(&site, &headers, &fields, Purpose::Account)? {
        let problem = "This form was open for too long, or your browser keeps no cookies for \
                       this site. Send it again.";
        let body = ask(&form, &email, Some(problem.to_owned()));
        return form.page(&site, StatusCode::FORBIDDEN, body);
    }
    let email = email.trim();
    if jetway_identity::email::check(email).is_err() {
        let mut body = ask(&form, email, None);
        body.email = Field::new(email).with_error("Write the whole address: name@example.com.");
        return form.page(&site, StatusCode::UNPROCESSABLE_ENTITY, body);
    }
    let store = site.store.as_ref();
    let sealing = site.keys.sealing();
    let public_url = site.settings.public_url();
    match request_password_reset(&mut op, store, sealing, public_url, email).await {
        Ok(()) => {
            let body = Message::reset_requested(email, site.sends_mail(), false);
            html(StatusCode::OK, site.chrome(), body)
        }
        Err(RequestResetError::TooMany { retry_after }) => {
            let seconds = whole_seconds(retry_after);
            let minutes = seconds.div_ceil(60);
            let problem = format!("Too many links were asked for. Try again in {minutes} minutes.");
            let body = ask(&form, email, Some(problem));
            let mut response = form.page(&site, StatusCode::TOO_MANY_REQUESTS, body)?;
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(RETRY_AFTER, seconds);
            Ok(response)
        }
        Err(RequestResetError::Store(error)) => Err(error.into()),
    }
}

fn ask(form: &VisitorForm, email: &str, problem: Option<String>) -> AskForReset {
    AskForReset {
        csrf: form.csrf(Purpose::Account),
        email: Field::new(email),
        administrator: false,
        problem,
    }
}
