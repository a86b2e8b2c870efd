//! What an event `association_change` says of the two sides that were brought together or parted,
//! in the shape of JumpCloud's Directory Insights (requirements.md §5.6). The event's target is one
//! side; the log of the other finds it by what stands here.

use serde_json::{Value, json};

use crate::events::{Event, EventKind, Target};
use crate::op::Op;

/// The member of the detail.
const MEMBER: &str = "association";

/// The event that `from`, its target, and each of `to` were brought together (`add`) or parted
/// (`remove`).
pub(crate) fn association_event(op: &mut Op, word: &str, from: Target, to: &[Target]) -> Event {
    let other = match to {
        [one] => side(one),
        several => several.iter().map(side).collect(),
    };
    let connection = json!({"from": side(&from), "to": other});
    let detail = json!({"op": word, MEMBER: {"op": word, "connection": connection}});
    op.event(EventKind::AssociationChange, true, Some(from), detail)
}

fn side(target: &Target) -> Value {
    json!({"object_id": target.id, "type": target.kind.as_str(), "name": target.label})
}

/// The ids on the other side of an association.
pub fn associated_ids(detail: &Value) -> impl Iterator<Item = &str> {
    texts(detail, "object_id")
}

/// The names on the other side of an association, as they were then.
pub fn associated_names(detail: &Value) -> impl Iterator<Item = &str> {
    texts(detail, "name")
}

fn texts<'a>(detail: &'a Value, member: &'static str) -> impl Iterator<Item = &'a str> {
    let to = &detail[MEMBER]["connection"]["to"];
    let several = to.as_array().map(Vec::as_slice);
    let sides = several.unwrap_or_else(|| std::slice::from_ref(to));
    sides.iter().filter_map(move |side| side[member].as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_other_side_or_several_are_found() {
        let connected = |to: Value| json!({"association": {"op": "add", "connection": {"to": to}}});
        let of = |id: &str| json!({"object_id": id, "type": "user", "name": "somebody"});
        for (detail, ids) in [
            (connected(of("a")), vec!["a"]),
            (connected(json!([of("a"), of("b")])), vec!["a", "b"]),
            (connected(json!([])), vec![]),
            (json!({"changes": []}), vec![]),
        ] {
            assert_eq!(associated_ids(&detail).collect::<Vec<_>>(), ids);
        }
    }
}
