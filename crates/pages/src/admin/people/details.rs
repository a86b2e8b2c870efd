//! The Details tab: every attribute of one person, saved explicitly (requirements C12 to C18).
//!
//! The form posts to `/admin/users/{id}/details`: `csrf`, `version`, the names of
//! [`USER_FIELDS`](super::USER_FIELDS), `passwordNeverExpires`, the fields of
//! [`CustomAttributes`], and in a conflict `keep.{field}` = `mine` or `theirs`. Public keys have
//! forms of their own: `/admin/users/{id}/public-keys` with `name` and `key`, and
//! `/admin/users/{id}/public-keys/{key}/delete`.

use askama::Template;

use super::{UserFields, UserHeader};
use crate::Body;
use crate::admin::parts::{CustomAttributes, Field, Moment, Tick};

/// A public key of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeyRow {
    pub id: String,
    pub name: String,
    /// `ssh-ed25519`.
    pub algorithm: String,
    /// `SHA256:…`.
    pub fingerprint: String,
    pub added: Moment,
}

/// The form for one more public key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewPublicKey {
    pub name: Field,
    pub key: Field,
}

/// One field that somebody else changed while this form was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    /// The field's name as posted.
    pub name: String,
    /// The field's label.
    pub label: String,
    pub from: String,
    pub to: String,
    /// What was typed here.
    pub mine: String,
    /// Which answer is ticked: true for what was typed here.
    pub keep_mine: bool,
}

/// Somebody else saved while this form was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub by: String,
    pub at: Moment,
    pub rows: Vec<ConflictRow>,
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/details.html")]
pub struct UserDetails {
    pub header: UserHeader,
    /// What the form was read at; a conflict carries the newest.
    pub version: String,
    pub created: Moment,
    /// `uid=road.runner,ou=Users,o=<organisation>,dc=jetway,dc=local`.
    pub distinguished_name: String,
    /// Who changed it last and when.
    pub last_change: Option<(String, Moment)>,
    pub fields: UserFields,
    pub password_never_expires: Tick,
    pub custom: CustomAttributes,
    pub keys: Vec<PublicKeyRow>,
    pub new_key: NewPublicKey,
    /// Errors that belong to no field, and the sentence above a form with marked fields.
    pub problem: Option<String>,
    pub conflict: Option<Conflict>,
}

impl UserDetails {
    /// What is shown has not been saved: the script then asks before leaving.
    fn unsaved(&self) -> &'static str {
        if self.problem.is_some() || self.conflict.is_some() {
            "changed"
        } else {
            ""
        }
    }

    fn opens_employment(&self) -> bool {
        self.fields.has_any(&[
            "jobTitle",
            "department",
            "company",
            "costCenter",
            "employee",
            "manager",
            "location",
            "description",
        ])
    }

    fn opens_personal(&self) -> bool {
        self.fields
            .has_any(&["addresses.", "phoneNumbers.", "locale"])
    }

    fn has_key_error(&self) -> bool {
        self.new_key.name.error.is_some() || self.new_key.key.error.is_some()
    }
}

impl Body for UserDetails {
    fn title(&self) -> &str {
        &self.header.name
    }
}
