//! Creating, changing and deleting groups, with their members.

use std::sync::Arc;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::{DirectoryError, Kind, new_id};
use crate::{
    LocalAws, StoreError,
    op::Op,
    state::{
        Change, State,
        directory::{Directory, Entry as _, GroupRecord, MembershipRecord},
    },
};

/// What becomes of a group.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupChange {
    /// All attributes, without `members`; `None` leaves them as they are.
    pub(crate) attributes: Option<Map<String, Value>>,
    /// Users who come in; who is in already stays.
    pub(crate) add: Vec<Uuid>,
    /// Users who leave; who is not in does not matter.
    pub(crate) remove: Vec<Uuid>,
}

/// Creates a group with these SCIM attributes (without `id`, `meta` and `members`).
pub fn create_group(
    aws: &LocalAws,
    op: &mut Op,
    by: &str,
    attributes: Map<String, Value>,
    members: &[Uuid],
) -> Result<Arc<GroupRecord>, DirectoryError> {
    create_group_with(aws, op, by, |_| {
        Ok::<_, DirectoryError>((attributes, members.to_vec()))
    })
}

/// Creates a group: `wanted` gets the directory as it is now and gives attributes and members.
pub(crate) fn create_group_with<E: From<DirectoryError> + From<StoreError>>(
    aws: &LocalAws,
    op: &mut Op,
    by: &str,
    wanted: impl FnOnce(&Directory) -> Result<(Map<String, Value>, Vec<Uuid>), E>,
) -> Result<Arc<GroupRecord>, E> {
    aws.cell().change_soon_synced(|change| {
        let (attributes, members) = wanted(&change.state().directory)?;
        let now = op.unix();
        let record = GroupRecord {
            id: new_id(op),
            sequence: change.state().directory.groups.next_sequence(),
            attributes,
            created_at: now,
            updated_at: now,
            created_by: by.to_owned(),
            updated_by: by.to_owned(),
        };
        unique(change.state(), &record)?;
        let record = change.put_group(record)?;
        add_members(change, op, &record.id, &members)?;
        Ok(record)
    })
}

/// Changes a group: `edit` gets it, and the directory as it is now, and gives what becomes of it.
/// All of it happens, or nothing; nothing is written where nothing changes. Where somebody leaves,
/// it is on the disk when it is confirmed.
pub(crate) fn update_group<E: From<DirectoryError> + From<StoreError>>(
    aws: &LocalAws,
    op: &mut Op,
    by: &str,
    id: &Uuid,
    edit: impl FnOnce(&GroupRecord, &Directory) -> Result<GroupChange, E>,
) -> Result<Arc<GroupRecord>, E> {
    aws.cell().change_soon_synced(|change| {
        let before = change
            .state()
            .directory
            .groups
            .get(id)
            .cloned()
            .ok_or(DirectoryError::NotFound(Kind::Group))?;
        let wanted = edit(&before, &change.state().directory)?;
        for user in &wanted.remove {
            change.remove_membership(id, user);
        }
        add_members(change, op, id, &wanted.add)?;
        let attributes = wanted
            .attributes
            .unwrap_or_else(|| before.attributes.clone());
        if change.is_empty() && attributes == before.attributes {
            return Ok(before);
        }
        let record = GroupRecord {
            attributes,
            updated_at: op.unix(),
            updated_by: by.to_owned(),
            ..(*before).clone()
        };
        unique(change.state(), &record)?;
        Ok(change.put_group(record)?)
    })
}

/// Deletes a group with its memberships; its users stay. Assignments keep the id and give nothing
/// any more.
pub(crate) fn delete_group(aws: &LocalAws, id: &Uuid) -> Result<(), DirectoryError> {
    aws.cell().change_soon_synced(|change| {
        if change.state().directory.groups.get(id).is_none() {
            return Err(DirectoryError::NotFound(Kind::Group));
        }
        change.remove_group(id);
        Ok(())
    })
}

fn add_members(
    change: &mut Change,
    op: &mut Op,
    group: &Uuid,
    users: &[Uuid],
) -> Result<(), DirectoryError> {
    for user in users {
        let directory = &change.state().directory;
        if directory.users.get(user).is_none() {
            return Err(DirectoryError::NotFound(Kind::User));
        }
        if directory.membership(group, user).is_some() {
            continue;
        }
        change.put_membership(&MembershipRecord {
            id: new_id(op),
            group: *group,
            user: *user,
        })?;
    }
    Ok(())
}

fn unique(state: &State, record: &GroupRecord) -> Result<(), DirectoryError> {
    let groups = &state.directory.groups;
    let external = record
        .external_id()
        .and_then(|id| groups.by_external_id(id));
    let holders = [
        ("displayName", groups.by_name(record.name())),
        ("externalId", external),
    ];
    for (attribute, holder) in holders {
        if holder.is_some_and(|holder| holder.id != record.id) {
            return Err(DirectoryError::Duplicate {
                kind: Kind::Group,
                attribute,
            });
        }
    }
    Ok(())
}
