//! `GET` and `POST /saml2/{application}`: single sign-on, started here (SAML profiles 4.1.5;
//! requirements K01, N01, N02, N04, N06) or by the service provider (4.1.4; N03).
//!
//! A request of a service provider is judged as it comes in. What passes goes on as a sealed text in
//! the address, so that it survives the sign-in, whatever binding it came by.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::sessions::step_up;
use jetway_identity::sso::{
    ReceiveError, Received, RefuseError, Unmet, Wish, receive_request, refuse_request,
};
use jetway_identity::{ApplicationId, AssertError, AssertRequest, Op, SignInError, idp_url};
use jetway_pages::Message;
use jetway_saml::{AuthnRequest, Inbound, InboundError};

use crate::portal::{admit, held};
use crate::saml::carry::carry;
use crate::saml::{is_slug, trace};
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Site, Visit, form_fields, html, query_fields, same_site_path, see_other,
    sign_in_again_path, sign_in_path, signed_in,
};

/// SAML bindings 3.5.3: "RelayState data … MUST NOT exceed 80 bytes in length". It is for links that
/// people make; service providers send what they need.
const MAX_RELAY_STATE: usize = 80;
/// The parameter that holds a request that was judged.
const WISH: &str = "wish";

/// Takes the person to the application with a signed response, or says why not.
pub(crate) async fn single_sign_on(
    State(site): State<Arc<Site>>,
    visit: Visit,
    application: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Path(slug) = application.map_err(|_| Failure::not_found())?;
    let query = query_fields(uri.query())?;
    if query.has("SAMLRequest") && is_slug(&slug) {
        let mut op = visit.into_op();
        // As it stood in the request line: a signature is over these very characters.
        let request = Inbound::from_redirect(uri.query().unwrap_or_default());
        return receive(&site, &mut op, &slug, request).await;
    }
    let relay_state = query.get("RelayState")?.filter(|text| !text.is_empty());
    if relay_state.is_some_and(|text| text.len() > MAX_RELAY_STATE) {
        return html(
            StatusCode::BAD_REQUEST,
            site.chrome(),
            Message::relay_state_too_long(),
        );
    }
    let mut op = visit.into_op();
    let wish = match query.get(WISH)? {
        None => None,
        Some(text) => {
            let Some(wish) = Wish::open(site.keys.sealing(), op.now, &slug, text) else {
                let message = Message::request_expired();
                return html(StatusCode::BAD_REQUEST, site.chrome(), message);
            };
            Some(wish)
        }
    };
    let passive = wish.as_ref().filter(|wish| wish.is_passive);
    let Some(token) = cookie(&headers, site.cookies.session) else {
        return match passive {
            Some(wish) => refuse(&site, &mut op, &slug, wish, Unmet::Passive).await,
            None => to_sign_in(&site, &uri, false),
        };
    };
    if !is_slug(&slug) {
        // No application can have this name, so only the sign-in is left to check.
        return match signed_in(&site, &mut op, &headers).await? {
            Some(_) => Err(Failure::not_found()),
            None => to_sign_in(&site, &uri, true),
        };
    }
    let request = AssertRequest {
        session_token: token,
        slug: &slug,
        wish: wish.as_ref(),
    };
    match jetway_identity::assert(&mut op, site.store.as_ref(), &site.keys, request).await {
        Ok(grant) => {
            let (acs_url, label) = (grant.acs_url.clone(), grant.application_label.clone());
            let own = relay_state.map(str::to_owned).filter(|_| wish.is_none());
            let relay_state = own.or_else(|| grant.relay_state.clone());
            let signed = grant.sign().map_err(Failure::internal)?;
            let to = (acs_url, relay_state, label);
            if trace::is_held(&site, &op, &headers, &slug) {
                return trace::show(&site, &signed, to);
            }
            carry(&site, &signed, to)
        }
        Err(error @ (AssertError::NotSignedIn | AssertError::SignInAgain)) => match passive {
            Some(wish) => refuse(&site, &mut op, &slug, wish, Unmet::Passive).await,
            None if matches!(error, AssertError::SignInAgain) => {
                see_other(&sign_in_again_path(&here(&uri)?))
            }
            None => to_sign_in(&site, &uri, true),
        },
        Err(AssertError::StepUp { id, .. }) => match passive {
            Some(wish) => refuse(&site, &mut op, &slug, wish, Unmet::Passive).await,
            None => more(&site, &mut op, &headers, (id, &here(&uri)?)).await,
        },
        Err(AssertError::NoSuchApplication) => Err(Failure::not_found()),
        Err(AssertError::Store(error)) => Err(error.into()),
        Err(refusal) => refused(&site, &mut op, &headers, &refusal).await,
    }
}

/// A request of a service provider by HTTP-POST (SAML bindings 3.5). It comes from another site, so
/// the session's cookie is not with it; the address that it leads to brings it.
pub(crate) async fn posted_request(
    State(site): State<Arc<Site>>,
    visit: Visit,
    application: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let Path(slug) = application.map_err(|_| Failure::not_found())?;
    if !is_slug(&slug) {
        return Err(Failure::not_found());
    }
    let fields = form_fields(&headers, &body)?;
    let message = fields
        .get("SAMLRequest")?
        .ok_or_else(Failure::bad_request)?;
    let request = Inbound::from_post(message, fields.get("RelayState")?);
    receive(&site, &mut visit.into_op(), &slug, request).await
}

