//! One operation, applied to a resource.

use serde_json::{Map, Value};

use super::values::{List, keep_one_primary, known_parts};
use super::{Budget, Op, Operation};
use crate::error::{ScimError, ScimType};
use crate::filter::{Filter, matches_element};
use crate::names::take;
use crate::path::{AttributePath, PatchPath};
use crate::profile::{Profile, Unknown};
use crate::resource::{UNPARSABLE, is_schema};
use crate::schema::{
    Attribute, AttributeType, ENTERPRISE_URN, Mutability, ResourceKind, core_attribute,
    enterprise_attribute,
};

fn refuse(profile: &Profile, scim_type: ScimType, rfc: String) -> ScimError {
    ScimError::bad_request(scim_type, profile.detail(UNPARSABLE, rfc))
}

pub(super) fn apply(
    kind: ResourceKind,
    operation: &Operation,
    resource: &mut Map<String, Value>,
    (profile, budget): (&Profile, &mut Budget),
) -> Result<(), ScimError> {
    let mut target = Target {
        kind,
        profile,
        budget,
    };
    match (&operation.path, &operation.value) {
        (Some(path), value) => target.at(path, operation.op, value.as_ref(), resource),
        (None, Some(Value::Object(members))) => target.members(members, operation.op, resource),
        (None, _) => Err(refuse(
            profile,
            ScimType::InvalidValue,
            "Without a path the value must be an object.".to_owned(),
        )),
    }
}

struct Target<'a> {
    kind: ResourceKind,
    profile: &'a Profile,
    budget: &'a mut Budget,
}

