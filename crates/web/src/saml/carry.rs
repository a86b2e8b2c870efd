//! Handing a signed message to the browser, which posts it to the application.

use axum::response::Response;
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use jetway_pages::SingleSignOn;
use jetway_saml::SignedMessage;

use crate::shared::{Failure, Site, content_security_policy_for, html};

/// A page with one form, which may post nowhere but to the application.
pub(super) fn carry(
    site: &Site,
    signed: &SignedMessage,
    (acs_url, relay_state, application_label): (String, Option<String>, String),
) -> Result<Response, Failure> {
    let policy = content_security_policy_for(&acs_url)
        .ok_or_else(|| Failure::internal("the application's address has no origin"))?;
    let body = SingleSignOn {
        application_label,
        acs_url,
        saml_response: signed.to_base64(),
        relay_state,
    };
    let mut response = html(StatusCode::OK, site.chrome(), body)?;
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}
