//! `/login/push`: the second step of a sign-in in a browser, by approval on the phone.
//!
//! The page asks for itself again until the phone has answered, by a header that needs no script.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::header::{REFRESH, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jetway_identity::PushId;
use jetway_identity::sessions::push::{
    ProvePushError, PushChallenge, PushState, StartPushError, look_at_push, prove_push, start_push,
};
use jetway_pages::{PushOver, PushWaiting};
use time::Duration;

use crate::portal::second_step;
use crate::portal::sign_in::{admit, next_of};
use crate::portal::{held, whole_seconds, with_next};
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Site, Visit, form_fields, html, is_from_visitor, query_fields, see_other,
};

const EVERY: HeaderValue = HeaderValue::from_static("2");

/// Asks the phones.
pub(crate) async fn ask_phone(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    if !is_from_visitor(&site, &headers, &fields, Purpose::SignIn)? {
        return Err(Failure::cross_site());
    }
    let Some(pending) = cookie(&headers, site.cookies.pending) else {
        return see_other("/login");
    };
    let next = next_of(&fields)?;
    let application = next.as_deref().and_then(application);
    let mut op = visit.into_op();
    let store = site.store.as_ref();
    match start_push(&mut op, store, pending, application).await {
        Ok(asked) => see_other(&with_next(
            &format!("/login/push/{}", asked.id),
            next.as_deref(),
        )),
        Err(StartPushError::TooMany { retry_after }) => {
            let page = PushOver::too_many(whole_seconds(retry_after), again(next.as_deref()));
            later(&site, page, retry_after)
        }
        Err(StartPushError::LockedOut { retry_after }) => {
            locked_out(&site, retry_after, next.as_deref())
        }
        Err(StartPushError::NotStarted) => see_other("/login"),
        Err(StartPushError::NoPhone) => see_other(&again(next.as_deref())),
        Err(StartPushError::Store(error)) => Err(error.into()),
    }
}

/// The number, until the phone has answered; then the way on.
pub(crate) async fn wait_for_phone(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let id: PushId = id.parse().map_err(|_| Failure::not_found())?;
    let query = query_fields(uri.query())?;
    let next = next_of(&query)?;
    let Some(pending) = cookie(&headers, site.cookies.pending) else {
        return see_other("/login");
    };
    let mut op = visit.into_op();
    let store = site.store.as_ref();
    let Some(asked) = look_at_push(&mut op, store, pending, id).await? else {
        return see_other("/login");
    };
    let again = again(next.as_deref());
    match asked.state {
        PushState::Pending => return waiting(&site, &asked, (op.now, again)),
        PushState::Denied => return html(StatusCode::OK, site.chrome(), PushOver::denied(again)),
        PushState::Expired => return html(StatusCode::OK, site.chrome(), PushOver::expired(again)),
        PushState::Accepted => {}
    }
    match prove_push(&mut op, store, site.keys.sealing(), (pending, id)).await {
        Ok(signed_in) => admit(&site, &mut op, &headers, &signed_in, next.as_deref()).await,
        Err(ProvePushError::NotStarted) => see_other("/login"),
        Err(ProvePushError::NotAccepted) => see_other(&again),
        Err(ProvePushError::LockedOut { retry_after }) => {
            locked_out(&site, retry_after, next.as_deref())
        }
        Err(ProvePushError::SignIn(error)) => {
            held(&site, &error, next.as_deref()).unwrap_or_else(|| see_other("/login"))
        }
        Err(ProvePushError::Store(error)) => Err(error.into()),
    }
}

/// The way back to the other factors.
fn again(next: Option<&str>) -> String {
    with_next(second_step::PATH, next)
}

fn locked_out(site: &Site, retry_after: Duration, next: Option<&str>) -> Result<Response, Failure> {
    let page = PushOver::locked_out(whole_seconds(retry_after), again(next));
    later(site, page, retry_after)
}

fn later(site: &Site, page: PushOver, retry_after: Duration) -> Result<Response, Failure> {
    let mut response = html(StatusCode::TOO_MANY_REQUESTS, site.chrome(), page)?;
    let seconds = HeaderValue::from(whole_seconds(retry_after));
    response.headers_mut().insert(RETRY_AFTER, seconds);
    Ok(response)
}

fn waiting(
    site: &Site,
    asked: &PushChallenge,
    (now, again): (time::OffsetDateTime, String),
) -> Result<Response, Failure> {
    let page = PushWaiting {
        number: asked.number,
        seconds: whole_seconds(asked.expires_at - now),
        again,
    };
    let mut response = html(StatusCode::OK, site.chrome(), page)?;
    response.headers_mut().insert(REFRESH, EVERY);
    Ok(response)
}

/// `acme-prod` of `/saml2/acme-prod?…`
fn application(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/saml2/")?;
    rest.split(['?', '/', '#']).next()
}