impl Target<'_> {
    /// Without a path: every name of the value is one.
    fn members(
        &mut self,
        members: &Map<String, Value>,
        op: Op,
        resource: &mut Map<String, Value>,
    ) -> Result<(), ScimError> {
        for (name, value) in members {
            let path = PatchPath::parse(name).map_err(|error| {
                let text = format!("The name \"{name}\" cannot be read: {error}");
                refuse(self.profile, ScimType::InvalidPath, text)
            })?;
            let known = is_schema(&path.attribute.name)
                || self.find(&path.attribute).is_some()
                || self.profile.unknown == Unknown::Refuse;
            if known {
                self.at(&path, op, Some(value), resource)?;
            }
        }
        Ok(())
    }

    fn find(&self, path: &AttributePath) -> Option<&'static Attribute> {
        match path.extension() {
            Some(urn) if self.kind == ResourceKind::User && is_schema(urn) => {
                enterprise_attribute(&path.name)
            }
            Some(_) => None,
            None => core_attribute(self.kind, &path.name),
        }
    }

    fn at(
        &mut self,
        path: &PatchPath,
        op: Op,
        value: Option<&Value>,
        resource: &mut Map<String, Value>,
    ) -> Result<(), ScimError> {
        if is_schema(&path.attribute.name) && path.filter.is_none() {
            return self.whole_schema(&path.attribute.name, op, value, resource);
        }
        let attribute = self.find(&path.attribute).ok_or_else(|| {
            let text = format!("\"{path}\" names no attribute.");
            refuse(self.profile, ScimType::InvalidPath, text)
        })?;
        let sub = match path.sub() {
            None => None,
            Some(name) => Some(attribute.sub(name).ok_or_else(|| {
                let text = format!("\"{path}\" names no attribute.");
                refuse(self.profile, ScimType::InvalidPath, text)
            })?),
        };
        self.check_mutable(path, attribute, sub, op)?;
        if path.attribute.extension().is_none() {
            return self.change(path, attribute, sub, (op, value), resource);
        }
        let mut extension = match take(resource, ENTERPRISE_URN) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        self.change(path, attribute, sub, (op, value), &mut extension)?;
        if !extension.is_empty() {
            resource.insert(ENTERPRISE_URN.to_owned(), extension.into());
        }
        Ok(())
    }

    /// The path is a URN: the extension as one object, or the core schema. What the object does not
    /// name stays, as in every complex value (RFC 7644 section 3.5.2.3).
    fn whole_schema(
        &mut self,
        urn: &str,
        op: Op,
        value: Option<&Value>,
        resource: &mut Map<String, Value>,
    ) -> Result<(), ScimError> {
        let is_extension = urn.eq_ignore_ascii_case(ENTERPRISE_URN);
        match (op, value) {
            (Op::Remove, _) if is_extension => {
                take(resource, ENTERPRISE_URN);
                Ok(())
            }
            (Op::Add | Op::Replace, Some(Value::Object(members))) => {
                // Some clients repeat the URN in the object.
                let own = members
                    .iter()
                    .filter(|(name, _)| !name.eq_ignore_ascii_case("schemas"));
                for (name, value) in own {
                    let path = if is_extension {
                        format!("{ENTERPRISE_URN}:{name}")
                    } else {
                        name.clone()
                    };
                    let path = PatchPath::parse(&path).map_err(|error| {
                        refuse(self.profile, ScimType::InvalidPath, error.to_string())
                    })?;
                    self.at(&path, op, Some(value), resource)?;
                }
                Ok(())
            }
            _ => Err(refuse(
                self.profile,
                ScimType::InvalidValue,
                "The value for a schema must be an object.".to_owned(),
            )),
        }
    }

    fn check_mutable(
        &self,
        path: &PatchPath,
        attribute: &Attribute,
        sub: Option<&Attribute>,
        op: Op,
    ) -> Result<(), ScimError> {
        let read_only = |one: &Attribute| one.mutability == Mutability::ReadOnly;
        let frozen = sub.is_some_and(|sub| sub.mutability == Mutability::Immutable);
        let required = op == Op::Remove && {
            let name = match sub {
                Some(sub) => format!("{}.{}", attribute.name, sub.name),
                None => attribute.name.to_owned(),
            };
            self.profile.required(self.kind).contains(&name.as_str())
        };
        if read_only(attribute) || sub.is_some_and(read_only) || frozen || required {
            return Err(refuse(
                self.profile,
                ScimType::Mutability,
                format!("\"{path}\" may not be changed this way."),
            ));
        }
        Ok(())
    }

    /// Changes `attribute` inside the object that holds it.
    fn change(
        &mut self,
        path: &PatchPath,
        attribute: &'static Attribute,
        sub: Option<&'static Attribute>,
        (op, value): (Op, Option<&Value>),
        holder: &mut Map<String, Value>,
    ) -> Result<(), ScimError> {
        if path.filter.is_some() && !attribute.multi_valued {
            return Err(refuse(
                self.profile,
                ScimType::InvalidPath,
                format!("\"{}\" has no values to choose from.", attribute.name),
            ));
        }
        let given = match (sub, value) {
            (None, Some(value)) => Some(known_parts(attribute, value, self.profile)?),
            (Some(_), value) => value.cloned(),
            (None, None) => None,
        };
        let value = given.as_ref();
        let before = take(holder, attribute.name);
        let after = if attribute.multi_valued {
            let values = match before {
                Some(Value::Array(values)) => values,
                Some(Value::Null) | None => Vec::new(),
                Some(single) => vec![single],
            };
            let given = value.and_then(Value::as_array).map_or(1, Vec::len);
            self.budget.spend(values.len() + given, self.profile)?;
            let values = match (&path.filter, sub) {
                (None, None) => change_list(values, op, value),
                _ => self.change_chosen(path, sub, (op, value), values)?,
            };
            (!values.is_empty()).then_some(Value::Array(values))
        } else {
            change_single(attribute, before, sub, (op, value))
        };
        if let Some(after) = after {
            holder.insert(attribute.name.to_owned(), after);
        }
        Ok(())
    }

    /// Changes the values the filter chooses; without a filter, all of them.
    fn change_chosen(
        &self,
        path: &PatchPath,
        sub: Option<&'static Attribute>,
        (op, value): (Op, Option<&Value>),
        mut values: Vec<Value>,
    ) -> Result<Vec<Value>, ScimError> {
        let chosen = |one: &Value| {
            path.filter
                .as_ref()
                .is_none_or(|filter| matches_element(filter, one, &path.attribute))
        };
        if op != Op::Remove && !values.iter().any(chosen) {
            // A value can be made from `[type eq "work"]`, and from no filter at all.
            let can_make = match &path.filter {
                None => true,
                Some(filter) => op == Op::Add && filter.equalities().is_some(),
            };
            let made = new_element(path.filter.as_ref());
            // `type eq "work" and type eq "home"`: no value is ever both.
            let can_make = can_make && (path.filter.is_none() || chosen(&made));
            if !can_make {
                return Err(refuse(
                    self.profile,
                    ScimType::NoTarget,
                    format!("\"{path}\" selects no value."),
                ));
            }
            values.push(made);
        }
        let mut kept = Vec::with_capacity(values.len());
        let mut now_primary = None;
        for one in values {
            if !chosen(&one) {
                kept.push(one);
                continue;
            }
            let after = match (op, sub, value) {
                (Op::Remove, None, _) => None,
                (Op::Replace, None, Some(value)) => Some(value.clone()),
                _ => changed_object(Some(one), sub, (op, value)),
            };
            if let Some(after) = after {
                if after["primary"] == true {
                    now_primary = Some(kept.len());
                }
                kept.push(after);
            }
        }
        keep_one_primary(&mut kept, now_primary);
        Ok(kept)
    }
}

