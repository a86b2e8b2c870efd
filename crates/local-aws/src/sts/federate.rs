//! From a SAML response to a role session: every check of AssumeRoleWithSAML in AWS's order
//! (aws-iam-sts.md §1.4). The sign-in page redeems assertions through the same function.

use std::sync::Arc;

use jetway_iam::{Decision, Principal as IamPrincipal, evaluate_trust};
use jetway_saml::{ReceivedAssertion, ReceivedResponse, Unverified, Verified, VerifyError};
use time::{Duration, OffsetDateTime};

use super::{
    assertion::{Claims, name_qualifier, role_pairs, subject_type},
    context,
    duration::{self, Asked, Limits},
    refusal::Refusal,
    session_policy,
};
use crate::{
    credentials::{Federation, Session},
    identity_center::provisioning::RESERVED_PREFIX,
    op::Op,
    organizations::is_closed,
    state::{Role, SamlProvider, State},
};

/// Time between issue and redemption.
const REDEEM_WINDOW: Duration = Duration::minutes(5);

pub(crate) use super::duration::Asked as Rules;

/// An assertion brought to redemption for one role.
#[derive(Debug)]
pub(crate) struct Redeem<'a> {
    /// The role wanted.
    pub(crate) role_arn: &'a str,
    /// The SAML provider that vouches.
    pub(crate) provider_arn: &'a str,
    /// Base64 of the response.
    pub(crate) response: &'a str,
    /// The most characters of `response` that are looked at.
    pub(crate) max_response: usize,
    /// Session length as asked for, and by whose rules.
    pub(crate) rules: Asked,
    /// Inline session policy.
    pub(crate) policy: Option<&'a str>,
    /// Managed session policies.
    pub(crate) policy_arns: &'a [&'a str],
    /// Region of the call.
    pub(crate) region: &'a str,
}

/// A session that may begin.
#[derive(Debug)]
pub(crate) struct Assumed {
    pub(crate) session: Session,
    pub(crate) role: Arc<Role>,
    /// The assertion's Recipient.
    pub(crate) audience: String,
    /// The assertion's Issuer.
    pub(crate) issuer: String,
    /// Percent, when anything was packed.
    pub(crate) packed_policy_size: Option<u64>,
}

/// Redeems an assertion.
pub(crate) fn federate(state: &State, op: &Op, redeem: &Redeem<'_>) -> Result<Assumed, Refusal> {
    let (provider, response) = verified(state, redeem)?;
    let assertion = &response.assertion;
    check_times(assertion, op.now)?;
    let claims = Claims::read(assertion)?;
    let offered = role_pairs(assertion)
        .iter()
        .any(|pair| pair.role_arn == redeem.role_arn && pair.provider_arn == redeem.provider_arn);
    if !offered {
        return Err(Refusal::RoleNotInAssertion);
    }
    diagnose(assertion, op.now, redeem);
    let role = trusted_role(state, op, redeem, provider, assertion, &claims)?;
    let seconds = duration::seconds(
        redeem.rules,
        Limits {
            role_maximum: i64::from(role.record.max_session_duration),
            session_duration: claims.session_duration,
            session_end: assertion.session_not_on_or_after,
        },
        op.now,
    )?;
    let packed_policy_size = session_policy::packed_size(
        state,
        &role.record.account,
        redeem.policy,
        redeem.policy_arns,
        &claims.tags,
    )?;
    let issued_at = op.unix();
    Ok(Assumed {
        session: Session {
            account: role.record.account.clone(),
            role_name: role.record.name.clone(),
            role_id: role.record.id.clone(),
            name: claims.session_name,
            issued_at,
            expires_at: issued_at + seconds,
            tags: claims.tags,
            transitive: claims.transitive,
            source_identity: claims.source_identity,
            federation: Some(Federation {
                provider_arn: provider.arn().to_owned(),
                subject: assertion.name_id.value.clone(),
                subject_type: subject_type(assertion).to_owned(),
                name_qualifier: name_qualifier(
                    &assertion.issuer,
                    &provider.record.account,
                    &provider.record.name,
                ),
            }),
            identity_store: None,
            policy: redeem.policy.map(str::to_owned),
            policy_arns: redeem
                .policy_arns
                .iter()
                .map(|arn| (*arn).to_owned())
                .collect(),
        },
        role: Arc::clone(role),
        audience: assertion.recipient.clone(),
        issuer: assertion.issuer.clone(),
        packed_policy_size,
    })
}

/// Groups 4 to 7: structure, provider, issuer, signature.
fn verified<'a>(
    state: &'a State,
    redeem: &Redeem<'_>,
) -> Result<(&'a SamlProvider, Verified<ReceivedResponse>), Refusal> {
    let unverified =
        Unverified::from_base64_within(redeem.response, redeem.max_response).map_err(|error| {
            tracing::warn!(
                provider = redeem.provider_arn,
                "SAML response refused: {error}"
            );
            Refusal::InvalidResponse
        })?;
    let provider = state
        .provider_by_arn(redeem.provider_arn)
        .ok_or(Refusal::NoSuchProvider)?;
    let response = verify_with(provider, unverified)?;
    Ok((provider, response))
}

