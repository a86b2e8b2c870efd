//! A sign-in that is held once, so that an administrator sees what is sent before it goes. What was
//! asked for is in a sealed cookie of that browser, for one application and ten minutes.

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jetway_identity::Op;
use jetway_pages::HeldSignOn;
use jetway_saml::SignedMessage;
use jetway_saml::inspect::inspect_xml;
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::saml::readable_xml::readable;
use crate::shared::cookies::cookie;
use crate::shared::{Failure, Site, content_security_policy_for, html};

/// How long the next sign-in may take to come.
const LIFETIME: Duration = Duration::minutes(10);
/// What the cookie is bound to.
const CONTEXT: &str = "hold the next sign-in";

/// What the cookie says.
#[derive(Serialize, Deserialize)]
struct Hold {
    /// The application's name in the address.
    slug: String,
    /// Seconds since 1970.
    asked_at: i64,
}

/// The cookie that holds the next sign-in to this application in the browser that gets it.
pub(crate) fn hold_next(site: &Site, op: &mut Op, slug: &str) -> Result<HeaderValue, Failure> {
    let hold = Hold {
        slug: slug.to_owned(),
        asked_at: op.now.unix_timestamp(),
    };
    let text = serde_json::to_vec(&hold).map_err(Failure::internal)?;
    let sealed = site.keys.sealing().seal(&mut op.rng, CONTEXT, &text);
    let value = URL_SAFE_NO_PAD.encode(sealed);
    let cookie = site.cookies.set(site.cookies.trace, &value);
    cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))
}

/// Whether this browser asked for it.
pub(super) fn is_held(site: &Site, op: &Op, headers: &HeaderMap, slug: &str) -> bool {
    let hold = || {
        let value = cookie(headers, site.cookies.trace)?;
        let sealed = URL_SAFE_NO_PAD.decode(value).ok()?;
        let text = site.keys.sealing().open(CONTEXT, &sealed).ok()?;
        serde_json::from_slice::<Hold>(&text).ok()
    };
    hold().is_some_and(|hold| {
        let age = op.now.unix_timestamp() - hold.asked_at;
        hold.slug == slug && (0..LIFETIME.whole_seconds()).contains(&age)
    })
}

/// Shows the signed response with a button that sends it. The cookie is used up.
pub(super) fn show(
    site: &Site,
    signed: &SignedMessage,
    (acs_url, relay_state, application_label): (String, Option<String>, String),
) -> Result<Response, Failure> {
    let policy = content_security_policy_for(&acs_url)
        .ok_or_else(|| Failure::internal("the application's ACS URL has no origin"))?;
    // What cannot be read in a message of our own is encrypted.
    let inspected = inspect_xml(signed.as_xml()).ok();
    let encrypted = inspected.is_none();
    let (name_id, attributes) = match inspected {
        None => (None, Vec::new()),
        Some(inspected) => (inspected.name_id, inspected.attributes),
    };
    let values = attributes.into_iter().flat_map(|one| {
        let name = one.name;
        let values = one.values.into_iter();
        values.map(move |value| (name.clone(), value))
    });
    let body = HeldSignOn {
        application_label,
        acs_url,
        saml_response: signed.to_base64(),
        relay_state,
        name_id: name_id.map(|one| (one.format.unwrap_or_default(), one.value)),
        attributes: values.collect(),
        encrypted,
        xml: readable(signed.as_xml()),
    };
    let mut response = html(StatusCode::OK, site.chrome(), body)?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    if let Some(cookie) = site.cookies.forget(site.cookies.trace) {
        headers.append(SET_COOKIE, cookie);
    }
    Ok(response)
}
