//! Objects and connections of the graph (requirements.md §5.4).

use serde_json::{Value, json};

/// `GraphObject`.
pub(super) fn object(kind: &str, id: &str) -> Value {
    json!({"attributes": null, "id": id, "type": kind})
}

/// `GraphConnection`
pub(super) fn connection(from: &Value, to: &Value) -> Value {
    json!({"attributes": null, "from": from, "to": to})
}

/// A user in a group, seen from the group.
pub(super) fn member(group: &str, user: &str) -> Value {
    connection(&object("user_group", group), &object("user", user))
}

/// `GraphObjectWithPaths`: what is reached, and by which connection.
pub(super) fn reached(kind: &str, id: &str, from: &Value, to: &Value) -> Value {
    reached_by(kind, id, &[vec![connection(from, to)]])
}

/// The same by any of several ways, each of one or more connections.
pub(super) fn reached_by(kind: &str, id: &str, paths: &[Vec<Value>]) -> Value {
    json!({"id": id, "type": kind, "compiledAttributes": null, "paths": paths})
}
