//! Creating, changing and deleting users.

use std::sync::Arc;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::{DirectoryError, Kind, new_id};
use crate::{
    LocalAws,
    op::Op,
    state::{
        State,
        directory::{Entry as _, UserRecord},
    },
};

/// Everything that is known of a user.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct UserAttributes {
    /// SCIM attributes, without `id` and `meta`.
    pub(crate) scim: Map<String, Value>,
    /// What only the Identity Store API knows.
    pub(crate) beyond_scim: Map<String, Value>,
}

/// Creates a user with these SCIM attributes (without `id` and `meta`). `by` is an ARN or `SCIM`.
pub fn create_user(
    aws: &LocalAws,
    op: &mut Op,
    by: &str,
    attributes: Map<String, Value>,
) -> Result<Arc<UserRecord>, DirectoryError> {
    let attributes = UserAttributes {
        scim: attributes,
        beyond_scim: Map::new(),
    };
    create_user_with(aws, op, by, attributes)
}

/// Creates a user with these attributes.
pub(crate) fn create_user_with(
    aws: &LocalAws,
    op: &mut Op,
    by: &str,
    attributes: UserAttributes,
) -> Result<Arc<UserRecord>, DirectoryError> {
    aws.cell().change_soon_synced(|change| {
        let now = op.unix();
        let record = UserRecord {
            id: new_id(op),
            sequence: change.state().directory.users.next_sequence(),
            attributes: attributes.scim,
            beyond_scim: attributes.beyond_scim,
            created_at: now,
            updated_at: now,
            created_by: by.to_owned(),
            updated_by: by.to_owned(),
            deactivated_at: None,
        };
        unique(change.state(), &record)?;
        Ok(change.put_user(record)?)
    })
}

/// Changes the SCIM attributes of a user: `edit` gets the present ones and gives all of the new
/// ones. Nothing is written when they are the same.
pub(crate) fn update_user<E: From<DirectoryError> + From<crate::StoreError>>(
    aws: &LocalAws,
    op: &Op,
    by: &str,
    id: &Uuid,
    edit: impl FnOnce(&UserRecord) -> Result<Map<String, Value>, E>,
) -> Result<Arc<UserRecord>, E> {
    update_user_with(aws, op, by, id, |before| {
        Ok::<_, E>(UserAttributes {
            scim: edit(before)?,
            beyond_scim: before.beyond_scim.clone(),
        })
    })
}

/// Changes the attributes of a user: `edit` gets the present ones and gives all of the new ones.
/// Nothing is written when they are the same. Who is deactivated is so on the disk when it is
/// confirmed.
pub(crate) fn update_user_with<E: From<DirectoryError> + From<crate::StoreError>>(
    aws: &LocalAws,
    op: &Op,
    by: &str,
    id: &Uuid,
    edit: impl FnOnce(&UserRecord) -> Result<UserAttributes, E>,
) -> Result<Arc<UserRecord>, E> {
    aws.cell().change_soon_synced(|change| {
        let before = change
            .state()
            .directory
            .users
            .get(id)
            .cloned()
            .ok_or(DirectoryError::NotFound(Kind::User))?;
        let attributes = edit(&before)?;
        if attributes.scim == before.attributes && attributes.beyond_scim == before.beyond_scim {
            return Ok(before);
        }
        let mut record = UserRecord {
            attributes: attributes.scim,
            beyond_scim: attributes.beyond_scim,
            updated_at: op.unix(),
            updated_by: by.to_owned(),
            ..(*before).clone()
        };
        if before.is_active() && !record.is_active() {
            record.deactivated_at = Some(op.unix());
        }
        unique(change.state(), &record)?;
        if before.is_active() && !record.is_active() {
            change.sync();
        }
        Ok(change.put_user(record)?)
    })
}

/// Deletes a user with all memberships. Assignments keep the id and give nothing any more.
pub(crate) fn delete_user(aws: &LocalAws, id: &Uuid) -> Result<(), DirectoryError> {
    aws.cell().change_soon_synced(|change| {
        if change.state().directory.users.get(id).is_none() {
            return Err(DirectoryError::NotFound(Kind::User));
        }
        change.remove_user(id);
        Ok(())
    })
}

fn unique(state: &State, record: &UserRecord) -> Result<(), DirectoryError> {
    let users = &state.directory.users;
    let external = record.external_id().and_then(|id| users.by_external_id(id));
    let email = record.email().and_then(|email| users.by_email(email));
    let holders = [
        ("userName", users.by_name(record.name())),
        ("emails", email),
        ("externalId", external),
    ];
    for (attribute, holder) in holders {
        if holder.is_some_and(|holder| holder.id != record.id) {
            return Err(DirectoryError::Duplicate {
                kind: Kind::User,
                attribute,
            });
        }
    }
    Ok(())
}
