//! A sign-in that was right so far, and what comes before the session: another proof, a factor to
//! set up, or a refusal.

use axum::response::Response;
use http::StatusCode;
use http::header::SET_COOKIE;
use jetway_identity::SignInError;
use jetway_pages::Message;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::byte_serialize;

use crate::portal::new_password::expired_path;
use crate::portal::{enrol_now, second_step};
use crate::shared::{Failure, Site, html, see_other};

/// Where the person goes now. `None`: the error is about what was typed, and belongs into the form.
pub(crate) fn held(
    site: &Site,
    error: &SignInError,
    next: Option<&str>,
) -> Option<Result<Response, Failure>> {
    Some(match error {
        SignInError::MustChange {
            link: Some(link), ..
        } => see_other(&expired_path(link.expose())),
        SignInError::FactorNeeded(needed) => go_on(site, second_step::PATH, &needed.token, next),
        SignInError::MustEnrol(needed) => go_on(site, enrol_now::PATH, &needed.token, next),
        SignInError::Denied { text } => {
            html(StatusCode::FORBIDDEN, site.chrome(), Message::denied(text))
        }
        SignInError::Refused
        | SignInError::MustChange { link: None, .. }
        | SignInError::LockedOut { .. }
        | SignInError::Busy(_)
        | SignInError::Store(_) => return None,
    })
}

fn go_on(
    site: &Site,
    path: &str,
    token: &SecretString,
    next: Option<&str>,
) -> Result<Response, Failure> {
    let mut response = see_other(&with_next(path, next))?;
    let cookie = site
        .cookies
        .set(site.cookies.pending, token.expose_secret());
    let cookie = cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// A step of a sign-in, which goes on to `next` afterwards.
pub(crate) fn with_next(path: &str, next: Option<&str>) -> String {
    let mut path = path.to_owned();
    if let Some(next) = next {
        path.push_str("?next=");
        path.extend(byte_serialize(next.as_bytes()));
    }
    path
}
