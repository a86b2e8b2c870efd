//! Custom attributes of users and groups in documents.

use std::collections::BTreeMap;
use std::fmt;

use jetway_identity::CustomValue;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::Problem;
use crate::api::problem::FieldError;

/// An attribute under a name of the administrators' own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomAttribute {
    /// Unique within its owner; letter case counts.
    #[schema(min_length = 1, max_length = 256)]
    name: String,
    #[serde(rename = "type")]
    kind: CustomType,
    /// Of that type; at most 1024 characters when written as text.
    value: Value,
}

/// The type of a custom attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CustomType {
    String,
    Number,
    Boolean,
    Json,
}

/// Attributes as a list.
pub(crate) fn shown(attributes: &jetway_identity::CustomAttributes) -> Vec<CustomAttribute> {
    let one = |(name, value): (&String, &CustomValue)| {
        let (kind, value) = match value {
            CustomValue::String(text) => (CustomType::String, Value::from(text.as_str())),
            CustomValue::Number(number) => (CustomType::Number, Value::Number(number.clone())),
            CustomValue::Boolean(value) => (CustomType::Boolean, Value::Bool(*value)),
            CustomValue::Json(value) => (CustomType::Json, value.clone()),
        };
        CustomAttribute {
            name: name.clone(),
            kind,
            value,
        }
    };
    attributes.iter().map(one).collect()
}

/// Attributes as they are sent: the whole list, or an object with some by name. In an object a
/// text, number, true or false has the type that it looks like, anything else is `json`; `null`
/// takes the attribute away.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum CustomAttributesChange {
    All(Vec<CustomAttribute>),
    Some(BTreeMap<String, Value>),
}

impl<'de> Deserialize<'de> for CustomAttributesChange {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = CustomAttributesChange;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of attributes, or an object of them")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Deserialize::deserialize(SeqAccessDeserializer::new(list))
                    .map(CustomAttributesChange::All)
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
                Deserialize::deserialize(MapAccessDeserializer::new(object))
                    .map(CustomAttributesChange::Some)
            }
        }

        field.deserialize_any(Either)
    }
}

/// What a change says of each attribute; `None` takes it away.
pub(crate) type Named = BTreeMap<String, Option<CustomValue>>;

impl CustomAttributesChange {
    /// By name, and whether these are all there are to be.
    pub(crate) fn named(self) -> Result<(Named, bool), Problem> {
        match self {
            Self::All(list) => read_list(list).map(|named| (named, true)),
            Self::Some(named) => {
                let named = named
                    .into_iter()
                    .map(|(name, value)| (name, guessed(value)));
                Ok((named.collect(), false))
            }
        }
    }

    /// Where in the body the attribute of this name is.
    pub(crate) fn place(&self, name: &str) -> String {
        let position = match self {
            Self::All(list) => list.iter().position(|attribute| attribute.name == name),
            Self::Some(_) => None,
        };
        match position {
            Some(position) => format!("{FIELD}[{position}]"),
            None => format!("{FIELD}.{name}"),
        }
    }
}

const FIELD: &str = "custom_attributes";

fn read_list(list: Vec<CustomAttribute>) -> Result<Named, Problem> {
    let mut named = BTreeMap::new();
    let mut errors = Vec::new();
    for (position, attribute) in list.into_iter().enumerate() {
        let place = |member: &str| format!("{FIELD}[{position}].{member}");
        match typed(attribute.kind, attribute.value) {
            Err(message) => errors.push(FieldError::new(place("value"), message)),
            Ok(value) => {
                if named.insert(attribute.name, Some(value)).is_some() {
                    let message = "an attribute before has this name";
                    errors.push(FieldError::new(place("name"), message));
                }
            }
        }
    }
    if errors.is_empty() {
        Ok(named)
    } else {
        Err(Problem::invalid(errors))
    }
}

fn typed(kind: CustomType, value: Value) -> Result<CustomValue, &'static str> {
    match (kind, value) {
        (CustomType::String, Value::String(text)) => Ok(CustomValue::String(text)),
        (CustomType::Number, Value::Number(number)) => Ok(CustomValue::Number(number)),
        (CustomType::Boolean, Value::Bool(value)) => Ok(CustomValue::Boolean(value)),
        (CustomType::Json, value) => Ok(CustomValue::Json(value)),
        (CustomType::String, _) => Err("write a text in quotes, or choose another type"),
        (CustomType::Number, _) => Err("write a number without quotes, or choose another type"),
        (CustomType::Boolean, _) => Err("use true or false, or choose another type"),
    }
}

fn guessed(value: Value) -> Option<CustomValue> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(CustomValue::String(text)),
        Value::Number(number) => Some(CustomValue::Number(number)),
        Value::Bool(value) => Some(CustomValue::Boolean(value)),
        value => Some(CustomValue::Json(value)),
    }
}
