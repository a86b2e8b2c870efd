//! What AWS offers in its console only: the operations `JetwayLocalAws.…`, which no AWS CLI knows.

use std::time::SystemTime;

use anyhow::Context;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use jetway_testkit::process::Jetwayd;
use serde_json::Value;

/// Calls an operation without members as the administrator of an account.
pub(crate) fn local_administration(
    local_aws: &Jetwayd,
    administrator: &Value,
    operation: &str,
) -> anyhow::Result<Value> {
    let field = |name: &str| administrator[name].as_str().context("no key");
    let identity = Credentials::new(
        field("access_key_id")?,
        field("secret_access_key")?,
        None,
        None,
        "test",
    )
    .into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("sso")
        .time(now())
        .settings(SigningSettings::default())
        .build()?
        .into();
    let url = format!("{}/", local_aws.aws_url());
    let target = format!("JetwayLocalAws.{operation}");
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", target.as_str()),
    ];
    let signable = SignableRequest::new(
        "POST",
        &url,
        headers.into_iter(),
        SignableBody::Bytes(b"{}"),
    )?;
    let (instructions, _) = sign(signable, &parameters)?.into_parts();
    let mut request = ureq::post(&url);
    for (name, value) in headers.into_iter().chain(instructions.headers()) {
        request = request.header(name, value);
    }
    Ok(request.send("{}")?.into_body().read_json()?)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program under test takes the time of the machine"
)]
fn now() -> SystemTime {
    SystemTime::now()
}
