//! An administrator changes their own name.

use serde_json::json;

use crate::events::{Change, EventKind};
use crate::ids::AdministratorId;
use crate::op::Op;
use crate::store::{Store, StoreError};
use crate::text::{self, TextError};

/// Why the name was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RenameOwnError {
    #[error("there is no such administrator")]
    NoSuchAdministrator,
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets the name of the signed-in administrator and adds the event `admin_update`. The role does
/// not come into it: nothing else can be changed this way.
pub async fn rename_own_administrator(
    op: &mut Op,
    store: &dyn Store,
    id: AdministratorId,
    name: &str,
) -> Result<(), RenameOwnError> {
    text::check_filled("the name", name, 256)?;
    let mut write = store.write().await?;
    let before = write
        .administrator(id)
        .await?
        .ok_or(RenameOwnError::NoSuchAdministrator)?;
    let mut after = before.clone();
    name.trim().clone_into(&mut after.name);
    if after == before {
        return Ok(());
    }
    after.version += 1;
    write.put_administrator(&after).await?;
    let change = Change {
        field: "name".to_owned(),
        from: before.name.into(),
        to: after.name.clone().into(),
    };
    let detail = json!({"changes": Change::list(&[change])});
    let event = op.event(EventKind::AdminUpdate, true, Some(after.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
