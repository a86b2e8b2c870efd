//! Creating a group.

use std::collections::BTreeMap;

use serde_json::json;

use crate::events::EventKind;
use crate::groups::Group;
use crate::ids::GroupId;
use crate::op::Op;
use crate::store::{Store, StoreError};
use crate::text::{self, TextError};
use crate::users::check_attributes;

/// A group to create.
#[derive(Debug, Clone)]
pub struct NewGroup {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
}

/// Why the group was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateGroupError {
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Creates a group without members. The name must be new: [`StoreError::Taken`] otherwise.
pub async fn create_group(
    op: &mut Op,
    store: &dyn Store,
    new: NewGroup,
) -> Result<GroupId, CreateGroupError> {
    text::check_filled("the group name", &new.name, 1024)?;
    check_attributes(&new.attributes)?;
    let group = Group {
        id: GroupId::random(&mut op.rng),
        name: new.name.trim().to_owned(),
        attributes: new.attributes,
        everyone: false,
        created_at: op.now,
    };
    let mut write = store.write().await?;
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
