//! `GET /login` and `POST /login`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::header::{RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jetway_identity::{Op, SignInAttempt, SignInError, SignedIn, Via};
use jetway_pages::{SignIn, SignInProblem};
use secrecy::{ExposeSecret, SecretString};

use crate::portal::enrol_reminder;
use crate::portal::held::{held, with_next};
use crate::portal::sign_in_with_passkey::question;
use crate::shared::DeviceCookie;
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Fields, Site, Visit, form_fields, html, query_fields, same_site_path, see_other,
    signed_in,
};

/// What `Busy` asks for, in seconds.
pub(crate) const BUSY_WAIT: HeaderValue = HeaderValue::from_static("2");

/// The form. Whoever is signed in goes straight on, unless an application wants them to sign in
/// again.
pub(crate) async fn sign_in_form(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let next = next_of(&query)?;
    let origin = Arc::clone(&visit.origin);
    let mut op = visit.into_op();
    let again = query.has("again");
    if !again && signed_in(&site, &mut op, &headers).await?.is_some() {
        return see_other(next.as_deref().unwrap_or("/"));
    }
    let problem = query.has("signed-out").then_some(SignInProblem::SignedOut);
    let form = Form {
        origin: &origin,
        next,
        email: "",
        problem,
    };
    form.page(&site, &mut op, &headers, StatusCode::OK)
}

/// Checks e-mail address and password, opens a session under a new id and ends the one before.
pub(crate) async fn sign_in(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let fields = form_fields(&headers, &body)?;
    let next = next_of(&fields)?;
    let origin = Arc::clone(&visit.origin);
    let mut op = visit.into_op();

    let email = fields.get("username")?.unwrap_or_default();
    let form = |problem| Form {
        origin: &origin,
        next: next.clone(),
        email,
        problem: Some(problem),
    };
    let token = fields.get("csrf")?.unwrap_or_default();
    let genuine = csrf::visitor(&site, &headers)
        .is_some_and(|secret| csrf::is_valid(secret, Purpose::SignIn, token));
    if !genuine {
        let form = Form {
            email: "",
            ..form(SignInProblem::Stale)
        };
        return form.page(&site, &mut op, &headers, StatusCode::FORBIDDEN);
    }
    let device = DeviceCookie::of(&site, &mut op, &headers);
    let attempt = SignInAttempt {
        email: email.to_owned(),
        password: SecretString::from(fields.get("password")?.unwrap_or_default()),
        via: Via::Browser,
        device: Some(device.token()),
    };
    let tools = (site.hashers.as_ref(), site.keys.sealing());
    let outcome = jetway_identity::sign_in(&mut op, site.store.as_ref(), tools, attempt).await;
    let error = match outcome {
        Ok(signed_in) => {
            let admitted = admit(&site, &mut op, &headers, &signed_in, next.as_deref()).await;
            return device.keep(&site, admitted?);
        }
        Err(error) => error,
    };
    if let Some(response) = held(&site, &error, next.as_deref()) {
        return device.keep(&site, response?);
    }
    match error {
        SignInError::LockedOut { retry_after } => {
            let seconds = whole_seconds(retry_after);
            let status = StatusCode::TOO_MANY_REQUESTS;
            let problem = SignInProblem::Wait { seconds };
            let mut response = form(problem).page(&site, &mut op, &headers, status)?;
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        SignInError::Busy(_) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let mut response = form(SignInProblem::Busy).page(&site, &mut op, &headers, status)?;
            response.headers_mut().insert(RETRY_AFTER, BUSY_WAIT);
            Ok(response)
        }
        SignInError::Store(error) => Err(error.into()),
        // What `held` took besides.
        _ => form(SignInProblem::Refused).page(&site, &mut op, &headers, StatusCode::UNAUTHORIZED),
    }
}

/// Rounded up, so that nobody is told to come back too early.
pub(crate) fn whole_seconds(wait: time::Duration) -> u64 {
    let rounded = wait.whole_seconds() + i64::from(wait.subsec_nanoseconds() > 0);
    u64::try_from(rounded).unwrap_or(0).max(1)
}

/// Ends the session that the browser came with, gives it the new one and goes on.
pub(crate) async fn admit(
    site: &Site,
    op: &mut Op,
    headers: &HeaderMap,
    signed_in: &SignedIn,
    next: Option<&str>,
) -> Result<Response, Failure> {
    if let Some(old) = cookie(headers, site.cookies.session) {
        jetway_identity::sign_out(op, site.store.as_ref(), old).await?;
    }
    let mut response = match signed_in.enrol_until {
        Some(_) => see_other(&with_next(enrol_reminder::PATH, next))?,
        None => see_other(next.unwrap_or("/"))?,
    };
    let cookies = [
        site.cookies
            .set(site.cookies.session, signed_in.token.expose_secret()),
        site.cookies.forget(site.cookies.visitor),
        site.cookies.forget(site.cookies.pending),
    ];
    for cookie in cookies {
        let cookie = cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Where to go on to; anything that is not a path of this site counts as nowhere.
pub(super) fn next_of(fields: &Fields<'_>) -> Result<Option<String>, Failure> {
    let next = fields
        .get("next")?
        .and_then(same_site_path)
        .filter(|path| *path != "/");
    Ok(next.map(str::to_owned))
}

/// The form to show.
pub(super) struct Form<'a> {
    pub(super) origin: &'a str,
    pub(super) next: Option<String>,
    pub(super) email: &'a str,
    pub(super) problem: Option<SignInProblem>,
}

impl Form<'_> {
    /// The page, with a visitor cookie for a browser that has none.
    pub(super) fn page(
        self,
        site: &Site,
        op: &mut Op,
        headers: &HeaderMap,
        status: StatusCode,
    ) -> Result<Response, Failure> {
        let known = csrf::visitor(site, headers);
        let secret = known.map_or_else(|| csrf::new_visitor(&mut op.rng), str::to_owned);
        let passkey = question(site, op, (self.origin, &secret), self.next.as_deref())?;
        let body = SignIn {
            action: format!("{}/login", self.origin),
            csrf: csrf::token(&secret, Purpose::SignIn),
            next: self.next,
            // What no keyboard types would make the page invalid.
            email: self
                .email
                .chars()
                .filter(|letter| !letter.is_control())
                .collect(),
            problem: self.problem,
            passkey,
        };
        let mut response = html(status, site.chrome(), body)?;
        if known.is_none() {
            let cookie = site.cookies.set(site.cookies.visitor, &secret);
            let cookie = cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }
}
