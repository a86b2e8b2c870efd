//! What the activity log says about people who come into a group or leave it.

use crate::events::association_event;
use crate::groups::Group;
use crate::op::Op;
use crate::store::{StoreError, Write};
use crate::users::User;

/// Up to this many people get an event each; more share events of [`SHARED`].
const SEPARATE: usize = 100;
const SHARED: usize = 500;

/// Whether people came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Add,
    Remove,
}

impl Direction {
    fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
        }
    }
}

/// Adds the events `association_change`. `by_rule`: the rule of the group decided.
pub(super) async fn write_events(
    op: &mut Op,
    write: &mut dyn Write,
    group: &Group,
    direction: Direction,
    users: &[&User],
    by_rule: bool,
) -> Result<(), StoreError> {
    let size = if users.len() <= SEPARATE { 1 } else { SHARED };
    for some in users.chunks(size) {
        let people: Vec<_> = some.iter().map(|user| user.target()).collect();
        let mut event = association_event(op, direction.as_str(), group.target(), &people);
        event.detail["by_rule"] = by_rule.into();
        write.insert_event(&event).await?;
    }
    Ok(())
}
