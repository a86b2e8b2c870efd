//! Creating a group (requirement E02).

use serde_json::json;

use crate::administrators::{NotAllowed, Permission, require};
use crate::custom_attributes::CustomAttributes;
use crate::events::EventKind;
use crate::groups::dynamic::apply_rule;
use crate::groups::fields::{self, InvalidGroup};
use crate::groups::{Group, GroupRule, Membership};
use crate::ids::GroupId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// A group to create.
#[derive(Debug, Clone, Default)]
pub struct NewGroup {
    pub name: String,
    pub description: String,
    pub attributes: CustomAttributes,
    /// With a rule the group is dynamic, and has its members at once.
    pub rule: Option<GroupRule>,
}

/// Why the group was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateGroupError {
    /// Each with its field.
    #[error("the group cannot be created as it is: {}", fields::sentence(.0))]
    Invalid(Vec<InvalidGroup>),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Creates a group. The name must be new: [`StoreError::Taken`] otherwise.
pub async fn create_group(
    op: &mut Op,
    store: &dyn Store,
    new: NewGroup,
) -> Result<GroupId, CreateGroupError> {
    let group = Group {
        id: GroupId::random(&mut op.rng),
        name: new.name.trim().to_owned(),
        description: new.description.trim().to_owned(),
        attributes: new.attributes,
        everyone: false,
        membership: new.rule.map_or(Membership::Static, Membership::Dynamic),
        version: 1,
        updated_at: op.now,
        created_at: op.now,
    };
    fields::check(&group).map_err(CreateGroupError::Invalid)?;
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteGroups).await??;
    write.insert_group(&group).await?;
    let detail = json!({"group": fields::visible(&group)});
    let event = op.event(EventKind::GroupCreate, true, Some(group.target()), detail);
    write.insert_event(&event).await?;
    apply_rule(op, write.as_mut(), &group).await?;
    write.commit().await?;
    Ok(group.id)
}
