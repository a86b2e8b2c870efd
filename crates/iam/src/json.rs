//! Strict JSON: bounded, and an object that names a member twice is an error, not a choice.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// The longest document read, in bytes: the limit of `PolicyDocument` in the IAM model.
pub(crate) const MAX_DOCUMENT_BYTES: usize = 131_072;

/// A policy document nests seven deep (document, statements, statement, condition, operator, key,
/// values); what nests deeper than this is none.
const MAX_DEPTH: usize = 16;

/// A JSON value whose objects keep the order and have unique member names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&[(String, Json)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }
}

/// The member `name` of an object.
pub(crate) fn member<'a>(members: &'a [(String, Json)], name: &str) -> Option<&'a Json> {
    members
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}

/// Why a text is not a JSON value we read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JsonError {
    #[error("the document is longer than {MAX_DOCUMENT_BYTES} bytes")]
    TooLong,
    #[error("the document is not valid JSON: {0}")]
    Invalid(serde_json::Error),
    /// Well-formed, but refused: a repeated member or too deep a nesting.
    #[error("{0}")]
    Refused(serde_json::Error),
}

/// Reads exactly one JSON value.
pub(crate) fn parse(text: &str) -> Result<Json, JsonError> {
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(JsonError::TooLong);
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Value { depth: 0 }
        .deserialize(&mut reader)
        .and_then(|value| {
            reader.end()?;
            Ok(value)
        });
    value.map_err(|error| match error.classify() {
        serde_json::error::Category::Data => JsonError::Refused(error),
        _ => JsonError::Invalid(error),
    })
}

/// Deserializes one value at `depth`.
#[derive(Clone, Copy)]
struct Value {
    depth: usize,
}

impl Value {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom("the document nests too deep for a policy"));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let inside = self.inside()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let inside = self.inside()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some(name) = entries.next_key::<String>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(format_args!(
                    "the member {name:?} appears twice"
                )));
            }
            members.push((name, entries.next_value_seed(inside)?));
        }
        Ok(Json::Object(members))
    }
}
