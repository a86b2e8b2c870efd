//! STS (aws-iam-sts.md §1).

mod assertion;
mod assume_role_with_saml;
mod caller_identity;
mod context;
mod duration;
mod federate;
mod refusal;
mod session_policy;

use jetway_aws_wire::{AwsError, QueryRequest, xml, xml::XmlWriter};
use secrecy::ExposeSecret;

pub(crate) use self::{
    assertion::{Claims, role_pairs},
    federate::{Redeem, Rules, check_times, federate, is_sign_in_host, verify_with},
    refusal::Refusal,
};
use crate::{
    LocalAws, credentials::TemporaryCredentials, instant::iso8601, op::Op, principal::Principal,
};

/// `Version` of the API.
pub(crate) const VERSION: &str = "2011-06-15";
/// Namespace of every answer.
pub(crate) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Operations that take no signature.
pub(crate) fn is_unsigned(action: &str) -> bool {
    action == "AssumeRoleWithSAML"
}

/// Whether STS has this operation here.
pub(crate) fn knows(action: &str) -> bool {
    is_unsigned(action) || action == "GetCallerIdentity"
}

/// Answers an operation that takes no signature.
pub(crate) fn answer_unsigned(
    aws: &LocalAws,
    op: &mut Op,
    region: &str,
    request: &QueryRequest,
) -> Result<String, AwsError> {
    assume_role_with_saml::answer(aws, op, region, request)
}

/// Answers one authenticated request.
pub(crate) fn answer(
    op: &Op,
    principal: &Principal,
    request: &QueryRequest,
) -> Result<String, AwsError> {
    let action = request.action().unwrap_or_default();
    if action == "GetCallerIdentity" {
        return Ok(caller_identity::answer(op, principal));
    }
    Err(AwsError::invalid_action(action, VERSION))
}

/// `<Credentials>`: the one place where secrets leave.
fn write_credentials(xml: &mut XmlWriter, credentials: &TemporaryCredentials) {
    xml.element("Credentials", |xml| {
        xml.text("AccessKeyId", &credentials.access_key_id);
        xml.text(
            "SecretAccessKey",
            credentials.secret_access_key.expose_secret(),
        );
        xml.text("SessionToken", credentials.session_token.expose_secret());
        xml.text("Expiration", &iso8601(credentials.expires_at));
    });
}

fn respond(action: &str, op: &Op, result: impl FnOnce(&mut XmlWriter)) -> String {
    xml::query_response(action, NAMESPACE, &op.request_id, result)
}
