//! HTML answers and the headers that guard them.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use jetway_pages::{Brand, Chrome, Link, Message, Page, Product, Severity};

use crate::{LocalAws, Op, body};

const HTML: &str = "text/html; charset=utf-8";
/// Everything from here, no script at all, no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const GUARDS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
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
pub(super) fn chrome(organisation: &str) -> Chrome {
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
pub(super) fn html<B: jetway_pages::Body>(
    aws: &LocalAws,
    op: &Op,
    status: StatusCode,
    chrome: Chrome,
    content: B,
) -> Response<Body> {
    let page = Page {
        chrome,
        body: content,
    };
    let text = match page.to_html() {
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
    guard(aws, &mut response);
    response
}

/// To another page of this endpoint, with GET.
pub(super) fn redirect(op: &Op, path: &str) -> Response<Body> {
    let mut response = body::answer(303, &op.request_id, "text/plain", "");
    let target = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/console"));
    response.headers_mut().insert(header::LOCATION, target);
    response
}

/// An address or a method that has no page.
pub(super) fn not_here(aws: &LocalAws, op: &Op) -> Response<Body> {
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

fn guard(aws: &LocalAws, response: &mut Response<Body>) {
    let headers = response.headers_mut();
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