/// `[type eq "work"]` where nothing is of type work: the value that is added to.
fn new_element(filter: Option<&Filter>) -> Value {
    let mut element = Map::new();
    for (path, literal) in filter.and_then(Filter::equalities).unwrap_or_default() {
        element.insert(path.name.clone(), literal.to_value());
    }
    element.into()
}

/// A whole multi-valued attribute.
fn change_list(mut values: Vec<Value>, op: Op, value: Option<&Value>) -> Vec<Value> {
    let given = match value {
        None | Some(Value::Null) => None,
        Some(Value::Array(values)) => Some(values.clone()),
        Some(single) => Some(vec![single.clone()]),
    };
    match (op, given) {
        (Op::Replace, given) => given.unwrap_or_default(),
        // With a value, `remove` takes away the named values only. RFC 7644 does not speak of it;
        // AWS and Entra do it, and nobody means "everyone" with it.
        (Op::Remove, Some(given)) => {
            let gone = List::of(given);
            values.retain(|one| gone.find(one).is_none());
            values
        }
        (Op::Remove, None) => Vec::new(),
        (Op::Add, given) => {
            let mut list = List::of(std::mem::take(&mut values));
            for new in given.unwrap_or_default() {
                list.add(new);
            }
            list.into_values()
        }
    }
}

fn change_single(
    attribute: &Attribute,
    before: Option<Value>,
    sub: Option<&'static Attribute>,
    (op, value): (Op, Option<&Value>),
) -> Option<Value> {
    let is_complex = matches!(attribute.kind, AttributeType::Complex(_));
    match (op, sub, value) {
        (Op::Remove, None, _) => None,
        (_, None, Some(Value::String(_))) if is_complex && attribute.name == "manager" => {
            // A manager given as a bare string: what Entra sends.
            changed_object(before, attribute.sub("value"), (op, value))
        }
        (_, None, Some(value)) if !is_complex => Some(value.clone()),
        (Op::Add | Op::Replace, None, Some(value)) if !value.is_object() => Some(value.clone()),
        _ => changed_object(before, sub, (op, value)),
    }
}

/// A complex value with one sub-attribute changed, or with the given ones merged in. `replace` too
/// leaves the sub-attributes alone that are not given (RFC 7644 section 3.5.2.3).
fn changed_object(
    before: Option<Value>,
    sub: Option<&'static Attribute>,
    (op, value): (Op, Option<&Value>),
) -> Option<Value> {
    let mut members = match before {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    };
    match (sub, value) {
        (Some(sub), value) => {
            take(&mut members, sub.name);
            if let (Op::Add | Op::Replace, Some(value)) = (op, value) {
                members.insert(sub.name.to_owned(), value.clone());
            }
        }
        (None, Some(Value::Object(given))) => {
            for (name, value) in given {
                take(&mut members, name);
                members.insert(name.clone(), value.clone());
            }
        }
        (None, _) => {}
    }
    (!members.is_empty()).then_some(Value::Object(members))
}
