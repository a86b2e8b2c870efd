//! The decision on a request.
//!
//! Order of AWS inside one account: an explicit deny anywhere; else the resource's own policy may grant directly;
//! else an identity policy must allow, and the permissions boundary and the session policies, where
//! there are any, must allow as well; else the request is denied implicitly.

use crate::context::RequestContext;
use crate::document::{Effect, PolicyDocument, Statement, Subject};
use crate::principal::{Principal, Reach};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `service:Operation`, any case.
    pub action: &'a str,
    /// The ARN of the resource, or `*` for actions without one.
    pub resource: &'a str,
    /// Everything else that is known.
    pub context: &'a RequestContext,
}

/// A document and what it is called, for explanations.
#[derive(Debug, Clone, Copy)]
pub struct NamedPolicy<'a> {
    /// The name of the inline or managed policy.
    pub name: &'a str,
    /// The ARN of a managed policy.
    pub arn: Option<&'a str>,
    /// The document.
    pub document: &'a PolicyDocument,
}

/// The policies that bear on a request.
#[derive(Debug, Clone, Default)]
pub struct PolicySet<'a> {
    /// The caller's inline and managed policies.
    pub identity: Vec<NamedPolicy<'a>>,
    /// The caller's permissions boundary.
    pub boundary: Option<NamedPolicy<'a>>,
    /// The session's policies, any of which may allow. `None` if the session has none; an empty
    /// list allows nothing.
    pub session: Option<Vec<NamedPolicy<'a>>>,
    /// The policy of the resource, and the caller as it names callers.
    pub resource: Option<(NamedPolicy<'a>, Principal<'a>)>,
}

/// A kind of policy, as AWS names them in its messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Policies of the user or role.
    IdentityBased,
    /// The permissions boundary of the user or role.
    PermissionsBoundary,
    /// Policies passed when the session was made.
    Session,
    /// The policy of the resource.
    ResourceBased,
    /// The trust policy of a role.
    RoleTrust,
}

/// The outcome of an evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The request may go on.
    Allow,
    /// A statement forbids it.
    ExplicitDeny {
        /// The kind of policy the statement stands in.
        layer: Layer,
        /// The ARN of that policy, if it is a managed one.
        policy_arn: Option<String>,
        /// The statement.
        statement: DecidingStatement,
    },
    /// Nothing allows it.
    ImplicitDeny {
        /// The first kind of policy that had to allow and did not.
        layer: Layer,
    },
}

impl Decision {
    /// Whether the request may go on.
    pub fn is_allow(&self) -> bool {
        *self == Self::Allow
    }
}

/// The statement that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidingStatement {
    /// The name of its policy.
    pub policy: String,
    /// Its place in the document, from 0.
    pub index: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
}

/// Decides `request` on a resource of the caller's own account.
pub fn evaluate(set: &PolicySet<'_>, request: &Request<'_>) -> Decision {
    let subject = Subject::new(request.action, Some(request.resource), request.context);
    if let Some(denied) = explicit_deny(set, &subject) {
        return denied;
    }
    let by_resource = resource_grant(set, &subject);
    if by_resource == Some(Reach::Direct) {
        return Decision::Allow;
    }
    // A grant to the account as a whole leaves the decision to the identity policies.
    let granted = by_resource == Some(Reach::Role) || allows(&set.identity, &subject);
    match missing_allow(granted, set, &subject) {
        Some(layer) => Decision::ImplicitDeny { layer },
        None => Decision::Allow,
    }
}

/// Decides `request` on a resource of another account than the caller's: the caller's policies must
/// allow it as if there were no resource policy, and the resource's policy must allow it as well,
/// whether it names the caller, its role or its account.
pub fn evaluate_across_accounts(set: &PolicySet<'_>, request: &Request<'_>) -> Decision {
    let subject = Subject::new(request.action, Some(request.resource), request.context);
    if let Some(denied) = explicit_deny(set, &subject) {
        return denied;
    }
    let granted = allows(&set.identity, &subject);
    if let Some(layer) = missing_allow(granted, set, &subject) {
        return Decision::ImplicitDeny { layer };
    }
    match resource_grant(set, &subject) {
        Some(_) => Decision::Allow,
        None => Decision::ImplicitDeny {
            layer: Layer::ResourceBased,
        },
    }
}

