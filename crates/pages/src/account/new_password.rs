//! A new password: by a mailed link, or because the old one has expired.

use askama::Template;

use super::PasswordRules;
use crate::Body;

/// Why a new password is set: decides the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPasswordReason {
    /// A person forgot it.
    Reset,
    /// A person signs in for the first time.
    Activate,
    /// The password is too old, or has to be changed. It was typed a moment ago at the sign-in.
    Expired,
    /// An administrator forgot it.
    AdministratorReset,
}

/// What is wrong with what was typed; a broken rule stands in the rules instead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPasswordErrors {
    /// What belongs to no field.
    pub form: Option<String>,
    pub current: Option<String>,
    pub password: Option<String>,
    /// The two are not the same.
    pub again: Option<String>,
}

/// Asks for the password twice. Fields: `password`, `again`.
#[derive(Debug, Template)]
#[template(path = "account/new_password.html")]
pub struct NewPassword {
    pub reason: NewPasswordReason,
    /// Path to post to; it holds the token of the link.
    pub action: String,
    pub csrf: String,
    /// Whose password: the e-mail address. Browsers store the password under it.
    pub email: String,
    pub rules: PasswordRules,
    pub errors: NewPasswordErrors,
}

impl NewPassword {
    fn lead(&self) -> &'static str {
        match self.reason {
            NewPasswordReason::Activate => {
                "Choose a password. With it and your e-mail address you sign in from now on."
            }
            NewPasswordReason::Expired => "Choose a new one, then sign in with it.",
            NewPasswordReason::Reset | NewPasswordReason::AdministratorReset => {
                "Every other browser that is signed in to this account will be signed out."
            }
        }
    }

    fn button(&self) -> &'static str {
        match self.reason {
            NewPasswordReason::Activate => "Activate my account",
            _ => "Set the new password",
        }
    }
}

impl Body for NewPassword {
    fn title(&self) -> &'static str {
        match self.reason {
            NewPasswordReason::Reset | NewPasswordReason::AdministratorReset => {
                "Set a new password"
            }
            NewPasswordReason::Activate => "Activate your account",
            NewPasswordReason::Expired => "Choose a new password",
        }
    }
}
