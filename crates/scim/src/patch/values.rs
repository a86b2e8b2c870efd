//! The values of a multi-valued attribute, found by what makes them the same.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::error::ScimError;
use crate::names::{get, take};
use crate::profile::{Profile, Unknown};
use crate::resource::invalid;
use crate::schema::{Attribute, AttributeType};

/// A list with an index: a request may bring thousands of values, and each is looked up once.
///
/// Two values are the same with the same `value` and, where both say one, the same `type`; without
/// a `value`, when they are equal.
#[derive(Debug, Default)]
pub(super) struct List {
    values: Vec<Value>,
    /// `value` and `type`.
    typed: HashMap<(String, String), usize>,
    /// `value` of those without a `type`; all of those without a `value`.
    untyped: HashMap<String, usize>,
    /// `value`, whatever the type.
    any: HashMap<String, usize>,
    /// The value that became primary last.
    primary: Option<usize>,
}

impl List {
    /// These values, as they are.
    pub(super) fn of(values: Vec<Value>) -> Self {
        let mut list = Self::default();
        for value in values {
            list.push(value);
        }
        list
    }

    /// Where the same value is.
    pub(super) fn find(&self, value: &Value) -> Option<usize> {
        let found = match parts(value) {
            None => self.untyped.get(&value.to_string()),
            Some((value, None)) => self.any.get(&value),
            Some((value, Some(kind))) => {
                let untyped = self.untyped.get(&value);
                self.typed.get(&(value, kind)).or(untyped)
            }
        };
        found.copied()
    }

    /// Adds a value; where it is there already, the parts that it says.
    pub(super) fn add(&mut self, value: Value) {
        let is_primary = value["primary"] == true;
        let at = match self.find(&value) {
            None => {
                self.push(value);
                self.values.len() - 1
            }
            Some(at) => {
                if let (Some(Value::Object(known)), Value::Object(new)) =
                    (self.values.get_mut(at), value)
                {
                    merge(known, new);
                }
                at
            }
        };
        if is_primary {
            self.primary = Some(at);
        }
    }

    /// The values, one of them primary at most.
    pub(super) fn into_values(mut self) -> Vec<Value> {
        keep_one_primary(&mut self.values, self.primary);
        self.values
    }

    fn push(&mut self, value: Value) {
        let at = self.values.len();
        match parts(&value) {
            None => {
                self.untyped.entry(value.to_string()).or_insert(at);
            }
            Some((value, kind)) => {
                self.any.entry(value.clone()).or_insert(at);
                match kind {
                    None => self.untyped.entry(value).or_insert(at),
                    Some(kind) => self.typed.entry((value, kind)).or_insert(at),
                };
            }
        }
        self.values.push(value);
    }
}

/// `value` and `type` as text; `None` without a `value`.
fn parts(of: &Value) -> Option<(String, Option<String>)> {
    let of = of.as_object()?;
    let text = |name: &str| get(of, name).map(Value::to_string);
    Some((text("value")?, text("type")))
}

fn merge(known: &mut Map<String, Value>, new: Map<String, Value>) {
    for (name, value) in new {
        take(known, &name);
        known.insert(name, value);
    }
}

/// What was given for an attribute, with names in the schema's case. Parts that the schema does not
/// have are refused or left out, as the dialect says.
pub(super) fn known_parts(
    attribute: &Attribute,
    given: &Value,
    profile: &Profile,
) -> Result<Value, ScimError> {
    if !matches!(attribute.kind, AttributeType::Complex(_)) {
        return Ok(given.clone());
    }
    match given {
        Value::Array(values) => values
            .iter()
            .map(|value| match value {
                Value::Object(_) => known_parts(attribute, value, profile),
                other => Ok(other.clone()),
            })
            .collect(),
        Value::Object(members) => {
            let mut known = Map::new();
            for (name, value) in members {
                match attribute.sub(name) {
                    Some(sub) => {
                        known.insert(sub.name.to_owned(), value.clone());
                    }
                    None if profile.unknown == Unknown::Ignore => {}
                    None => return Err(invalid(profile, format!("\"{name}\" is not known."))),
                }
            }
            Ok(Value::Object(known))
        }
        other => Ok(other.clone()),
    }
}

/// Where one value has become primary the others are not any more (RFC 7644 section 3.5.2).
pub(super) fn keep_one_primary(values: &mut [Value], primary: Option<usize>) {
    let Some(primary) = primary else { return };
    for (at, value) in values.iter_mut().enumerate() {
        if at != primary && value["primary"] == true {
            value["primary"] = Value::Bool(false);
        }
    }
}
