//! `Operations` of UpdateUser and UpdateGroup: attributes set or removed by their paths.

use serde_json::{Map, Value};

use super::{
    input::{PATH, text_in},
    members::{BEYOND_SCIM, ENTERPRISE, EXTENSION, GROUP, Member, Shape, USER},
    read::{Spelling, attribute},
};
use crate::{
    identity_center::directory::UserAttributes,
    json_service::{Input, JsonError},
};

/// The most operations in one request.
const MAX_OPERATIONS: usize = 100;

/// One operation: where, and what is there afterwards.
#[derive(Debug)]
pub(super) struct AttributeOperation {
    path: Vec<&'static str>,
    beyond_scim: bool,
    /// `None` removes.
    value: Option<Value>,
}

/// The operations on a user.
pub(super) fn of_user(input: &mut Input<'_>) -> Result<Vec<AttributeOperation>, JsonError> {
    read(input, |path| {
        let of = |root: &'static [Member], beyond_scim| {
            find(root, path).map(|found| (found, beyond_scim))
        };
        if let Some(rest) = strip_extension(path) {
            let (mut names, shape) = if rest.is_empty() {
                (Vec::new(), ENTERPRISE.shape)
            } else {
                let Shape::Structure(members) = ENTERPRISE.shape else {
                    return None;
                };
                find(members, rest)?
            };
            names.insert(0, ENTERPRISE.attribute);
            return Some(((names, shape), false));
        }
        of(USER, false).or_else(|| of(BEYOND_SCIM, true))
    })
}

/// The operations on a group.
pub(super) fn of_group(input: &mut Input<'_>) -> Result<Vec<AttributeOperation>, JsonError> {
    read(input, |path| find(GROUP, path).map(|found| (found, false)))
}

/// The attributes of a user after these operations.
pub(super) fn apply(mut to: UserAttributes, operations: &[AttributeOperation]) -> UserAttributes {
    for operation in operations {
        let attributes = if operation.beyond_scim {
            &mut to.beyond_scim
        } else {
            &mut to.scim
        };
        put(attributes, &operation.path, operation.value.as_ref());
    }
    to
}

type Found = (Vec<&'static str>, Shape);

fn read(
    input: &mut Input<'_>,
    resolve: impl Fn(&str) -> Option<(Found, bool)>,
) -> Result<Vec<AttributeOperation>, JsonError> {
    input.require_presence("Operations");
    let given = input.list("Operations").unwrap_or_default();
    if input.raw("Operations").is_some() {
        input.check_size("Operations", given, 1, MAX_OPERATIONS);
    }
    let mut operations = Vec::new();
    for (index, entry) in given.iter().take(MAX_OPERATIONS).enumerate() {
        let at = format!("operations.{}.member", index + 1);
        let Some(entry) = entry.as_object() else {
            input.mistyped(&at);
            continue;
        };
        let Some(path) = text_in(input, entry, (&at, "AttributePath"), PATH) else {
            continue;
        };
        let Some(((names, shape), beyond_scim)) = resolve(path) else {
            // The model's complaints come first.
            input.done()?;
            return Err(JsonError::validation(format!(
                "The attribute {path} cannot be updated."
            )));
        };
        let value = entry
            .get("AttributeValue")
            .filter(|value| !value.is_null())
            .and_then(|value| {
                let at = format!("{at}.attributeValue");
                attribute(input, &at, value, shape, Spelling::Document)
            });
        operations.push(AttributeOperation {
            path: names,
            beyond_scim,
            value,
        });
    }
    Ok(operations)
}

/// The member at a path such as `name.givenName`, without regard to case. What is in a list has no
/// path of its own.
fn find(members: &'static [Member], path: &str) -> Option<Found> {
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    let member = members
        .iter()
        .find(|member| member.attribute.eq_ignore_ascii_case(first))?;
    match (rest, member.shape) {
        (None, shape) => Some((vec![member.attribute], shape)),
        (Some(rest), Shape::Structure(members)) => {
            let (mut names, shape) = find(members, rest)?;
            names.insert(0, member.attribute);
            Some((names, shape))
        }
        (Some(_), _) => None,
    }
}

/// What stands behind the name of the extension.
fn strip_extension(path: &str) -> Option<&str> {
    let (name, rest) = path.split_at_checked(EXTENSION.len())?;
    if !name.eq_ignore_ascii_case(EXTENSION) {
        return None;
    }
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('.')
    }
}

fn put(attributes: &mut Map<String, Value>, path: &[&str], value: Option<&Value>) {
    match (path, value) {
        ([], _) => {}
        ([name], Some(value)) => {
            attributes.insert((*name).to_owned(), value.clone());
        }
        ([name], None) => {
            attributes.remove(*name);
        }
        ([name, rest @ ..], value) => {
            let inner = attributes
                .entry((*name).to_owned())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
                if inner.is_empty() {
                    attributes.remove(*name);
                }
            }
        }
    }
}
