//! The form for one new person (requirements A13, B03, D02, D05).
//!
//! It posts to `/admin/users/new`: `csrf`, the names of [`USER_FIELDS`](super::USER_FIELDS),
//! `state` (`staged` or `active`), `access` (`invite`: mail an activation link; `password`: the
//! password typed as `password`; `later`: neither) and `password`.

use askama::Template;

use super::UserFields;
use crate::Body;
use crate::admin::parts::Select;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/new.html")]
pub struct NewUser {
    pub csrf: String,
    pub fields: UserFields,
    /// Staged and Active, with the organisation's default ticked.
    pub state: Select,
    /// How the person gets in: `invite`, `password`, `later`.
    pub access: Select,
    pub password_error: Option<String>,
    /// What a password has to be: `At least 12 characters`.
    pub password_rules: String,
    /// Errors that belong to no field, and the sentence above a form with marked fields.
    pub problem: Option<String>,
}

impl NewUser {
    fn unsaved(&self) -> &'static str {
        if self.problem.is_some() {
            "changed"
        } else {
            ""
        }
    }

    fn opens_more(&self) -> bool {
        self.fields.has_any(&[
            "jobTitle",
            "department",
            "company",
            "costCenter",
            "employee",
            "manager",
            "location",
            "description",
            "addresses.",
            "phoneNumbers.",
            "locale",
        ])
    }
}

impl Body for NewUser {
    fn title(&self) -> &'static str {
        "New user"
    }
}
