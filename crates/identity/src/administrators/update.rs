//! Changing an administrator's name, role or state.

use serde_json::{Value, json};

use crate::administrators::{
    Administrator, AdministratorState, NotAllowed, Permission, Role, require,
};
use crate::events::{Change, EventKind, changes_between};
use crate::ids::AdministratorId;
use crate::op::Op;
use crate::store::{Store, StoreError, Write};
use crate::text::{self, TextError};

/// What to change; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct AdministratorChange {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub state: Option<AdministratorState>,
}

/// Why an administrator was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateAdministratorError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("there is no such administrator")]
    NoSuchAdministrator,
    #[error("this is a break-glass account; remove its seal first")]
    Sealed,
    #[error(
        "this is the last full administrator who can sign in; make another one a full administrator first"
    )]
    LastFull,
    /// Somebody else changed this administrator since it was read. Holds what it is now.
    #[error("the administrator was changed by somebody else in the meantime")]
    Stale(Box<Administrator>),
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Applies `change` and adds the event `admin_update` with what changed. Another role or a
/// suspension ends the administrator's sessions, so that it counts at once and the next session
/// has a new id (security.md items 37 and 39). A sealed account keeps its role; somebody else can
/// suspend and activate it, which raises an alert. `expected` is the version that was seen.
pub async fn update_administrator(
    op: &mut Op,
    store: &dyn Store,
    id: AdministratorId,
    expected: Option<i64>,
    change: AdministratorChange,
) -> Result<Administrator, UpdateAdministratorError> {
    if let Some(name) = &change.name {
        text::check("the name", name, 256)?;
    }
    let mut write = store.write().await?;
    let actor = require(write.as_mut(), op, Permission::ManageAdministrators).await??;
    let before = write
        .administrator(id)
        .await?
        .ok_or(UpdateAdministratorError::NoSuchAdministrator)?;
    if expected.is_some_and(|version| version != before.version) {
        return Err(UpdateAdministratorError::Stale(Box::new(before)));
    }
    let mut after = before.clone();
    if let Some(name) = change.name {
        name.trim().clone_into(&mut after.name);
    }
    after.role = change.role.unwrap_or(after.role);
    after.state = change.state.unwrap_or(after.state);
    if after == before {
        return Ok(before);
    }
    let changes_rights = after.role != before.role || after.state != before.state;
    let sealed = changes_rights && write.break_glass_account(id).await?.is_some();
    if sealed && (after.role != before.role || actor.is_some_and(|actor| actor.id == id)) {
        return Err(UpdateAdministratorError::Sealed);
    }
    let stays_full = after.role == Role::Full && after.state == AdministratorState::Active;
    if !stays_full && is_last_full(write.as_mut(), &before).await? {
        return Err(UpdateAdministratorError::LastFull);
    }
    after.version += 1;
    write.put_administrator(&after).await?;
    let ended = if changes_rights {
        write.delete_administrator_sessions(id, None).await?
    } else {
        0
    };
    let changes = changes_between(&visible(&before), &visible(&after));
    let mut detail = json!({"changes": Change::list(&changes), "sessions_ended": ended});
    if sealed {
        // The log raises an alert for this.
        detail["break_glass_state"] = json!(after.state.as_str());
    }
    let event = op.event(EventKind::AdminUpdate, true, Some(after.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(after)
}

/// Whether nobody else could repair what this administrator can: without a full administrator who
/// has signed in or can, the organisation is lost to its owners.
pub(crate) async fn is_last_full(
    write: &mut dyn Write,
    administrator: &Administrator,
) -> Result<bool, StoreError> {
    let counts =
        administrator.role == Role::Full && administrator.state == AdministratorState::Active;
    Ok(counts && write.other_full_administrators(administrator.id).await? == 0)
}

fn visible(administrator: &Administrator) -> Value {
    json!({
        "name": administrator.name,
        "role": administrator.role.as_str(),
        "state": administrator.state.as_str(),
    })
}
