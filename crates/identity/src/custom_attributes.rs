//! Custom attributes of users and groups (requirements C15, C16, E03): a name that is unique within
//! its owner, a type, a value of that type.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::text::{self, TextError};

/// Most custom attributes of one user or group.
pub const MAX_ATTRIBUTES: usize = 200;
/// Most characters of a name, and of a value written as text.
pub const MAX_NAME: usize = 256;
pub const MAX_VALUE: usize = 1024;

/// By name. Names are case-sensitive, since AWS compares them so.
pub type CustomAttributes = BTreeMap<String, CustomValue>;

/// A value with its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum CustomValue {
    String(String),
    /// By value: `1.10` is kept as `1.1`. What has to stay as typed is a string.
    Number(serde_json::Number),
    Boolean(bool),
    /// An object or a list.
    Json(Value),
}

/// Why a text is no value of its type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCustomValue {
    #[error("\"{0}\" is not a type; use string, number, boolean or json")]
    Type(String),
    #[error("\"{0}\" is not a number")]
    Number(String),
    #[error("\"{0}\" is neither true nor false")]
    Boolean(String),
    #[error("the value is not JSON: {0}")]
    Json(String),
}

impl CustomValue {
    /// Reads what somebody typed for a chosen type.
    pub fn parse(kind: &str, text: &str) -> Result<Self, InvalidCustomValue> {
        match kind {
            "string" => Ok(Self::String(text.to_owned())),
            "number" => serde_json::from_str(text.trim())
                .map(Self::Number)
                .map_err(|_| InvalidCustomValue::Number(text.to_owned())),
            "boolean" => match text.trim() {
                "true" => Ok(Self::Boolean(true)),
                "false" => Ok(Self::Boolean(false)),
                _ => Err(InvalidCustomValue::Boolean(text.to_owned())),
            },
            "json" => serde_json::from_str(text)
                .map(Self::Json)
                .map_err(|error| InvalidCustomValue::Json(error.to_string())),
            other => Err(InvalidCustomValue::Type(other.to_owned())),
        }
    }

    /// The type's name: `string`, `number`, `boolean`, `json`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::String(_) => "string",
            Self::Number(_) => "number",
            Self::Boolean(_) => "boolean",
            Self::Json(_) => "json",
        }
    }

    /// The value as text: in forms, and in assertions.
    pub fn to_text(&self) -> String {
        self.as_text().into_owned()
    }

    /// [`Self::to_text`] without copying a string.
    pub fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::String(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Boolean(value) => Cow::Owned(value.to_string()),
            Self::Json(value) => Cow::Owned(value.to_string()),
        }
    }
}

/// Names of 1 to [`MAX_NAME`] characters, values of at most [`MAX_VALUE`], at most
/// [`MAX_ATTRIBUTES`] of them.
pub fn check(attributes: &CustomAttributes) -> Result<(), TextError> {
    if attributes.len() > MAX_ATTRIBUTES {
        return Err(TextError::TooLong {
            field: "the list of attributes",
            length: attributes.len(),
            max: MAX_ATTRIBUTES,
        });
    }
    for (name, value) in attributes {
        text::check_filled("an attribute name", name, MAX_NAME)?;
        text::check("an attribute value", &value.to_text(), MAX_VALUE)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requirement C16.
    #[test]
    fn a_value_is_read_as_the_type_that_was_chosen() {
        let text = |kind, text| CustomValue::parse(kind, text).map(|value| value.to_text());
        assert_eq!(text("string", "007").unwrap(), "007");
        assert_eq!(text("number", " 42 ").unwrap(), "42");
        assert_eq!(text("boolean", "true").unwrap(), "true");
        assert_eq!(text("json", r#"{"a": [1]}"#).unwrap(), r#"{"a":[1]}"#);
        for (kind, bad) in [
            ("number", "4x"),
            ("boolean", "yes"),
            ("json", "{"),
            ("date", "x"),
        ] {
            assert!(text(kind, bad).is_err(), "{kind} {bad}");
        }
    }
}
