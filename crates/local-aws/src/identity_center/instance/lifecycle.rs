//! The instance's name and tags, and its end.

use crate::{
    LocalAws,
    identity_center::{
        error::CenterError,
        permission_sets::{merged_tags, tags_without},
        provisioning::deprovision_everything,
    },
    state::{
        Tag,
        center::{AssignmentKey, InstanceRecord},
        directory::Entry as _,
    },
};

/// Names the instance; an empty text takes its name away.
pub fn rename_instance(aws: &LocalAws, name: &str) -> Result<(), CenterError> {
    edit(aws, |record| {
        record.name = Some(name.to_owned()).filter(|name| !name.is_empty());
        Ok(())
    })
}

/// Adds or replaces tags of the instance.
pub fn tag_instance(aws: &LocalAws, new: &[Tag]) -> Result<(), CenterError> {
    edit(aws, |record| {
        record.tags = merged_tags(&record.tags, new)?;
        Ok(())
    })
}

/// Removes tags of the instance; missing ones do not matter.
pub fn untag_instance(aws: &LocalAws, keys: &[&str]) -> Result<(), CenterError> {
    edit(aws, |record| {
        record.tags = tags_without(&record.tags, keys);
        Ok(())
    })
}

/// Deletes the instance with everything in it: people, groups, permission sets, assignments, and
/// the roles and SAML providers in the accounts.
pub fn delete_instance(aws: &LocalAws) -> Result<(), CenterError> {
    aws.cell().change(|change| {
        let state = change.state();
        let center = state
            .identity_center
            .clone()
            .ok_or_else(CenterError::not_enabled)?;
        let users: Vec<_> = state
            .directory
            .users
            .iter(0)
            .map(|user| user.id())
            .collect();
        let groups: Vec<_> = state
            .directory
            .groups
            .iter(0)
            .map(|group| group.id())
            .collect();
        deprovision_everything(change);
        let assignments: Vec<AssignmentKey> = center.assignments.keys().cloned().collect();
        for key in &assignments {
            change.remove_assignment(key);
        }
        for id in center.requests.keys() {
            change.remove_request(id);
        }
        for id in center.permission_sets.keys() {
            change.remove_permission_set(id);
        }
        for user in &users {
            change.remove_user(user);
        }
        for group in &groups {
            change.remove_group(group);
        }
        change.remove_instance();
        Ok(())
    })
}

/// Changes the record of the instance.
pub(super) fn edit(
    aws: &LocalAws,
    change_record: impl FnOnce(&mut InstanceRecord) -> Result<(), CenterError>,
) -> Result<(), CenterError> {
    aws.cell().change(|change| {
        let center = change
            .state()
            .identity_center
            .as_deref()
            .ok_or_else(CenterError::not_enabled)?;
        let mut record = (*center.instance).clone();
        change_record(&mut record)?;
        change.put_instance(record)?;
        Ok(())
    })
}
