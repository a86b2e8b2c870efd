//! AssumeRoleWithSAML on the wire: parameters and answer (aws-iam-sts.md §1.1 to §1.3).

use jetway_aws_wire::{AwsError, QueryRequest, ValidationErrors};
use jetway_saml::MAX_BASE64;

use super::{
    federate::{Assumed, Redeem, Rules, federate},
    respond, write_credentials,
};
use crate::{
    LocalAws,
    arn::{self, IamArn},
    credentials::TemporaryCredentials,
    iam::shapes::{ARN, Shape},
    op::Op,
};

const SESSION_POLICY: Shape = Shape::session_policy();
const MAX_POLICY_ARNS: usize = 10;

pub(super) fn answer(
    aws: &LocalAws,
    op: &mut Op,
    region: &str,
    request: &QueryRequest,
) -> Result<String, AwsError> {
    let policy_arns = policy_arns(request);
    let redeem = read(request, region, &policy_arns)?;
    let state = aws.state();
    let assumed =
        federate(&state, op, &redeem).map_err(|refusal| refusal.into_error(&op.request_id))?;
    let credentials = aws.vault().issue(op, &assumed.session).ok_or_else(|| {
        tracing::error!(request.id = op.request_id, "a session could not be sealed");
        AwsError::internal()
    })?;
    // Not at a level that is on by default: it would cost more than the rest of the answer.
    tracing::debug!(
        request.id = op.request_id,
        role = assumed.role.arn(),
        session = assumed.session.name,
        access_key_id = credentials.access_key_id,
        "role assumed with SAML"
    );
    Ok(write(op, &assumed, &credentials))
}

fn policy_arns(request: &QueryRequest) -> Vec<&str> {
    request
        .member_structures("PolicyArns")
        .iter()
        .filter_map(|member| member.get("arn").copied())
        .collect()
}

/// Groups 1 to 3 of the order: numbers, constraints, shape of the ARNs.
fn read<'a>(
    request: &'a QueryRequest,
    region: &'a str,
    policy_arns: &'a [&'a str],
) -> Result<Redeem<'a>, AwsError> {
    let duration = request.integer("DurationSeconds")?;
    let mut errors = ValidationErrors::new();
    let required = |errors: &mut ValidationErrors, name: &str, at: &str| {
        let value = request.get(name);
        errors.required(at, value.is_some());
        value
    };
    let role_arn = required(&mut errors, "RoleArn", "roleArn");
    check(&mut errors, ARN, "roleArn", role_arn);
    let provider_arn = required(&mut errors, "PrincipalArn", "principalArn");
    check(&mut errors, ARN, "principalArn", provider_arn);
    let response = required(&mut errors, "SAMLAssertion", "sAMLAssertion");
    if let Some(response) = response {
        errors.sensitive_length("sAMLAssertion", response, 4, MAX_BASE64);
    }
    errors.list_length("policyArns", policy_arns, 0, MAX_POLICY_ARNS);
    for (index, arn) in policy_arns.iter().enumerate() {
        check(
            &mut errors,
            ARN,
            &format!("policyArns.{}.member.arn", index + 1),
            Some(arn),
        );
    }
    let policy = request.get("Policy");
    check(&mut errors, SESSION_POLICY, "policy", policy);
    if let Some(seconds) = duration {
        errors.range("durationSeconds", seconds, 900, 43_200);
    }
    errors.into_result()?;
    let (role_arn, provider_arn) = (
        role_arn.unwrap_or_default(),
        provider_arn.unwrap_or_default(),
    );
    if IamArn::parse_kind(role_arn, "role").is_none() {
        return Err(AwsError::validation("Request ARN is invalid"));
    }
    if IamArn::parse_kind(provider_arn, "saml-provider").is_none() {
        return Err(AwsError::validation("Principal ARN is invalid"));
    }
    Ok(Redeem {
        role_arn,
        provider_arn,
        response: response.unwrap_or_default(),
        max_response: MAX_BASE64,
        rules: Rules::Api(duration),
        policy,
        policy_arns,
        region,
    })
}

fn check(errors: &mut ValidationErrors, shape: Shape, at: &str, value: Option<&str>) {
    if let Some(value) = value {
        shape.check(errors, at, value);
    }
}

fn write(op: &Op, assumed: &Assumed, credentials: &TemporaryCredentials) -> String {
    let session = &assumed.session;
    respond("AssumeRoleWithSAML", op, |xml| {
        xml.text("Audience", &assumed.audience);
        xml.element("AssumedRoleUser", |xml| {
            let id = format!("{}:{}", session.role_id, session.name);
            xml.text("AssumedRoleId", &id);
            let arn = arn::assumed_role(&session.account, &session.role_name, &session.name);
            xml.text("Arn", &arn);
        });
        write_credentials(xml, credentials);
        if let Some(federation) = &session.federation {
            xml.text("Subject", &federation.subject);
            xml.text("NameQualifier", &federation.name_qualifier);
            xml.text("SubjectType", &federation.subject_type);
        }
        xml.text("Issuer", &assumed.issuer);
        if let Some(percent) = assumed.packed_policy_size {
            xml.text("PackedPolicySize", &percent.to_string());
        }
        xml.optional_text("SourceIdentity", session.source_identity.as_deref());
    })
}
