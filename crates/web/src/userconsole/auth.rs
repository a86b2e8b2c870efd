//! `POST /userconsole/auth`: e-mail address and password as JSON; answers where to go next.

use std::fmt;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jetway_identity::factors::FactorKind;
use jetway_identity::sessions::{FactorNeeded, SecondFactorError, prove_code};
use jetway_identity::{Op, SignInAttempt, SignInError, SignedIn, Via};
use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Value, json};
use time::Duration;

use crate::portal::whole_seconds;
use crate::saml::is_slug;
use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::passkeys::relying_party;
use crate::shared::{Failure, Site, Visit, is_media_type};

const XSRF_TOKEN: HeaderName = HeaderName::from_static("x-xsrftoken");

/// What `Busy` asks for, in seconds.
const BUSY_WAIT: HeaderValue = HeaderValue::from_static("2");

/// 200 `{"redirectTo"}` and a session; 401 `{"message"}`; 403 without the token or its cookie.
pub(crate) async fn auth(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    check_token(&site, &headers, &visit.origin)?;
    if !is_media_type(&headers, "application/json") {
        return Err(Failure::unsupported_media_type());
    }
    let request = AuthRequest::parse(&body)?;
    let Some(target) = redirect_target(&request.redirect_to, &visit.origin) else {
        return Ok(message(
            StatusCode::BAD_REQUEST,
            "redirectTo must be saml2/<application>, the last part of the application's IdP URL.",
        ));
    };
    let mut op = visit.into_op();
    let attempt = SignInAttempt {
        email: request.email,
        password: request.password,
        via: Via::CommandLine,
        device: None,
    };
    let store = site.store.as_ref();
    let tools = (site.hashers.as_ref(), site.keys.sealing());
    let outcome = jetway_identity::sign_in(&mut op, store, tools, attempt).await;
    let signed_in = match outcome {
        Ok(signed_in) => signed_in,
        Err(SignInError::FactorNeeded(needed)) if !request.otp.is_empty() => {
            let code = (needed.token.expose_secret(), request.otp.as_str());
            match prove_code(&mut op, store, site.keys.sealing(), code).await {
                Ok(signed_in) => signed_in,
                Err(error) => return code_refused(error),
            }
        }
        Err(SignInError::FactorNeeded(needed)) => {
            return factor_needed(&site, &needed, &target);
        }
        Err(error) => return refusal(error),
    };
    admit(&site, &mut op, &headers, (&signed_in, &target)).await
}

/// The session, and where to go next. The session that was there before ends.
pub(super) async fn admit(
    site: &Site,
    op: &mut Op,
    headers: &HeaderMap,
    (signed_in, target): (&SignedIn, &str),
) -> Result<Response, Failure> {
    if let Some(old) = cookie(headers, site.cookies.session) {
        jetway_identity::sign_out(op, site.store.as_ref(), old).await?;
    }
    let cookies = &site.cookies;
    let session = cookies.set(cookies.session, signed_in.token.expose_secret());
    let mut response = Json(json!({ "redirectTo": target })).into_response();
    let set = [
        session,
        cookies.forget(cookies.pending),
        cookies.forget(cookies.target),
    ];
    append(&mut response, set)?;
    Ok(response)
}

