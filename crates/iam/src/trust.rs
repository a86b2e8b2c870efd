//! Who may assume a role: only its trust policy counts here.

use crate::context::RequestContext;
use crate::document::{PolicyDocument, Subject};
use crate::evaluate::{Decision, Layer, NamedPolicy, denying, grant};
use crate::principal::{Principal, Reach};

/// How a trust policy allows a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrustGrant {
    /// It names the caller (or everyone): enough by itself inside the account.
    Named,
    /// It names the caller's account, whose identity policies must allow as well.
    DelegatedToAccount,
}

/// Whether the trust policy of a role lets `principal` perform `action` (`sts:AssumeRole`,
/// `sts:AssumeRoleWithSAML`, `sts:TagSession`, …) on it.
///
/// `Allow` for an AWS caller does not say whether the caller's own policies have to allow as well:
/// [`evaluate_trust_grant`] does.
pub fn evaluate_trust(
    trust: &PolicyDocument,
    principal: &Principal<'_>,
    action: &str,
    context: &RequestContext,
) -> Decision {
    match evaluate_trust_grant(trust, principal, action, context) {
        Ok(_) => Decision::Allow,
        Err(refused) => refused,
    }
}

/// As [`evaluate_trust`], telling how far the grant goes. The error is the refusing decision.
pub fn evaluate_trust_grant(
    trust: &PolicyDocument,
    principal: &Principal<'_>,
    action: &str,
    context: &RequestContext,
) -> Result<TrustGrant, Decision> {
    let subject = Subject::new(action, None, context);
    let policy = NamedPolicy {
        name: "AssumeRolePolicyDocument",
        arn: None,
        document: trust,
    };
    let denied = denying(Layer::RoleTrust, policy, |statement| {
        statement.principals.reach(principal).is_some() && statement.applies(&subject)
    });
    if let Some(denied) = denied {
        return Err(denied);
    }
    match grant(trust, principal, &subject) {
        Some(Reach::Direct | Reach::Role) => Ok(TrustGrant::Named),
        Some(Reach::Account) => Ok(TrustGrant::DelegatedToAccount),
        None => Err(Decision::ImplicitDeny {
            layer: Layer::RoleTrust,
        }),
    }
}
