//! A `systemuser` as clients send it.

use std::collections::BTreeMap;

use jetway_identity::{CustomValue, UserChange, UserState};
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::document::{ADDRESS, PLAIN};
use crate::api::json_body;
use crate::api::refusal::Refusal;

/// What a body says about what Jetway knows. Other members are passed over.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) change: UserChange,
    /// Whether `attributes` came: it stands for all of them.
    pub(super) replaces_custom: bool,
    pub(super) password: Option<SecretString>,
    pub(super) state: Option<UserState>,
}

impl Body {
    pub(super) fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let document: Value = json_body::parse(text)?;
        let Value::Object(document) = document else {
            return Err(Refusal::bad_request("Send a JSON object."));
        };
        let mut body = Self {
            change: UserChange {
                email: text_of(&document, "email")?,
                username: text_of(&document, "username")?,
                first_name: text_of(&document, "firstname")?,
                last_name: text_of(&document, "lastname")?,
                display_name: text_of(&document, "displayname")?,
                password_never_expires: flag_of(&document, "password_never_expires")?,
                ..UserChange::default()
            },
            password: text_of(&document, "password")?.map(SecretString::from),
            state: state_of(&document)?,
            replaces_custom: false,
        };
        for name in PLAIN {
            if let Some(value) = text_of(&document, name)? {
                body.change.attributes.insert(name.to_owned(), Some(value));
            }
        }
        body.read_addresses(&document)?;
        body.read_phone_numbers(&document)?;
        body.read_custom(&document)?;
        Ok(body)
    }

    fn read_addresses(&mut self, document: &Map<String, Value>) -> Result<(), Refusal> {
        let Some(addresses) = list_of(document, "addresses")? else {
            return Ok(());
        };
        for kind in ["work", "home"] {
            for name in ADDRESS {
                let attribute = format!("addresses.{kind}.{name}");
                self.change.attributes.insert(attribute, None);
            }
        }
        for address in addresses {
            let kind = text_of(address, "type")?.unwrap_or_default();
            if !matches!(kind.as_str(), "work" | "home") {
                continue;
            }
            for name in ADDRESS {
                let value = text_of(address, name)?;
                let attribute = format!("addresses.{kind}.{name}");
                self.change.attributes.insert(attribute, value);
            }
        }
        Ok(())
    }

    fn read_phone_numbers(&mut self, document: &Map<String, Value>) -> Result<(), Refusal> {
        let Some(numbers) = list_of(document, "phoneNumbers")? else {
            return Ok(());
        };
        for kind in ["work", "mobile"] {
            let attribute = format!("phoneNumbers.{kind}");
            self.change.attributes.insert(attribute, None);
        }
        for number in numbers {
            let kind = text_of(number, "type")?.unwrap_or_default();
            if matches!(kind.as_str(), "work" | "mobile") {
                let attribute = format!("phoneNumbers.{kind}");
                let value = text_of(number, "number")?;
                self.change.attributes.insert(attribute, value);
            }
        }
        Ok(())
    }

    fn read_custom(&mut self, document: &Map<String, Value>) -> Result<(), Refusal> {
        let Some(attributes) = list_of(document, "attributes")? else {
            return Ok(());
        };
        self.replaces_custom = true;
        for attribute in attributes {
            let name = text_of(attribute, "name")?.unwrap_or_default();
            let value = match attribute.get("value") {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) => Some(CustomValue::String(text.clone())),
                Some(Value::Bool(flag)) => Some(CustomValue::Boolean(*flag)),
                Some(Value::Number(number)) => Some(CustomValue::Number(number.clone())),
                Some(other) => Some(CustomValue::Json(other.clone())),
            };
            self.change.custom_attributes.insert(name, value);
        }
        Ok(())
    }

    /// The same change for a person who has these custom attributes: those that are not named go,
    /// and a text keeps the type of the value that it is the text of.
    pub(super) fn for_present(mut self, present: &BTreeMap<String, CustomValue>) -> Self {
        if !self.replaces_custom {
            return self;
        }
        for (name, value) in present {
            let slot = self
                .change
                .custom_attributes
                .entry(name.clone())
                .or_insert(None);
            if let Some(CustomValue::String(text)) = slot
                && *text == value.to_text()
            {
                *slot = Some(value.clone());
            }
        }
        self
    }
}

fn wrong(name: &str, expected: &str) -> Refusal {
    Refusal::bad_request(format!("{name} must be {expected}."))
}

/// `null` counts as not sent.
pub(crate) fn text_of(
    document: &Map<String, Value>,
    name: &str,
) -> Result<Option<String>, Refusal> {
    match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(name, "a text")),
    }
}

pub(crate) fn flag_of(document: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refusal> {
    match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(wrong(name, "true or false")),
    }
}

fn list_of<'a>(
    document: &'a Map<String, Value>,
    name: &str,
) -> Result<Option<Vec<&'a Map<String, Value>>>, Refusal> {
    match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => {
            let objects: Option<_> = items.iter().map(Value::as_object).collect();
            objects
                .map(Some)
                .ok_or_else(|| wrong(name, "a list of objects"))
        }
        Some(_) => Err(wrong(name, "a list of objects")),
    }
}

/// `state`, else `suspended`, which older scripts set.
fn state_of(document: &Map<String, Value>) -> Result<Option<UserState>, Refusal> {
    match text_of(document, "state")?.as_deref() {
        Some("STAGED") => return Ok(Some(UserState::Staged)),
        Some("ACTIVATED") => return Ok(Some(UserState::Active)),
        Some("SUSPENDED") => return Ok(Some(UserState::Suspended)),
        Some(_) => return Err(wrong("state", "STAGED, ACTIVATED or SUSPENDED")),
        None => {}
    }
    Ok(match flag_of(document, "suspended")? {
        Some(true) => Some(UserState::Suspended),
        Some(false) => Some(UserState::Active),
        None => None,
    })
}