fn append(
    response: &mut Response,
    cookies: impl IntoIterator<Item = Option<HeaderValue>>,
) -> Result<(), Failure> {
    for cookie in cookies {
        let cookie = cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(())
}

/// Where a command line wanted to go when its second step was asked for.
pub(super) fn remembered_target(site: &Site, headers: &HeaderMap, origin: &str) -> String {
    let slug = cookie(headers, site.cookies.target).filter(|slug| is_slug(slug));
    slug.map_or_else(
        || format!("{origin}/"),
        |slug| format!("{origin}/saml2/{slug}"),
    )
}

/// The header has to carry the token that belongs to the cookie.
pub(super) fn check_token(site: &Site, headers: &HeaderMap, origin: &str) -> Result<(), Failure> {
    csrf::check_origin(headers, origin)?;
    let given = headers
        .get(XSRF_TOKEN)
        .and_then(|value| value.to_str().ok());
    let (Some(secret), Some(given)) = (csrf::visitor(site, headers), given) else {
        return Err(Failure::cross_site());
    };
    if csrf::is_valid(secret, Purpose::UserConsole, given) {
        Ok(())
    } else {
        Err(Failure::cross_site())
    }
}

pub(super) fn refusal(error: SignInError) -> Result<Response, Failure> {
    match error {
        SignInError::Refused => Ok(message(StatusCode::UNAUTHORIZED, "Authentication failed.")),
        SignInError::MustChange { .. } => Ok(message(
            StatusCode::UNAUTHORIZED,
            "Your password has expired. Sign in with a browser and choose a new one.",
        )),
        SignInError::FactorNeeded(_) => Err(Failure::internal("a second step was passed over")),
        SignInError::MustEnrol(_) => Ok(message(
            StatusCode::UNAUTHORIZED,
            "Your organisation asks for a second factor, and you have none yet. Sign in with a browser and set one up.",
        )),
        SignInError::Denied { text } => Ok(message(StatusCode::FORBIDDEN, &text)),
        SignInError::LockedOut { retry_after } => Ok(locked_out(retry_after)),
        SignInError::Busy(busy) => {
            let text = format!("{busy}.");
            let mut response = message(StatusCode::SERVICE_UNAVAILABLE, &text);
            response.headers_mut().insert(RETRY_AFTER, BUSY_WAIT);
            Ok(response)
        }
        SignInError::Store(error) => Err(error.into()),
    }
}

/// What can be proved here, by the names of the contract. Recovery codes have none there: they are
/// typed in place of a code of the app. The cookies are for the steps that need no password again.
fn factor_needed(site: &Site, needed: &FactorNeeded, target: &str) -> Result<Response, Failure> {
    let keys = relying_party(site).is_some();
    let has = |kind| needed.kinds.contains(&kind);
    let offered = [
        ("totp", has(FactorKind::Totp)),
        ("webauthn", keys && has(FactorKind::Webauthn)),
        ("push", has(FactorKind::Push)),
    ];
    let factors: Vec<Value> = offered
        .into_iter()
        .filter(|(_, offered)| *offered)
        .map(|(name, _)| json!({ "type": name, "status": "available" }))
        .collect();
    let body = json!({ "message": "MFA required.", "factors": factors });
    let mut response = (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    let cookies = &site.cookies;
    let slug = target.rsplit_once("/saml2/").map(|(_, slug)| slug);
    let set = [
        cookies.set(cookies.pending, needed.token.expose_secret()),
        slug.map_or_else(
            || cookies.forget(cookies.target),
            |slug| cookies.set(cookies.target, slug),
        ),
    ];
    append(&mut response, set)?;
    Ok(response)
}

pub(super) fn code_refused(error: SecondFactorError) -> Result<Response, Failure> {
    match error {
        SecondFactorError::LockedOut { retry_after } => Ok(locked_out(retry_after)),
        // Each step is one request: what is asked besides needs a browser.
        SecondFactorError::Refused(_)
        | SecondFactorError::NotStarted
        | SecondFactorError::SignIn(SignInError::FactorNeeded(_)) => {
            Ok(message(StatusCode::UNAUTHORIZED, "Authentication failed."))
        }
        SecondFactorError::SignIn(error) => refusal(error),
        SecondFactorError::Store(error) => Err(error.into()),
    }
}

pub(super) fn locked_out(retry_after: Duration) -> Response {
    let seconds = whole_seconds(retry_after);
    let text = format!("Too many failed sign-ins. Wait {seconds} seconds, then try again.");
    let mut response = message(StatusCode::UNAUTHORIZED, &text);
    let headers = response.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

pub(super) fn message(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "message": text }))).into_response()
}

/// The absolute address behind `redirectTo`: `saml2/<application>`, also with a leading slash or as
/// an address of this site. Without one, the portal. `None` for anything else.
fn redirect_target(redirect_to: &str, origin: &str) -> Option<String> {
    if redirect_to.is_empty() {
        return Some(format!("{origin}/"));
    }
    let path = redirect_to.strip_prefix(origin).unwrap_or(redirect_to);
    let slug = path
        .strip_prefix('/')
        .unwrap_or(path)
        .strip_prefix("saml2/")?;
    is_slug(slug).then(|| format!("{origin}/saml2/{slug}"))
}

/// The body. Clients differ in the letter case of the keys, and may send more of them.
struct AuthRequest {
    email: String,
    password: SecretString,
    redirect_to: String,
    /// A code of the app, or a recovery code; empty at first.
    otp: String,
}

impl AuthRequest {
    fn parse(body: &[u8]) -> Result<Self, Failure> {
        let Members(given) = serde_json::from_slice(body).map_err(|_| Failure::bad_request())?;
        let text = |name: &str| -> Result<String, Failure> {
            let mut values = given
                .iter()
                .filter(|(key, _)| key.eq_ignore_ascii_case(name));
            match (values.next(), values.next()) {
                (None, _) | (Some((_, Value::Null)), None) => Ok(String::new()),
                (Some((_, Value::String(value))), None) => Ok(value.clone()),
                _ => Err(Failure::bad_request()),
            }
        };
        // Not needed, but a malformed one is not passed over.
        text("context")?;
        Ok(Self {
            email: text("email")?,
            password: SecretString::from(text("password")?),
            redirect_to: text("redirectTo")?,
            otp: text("otp")?,
        })
    }
}

/// The members of a JSON object as they came. A map would keep the last of two that have the same
/// name, and another reader of the same body the first.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(body: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        body.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_this_site_and_at_single_sign_on() {
        let origin = "https://sso.acme.example";
        let target = |text: &str| redirect_target(text, origin);
        let expected = Some("https://sso.acme.example/saml2/aws-a".to_owned());
        for good in [
            "saml2/aws-a",
            "/saml2/aws-a",
            "https://sso.acme.example/saml2/aws-a",
        ] {
            assert_eq!(target(good), expected, "{good}");
        }
        assert_eq!(target(""), Some("https://sso.acme.example/".to_owned()));
        for bad in [
            "https://evil.example/saml2/aws-a",
            "https://sso.acme.example.evil.example/saml2/aws-a",
            "https://sso.acme.example@evil.example/saml2/aws-a",
            "//evil.example/saml2/aws-a",
            "saml2/",
            "saml2/../login",
            "saml2/a/../../x",
            "saml2/a?x=1",
            "saml2/a#x",
            "saml2/A",
            "login",
            "javascript:alert(1)",
            "saml2\\aws-a",
            "saml2/aws-a\r\nX: y",
        ] {
            assert_eq!(target(bad), None, "{bad:?}");
        }
    }
}
