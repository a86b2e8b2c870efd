//! The built-in group that contains every user (requirement E01).

use serde_json::json;

use crate::custom_attributes::CustomAttributes;
use crate::events::EventKind;
use crate::groups::{Group, Membership};
use crate::ids::GroupId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Its name.
pub const EVERYONE: &str = "All Users";

/// The built-in group; made at the first call. Being in it is computed, not recorded: a user who
/// is added later is in it at once.
pub async fn ensure_everyone(op: &mut Op, store: &dyn Store) -> Result<GroupId, StoreError> {
    let mut write = store.write().await?;
    if let Some(group) = write.everyone_group().await? {
        return Ok(group.id);
    }
    let group = Group {
        id: GroupId::random(&mut op.rng),
        name: EVERYONE.to_owned(),
        description: "Everyone in the directory".to_owned(),
        attributes: CustomAttributes::new(),
        everyone: true,
        membership: Membership::Static,
        version: 1,
        updated_at: op.now,
        created_at: op.now,
    };
    write.insert_group(&group).await?;
    let event = op.event(
        EventKind::GroupCreate,
        true,
        Some(group.target()),
        json!({}),
    );
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(group.id)
}
