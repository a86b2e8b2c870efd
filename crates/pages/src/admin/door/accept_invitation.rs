//! An invited administrator chooses a name and a password.

use askama::Template;

use crate::{
    Body,
    account::{NewPasswordErrors, PasswordRules},
    admin::parts::Field,
};

/// Fields: `name`, `password`, `again`.
#[derive(Debug, Template)]
#[template(path = "admin/door/accept_invitation.html")]
pub struct AcceptInvitation {
    /// Path to post to; it holds the token of the link.
    pub action: String,
    pub csrf: String,
    /// The invited address. It cannot be changed here.
    pub email: String,
    /// The role in words: `Help desk`.
    pub role: String,
    /// Who invited, when that is known.
    pub invited_by: Option<String>,
    pub name: Field,
    pub rules: PasswordRules,
    pub errors: NewPasswordErrors,
}

impl Body for AcceptInvitation {
    fn title(&self) -> &'static str {
        "Become an administrator"
    }
}
