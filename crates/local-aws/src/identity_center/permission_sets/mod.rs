//! Permission sets: creating, changing, deleting (identity-center.md §2.2). A change reaches the
//! roles in the accounts when it is provisioned.

mod duration;
mod editing;
mod policies;
pub(crate) mod shapes;
mod tags;

use std::{collections::BTreeMap, sync::Arc};

pub(crate) use self::{
    duration::seconds as session_seconds,
    tags::{check as check_tags, merged as merged_tags, without as tags_without},
};
pub use self::{
    editing::Editing,
    policies::{
        attach_customer_managed_policy, attach_managed_policy, delete_inline_policy,
        delete_permissions_boundary, detach_customer_managed_policy, detach_managed_policy,
        put_inline_policy, put_permissions_boundary,
    },
    tags::{tag_permission_set, untag_permission_set},
};
use super::{
    error::{CenterError, require},
    provisioning,
};
use crate::{
    LocalAws,
    op::Op,
    state::{State, Tag, center::PermissionSetRecord},
};

/// Permission sets of an instance.
const MAX_PERMISSION_SETS: usize = 3000;

/// What a new permission set needs.
#[derive(Clone, Debug, Default)]
pub struct NewPermissionSet {
    /// Unique in the instance, without regard to case; at most 32 characters.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// ISO 8601 duration of 1 to 12 hours; `PT1H` when absent.
    pub session_duration: Option<String>,
    /// Where the console opens.
    pub relay_state: Option<String>,
    /// Tags; they do not reach the roles.
    pub tags: Vec<Tag>,
}

/// What UpdatePermissionSet changes; `None` leaves as it is.
#[derive(Clone, Debug, Default)]
pub struct PermissionSetUpdate {
    /// Description; an empty one takes it away.
    pub description: Option<String>,
    /// ISO 8601 duration of 1 to 12 hours.
    pub session_duration: Option<String>,
    /// Where the console opens; an empty one takes it away.
    pub relay_state: Option<String>,
}

/// Creates a permission set. [`CenterError::Conflict`] when the name is taken.
pub fn create_permission_set(
    aws: &LocalAws,
    op: &mut Op,
    new: NewPermissionSet,
) -> Result<Arc<PermissionSetRecord>, CenterError> {
    require("name", &new.name, shapes::NAME)?;
    check_texts(
        new.description.as_deref(),
        new.session_duration.as_deref(),
        new.relay_state.as_deref(),
    )?;
    check_tags(&new.tags)?;
    aws.cell().change(|change| {
        let center = change
            .state()
            .identity_center
            .as_deref()
            .ok_or_else(CenterError::not_enabled)?;
        let mut others = center.permission_sets.values();
        if others.any(|other| other.name.eq_ignore_ascii_case(&new.name)) {
            return Err(CenterError::Conflict(format!(
                "PermissionSet with name {} already exists.",
                new.name
            )));
        }
        if center.permission_sets.len() >= MAX_PERMISSION_SETS {
            return Err(CenterError::Quota(format!(
                "You have exceeded AWS SSO limits. Cannot create PermissionSet more than {MAX_PERMISSION_SETS} for instance {}",
                center.instance.id
            )));
        }
        let record = PermissionSetRecord {
            id: format!("ps-{}", hex::encode(op.random::<8>())),
            name: new.name,
            description: new.description,
            session_duration: new
                .session_duration
                .unwrap_or_else(|| duration::DEFAULT_SESSION.to_owned()),
            relay_state: new.relay_state,
            created_at: op.unix(),
            managed: Vec::new(),
            customer_managed: Vec::new(),
            inline: None,
            boundary: None,
            tags: new.tags,
            revision: 1,
            provisioned: BTreeMap::new(),
        };
        Ok(change.put_permission_set(record)?)
    })
}

/// Changes description, session duration and relay state.
pub fn update_permission_set<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
    update: PermissionSetUpdate,
) -> Result<(), CenterError> {
    let filled = |text: &'_ Option<String>| text.clone().filter(|text| !text.is_empty());
    check_texts(
        filled(&update.description).as_deref(),
        update.session_duration.as_deref(),
        filled(&update.relay_state).as_deref(),
    )?;
    edit(aws, set.into(), |record, _| {
        if update.description.is_some() {
            record.description = filled(&update.description);
        }
        if let Some(session_duration) = update.session_duration {
            record.session_duration = session_duration;
        }
        if update.relay_state.is_some() {
            record.relay_state = filled(&update.relay_state);
        }
        Ok(())
    })
}

/// Deletes a permission set that nobody is assigned; roles that were provisioned without an
/// assignment go with it.
pub fn delete_permission_set<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
) -> Result<(), CenterError> {
    let set = set.into();
    let id = set.id;
    aws.cell().change(|change| {
        set.check(change.state())?;
        let record = existing(change.state(), id)?;
        let assigned = change
            .state()
            .identity_center
            .iter()
            .flat_map(|center| center.assignments.keys())
            .any(|key| key.permission_set == id);
        if assigned {
            return Err(CenterError::Conflict(
                "PermissionSet has ApplicationProfile associated with it.".into(),
            ));
        }
        for account in record.provisioned.keys() {
            provisioning::deprovision(change, id, account)?;
        }
        change.remove_permission_set(id);
        Ok(())
    })
}

/// The permission set with this id.
pub(crate) fn existing(state: &State, id: &str) -> Result<Arc<PermissionSetRecord>, CenterError> {
    state
        .identity_center
        .as_deref()
        .ok_or_else(CenterError::not_enabled)?
        .permission_sets
        .get(id)
        .cloned()
        .ok_or_else(|| CenterError::no_permission_set(id))
}

/// Changes what gets provisioned of a permission set: its roles lag behind from now on.
fn edit(
    aws: &LocalAws,
    set: Editing<'_>,
    change_record: impl FnOnce(&mut PermissionSetRecord, &State) -> Result<(), CenterError>,
) -> Result<(), CenterError> {
    aws.cell().change(|change| {
        set.check(change.state())?;
        let mut record = (*existing(change.state(), set.id)?).clone();
        change_record(&mut record, change.state())?;
        record.revision += 1;
        change.put_permission_set(record)?;
        Ok(())
    })
}

fn check_texts(
    description: Option<&str>,
    session_duration: Option<&str>,
    relay_state: Option<&str>,
) -> Result<(), CenterError> {
    if let Some(description) = description {
        require("description", description, shapes::DESCRIPTION)?;
    }
    if let Some(relay_state) = relay_state {
        require("relayState", relay_state, shapes::RELAY_STATE)?;
    }
    let Some(text) = session_duration else {
        return Ok(());
    };
    require("sessionDuration", text, shapes::DURATION)?;
    if duration::seconds(text).is_some_and(|seconds| duration::SESSION_SECONDS.contains(&seconds)) {
        Ok(())
    } else {
        Err(CenterError::Validation(format!(
            "1 validation error detected: Value '{text}' at 'sessionDuration' failed to satisfy constraint: Member must be between PT1H and PT12H"
        )))
    }
}
