//! Role credentials for somebody who is signed in to the portal (identity-center.md §2.5).

mod attributes;

use uuid::Uuid;

use self::attributes::session_tags;
use super::{
    access, enabled, permission_sets::session_seconds, provisioning::is_reserved_provider,
};
use crate::{
    LocalAws,
    credentials::{IdentityStoreUser, Session, TemporaryCredentials},
    op::Op,
    state::{
        State, Tag,
        center::PermissionSetRecord,
        directory::{Entry as _, UserRecord},
    },
};

/// The longest `RoleSessionName`.
const MAX_SESSION_NAME: usize = 64;

/// Why there are no credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AccessError {
    /// The user was deleted or disabled, or the instance is gone.
    #[error("the user cannot sign in any more")]
    SignedOut,
    /// The user does not hold this permission set in this account.
    #[error("no access")]
    NoAccess,
    /// The cryptographic library failed.
    #[error("no credentials could be made")]
    Internal,
}

/// A role session that may begin.
pub(crate) fn role_session(
    state: &State,
    op: &Op,
    user: &Uuid,
    assertion_tags: &[Tag],
    (account, permission_set): (&str, &str),
) -> Result<Session, AccessError> {
    let center = enabled(state).ok_or(AccessError::SignedOut)?;
    let user = state
        .directory
        .users
        .get(user)
        .filter(|user| user.is_active())
        .ok_or(AccessError::SignedOut)?;
    let set = center
        .permission_sets
        .values()
        .find(|set| set.name == permission_set)
        .filter(|set| access::holds(state, &user.id, account, set))
        .ok_or(AccessError::NoAccess)?;
    let owner = state.account(account).ok_or(AccessError::NoAccess)?;
    let role = role_of(set, account)
        .and_then(|name| owner.role(name))
        .ok_or(AccessError::NoAccess)?;
    let seconds = session_seconds(&set.session_in(account).duration).unwrap_or(3600);
    let provider = owner
        .providers
        .values()
        .find(|provider| is_reserved_provider(&provider.record.name));
    Ok(Session {
        account: account.to_owned(),
        role_name: role.record.name.clone(),
        role_id: role.record.id.clone(),
        name: session_name(user),
        issued_at: op.unix(),
        expires_at: op.unix() + seconds,
        tags: session_tags(&center.instance, user, assertion_tags),
        transitive: Vec::new(),
        source_identity: None,
        federation: None,
        identity_store: Some(IdentityStoreUser {
            user_id: user.id.to_string(),
            store_id: center.instance.identity_store_id.clone(),
            owner_account: center.instance.owner_account.clone(),
            provider_arn: provider.map(|provider| provider.arn().to_owned()),
        }),
        policy: None,
        policy_arns: Vec::new(),
    })
}

/// Credentials of a role for somebody who is signed in.
pub(crate) fn role_credentials(
    aws: &LocalAws,
    op: &mut Op,
    user: &Uuid,
    assertion_tags: &[Tag],
    held: (&str, &str),
) -> Result<TemporaryCredentials, AccessError> {
    let session = role_session(&aws.state(), op, user, assertion_tags, held)?;
    aws.vault().issue(op, &session).ok_or(AccessError::Internal)
}

fn role_of<'a>(set: &'a PermissionSetRecord, account: &str) -> Option<&'a str> {
    set.provisioned
        .get(account)
        .map(|role| role.role_name.as_str())
}

/// The userName, in its case. Characters that a session name cannot have become hyphens; what AWS
/// does with such names is not known.
fn session_name(user: &UserRecord) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let name: String = user
        .name()
        .chars()
        .map(|c| if allowed(c) { c } else { '-' })
        .take(MAX_SESSION_NAME)
        .collect();
    if name.len() < 2 {
        format!("{name:-<2}")
    } else {
        name
    }
}
