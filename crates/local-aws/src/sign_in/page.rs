//! HTML answers and the headers that guard them.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use jetway_pages::{
    Brand, Chrome, Link, Message, Page, Product, RenderError, Severity,
    local::identity_center::console::{CenterFrame, CenterPage},
};

use crate::{LocalAws, Op, body};

const HTML: &str = "text/html; charset=utf-8";
/// Everything from here, no script at all, no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// The same for pages with copy buttons, which need a script.
const POLICY_WITH_SCRIPT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const GUARDS: [(HeaderName, &str); 4] = [
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not no-referrer: that would turn the Origin of our own forms into null.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// The frame of a page for nobody in particular.
pub(crate) fn chrome(organisation: &str) -> Chrome {
    Chrome {
        product: Product::LocalAws,
        organisation: organisation.to_owned(),
        brand: Brand::default(),
        asset_prefix: "/static",
        person: None,
        sign_out: None,
    }
}

/// A page.
pub(crate) fn html<B: jetway_pages::Body>(
    aws: &LocalAws,
    op: &Op,
    status: StatusCode,
    chrome: Chrome,
    content: B,
) -> Response<Body> {
    let policy = match content.script() {
        Some(_) => POLICY_WITH_SCRIPT,
        None => POLICY,
    };
    let page = Page {
        chrome,
        body: content,
    };
    document(aws, op, status, policy, page.to_html())
}

/// A page of the IAM Identity Center console.
pub(crate) fn center<B: jetway_pages::Body>(
    aws: &LocalAws,
    op: &Op,
    status: StatusCode,
    frame: CenterFrame,
    content: B,
) -> Response<Body> {
    let page = CenterPage {
        frame,
        body: content,
    };
    document(aws, op, status, POLICY_WITH_SCRIPT, page.to_html())
}

fn document(
    aws: &LocalAws,
    op: &Op,
    status: StatusCode,
    policy: &'static str,
    written: Result<String, RenderError>,
) -> Response<Body> {
    let text = match written {
        Ok(text) => text,
        Err(error) => {
            tracing::error!(request.id = op.request_id, %error, "a page could not be written");
            return body::answer(
                500,
                &op.request_id,
                "text/plain",
                "The page could not be written.\n",
            );
        }
    };
    let mut response = body::answer(status.as_u16(), &op.request_id, HTML, text);
    guard(aws, policy, &mut response);
    response
}

/// Lets the forms of a page lead somewhere else, also by way of a redirect: browsers hold both
/// against the policy of the page. `sources` is what a Content-Security-Policy takes.
pub(crate) fn allow_forms_to(response: &mut Response<Body>, sources: &str) {
    let headers = response.headers_mut();
    let policy = headers
        .get(header::CONTENT_SECURITY_POLICY)
        .and_then(|policy| policy.to_str().ok())
        .map(|policy| {
            policy.replace(
                "form-action 'self'",
                &format!("form-action 'self' {sources}"),
            )
        });
    if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// To another page of this endpoint, with GET.
pub(crate) fn redirect(op: &Op, path: &str) -> Response<Body> {
    let mut response = body::answer(303, &op.request_id, "text/plain", "");
    let target = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/console"));
    response.headers_mut().insert(header::LOCATION, target);
    response
}

/// An address or a method that has no page.
pub(crate) fn not_here(aws: &LocalAws, op: &Op) -> Response<Body> {
    let message = Message {
        severity: Severity::Refused,
        badge: "404 Not found".into(),
        heading: "There is no such page".into(),
        paragraphs: vec!["The local AWS has a sign-in endpoint and a console for browsers; everything else is for the AWS command line and SDKs.".into()],
        link: Some(Link { href: "/console".into(), text: "Open the console".into() }),
        reference: None,
    };
    html(aws, op, StatusCode::NOT_FOUND, chrome("Local AWS"), message)
}

fn guard(aws: &LocalAws, policy: &'static str, response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    for (name, value) in GUARDS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if aws.settings().public_url.scheme() == "https" {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
}
