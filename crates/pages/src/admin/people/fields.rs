//! The attributes of a person that forms show, by the names that forms post and mappings use
//! (requirements C14, C18).

use std::collections::BTreeMap;

use crate::admin::parts::Field;

/// Every name, as posted.
pub const USER_FIELDS: [&str; 27] = [
    "username",
    "email",
    "firstname",
    "lastname",
    "displayname",
    "jobTitle",
    "department",
    "company",
    "costCenter",
    "employeeIdentifier",
    "employeeType",
    "manager",
    "location",
    "description",
    "locale",
    "addresses.work.streetAddress",
    "addresses.work.locality",
    "addresses.work.region",
    "addresses.work.postalCode",
    "addresses.work.country",
    "addresses.home.streetAddress",
    "addresses.home.locality",
    "addresses.home.region",
    "addresses.home.postalCode",
    "addresses.home.country",
    "phoneNumbers.work",
    "phoneNumbers.mobile",
];

/// The fields of a form about a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFields(BTreeMap<&'static str, Field>);

impl UserFields {
    /// Asks for the value of each of [`USER_FIELDS`], stored or typed.
    pub fn from_values(value: impl Fn(&str) -> String) -> Self {
        Self(
            USER_FIELDS
                .into_iter()
                .map(|name| (name, Field::new(value(name))))
                .collect(),
        )
    }

    /// Marks a field. Returns false when the form has no field of this name, so that the error has
    /// to be shown above the form.
    #[must_use]
    pub fn mark(&mut self, name: &str, error: impl Into<String>) -> bool {
        let Some(known) = USER_FIELDS.into_iter().find(|known| *known == name) else {
            return false;
        };
        self.0.entry(known).or_default().error = Some(error.into());
        true
    }

    /// The field of this name; an empty one for a name that is not there.
    pub(crate) fn get(&self, name: &str) -> Field {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// Whether a field with one of these beginnings holds a value or an error: decides which
    /// sections are open.
    pub(crate) fn has_any(&self, beginnings: &[&str]) -> bool {
        self.0.iter().any(|(name, field)| {
            (!field.value.is_empty() || field.error.is_some())
                && beginnings
                    .iter()
                    .any(|beginning| name.starts_with(beginning))
        })
    }
}
