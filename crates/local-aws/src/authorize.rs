//! The one place where a signed request is allowed or refused (aws-iam-sts.md §4).

use jetway_iam::{
    Decision, Layer, NamedPolicy, PolicySet, Request, RequestContext, ResourceText, evaluate,
};

use crate::{instant::iso8601, op::Op, principal::Principal, state::State};

/// What a caller wants to do.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    /// `service:Operation`.
    pub(crate) action: &'a str,
    /// ARN, or `*`.
    pub(crate) resource: &'a str,
    /// The resource as the refusal names it; `None` where AWS names none (`ListBuckets`).
    pub(crate) text: Option<ResourceText<'a>>,
    /// Account that owns the resource.
    pub(crate) resource_account: &'a str,
    /// Region of the call (`aws:RequestedRegion`).
    pub(crate) region: &'a str,
    /// Keys of the operation; the global keys are added here.
    pub(crate) context: RequestContext,
}

impl<'a> Ask<'a> {
    /// An action on a resource of the caller's own account, named in refusals by its plain ARN.
    pub(crate) fn plain(action: &'a str, resource: &'a str, account: &'a str) -> Self {
        Self {
            action,
            resource,
            text: Some(ResourceText::Plain(resource)),
            resource_account: account,
            region: GLOBAL_REGION,
            context: RequestContext::default(),
        }
    }
}

/// Global services count as this region.
pub(crate) const GLOBAL_REGION: &str = "us-east-1";

/// A refusal with AWS's text (§4.5).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Denied {
    /// For the caller.
    pub(crate) message: String,
}

/// Decides. Fills the global context keys, collects the policies that apply and evaluates them.
pub(crate) fn authorize(
    state: &State,
    op: &Op,
    principal: &Principal,
    mut ask: Ask<'_>,
) -> Result<(), Denied> {
    fill_global_keys(&mut ask.context, op, ask.region, ask.resource_account);
    fill_principal_keys(&mut ask.context, principal);
    let request = Request {
        action: ask.action,
        resource: ask.resource,
        context: &ask.context,
    };
    let decision = decide(state, principal, &ask, &request);
    if matches!(decision, Decision::Allow) {
        return Ok(());
    }
    tracing::debug!(
        request.id = op.request_id,
        principal.arn = principal.arn,
        ?decision,
        "{} on {} refused",
        ask.action,
        ask.resource
    );
    let message = decision
        .denied_message(&principal.arn, ask.action, ask.text)
        .unwrap_or_else(|| format!("User: {} is not authorized", principal.arn));
    Err(Denied { message })
}

/// No resource has a policy of its own here, so nothing opens a resource to another account.
fn decide(state: &State, principal: &Principal, ask: &Ask<'_>, request: &Request<'_>) -> Decision {
    let policies = PolicySet {
        identity: identity_policies(state, principal),
        boundary: boundary(state, principal),
        session: session_policies(state, principal),
        resource: None,
    };
    match evaluate(&policies, request) {
        Decision::Allow if ask.resource_account != principal.account => Decision::ImplicitDeny {
            layer: Layer::ResourceBased,
        },
        decision => decision,
    }
}

fn identity_policies<'a>(state: &'a State, principal: &'a Principal) -> Vec<NamedPolicy<'a>> {
    let Some(role) = &principal.role else {
        // The administrator acts as if AdministratorAccess were attached.
        return state
            .policy_by_arn("arn:aws:iam::aws:policy/AdministratorAccess")
            .filter(|_| principal.root)
            .map(|policy| NamedPolicy {
                name: &policy.record.name,
                arn: Some(policy.arn()),
                document: &policy.document,
            })
            .into_iter()
            .collect();
    };
    let inline = role
        .inline_policies()
        .map(|(record, document)| NamedPolicy {
            name: &record.name,
            arn: None,
            document,
        });
    let attached = role
        .record
        .attached
        .iter()
        .filter_map(|arn| named(state, arn));
    inline.chain(attached).collect()
}

