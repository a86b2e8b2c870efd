//! What of a resource is answered (RFC 7644 section 3.9, RFC 7643 section 7 "returned").

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::beyond::leave_out as leave_out_beyond;
use crate::error::{ScimError, ScimType};
use crate::names::{get, take};
use crate::path::AttributePath;
use crate::profile::{ErrorShape, Profile};
use crate::schema::{Mutability, ResourceKind};

/// Attributes that are answered whatever the client asks for.
const ALWAYS: [&str; 2] = ["schemas", "id"];
/// The most attributes named in one request.
const MAX_NAMED: usize = 200;

/// Which attributes a client wants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Selection {
    /// All of them.
    #[default]
    All,
    /// These, beside the ones that are always answered.
    Only(Vec<AttributePath>),
    /// All but these.
    Without(Vec<AttributePath>),
}

impl Selection {
    /// Reads `attributes` and `excludedAttributes` from the decoded pairs of a query. AWS does not
    /// support them and ignores them.
    ///
    /// # Errors
    /// 400 where a name is none, or both are given.
    pub fn parse<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        profile: &Profile,
    ) -> Result<Self, ScimError> {
        let mut selection = Self::All;
        if profile.errors == ErrorShape::Aws {
            return Ok(selection);
        }
        for (name, value) in pairs {
            let many: fn(Vec<AttributePath>) -> Self = match name.to_ascii_lowercase().as_str() {
                "attributes" => Self::Only,
                "excludedattributes" => Self::Without,
                _ => continue,
            };
            if selection != Self::All {
                return Err(ScimError::bad_request(
                    ScimType::InvalidValue,
                    "Send \"attributes\" or \"excludedAttributes\", and send it once.",
                ));
            }
            let mut seen = HashSet::new();
            let named: Option<Vec<_>> = value
                .split(',')
                .map(str::trim)
                .filter(|name| seen.insert(name.to_ascii_lowercase()))
                .map(AttributePath::parse)
                .collect();
            let named = named
                .filter(|named| named.len() <= MAX_NAMED)
                .ok_or_else(|| {
                    ScimError::bad_request(
                        ScimType::InvalidPath,
                        format!(
                            "\"{name}\" must be a list of attribute names, separated by commas."
                        ),
                    )
                })?;
            selection = many(named);
        }
        Ok(selection)
    }

    /// Whether anything of the core attribute `name` is answered, so that it need not be gathered
    /// for nothing.
    pub fn wants(&self, name: &str) -> bool {
        let is_it = |path: &AttributePath| {
            path.extension().is_none() && path.name.eq_ignore_ascii_case(name)
        };
        match self {
            Self::All => true,
            Self::Only(named) => named.iter().any(is_it),
            Self::Without(named) => !named.iter().any(|path| is_it(path) && path.sub.is_none()),
        }
    }

    /// The resource as it is answered: what may never be answered is left out first. The members of
    /// a group are left out where the dialect does not answer them.
    pub fn answer(
        &self,
        kind: ResourceKind,
        mut resource: Map<String, Value>,
        profile: &Profile,
    ) -> Map<String, Value> {
        for attribute in kind.attributes() {
            if attribute.mutability == Mutability::WriteOnly {
                take(&mut resource, attribute.name);
            }
        }
        if kind == ResourceKind::Group && !profile.group_members {
            take(&mut resource, "members");
        }
        leave_out_beyond(kind, &mut resource, profile);
        match self {
            Self::All => resource,
            Self::Only(named) => {
                let mut kept = Map::new();
                for name in ALWAYS {
                    if let Some(value) = get(&resource, name) {
                        kept.insert(name.to_owned(), value.clone());
                    }
                }
                for path in named {
                    copy(path, &resource, &mut kept);
                }
                kept
            }
            Self::Without(named) => {
                for path in named {
                    leave_out(path, &mut resource);
                }
                resource
            }
        }
    }
}

/// Adds what `path` names.
fn copy(path: &AttributePath, from: &Map<String, Value>, to: &mut Map<String, Value>) {
    if let Some(urn) = path.extension() {
        let Some(Value::Object(extension)) = get(from, urn) else {
            return;
        };
        let inner = AttributePath {
            schema: None,
            ..path.clone()
        };
        let mut kept = match take(to, urn) {
            Some(Value::Object(kept)) => kept,
            _ => Map::new(),
        };
        copy(&inner, extension, &mut kept);
        if !kept.is_empty() {
            to.insert(own_name(from, urn), kept.into());
        }
        return;
    }
    let Some(value) = get(from, &path.name) else {
        return;
    };
    let name = own_name(from, &path.name);
    let Some(sub) = &path.sub else {
        to.insert(name, value.clone());
        return;
    };
    let existing = to.get(&name).cloned();
    let with_sub = match (value, existing) {
        (Value::Array(values), existing) => {
            let existing = existing.as_ref().and_then(Value::as_array);
            let at = |index: usize| existing.and_then(|values| values.get(index)).cloned();
            values
                .iter()
                .enumerate()
                .map(|(index, value)| with_member(at(index), value, sub))
                .collect()
        }
        (single, existing) => with_member(existing, single, sub),
    };
    to.insert(name, with_sub);
}

fn with_member(existing: Option<Value>, from: &Value, sub: &str) -> Value {
    let mut kept = match existing {
        Some(Value::Object(kept)) => kept,
        _ => Map::new(),
    };
    if let Some(members) = from.as_object()
        && let Some(value) = get(members, sub)
    {
        kept.insert(own_name(members, sub), value.clone());
    }
    kept.into()
}

/// The name as the resource writes it.
fn own_name(members: &Map<String, Value>, name: &str) -> String {
    members
        .keys()
        .find(|key| key.eq_ignore_ascii_case(name))
        .map_or_else(|| name.to_owned(), Clone::clone)
}

fn leave_out(path: &AttributePath, resource: &mut Map<String, Value>) {
    if let Some(urn) = path.extension() {
        let name = own_name(resource, urn);
        let inner = AttributePath {
            schema: None,
            ..path.clone()
        };
        if let Some(Value::Object(extension)) = resource.get_mut(&name) {
            leave_out(&inner, extension);
        }
        return;
    }
    if ALWAYS
        .iter()
        .any(|always| always.eq_ignore_ascii_case(&path.name))
    {
        return;
    }
    let Some(sub) = &path.sub else {
        take(resource, &path.name);
        return;
    };
    let name = own_name(resource, &path.name);
    let values = match resource.get_mut(&name) {
        Some(Value::Array(values)) => values.as_mut_slice(),
        Some(single) => std::slice::from_mut(single),
        None => return,
    };
    for value in values.iter_mut().filter_map(Value::as_object_mut) {
        take(value, sub);
    }
}
