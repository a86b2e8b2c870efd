//! Changing a group.

use serde_json::json;

use crate::administrators::{NotAllowed, Permission, require};
use crate::custom_attributes::CustomAttributes;
use crate::events::{Change, EventKind, changes_between};
use crate::groups::dynamic::apply_rule;
use crate::groups::fields::{self, InvalidGroup};
use crate::groups::{Group, Membership};
use crate::ids::GroupId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// What to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct GroupChange {
    pub name: Option<String>,
    pub description: Option<String>,
    /// All of them: those that are not named are removed.
    pub attributes: Option<CustomAttributes>,
    /// From dynamic to static the members stay as they are; a rule replaces them at once.
    pub membership: Option<Membership>,
}

/// Why the group was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateGroupError {
    #[error("there is no such group")]
    NoSuchGroup,
    /// Its description and attributes can be changed, nothing else.
    #[error("the built-in group contains everyone; it can neither be renamed nor get a rule")]
    BuiltIn,
    /// Each with its field.
    #[error("the group cannot be changed like this: {}", fields::sentence(.0))]
    Invalid(Vec<InvalidGroup>),
    /// Somebody else changed the group since it was read. Holds what it is now.
    #[error("the group was changed by somebody else in the meantime")]
    Stale(Box<Group>),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes a group, and its members when the rule changed, in one transaction, with the event
/// `group_update` and what changed. `expected` is the version that the person saw; `None` takes
/// whatever is there. Nothing changed: no event, the same version.
pub async fn update_group(
    op: &mut Op,
    store: &dyn Store,
    id: GroupId,
    expected: Option<i64>,
    change: GroupChange,
) -> Result<Group, UpdateGroupError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteGroups).await??;
    let before = write
        .group(id)
        .await?
        .ok_or(UpdateGroupError::NoSuchGroup)?;
    if expected.is_some_and(|version| version != before.version) {
        return Err(UpdateGroupError::Stale(Box::new(before)));
    }
    let mut after = changed(&before, change);
    if before.everyone && (after.name != before.name || after.rule().is_some()) {
        return Err(UpdateGroupError::BuiltIn);
    }
    if after == before {
        return Ok(before);
    }
    fields::check(&after).map_err(UpdateGroupError::Invalid)?;
    after.version += 1;
    after.updated_at = op.now;
    write.update_group(&after).await?;
    let changes = changes_between(&fields::visible(&before), &fields::visible(&after));
    let detail = json!({ "changes": Change::list(&changes) });
    let event = op.event(EventKind::GroupUpdate, true, Some(after.target()), detail);
    write.insert_event(&event).await?;
    if after.membership != before.membership {
        apply_rule(op, write.as_mut(), &after).await?;
    }
    write.commit().await?;
    Ok(after)
}

fn changed(before: &Group, change: GroupChange) -> Group {
    let mut after = before.clone();
    if let Some(name) = change.name {
        name.trim().clone_into(&mut after.name);
    }
    if let Some(description) = change.description {
        description.trim().clone_into(&mut after.description);
    }
    if let Some(attributes) = change.attributes {
        after.attributes = attributes;
    }
    if let Some(membership) = change.membership {
        after.membership = membership;
    }
    after
}
