//! Reading and checking the members of a request. Violations are collected and told together, in
//! the words of AWS's model validation:
//! `2 validation errors detected: Value '…' at 'name' failed to satisfy constraint: …; Value …`.

use jetway_aws_wire::ValidationErrors;
use serde_json::{Map, Value};

use super::JsonError;

/// Length in characters and pattern of a string member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    pub(crate) min: usize,
    pub(crate) max: usize,
    /// As AWS prints it.
    pub(crate) text: &'static str,
    /// Whether a value matches it; its length is checked apart.
    pub(crate) matches: fn(&str) -> bool,
}

/// The members of a request.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    members: &'a Map<String, Value>,
    errors: ValidationErrors,
    /// A member has another JSON type than the model says.
    mistyped: Option<String>,
}

impl<'a> Input<'a> {
    pub(crate) fn of(members: &'a Map<String, Value>) -> Self {
        Self {
            members,
            errors: ValidationErrors::new(),
            mistyped: None,
        }
    }

    /// A string that must be there. Empty when it is not; [`Self::done`] refuses the request then.
    pub(crate) fn required(&mut self, name: &str, pattern: Pattern) -> &'a str {
        let value = self.optional(name, pattern);
        self.errors.required(&wire_name(name), value.is_some());
        value.unwrap_or_default()
    }

    /// A string that may be absent.
    pub(crate) fn optional(&mut self, name: &str, pattern: Pattern) -> Option<&'a str> {
        let value = self.raw(name)?;
        let Some(text) = value.as_str() else {
            self.mistyped.get_or_insert_with(|| name.to_owned());
            return None;
        };
        self.check(name, text, pattern);
        Some(text)
    }

    /// Checks a string that is not a member of its own, such as one in a list.
    pub(crate) fn check(&mut self, name: &str, text: &str, pattern: Pattern) {
        let name = wire_name(name);
        self.errors
            .pattern(&name, text, pattern.text, (pattern.matches)(text));
        self.errors.length(&name, text, pattern.min, pattern.max);
    }

    /// Checks how many entries a list has, wherever it stands.
    pub(crate) fn check_size(&mut self, name: &str, entries: &[Value], min: usize, max: usize) {
        let texts: Vec<String> = entries.iter().map(Value::to_string).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        self.errors.list_length(&wire_name(name), &texts, min, max);
    }

    /// Notes that a member that must be there is not.
    pub(crate) fn missing(&mut self, name: &str) {
        self.errors.required(&wire_name(name), false);
    }

    /// One of these words.
    pub(crate) fn one_of(&mut self, name: &str, words: &[&str]) -> Option<&'a str> {
        let value = self.raw(name)?;
        let Some(text) = value.as_str() else {
            self.mistyped.get_or_insert_with(|| name.to_owned());
            return None;
        };
        self.errors.one_of(&wire_name(name), text, words);
        Some(text)
    }

    /// A whole number between two values, both included.
    pub(crate) fn integer(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        let value = self.raw(name)?;
        let Some(number) = value.as_i64() else {
            self.mistyped.get_or_insert_with(|| name.to_owned());
            return None;
        };
        self.errors.range(&wire_name(name), number, min, max);
        Some(number)
    }

    /// A list.
    pub(crate) fn list(&mut self, name: &str) -> Option<&'a [Value]> {
        let value = self.raw(name)?;
        let list = value.as_array();
        if list.is_none() {
            self.mistyped.get_or_insert_with(|| name.to_owned());
        }
        list.map(Vec::as_slice)
    }

    /// A structure.
    pub(crate) fn structure(&mut self, name: &str) -> Option<&'a Map<String, Value>> {
        let value = self.raw(name)?;
        let structure = value.as_object();
        if structure.is_none() {
            self.mistyped.get_or_insert_with(|| name.to_owned());
        }
        structure
    }

    /// Any value; `null` counts as absent.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Whether the member is there.
    pub(crate) fn require_presence(&mut self, name: &str) {
        let present = self.raw(name).is_some();
        self.errors.required(&wire_name(name), present);
    }

    /// For constraints that no other function here checks.
    pub(crate) fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }

    /// The value of a member has another JSON type than the model says.
    pub(crate) fn mistyped(&mut self, name: &str) {
        self.mistyped.get_or_insert_with(|| name.to_owned());
    }

    /// Refuses the request if anything was wrong so far.
    pub(crate) fn done(&mut self) -> Result<(), JsonError> {
        if let Some(name) = self.mistyped.take() {
            return Err(JsonError::new(
                "SerializationException",
                format!("The member {name} has another type than the service's model says."),
            ));
        }
        std::mem::take(&mut self.errors)
            .into_result()
            .map_err(|error| JsonError::validation(error.message))
    }
}

/// The name of a member in messages: `permissionSetArn` for `PermissionSetArn`.
fn wire_name(name: &str) -> String {
    let mut characters = name.chars();
    characters
        .next()
        .map(|first| first.to_lowercase().chain(characters).collect())
        .unwrap_or_default()
}
