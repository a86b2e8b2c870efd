//! Objects and connections of the graph (requirements.md §5.4).

use serde_json::{Value, json};

/// `GraphObject`.
pub(super) fn object(kind: &str, id: &str) -> Value {
    json!({"attributes": null, "id": id, "type": kind})
}

/// `GraphConnection`: a user in a group, seen from the group.
pub(super) fn member(group: &str, user: &str) -> Value {
    json!({"attributes": null, "from": object("user_group", group), "to": object("user", user)})
}

/// `GraphObjectWithPaths`: what is reached, and by which connection.
pub(super) fn reached(kind: &str, id: &str, from: &Value, to: &Value) -> Value {
    json!({
        "id": id,
        "type": kind,
        "compiledAttributes": null,
        "paths": [[{"attributes": null, "from": from, "to": to}]],
    })
}