fn boundary<'a>(state: &'a State, principal: &'a Principal) -> Option<NamedPolicy<'a>> {
    let arn = principal.role.as_ref()?.record.boundary.as_deref()?;
    // A boundary whose policy is gone must not widen anything: AWSDenyAll stands in for it.
    named(state, arn).or_else(|| named(state, "arn:aws:iam::aws:policy/AWSDenyAll"))
}

fn session_policies<'a>(
    state: &'a State,
    principal: &'a Principal,
) -> Option<Vec<NamedPolicy<'a>>> {
    let session = principal.session.as_ref()?;
    if session.policy.is_none() && session.policy_arns.is_empty() {
        return None;
    }
    let inline = principal
        .session_policy
        .as_deref()
        .map(|document| NamedPolicy {
            name: "session policy",
            arn: None,
            document,
        });
    let managed = session
        .policy_arns
        .iter()
        .filter_map(|arn| named(state, arn));
    Some(inline.into_iter().chain(managed).collect())
}

fn named<'a>(state: &'a State, arn: &str) -> Option<NamedPolicy<'a>> {
    let policy = state.policy_by_arn(arn)?;
    Some(NamedPolicy {
        name: &policy.record.name,
        arn: Some(policy.arn()),
        document: &policy.document,
    })
}

/// The keys that every request carries, whoever makes it (§4.4).
pub(crate) fn fill_global_keys(
    context: &mut RequestContext,
    op: &Op,
    region: &str,
    resource_account: &str,
) {
    let unix = op.unix();
    context.set("aws:RequestedRegion", region);
    context.set("aws:ResourceAccount", resource_account);
    context.set("aws:CurrentTime", iso8601(unix));
    context.set("aws:EpochTime", unix.to_string());
    context.set("aws:SecureTransport", bool_text(op.caller.secure_transport));
    context.set("aws:ViaAWSService", "false");
    context.set("aws:PrincipalIsAWSService", "false");
    if let Some(ip) = op.caller.source_ip {
        context.set("aws:SourceIp", ip.to_canonical().to_string());
    }
    if let Some(agent) = &op.caller.user_agent {
        context.set("aws:UserAgent", agent.clone());
    }
    if let Some(referer) = &op.caller.referer {
        context.set("aws:referer", referer.clone());
    }
}

/// The keys that describe the caller (§1.8 and §4.4).
pub(crate) fn fill_principal_keys(context: &mut RequestContext, principal: &Principal) {
    let arn = principal.role_arn.as_deref().unwrap_or(&principal.arn);
    context.set("aws:PrincipalArn", arn);
    context.set("aws:PrincipalAccount", principal.account.clone());
    context.set("aws:userid", principal.user_id.clone());
    let Some(session) = &principal.session else {
        context.set("aws:PrincipalType", "Account");
        return;
    };
    context.set("aws:PrincipalType", "AssumedRole");
    context.set("aws:TokenIssueTime", iso8601(session.issued_at));
    context.set("aws:MultiFactorAuthPresent", "false");
    if let Some(identity) = &session.source_identity {
        context.set("aws:SourceIdentity", identity.clone());
    }
    if let Some(federation) = &session.federation {
        context.set("aws:FederatedProvider", federation.provider_arn.clone());
        context.set("saml:sub", federation.subject.clone());
        context.set("saml:sub_type", federation.subject_type.clone());
        context.set("saml:namequalifier", federation.name_qualifier.clone());
    }
    if let Some(user) = &session.identity_store {
        context.set("identitystore:UserId", user.user_id.clone());
        context.set(
            "identitystore:IdentityStoreArn",
            format!(
                "arn:aws:identitystore::{}:identitystore/{}",
                user.owner_account, user.store_id
            ),
        );
        if let Some(arn) = &user.provider_arn {
            context.set("aws:FederatedProvider", arn.clone());
        }
    }
    // Session tags come last: they override the role's own tags, without regard to case.
    let role_tags = principal.role.iter().flat_map(|role| &role.record.tags);
    for tag in role_tags.chain(&session.tags) {
        context.set(format!("aws:PrincipalTag/{}", tag.key), tag.value.clone());
    }
}

fn bool_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
