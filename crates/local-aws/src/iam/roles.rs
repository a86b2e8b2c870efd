//! Roles: creating, changing, deleting.

use std::sync::Arc;

use super::{error::IamError, quotas, shapes, tags};
use crate::{
    LocalAws,
    identity_center::provisioning::{RESERVED_PATH, is_reserved},
    ids,
    op::Op,
    state::{Role, RoleRecord, State, Tag},
};

/// Seconds that a role gets when its creator names none.
pub(super) const DEFAULT_MAX_SESSION_DURATION: u32 = 3600;
const MAX_SESSION_DURATION: std::ops::RangeInclusive<u32> = 3600..=43_200;

/// What a new role needs.
#[derive(Clone, Debug)]
pub struct NewRole {
    /// Friendly name, unique in the account without regard to case.
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
    /// Trust policy, JSON.
    pub trust: String,
    /// Description.
    pub description: Option<String>,
    /// Seconds, 3600..=43200; 3600 when absent.
    pub max_session_duration: Option<u32>,
    /// ARN of the permissions boundary.
    pub boundary: Option<String>,
    /// Tags.
    pub tags: Vec<Tag>,
}

impl NewRole {
    /// A role at path `/` with this trust policy and nothing else.
    pub fn new(name: impl Into<String>, trust: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            path: "/".into(),
            trust: trust.into(),
            description: None,
            max_session_duration: None,
            boundary: None,
            tags: Vec::new(),
        }
    }
}

/// What UpdateRole changes; `None` leaves as it is.
#[derive(Clone, Debug, Default)]
pub struct RoleUpdate {
    /// Description; empty text removes it.
    pub description: Option<String>,
    /// Seconds, 3600..=43200.
    pub max_session_duration: Option<u32>,
}

/// Creates a role. [`IamError::AlreadyExists`] when the name is taken.
pub fn create_role(
    aws: &LocalAws,
    op: &mut Op,
    account: &str,
    new: NewRole,
) -> Result<Arc<Role>, IamError> {
    shapes::ROLE_NAME.require("roleName", &new.name)?;
    shapes::PATH.require("path", &new.path)?;
    shapes::DOCUMENT.require("assumeRolePolicyDocument", &new.trust)?;
    tags::check(&new.tags)?;
    quotas::trust(&new.trust)?;
    if new.path.starts_with(RESERVED_PATH) {
        return Err(IamError::InvalidInput(format!(
            "Path prefix '{RESERVED_PATH}' can only be used for roles that AWS reserves for itself"
        )));
    }
    let role = Role::from_record(RoleRecord {
        account: account.to_owned(),
        name: new.name,
        path: new.path,
        id: ids::role_id(op),
        created_at: op.unix(),
        trust: new.trust,
        description: new.description.filter(|text| !text.is_empty()),
        max_session_duration: session_duration(
            new.max_session_duration
                .unwrap_or(DEFAULT_MAX_SESSION_DURATION),
        )?,
        boundary: new.boundary,
        tags: new.tags,
        inline: Vec::new(),
        attached: Vec::new(),
    })?;
    aws.cell().change(|change| {
        let Some(owner) = change.state().account(account) else {
            return Err(IamError::no_account(account));
        };
        if owner.role(&role.record.name).is_some() {
            return Err(IamError::AlreadyExists(format!(
                "Role with name {} already exists.",
                role.record.name
            )));
        }
        let count = owner.roles.len();
        quotas::quota(count < quotas::ROLES, "RolesPerAccount", quotas::ROLES)?;
        if let Some(boundary) = &role.record.boundary {
            attachable(change.state(), account, boundary)?;
        }
        Ok(change.put_role(role)?)
    })
}

/// Changes description and longest session.
pub fn update_role(
    aws: &LocalAws,
    account: &str,
    name: &str,
    update: RoleUpdate,
) -> Result<Arc<Role>, IamError> {
    edit(aws, account, name, |record, _| {
        if let Some(description) = update.description {
            shapes::DESCRIPTION.require("description", &description)?;
            record.description = Some(description).filter(|text| !text.is_empty());
        }
        if let Some(seconds) = update.max_session_duration {
            record.max_session_duration = session_duration(seconds)?;
        }
        Ok(())
    })
}

/// Replaces the trust policy.
pub fn update_assume_role_policy(
    aws: &LocalAws,
    account: &str,
    name: &str,
    document: &str,
) -> Result<(), IamError> {
    shapes::DOCUMENT.require("policyDocument", document)?;
    quotas::trust(document)?;
    edit(aws, account, name, |record, _| {
        document.clone_into(&mut record.trust);
        Ok(())
    })
    .map(drop)
}

/// Deletes a role that has neither attached nor inline policies left.
pub fn delete_role(aws: &LocalAws, account: &str, name: &str) -> Result<(), IamError> {
    aws.cell().change(|change| {
        let role = own(change.state(), account, name)?;
        let conflict = |text: &str| Err(IamError::DeleteConflict(text.into()));
        if !role.record.attached.is_empty() {
            return conflict("Cannot delete entity, must detach all policies first.");
        }
        if !role.record.inline.is_empty() {
            return conflict("Cannot delete entity, must delete policies first.");
        }
        change.remove_role(account, name);
        Ok(())
    })
}

/// Changes the record of a role and compiles it again. The closure also sees the state.
pub(super) fn edit(
    aws: &LocalAws,
    account: &str,
    name: &str,
    change_record: impl FnOnce(&mut RoleRecord, &State) -> Result<(), IamError>,
) -> Result<Arc<Role>, IamError> {
    aws.cell().change(|change| {
        let mut record = own(change.state(), account, name)?.record.clone();
        change_record(&mut record, change.state())?;
        Ok(change.put_role(Role::from_record(record)?)?)
    })
}

/// The role of this name, unless it is Identity Center's.
fn own<'a>(state: &'a State, account: &str, name: &str) -> Result<&'a Arc<Role>, IamError> {
    let role = existing(state, account, name)?;
    if is_reserved(role) {
        return Err(IamError::protected("role", &role.record.name));
    }
    Ok(role)
}

/// The role of this name, or AWS's refusal.
fn existing<'a>(state: &'a State, account: &str, name: &str) -> Result<&'a Arc<Role>, IamError> {
    state
        .account(account)
        .and_then(|owner| owner.role(name))
        .ok_or_else(|| IamError::no_role(name))
}

/// Refuses a policy ARN that cannot be attached to anything in `account`.
pub(super) fn attachable(state: &State, account: &str, arn: &str) -> Result<(), IamError> {
    let policy = state.policy_by_arn(arn);
    if policy
        .is_some_and(|policy| policy.record.account == account || policy.record.account == "aws")
    {
        Ok(())
    } else {
        Err(IamError::NoSuchEntity(format!(
            "Policy {arn} does not exist or is not attachable."
        )))
    }
}

fn session_duration(seconds: u32) -> Result<u32, IamError> {
    if MAX_SESSION_DURATION.contains(&seconds) {
        Ok(seconds)
    } else {
        Err(IamError::Validation(format!(
            "MaxSessionDuration must be between 3600 and 43200 seconds, not {seconds}."
        )))
    }
}
