//! The members of a JSON request.

use serde_json::{Map, Value};

use super::OidcError;

/// The longest text and the most items of a list that are looked at.
const MAX_TEXT: usize = 16 * 1024;
const MAX_ITEMS: usize = 50;

/// The members of one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input<'a> {
    members: &'a Map<String, Value>,
}

impl<'a> Input<'a> {
    pub(super) fn of(members: &'a Map<String, Value>) -> Self {
        Self { members }
    }

    /// A text; an absent or null one is `None`.
    pub(super) fn optional(self, name: &str) -> Result<Option<&'a str>, OidcError> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.len() <= MAX_TEXT => Ok(Some(text)),
            Some(_) => Err(OidcError::invalid_request(&format!("Invalid {name}"))),
        }
    }

    /// A text that must be there.
    pub(super) fn required(self, name: &str) -> Result<&'a str, OidcError> {
        self.optional(name)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| OidcError::invalid_request(&format!("{name} is required")))
    }

    /// A list of texts; an absent or null one is empty.
    pub(super) fn texts(self, name: &str) -> Result<Vec<&'a str>, OidcError> {
        let invalid = || OidcError::invalid_request(&format!("Invalid {name}"));
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) if items.len() <= MAX_ITEMS => items
                .iter()
                .map(|item| {
                    item.as_str()
                        .filter(|text| !text.is_empty() && text.len() <= 2048)
                        .ok_or_else(invalid)
                })
                .collect(),
            Some(_) => Err(invalid()),
        }
    }
}
