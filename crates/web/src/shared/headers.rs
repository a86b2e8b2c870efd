//! Security headers (checklist item 46). Values that never change are made once.

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Everything from this site and nothing inline; no frames, no plug-ins, no connections.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// The policy of the admin portal: its scripts may also ask this site, for the search of the header
/// and for how far a job is.
pub(crate) const ADMIN_CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; \
     frame-ancestors 'none'; form-action 'self'; connect-src 'self'",
);

/// The policy of the page on a phone, which names how it is put on the home screen.
pub(crate) const PHONE_CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; \
     frame-ancestors 'none'; form-action 'self'; manifest-src 'self'",
);

/// Set on every response, whatever made it.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (OPENER_POLICY, HeaderValue::from_static("same-origin")),
    (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
];

/// Set unless the handler chose its own.
const DEFAULTS: [(HeaderName, HeaderValue); 3] = [
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CONTENT_POLICY),
    ),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Two years, as the browsers' preload lists ask; only where the site is reached over TLS.
const TRANSPORT_SECURITY: HeaderValue =
    HeaderValue::from_static("max-age=63072000; includeSubDomains");

pub(crate) struct SecurityHeaders {
    https: bool,
}

impl SecurityHeaders {
    pub(crate) const fn new(https: bool) -> Self {
        Self { https }
    }

    pub(crate) fn set(&self, headers: &mut HeaderMap) {
        headers.reserve(ALWAYS.len() + DEFAULTS.len() + 2);
        for (name, value) in ALWAYS {
            headers.insert(name, value);
        }
        for (name, value) in DEFAULTS {
            headers.entry(name).or_insert(value);
        }
        if self.https {
            headers.insert(STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
        }
    }
}

/// The policy of the page that posts to an application: the form may go to the application's
/// origin too. `None` when the address has no origin that a browser could post to.
pub(crate) fn content_security_policy_for(acs_url: &str) -> Option<HeaderValue> {
    let url = Url::parse(acs_url).ok()?;
    if !matches!(url.scheme(), "https" | "http") {
        return None;
    }
    let origin = url.origin().ascii_serialization();
    let beyond = url
        .host_str()
        .and_then(beyond_the_sign_in)
        .unwrap_or_default();
    HeaderValue::try_from(format!("{CONTENT_POLICY} {origin}{beyond}")).ok()
}

/// Chromium applies `form-action` to the redirects that follow the post as well, and the sign-in
/// endpoint of AWS redirects to the console on a sibling host.
fn beyond_the_sign_in(host: &str) -> Option<&'static str> {
    const PARTITIONS: [(&str, &str); 3] = [
        ("signin.aws.amazon.com", " https://*.aws.amazon.com"),
        (
            "signin.amazonaws-us-gov.com",
            " https://*.amazonaws-us-gov.com",
        ),
        ("signin.amazonaws.cn", " https://*.amazonaws.cn"),
    ];
    PARTITIONS.into_iter().find_map(|(sign_in, console)| {
        let before = host.strip_suffix(sign_in)?;
        (before.is_empty() || before.ends_with('.')).then_some(console)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form_action(acs_url: &str) -> Option<String> {
        let value = content_security_policy_for(acs_url)?;
        value
            .to_str()
            .unwrap()
            .split("form-action ")
            .nth(1)
            .map(str::to_owned)
    }

    #[test]
    fn scripts_of_the_admin_portal_may_ask_this_site_and_nothing_else_is_wider() {
        assert_eq!(
            ADMIN_CONTENT_POLICY.to_str().unwrap(),
            format!("{CONTENT_POLICY}; connect-src 'self'")
        );
    }

    #[test]
    fn the_form_may_go_to_the_origin_of_the_application_and_no_further() {
        assert_eq!(
            form_action("http://localhost:4566/saml?x=1").unwrap(),
            "'self' http://localhost:4566"
        );
        assert_eq!(
            form_action("https://notsignin.aws.amazon.com.example/saml").unwrap(),
            "'self' https://notsignin.aws.amazon.com.example"
        );
        assert_eq!(form_action("javascript:alert(1)"), None);
        assert_eq!(form_action("https://a b; script-src *"), None);
    }

    #[test]
    fn the_sign_in_of_aws_may_redirect_to_its_console() {
        assert_eq!(
            form_action("https://signin.aws.amazon.com/saml").unwrap(),
            "'self' https://signin.aws.amazon.com https://*.aws.amazon.com"
        );
        assert_eq!(
            form_action("https://eu-west-1.signin.aws.amazon.com/saml").unwrap(),
            "'self' https://eu-west-1.signin.aws.amazon.com https://*.aws.amazon.com"
        );
        assert_eq!(
            form_action("https://evilsignin.aws.amazon.com/saml").unwrap(),
            "'self' https://evilsignin.aws.amazon.com"
        );
    }
}
