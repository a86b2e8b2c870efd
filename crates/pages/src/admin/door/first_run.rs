//! The first page of a new installation (requirement A12): organisation and first administrator.

use askama::Template;

use crate::{
    Body,
    account::{NewPasswordErrors, PasswordRules},
    admin::parts::Field,
};

/// Fields: `organisation`, `name`, `email`, `password`, `again`.
#[derive(Debug, Template)]
#[template(path = "admin/door/first_run.html")]
pub struct FirstRun {
    /// Path to post to; it holds the token of the one-time link.
    pub action: String,
    pub csrf: String,
    pub organisation: Field,
    pub name: Field,
    pub email: Field,
    pub rules: PasswordRules,
    pub errors: NewPasswordErrors,
}

impl Body for FirstRun {
    fn title(&self) -> &'static str {
        "Set up Jetway"
    }
}