/// Verifies a response with the keys of one provider, which must have issued it.
pub(crate) fn verify_with(
    provider: &SamlProvider,
    unverified: Unverified<ReceivedResponse>,
) -> Result<Verified<ReceivedResponse>, Refusal> {
    if unverified.claimed_issuer() != provider.idp.entity_id {
        tracing::warn!(
            provider = provider.arn(),
            "SAML response refused: its Issuer is not the entity id {:?} of the provider's metadata",
            provider.idp.entity_id
        );
        return Err(Refusal::IssuerMismatch);
    }
    let response = unverified.verify(&provider.idp.keys).map_err(|error| {
        tracing::warn!(provider = provider.arn(), "SAML response refused: {error}");
        match error {
            VerifyError::AssertionNotSigned => Refusal::AssertionNotSigned,
            VerifyError::BadSignature(_) => Refusal::SignatureInvalid,
        }
    })?;
    // Nobody here sent a request that this could be the answer to.
    if response.in_response_to.is_some() || response.assertion.in_response_to.is_some() {
        tracing::warn!(
            provider = provider.arn(),
            "SAML response refused: it answers a request (InResponseTo) that was not made here"
        );
        return Err(Refusal::InvalidResponse);
    }
    Ok(response)
}

/// Group 8. NotBefore is not looked at, as on AWS.
pub(crate) fn check_times(
    assertion: &ReceivedAssertion,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    let ends = [
        Some(assertion.confirmation_not_on_or_after),
        assertion.conditions_not_on_or_after,
        assertion.session_not_on_or_after,
    ];
    if ends.into_iter().flatten().any(|end| end <= now) {
        return Err(Refusal::Expired);
    }
    let age = now - assertion.issue_instant;
    // An instant of issue in the future would make the window longer than it is.
    if age > REDEEM_WINDOW || age < -REDEEM_WINDOW {
        return Err(Refusal::RedeemedTooLate);
    }
    Ok(())
}

/// Group 10. Every refusal looks the same outside; the log tells them apart.
fn trusted_role<'a>(
    state: &'a State,
    op: &Op,
    redeem: &Redeem<'_>,
    provider: &SamlProvider,
    assertion: &ReceivedAssertion,
    claims: &Claims,
) -> Result<&'a Arc<Role>, Refusal> {
    let refuse = |why: &str| {
        tracing::warn!(
            request.id = op.request_id,
            role = redeem.role_arn,
            provider = redeem.provider_arn,
            "AssumeRoleWithSAML refused: {why}"
        );
        Refusal::NotAuthorized
    };
    let role = state
        .role_by_arn(redeem.role_arn)
        .ok_or_else(|| refuse("the role does not exist"))?;
    if role.record.account != provider.record.account {
        return Err(refuse("role and provider belong to different accounts"));
    }
    if is_closed(state, &role.record.account) {
        return Err(refuse("the account was closed"));
    }
    if role.record.name.starts_with(RESERVED_PREFIX) {
        return Err(refuse("the role is reserved for Identity Center"));
    }
    let context = context::of_trust_decision(op, redeem.region, assertion, provider, claims);
    let federated = IamPrincipal::Federated(provider.arn());
    let allows = |action: &str| {
        matches!(
            evaluate_trust(&role.trust, &federated, action, &context),
            Decision::Allow
        )
    };
    if !allows("sts:AssumeRoleWithSAML") {
        return Err(refuse("the trust policy does not allow it"));
    }
    if !claims.tags.is_empty() && !allows("sts:TagSession") {
        return Err(refuse(
            "the assertion carries session tags, and the trust policy does not allow sts:TagSession",
        ));
    }
    if claims.source_identity.is_some() && !allows("sts:SetSourceIdentity") {
        return Err(refuse(
            "the assertion sets a source identity, and the trust policy does not allow sts:SetSourceIdentity",
        ));
    }
    Ok(role)
}

/// AWS is laxer than its documentation; the wire follows it, the log says so (§1.12).
fn diagnose(assertion: &ReceivedAssertion, now: OffsetDateTime, redeem: &Redeem<'_>) {
    let good_audience = !assertion.audiences.is_empty()
        && assertion
            .audiences
            .iter()
            .all(|any_of| any_of.iter().any(|audience| is_aws_audience(audience)));
    if !good_audience {
        tracing::warn!(
            provider = redeem.provider_arn,
            "the assertion is not restricted to the audience urn:amazon:webservices; STS accepts that, other consumers may not"
        );
    }
    let starts = [
        assertion.conditions_not_before,
        assertion.confirmation_not_before,
    ];
    if starts.into_iter().flatten().any(|start| start > now) {
        tracing::warn!(
            provider = redeem.provider_arn,
            "the assertion is not valid yet (NotBefore); STS accepts that, other consumers may not: check the clocks"
        );
    }
}

/// The audiences by which AWS is meant: its entity id or a sign-in address.
pub(crate) fn is_aws_audience(audience: &str) -> bool {
    audience == "urn:amazon:webservices"
        || audience
            .strip_prefix("https://")
            .and_then(|rest| rest.strip_suffix("/saml"))
            .is_some_and(is_sign_in_host)
}

/// `signin.aws.amazon.com` or `<region>.signin.aws.amazon.com`.
pub(crate) fn is_sign_in_host(host: &str) -> bool {
    let Some(prefix) = host.strip_suffix("signin.aws.amazon.com") else {
        return false;
    };
    prefix.is_empty()
        || prefix.strip_suffix('.').is_some_and(|region| {
            !region.is_empty()
                && region
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        })
}
