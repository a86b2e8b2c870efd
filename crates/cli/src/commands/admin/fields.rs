//! `FIELD=VALUE` as a document.

use serde_json::{Map, Value};

use super::AdminError;

/// The document that sets these fields. A dot goes one level down: `sessions.idle_minutes=30`.
/// Names of attributes have dots themselves: below `attributes` and `custom_attributes` the rest
/// is one name.
pub(super) fn document(fields: &[String]) -> Result<Value, AdminError> {
    let mut document = Map::new();
    for field in fields {
        let (path, value) = field
            .split_once('=')
            .filter(|(path, _)| !path.is_empty())
            .ok_or_else(|| AdminError::NotAField(field.clone()))?;
        set(&mut document, path, value_of(value));
    }
    Ok(Value::Object(document))
}

fn set(document: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((first, rest)) = path.split_once('.') else {
        document.insert(path.to_owned(), value);
        return;
    };
    let inner = document
        .entry(first)
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        if matches!(first, "attributes" | "custom_attributes") {
            inner.insert(rest.to_owned(), value);
        } else {
            set(inner, rest, value);
        }
    }
}

/// JSON where it is JSON of another kind than a bare text, else the text as typed.
fn value_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_become_a_document() {
        let typed = [
            "first_name=Road",
            "attributes.addresses.work.region=us-east-1",
            "sessions.idle_minutes=30",
            "sessions.absolute_minutes=60",
            "mail=null",
            "tags=[\"a\"]",
            "note=a=b",
            "code=\"0123\"",
            "empty=",
        ];
        let typed = typed.map(str::to_owned);
        assert_eq!(
            document(&typed).unwrap(),
            json!({
                "first_name": "Road",
                "attributes": {"addresses.work.region": "us-east-1"},
                "sessions": {"idle_minutes": 30, "absolute_minutes": 60},
                "mail": null,
                "tags": ["a"],
                "note": "a=b",
                "code": "0123",
                "empty": "",
            })
        );
        assert!(document(&["name".to_owned()]).is_err());
        assert!(document(&["=x".to_owned()]).is_err());
    }
}
