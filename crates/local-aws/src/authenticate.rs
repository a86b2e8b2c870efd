//! Who signed a request to a service of the query or JSON protocols (aws-iam-sts.md §7.2).

use axum::{
    body::Bytes,
    http::{HeaderMap, header, request::Parts},
};
use jetway_aws_wire::{
    AwsError,
    sigv4::{self, Authorization, BodyHash, RequestParts, SigV4Error},
};
use secrecy::ExposeSecret;

use crate::{
    LocalAws,
    authorize::GLOBAL_REGION,
    body,
    credentials::{self, CredentialError},
    op::Op,
    principal::Principal,
};

/// A caller whose signature is good.
#[derive(Debug)]
pub(crate) struct Authenticated {
    pub(crate) principal: Principal,
    /// The region of the credential scope.
    pub(crate) region: String,
}

/// Who signed the request. AWS's order: form of the signature, time and scope, access key and
/// token, signature.
pub(crate) fn authenticate(
    aws: &LocalAws,
    service: &str,
    op: &Op,
    parts: &Parts,
    content: &Bytes,
) -> Result<Authenticated, AwsError> {
    let headers = lower_case(&parts.headers);
    let signed = RequestParts {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &headers,
        body_sha256: BodyHash::of(content),
    };
    let refuse = |error: SigV4Error| error.into_query_error();
    let authorization = sigv4::parse(&signed).map_err(refuse)?.ok_or_else(|| {
        AwsError::sender(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        )
    })?;
    authorization.check_scope(service, op.now).map_err(refuse)?;
    check_region(service, &parts.headers, &authorization)?;
    let principal = credentials::resolve(
        aws.vault(),
        &aws.state(),
        &authorization.access_key_id,
        authorization.security_token.as_deref(),
        op.now,
    )
    .map_err(|fault| match fault {
        CredentialError::UnknownKey | CredentialError::InvalidToken => {
            AwsError::invalid_client_token_id()
        }
        CredentialError::Expired => AwsError::expired_token(),
    })?;
    let secret = aws.vault().secret_of(&authorization.access_key_id);
    sigv4::verify(&signed, &authorization, secret.expose_secret(), op.now).map_err(refuse)?;
    Ok(Authenticated {
        principal,
        region: authorization.region,
    })
}

fn lower_case(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}

/// On AWS's own host names the region must be the host's. Elsewhere any region goes: a client that
/// is pointed to an endpoint signs for its configured region, for IAM too.
fn check_region(
    service: &str,
    headers: &HeaderMap,
    authorization: &Authorization,
) -> Result<(), AwsError> {
    let Some(expected) = region_of_host(service, headers) else {
        return Ok(());
    };
    if authorization.region == expected {
        return Ok(());
    }
    Err(AwsError::sender(
        403,
        "SignatureDoesNotMatch",
        "Credential should be scoped to a valid region.",
    ))
}

/// The region that an AWS host name stands for; `None` for any other host.
pub(crate) fn region_of_host<'a>(service: &str, headers: &'a HeaderMap) -> Option<&'a str> {
    let host = body::header_text(headers, header::HOST)?;
    let host = host.split_once(':').map_or(host, |(name, _)| name);
    let rest = host.strip_prefix(service)?.strip_suffix("amazonaws.com")?;
    match rest.strip_prefix('.')?.strip_suffix('.') {
        None => Some(GLOBAL_REGION),
        Some(region) => Some(region),
    }
}
