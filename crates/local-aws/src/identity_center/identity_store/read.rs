//! From AWS's members to SCIM attributes. What violates the model is noted in the [`Input`].

use serde_json::{Map, Value};

use super::members::{BEYOND_SCIM, ENTERPRISE, EXTENSION, Member, Shape, USER};
use crate::{
    identity_center::directory::UserAttributes,
    json_service::{Input, JsonError},
};

/// How the members of a structure are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As in the model.
    Model,
    /// In a document: as in SCIM, without regard to case.
    Document,
}

/// The members of a request as attributes.
pub(super) fn members(input: &mut Input<'_>, members: &[Member]) -> Map<String, Value> {
    let mut attributes = Map::new();
    for member in members {
        if let Some(value) = input.raw(member.name)
            && let Some(value) = attribute(input, member.name, value, member.shape, Spelling::Model)
        {
            attributes.insert(member.attribute.to_owned(), value);
        }
    }
    attributes
}

/// All attributes of a user that is created.
pub(super) fn user(input: &mut Input<'_>) -> Result<UserAttributes, JsonError> {
    let mut scim = members(input, USER);
    let beyond_scim = members(input, BEYOND_SCIM);
    let extensions = input.structure("Extensions");
    if let Some(unknown) = extensions
        .into_iter()
        .flatten()
        .find(|(name, _)| *name != EXTENSION)
    {
        return Err(unknown_extension(unknown.0));
    }
    if let Some(value) = extensions.and_then(|extensions| extensions.get(EXTENSION))
        && let Some(value) = attribute(
            input,
            &format!("extensions.{EXTENSION}"),
            value,
            ENTERPRISE.shape,
            Spelling::Document,
        )
    {
        scim.insert(ENTERPRISE.attribute.to_owned(), value);
    }
    Ok(UserAttributes { scim, beyond_scim })
}

/// Refuses extensions other than the one that there is.
pub(super) fn unknown_extension(name: &str) -> JsonError {
    JsonError::validation(format!(
        "The extension {name} is not supported. {EXTENSION} is the only supported extension name."
    ))
}

/// One value; `path` is for messages.
pub(super) fn attribute(
    input: &mut Input<'_>,
    path: &str,
    value: &Value,
    shape: Shape,
    spelling: Spelling,
) -> Option<Value> {
    match (shape, value) {
        (Shape::Text(pattern), Value::String(text)) => input.check(path, text, pattern),
        (Shape::Flag, Value::Bool(_)) => {}
        (Shape::Structure(members), Value::Object(given)) => {
            return structure(input, path, given, members, spelling);
        }
        (Shape::List(max, members), Value::Array(entries)) => {
            input.check_size(path, entries, 1, max);
            let entries = &entries[..entries.len().min(max)];
            return Some(list(input, path, entries, members, spelling));
        }
        _ => {
            input.mistyped(path);
            return None;
        }
    }
    Some(value.clone())
}

fn list(
    input: &mut Input<'_>,
    path: &str,
    entries: &[Value],
    members: &'static [Member],
    spelling: Spelling,
) -> Value {
    let entries = entries.iter().enumerate().filter_map(|(index, entry)| {
        let path = format!("{path}.{}.member", index + 1);
        attribute(input, &path, entry, Shape::Structure(members), spelling)
    });
    entries.collect()
}

/// A structure without members is none.
fn structure(
    input: &mut Input<'_>,
    path: &str,
    given: &Map<String, Value>,
    members: &[Member],
    spelling: Spelling,
) -> Option<Value> {
    let mut attributes = Map::new();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        let member = members.iter().find(|member| match spelling {
            Spelling::Model => member.name == name,
            Spelling::Document => {
                member.name.eq_ignore_ascii_case(name)
                    || member.attribute.eq_ignore_ascii_case(name)
            }
        });
        // What the model does not know is not read, as on AWS.
        let Some(member) = member else { continue };
        let path = format!("{path}.{}", member.attribute);
        if let Some(value) = attribute(input, &path, value, member.shape, spelling) {
            attributes.insert(member.attribute.to_owned(), value);
        }
    }
    (!attributes.is_empty()).then_some(Value::Object(attributes))
}
