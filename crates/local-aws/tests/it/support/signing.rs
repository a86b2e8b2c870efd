//! Requests signed by the signer of the AWS SDK.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use axum::{
    body::Body,
    http::{Request, header},
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
        .header(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded; charset=utf-8",
        )
        .body(Body::from(body.to_owned()))
        .unwrap();
    let headers = [
        ("host", "localhost:4566"),
        (
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        ),
    ];
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