/// The first layer on the caller's side that has to allow and does not. `granted`: whether its
/// identity policies, or what stands in for them, do.
fn missing_allow(granted: bool, set: &PolicySet<'_>, subject: &Subject<'_>) -> Option<Layer> {
    if !granted {
        return Some(Layer::IdentityBased);
    }
    let boundary = set.boundary;
    if boundary.is_some_and(|boundary| !allows(&[boundary], subject)) {
        return Some(Layer::PermissionsBoundary);
    }
    let session = set.session.as_ref();
    if session.is_some_and(|session| !allows(session, subject)) {
        return Some(Layer::Session);
    }
    None
}

impl<'a> PolicySet<'a> {
    /// Every policy with its layer, in the order in which a deny is reported.
    pub(crate) fn policies(&self) -> impl Iterator<Item = (Layer, NamedPolicy<'a>)> + '_ {
        let identity = self
            .identity
            .iter()
            .map(|policy| (Layer::IdentityBased, *policy));
        let resource = self
            .resource
            .iter()
            .map(|(policy, _)| (Layer::ResourceBased, *policy));
        let boundary = self
            .boundary
            .iter()
            .map(|policy| (Layer::PermissionsBoundary, *policy));
        let session = self
            .session
            .iter()
            .flatten()
            .map(|policy| (Layer::Session, *policy));
        identity.chain(resource).chain(boundary).chain(session)
    }

    /// Whether a statement of `layer` is addressed to the caller.
    pub(crate) fn addresses_caller(&self, layer: Layer, statement: &Statement) -> bool {
        match (layer, &self.resource) {
            (Layer::ResourceBased, Some((_, caller))) => {
                statement.principals.reach(caller).is_some()
            }
            _ => true,
        }
    }
}

fn explicit_deny(set: &PolicySet<'_>, subject: &Subject<'_>) -> Option<Decision> {
    set.policies().find_map(|(layer, policy)| {
        let applies = |statement: &Statement| {
            set.addresses_caller(layer, statement) && statement.applies(subject)
        };
        denying(layer, policy, applies)
    })
}

/// The first statement of `policy` that denies and applies.
pub(crate) fn denying(
    layer: Layer,
    policy: NamedPolicy<'_>,
    applies: impl Fn(&Statement) -> bool,
) -> Option<Decision> {
    let statements = policy.document.statements.iter().enumerate();
    let mut denies =
        statements.filter(|(_, statement)| statement.effect == Effect::Deny && applies(statement));
    denies
        .next()
        .map(|(index, statement)| Decision::ExplicitDeny {
            layer,
            policy_arn: policy.arn.map(str::to_owned),
            statement: DecidingStatement {
                policy: policy.name.to_owned(),
                index,
                sid: statement.sid.clone(),
            },
        })
}

fn allows(policies: &[NamedPolicy<'_>], subject: &Subject<'_>) -> bool {
    let mut statements = policies
        .iter()
        .flat_map(|policy| &policy.document.statements);
    statements.any(|statement| statement.effect == Effect::Allow && statement.applies(subject))
}

/// The strongest grant of the resource's policy.
fn resource_grant(set: &PolicySet<'_>, subject: &Subject<'_>) -> Option<Reach> {
    let (policy, caller) = set.resource.as_ref()?;
    grant(policy.document, caller, subject)
}

/// The strongest grant of a document that names principals.
pub(crate) fn grant(
    document: &PolicyDocument,
    caller: &Principal<'_>,
    subject: &Subject<'_>,
) -> Option<Reach> {
    let statements = document.statements.iter();
    let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
    let reaches = allowing.filter_map(|statement| {
        statement
            .principals
            .reach(caller)
            .filter(|_| statement.applies(subject))
    });
    reaches.max()
}
