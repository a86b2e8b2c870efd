//! Which endpoint a request reached, and whether its token opens it.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::{header, request::Parts};
use jetway_scim::{AWS, AWS_50, Profile, RFC};

use super::route;
use crate::{
    LocalAws, Op, body,
    identity_center::{enabled, scim_endpoint, token_hash},
    state::center::ProvisioningRecord,
};

/// The longest token that is looked at; AWS's have up to 620 characters.
const MAX_TOKEN: usize = 2048;

/// The endpoint of a request.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    /// The dialect. Where nothing is provisioned: AWS's.
    pub(super) profile: &'static Profile,
    /// Its address without a slash at the end.
    pub(super) base: String,
    /// Whether tenant and token are right.
    pub(super) authorized: bool,
    /// Whether a header may ask for faults.
    pub(super) faults_by_header: bool,
}

impl Endpoint {
    pub(super) fn of(aws: &LocalAws, op: &Op, parts: &Parts) -> Self {
        let state = aws.state();
        let provisioning = enabled(&state).and_then(|center| center.instance.provisioning.as_ref());
        let Some(provisioning) = provisioning else {
            return Self {
                profile: &AWS,
                base: String::new(),
                authorized: false,
                faults_by_header: false,
            };
        };
        Self {
            profile: profile(&provisioning.profile),
            base: scim_endpoint(aws, provisioning)
                .trim_end_matches('/')
                .to_owned(),
            authorized: is_authorized(provisioning, op, parts),
            faults_by_header: provisioning.faults,
        }
    }
}

fn profile(name: &str) -> &'static Profile {
    match name {
        "rfc" => &RFC,
        "aws-50" => &AWS_50,
        _ => &AWS,
    }
}

/// The right tenant, and one of its tokens that has not expired.
fn is_authorized(provisioning: &ProvisioningRecord, op: &Op, parts: &Parts) -> bool {
    let Some(hash) = bearer(parts).map(token_hash) else {
        return false;
    };
    let is_tenant = route::tenant(parts.uri.path()).is_some_and(|tenant| {
        verify_slices_are_equal(tenant.as_bytes(), provisioning.tenant.as_bytes()).is_ok()
    });
    let is_token = provisioning
        .tokens
        .iter()
        .filter(|token| token.expires_at > op.unix())
        .fold(false, |found, token| {
            found | verify_slices_are_equal(token.hash.as_bytes(), hash.as_bytes()).is_ok()
        });
    is_tenant && is_token
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = body::header_text(&parts.headers, header::AUTHORIZATION)?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= MAX_TOKEN)
        .then_some(token)
}
