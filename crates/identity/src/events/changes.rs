//! What changed from what to what: `changes` in the detail of an event (requirements.md §5.6).

use serde_json::{Value, json};

/// One field that has another value now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field's path, as in the API: `profile.name`.
    pub field: String,
    /// JSON null: it had none.
    pub from: Value,
    /// JSON null: it has none now.
    pub to: Value,
}

impl Change {
    /// The list as it stands in an event.
    pub fn list(changes: &[Self]) -> Value {
        changes
            .iter()
            .map(|change| json!({"field": change.field, "from": change.from, "to": change.to}))
            .collect()
    }
}

/// The fields in which two JSON documents differ, objects compared member by member, everything
/// else as a whole.
pub fn changes_between(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    compare(String::new(), before, after, &mut changes);
    changes
}

fn compare(path: String, before: &Value, after: &Value, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        changes.push(Change {
            field: path,
            from: before.clone(),
            to: after.clone(),
        });
        return;
    };
    let added = new.keys().filter(|name| !old.contains_key(*name));
    for name in old.keys().chain(added) {
        let inner = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        let of = |object: &serde_json::Map<String, Value>| {
            object.get(name).cloned().unwrap_or(Value::Null)
        };
        compare(inner, &of(old), &of(new), changes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_that_differ_are_listed_with_both_values() {
        let before = json!({"a": 1, "b": {"c": "x", "d": [1]}, "gone": true});
        let after = json!({"a": 1, "b": {"c": "y", "d": [1]}, "new": "z"});
        let changes = changes_between(&before, &after);
        assert_eq!(
            Change::list(&changes),
            json!([
                {"field": "b.c", "from": "x", "to": "y"},
                {"field": "gone", "from": true, "to": null},
                {"field": "new", "from": null, "to": "z"},
            ])
        );
    }
}
