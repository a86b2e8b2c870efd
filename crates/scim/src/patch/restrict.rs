//! What AWS does not take in a patch.

use serde_json::Value;

use super::{Op, Operation};
use crate::error::{ScimError, ScimType};
use crate::filter::{Filter, Literal, Operator};
use crate::path::PatchPath;
use crate::profile::PatchLimits;
use crate::resource::{UNPARSABLE, is_schema};
use crate::schema::ResourceKind;

const ONE_ATTRIBUTE: &str = "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a single attribute.";

fn refuse(detail: &str) -> ScimError {
    ScimError::bad_request(ScimType::InvalidValue, detail)
}

pub(super) fn check(
    kind: ResourceKind,
    operations: &[Operation],
    limits: &PatchLimits,
) -> Result<(), ScimError> {
    let allowed = match kind {
        ResourceKind::User => limits.user_attributes,
        ResourceKind::Group => limits.group_attributes,
    };
    let mut changes = 0;
    let mut once: Vec<&str> = Vec::new();
    for operation in operations {
        let name = target(operation)?;
        let attribute = allowed
            .iter()
            .find(|attribute| attribute.eq_ignore_ascii_case(&name))
            .ok_or_else(|| refuse(UNPARSABLE))?;
        if limits.once_and_kept.contains(attribute) {
            if operation.op == Op::Remove || once.contains(attribute) {
                return Err(refuse(UNPARSABLE));
            }
            once.push(attribute);
        }
        if let Some(filter) = operation
            .path
            .as_ref()
            .and_then(|path| path.filter.as_ref())
        {
            filter.equalities().ok_or_else(|| refuse(UNPARSABLE))?;
        }
        if *attribute == "members" {
            changes += membership_changes(operation)?;
        }
    }
    if changes > limits.membership_changes {
        return Err(refuse(UNPARSABLE));
    }
    Ok(())
}

/// The attribute an operation changes; the extension counts as one.
fn target(operation: &Operation) -> Result<String, ScimError> {
    if let Some(path) = &operation.path {
        return Ok(attribute_of(path));
    }
    match &operation.value {
        Some(Value::Object(members)) if members.len() == 1 => {
            let name = members.keys().next().map_or("", String::as_str);
            PatchPath::parse(name)
                .map(|path| attribute_of(&path))
                .map_err(|_| refuse(UNPARSABLE))
        }
        _ => Err(refuse(ONE_ATTRIBUTE)),
    }
}

fn attribute_of(path: &PatchPath) -> String {
    match path.attribute.extension() {
        Some(urn) if is_schema(urn) => urn.to_owned(),
        _ => path.attribute.name.clone(),
    }
}

/// How many memberships an operation adds or removes.
fn membership_changes(operation: &Operation) -> Result<usize, ScimError> {
    let not_supported = || refuse("Replacing group memberships is not supported.");
    if operation.op == Op::Replace {
        return Err(not_supported());
    }
    if let Some(filter) = operation
        .path
        .as_ref()
        .and_then(|path| path.filter.as_ref())
    {
        // Anything else could choose everybody.
        return match filter {
            Filter::Compare(path, Operator::Eq, Literal::Text(id))
                if path.is("value") && !id.is_empty() =>
            {
                Ok(1)
            }
            _ => Err(refuse(UNPARSABLE)),
        };
    }
    let value = match (&operation.path, &operation.value) {
        (None, Some(Value::Object(members))) => members.values().next(),
        (_, value) => value.as_ref(),
    };
    match value {
        Some(Value::Array(values)) if !values.is_empty() => Ok(values.len()),
        Some(Value::Object(_)) => Ok(1),
        _ => Err(refuse(UNPARSABLE)),
    }
}
