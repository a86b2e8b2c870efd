//! `GET` and `POST /saml2/{application}/logout`: the person signed out at the application, which sends
//! the browser here to be signed out too (SAML profiles 4.4).
//!
//! With HTTP-POST the session's cookie does not come along, since the form is on another site: then
//! only people whom the request names by e-mail address or username are found.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::idp_url;
use jetway_identity::sso::{LogoutAnswer, LogoutCall, LogoutDelivery, LogoutError, answer_logout};
use jetway_pages::Message;
use jetway_saml::{Inbound, InboundError, LogoutRequest};

use crate::saml::carry::carry;
use crate::saml::is_slug;
use crate::shared::cookies::cookie;
use crate::shared::{Failure, Site, Visit, form_fields, html, query_fields, see_other};

/// A request by HTTP-Redirect (SAML bindings 3.4).
pub(crate) async fn logout(
    State(site): State<Arc<Site>>,
    visit: Visit,
    application: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if !query_fields(uri.query())?.has("SAMLRequest") {
        return Err(Failure::bad_request());
    }
    // As it stood in the request line: a signature is over these very characters.
    let request = Inbound::from_redirect(uri.query().unwrap_or_default());
    answer(&site, visit, application, &headers, request).await
}

/// A request by HTTP-POST (SAML bindings 3.5).
pub(crate) async fn posted_logout(
    State(site): State<Arc<Site>>,
    visit: Visit,
    application: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = form_fields(&headers, &body)?;
    let message = fields.get("SAMLRequest")?;
    let message = message.ok_or_else(Failure::bad_request)?;
    let request = Inbound::from_post(message, fields.get("RelayState")?);
    answer(&site, visit, application, &headers, request).await
}

async fn answer(
    site: &Site,
    visit: Visit,
    application: Result<Path<String>, PathRejection>,
    headers: &HeaderMap,
    request: Result<Inbound<LogoutRequest>, InboundError>,
) -> Result<Response, Failure> {
    let Path(slug) = application.map_err(|_| Failure::not_found())?;
    if !is_slug(&slug) {
        return Err(Failure::not_found());
    }
    let refused = |reason: &str| {
        let message = Message::request_not_accepted(reason);
        html(StatusCode::BAD_REQUEST, site.chrome(), message)
    };
    let request = match request {
        Ok(request) => request,
        Err(error) => return refused(&error.to_string()),
    };
    let address = format!("{}/logout", idp_url(site.settings.public_url(), &slug));
    let call = LogoutCall {
        slug: &slug,
        address: &address,
        request: &request,
        session_token: cookie(headers, site.cookies.session),
    };
    let mut op = visit.into_op();
    match answer_logout(&mut op, site.store.as_ref(), &site.keys, call).await {
        Ok(answer) => deliver(site, answer),
        Err(LogoutError::Refused(reason)) => refused(&reason.to_string()),
        Err(LogoutError::NoSuchApplication) => Err(Failure::not_found()),
        Err(LogoutError::Key(error)) => Err(Failure::internal(error)),
        Err(LogoutError::Store(error)) => Err(error.into()),
    }
}

/// Sends the browser back to the application with the answer.
fn deliver(site: &Site, answer: LogoutAnswer) -> Result<Response, Failure> {
    let label = answer.application_label.clone();
    match answer.sign().map_err(Failure::internal)? {
        LogoutDelivery::Redirect(address) => see_other(&address),
        LogoutDelivery::Post {
            message,
            url,
            relay_state,
        } => carry(site, &message, (url, relay_state, label)),
    }
}
