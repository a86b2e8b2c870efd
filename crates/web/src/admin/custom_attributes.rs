//! The rows of the form of custom attributes, of groups and of users (requirements C15, C16, E03).

use std::collections::BTreeSet;

use jetway_identity::custom_attributes::{CustomAttributes, CustomValue};
use jetway_pages::admin::parts::CustomAttribute;

use crate::shared::{Fields, typeable};

/// What was typed, and what it means.
pub(crate) struct TypedAttributes {
    /// For showing the form again.
    pub(crate) rows: Vec<CustomAttribute>,
    /// `None` when a row is wrong; its row says why.
    pub(crate) attributes: Option<CustomAttributes>,
}

impl TypedAttributes {
    /// Reads `custom.name`, `custom.type` and `custom.value`, which come in order. A row without
    /// a name counts for nothing.
    pub(crate) fn of(fields: &Fields<'_>) -> Self {
        let kinds = fields.all("custom.type");
        let values = fields.all("custom.value");
        let (mut rows, mut attributes) = (Vec::new(), Some(CustomAttributes::new()));
        let mut names = BTreeSet::new();
        for ((name, kind), value) in fields.all("custom.name").zip(kinds).zip(values) {
            let name = name.trim();
            if name.is_empty() {
                continue;
            }
            let parsed = if names.insert(name.to_owned()) {
                CustomValue::parse(kind, value).map_err(|error| sentence(&error.to_string()))
            } else {
                Err("This name is there twice. Names must be unique.".to_owned())
            };
            let mut row = CustomAttribute {
                name: typeable(name),
                kind: kind.to_owned(),
                value: typeable(value),
                error: None,
            };
            match parsed {
                Ok(value) => {
                    if let Some(attributes) = &mut attributes {
                        attributes.insert(name.to_owned(), value);
                    }
                }
                Err(error) => {
                    row.error = Some(error);
                    attributes = None;
                }
            }
            rows.push(row);
        }
        Self { rows, attributes }
    }

    /// Marks the row of the attribute called `name`; whether there is one.
    pub(crate) fn mark(&mut self, name: &str, reason: &str) -> bool {
        let row = self.rows.iter_mut().find(|row| row.name == name);
        row.map(|row| row.error = Some(sentence(reason))).is_some()
    }
}

/// The rows of stored attributes.
pub(crate) fn rows_of(attributes: &CustomAttributes) -> Vec<CustomAttribute> {
    let row = |(name, value): (&String, &CustomValue)| CustomAttribute {
        name: name.clone(),
        kind: value.kind().to_owned(),
        value: value.to_text(),
        error: None,
    };
    attributes.iter().map(row).collect()
}

/// An error's text as a sentence. An address that it begins with stays as it is written.
pub(crate) fn sentence(text: &str) -> String {
    if text.starts_with("https://") {
        return format!("{text}.");
    }
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
