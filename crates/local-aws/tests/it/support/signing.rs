//! Requests signed by the signer of the AWS SDK.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use axum::{
    body::Body,
    http::{HeaderName, Request, header},
};
use time::OffsetDateTime;

/// Credentials of a client.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) access_key_id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// `POST /` with a form, signed at `at`.
pub(crate) fn signed(
    keys: &Keys,
    service: &str,
    region: &str,
    at: OffsetDateTime,
    body: &str,
) -> Request<Body> {
    const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
    signed_post(keys, (service, region), at, &[("content-type", FORM)], body)
}

/// `POST /` of the awsJson 1.1 protocol, signed at `at`.
pub(crate) fn signed_json(
    keys: &Keys,
    scope: (&str, &str),
    target: &str,
    at: OffsetDateTime,
    body: &str,
) -> Request<Body> {
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", target),
    ];
    signed_post(keys, scope, at, &headers, body)
}

fn signed_post(
    keys: &Keys,
    (service, region): (&str, &str),
    at: OffsetDateTime,
    headers: &[(&str, &str)],
    body: &str,
) -> Request<Body> {
    let identity = Credentials::new(
        keys.access_key_id.clone(),
        keys.secret.clone(),
        keys.token.clone(),
        None,
        "test",
    )
    .into();
    let seconds = u64::try_from(at.unix_timestamp()).unwrap();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let mut request = Request::post("/")
        .header(header::HOST, "localhost:4566")
        .body(Body::from(body.to_owned()))
        .unwrap();
    for (name, value) in headers {
        let name = HeaderName::try_from(*name).unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let headers: Vec<(&str, &str)> = std::iter::once(("host", "localhost:4566"))
        .chain(headers.iter().copied())
        .collect();
    let signable = SignableRequest::new(
        "POST",
        "http://localhost:4566/",
        headers.into_iter(),
        SignableBody::Bytes(body.as_bytes()),
    )
    .unwrap();
    let (instructions, _) = sign(signable, &parameters).unwrap().into_parts();
    instructions.apply_to_request_http1x(&mut request);
    request
}