/// Judges a request, and goes on with what is left of it.
async fn receive(
    site: &Site,
    op: &mut Op,
    slug: &str,
    request: Result<Inbound<AuthnRequest>, InboundError>,
) -> Result<Response, Failure> {
    let refused = |reason: &str| {
        let message = Message::request_not_accepted(reason);
        html(StatusCode::BAD_REQUEST, site.chrome(), message)
    };
    let request = match request {
        Ok(request) => request,
        Err(error) => return refused(&error.to_string()),
    };
    let address = idp_url(site.settings.public_url(), slug);
    match receive_request(op, site.store.as_ref(), slug, &address, &request).await {
        Ok(Received::Accepted(wish)) => {
            let sealed = wish.seal(site.keys.sealing(), &mut op.rng, slug);
            see_other(&format!("/saml2/{slug}?{WISH}={sealed}"))
        }
        Ok(Received::Unmet(wish, unmet)) => refuse(site, op, slug, &wish, unmet).await,
        Err(ReceiveError::Refused(reason)) => refused(&reason.to_string()),
        Err(ReceiveError::NoSuchApplication) => Err(Failure::not_found()),
        Err(ReceiveError::Store(error)) => Err(error.into()),
    }
}

/// Answers a request with why there is no assertion.
async fn refuse(
    site: &Site,
    op: &mut Op,
    slug: &str,
    wish: &Wish,
    unmet: Unmet,
) -> Result<Response, Failure> {
    let store = site.store.as_ref();
    match refuse_request(op, store, &site.keys, slug, (wish, unmet)).await {
        Ok(refusal) => {
            let signed = refusal.sign().map_err(Failure::internal)?;
            let to = (
                refusal.acs_url,
                refusal.relay_state,
                refusal.application_label,
            );
            carry(site, &signed, to)
        }
        Err(RefuseError::NoSuchApplication) => Err(Failure::not_found()),
        Err(RefuseError::Key(error)) => Err(Failure::internal(error)),
        Err(RefuseError::Store(error)) => Err(error.into()),
    }
}

/// The session has proved too little for the application: on to what is missing, and back here.
async fn more(
    site: &Site,
    op: &mut Op,
    headers: &HeaderMap,
    (application, next): (ApplicationId, &str),
) -> Result<Response, Failure> {
    let Some(present) = signed_in(site, op, headers).await? else {
        return see_other(&sign_in_path(next));
    };
    match step_up(op, site.store.as_ref(), present.person, application).await {
        Ok(signed_in) => admit(site, op, headers, &signed_in, Some(next)).await,
        Err(SignInError::Store(error)) => Err(error.into()),
        Err(error) => {
            held(site, &error, Some(next)).unwrap_or_else(|| see_other(&sign_in_again_path(next)))
        }
    }
}

/// The address that was asked for, to come back to.
fn here(uri: &Uri) -> Result<String, Failure> {
    let here = uri.path_and_query().map_or("/", |whole| whole.as_str());
    let here = same_site_path(here).ok_or_else(Failure::bad_request)?;
    Ok(here.to_owned())
}

/// The sign-in page, which comes back here with everything that the address carried. A cookie that
/// no longer means anything is taken away.
fn to_sign_in(site: &Site, uri: &Uri, ended: bool) -> Result<Response, Failure> {
    let mut response = see_other(&sign_in_path(&here(uri)?))?;
    if ended && let Some(cookie) = site.cookies.forget(site.cookies.session) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The refusal page, for the person who is signed in.
async fn refused(
    site: &Site,
    op: &mut Op,
    headers: &HeaderMap,
    refusal: &AssertError,
) -> Result<Response, Failure> {
    let Some(present) = signed_in(site, op, headers).await? else {
        // The session ended between the two questions.
        return see_other(&sign_in_path("/"));
    };
    let user = &present.person.user;
    let (status, message) = match refusal {
        AssertError::NotAssigned { label } => (
            StatusCode::FORBIDDEN,
            Message::not_assigned(label, &user.email),
        ),
        AssertError::Inactive { label } => {
            (StatusCode::FORBIDDEN, Message::application_inactive(label))
        }
        AssertError::Replayed { label } => {
            (StatusCode::BAD_REQUEST, Message::request_answered(label))
        }
        AssertError::Misconfigured { admin, person } => {
            tracing::warn!(
                request.id = op.request_id,
                error = admin,
                "an application cannot be signed in to"
            );
            let message = Message::application_misconfigured(person, &op.request_id);
            (StatusCode::INTERNAL_SERVER_ERROR, message)
        }
        AssertError::Denied { text, .. } => (StatusCode::FORBIDDEN, Message::denied(text)),
        AssertError::NotSignedIn
        | AssertError::SignInAgain
        | AssertError::StepUp { .. }
        | AssertError::NoSuchApplication
        | AssertError::Store(_) => {
            return Err(Failure::internal("not a refusal"));
        }
    };
    let csrf = csrf::token(present.token, Purpose::SignOut);
    html(status, site.chrome_for(user, csrf), message)
}
