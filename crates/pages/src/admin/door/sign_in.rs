//! The administrators' sign-in (requirements A01 to A05).

use askama::Template;

use crate::{Body, SignInProblem, admin::parts::Field};

/// The OpenID Connect provider that administrators may use instead of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// `Google`.
    pub name: String,
    /// Where its sign-in starts: `/admin/oidc/start`, with the way back.
    pub href: String,
}

/// Why the form is shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdministratorSignInProblem {
    /// The same reasons as at the sign-in of people.
    Form(SignInProblem),
    /// The provider knows this person, but no administrator has this address.
    Unknown { provider: String },
    /// The provider did not answer, or answered something that cannot be trusted.
    ProviderFailed { provider: String },
}

/// E-mail and password, and the provider's button when one is set up.
#[derive(Debug, Template)]
#[template(path = "admin/door/sign_in.html")]
pub struct AdministratorSignIn {
    pub csrf: String,
    /// Same-site path to go on to, already checked.
    pub next: Option<String>,
    /// What was typed before a refusal. Never the password.
    pub email: Field,
    pub problem: Option<AdministratorSignInProblem>,
    pub provider: Option<Provider>,
}

impl AdministratorSignInProblem {
    fn heading(&self) -> &'static str {
        match self {
            Self::Form(problem) => problem.heading(),
            Self::Unknown { .. } => "No administrator has this address",
            Self::ProviderFailed { .. } => "That did not work",
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Form(SignInProblem::Refused) => "The e-mail address or the password is wrong, \
                or this account cannot sign in here. People sign in at the user portal."
                .to_owned(),
            Self::Form(SignInProblem::SignedOut) => "Sign in again to go on.".to_owned(),
            Self::Form(problem) => problem.text(),
            Self::Unknown { provider } => format!(
                "{provider} knows you, but none of the administrators here has the address that it \
                 gave. Ask another administrator to invite it."
            ),
            Self::ProviderFailed { provider } => format!(
                "{provider} did not answer as it should. Try again, or sign in with your password."
            ),
        }
    }

    fn class(&self) -> &'static str {
        match self {
            Self::Form(problem) => problem.class(),
            Self::Unknown { .. } => "notice notice-warning",
            Self::ProviderFailed { .. } => "notice notice-danger",
        }
    }

    fn role(&self) -> &'static str {
        match self {
            Self::Form(problem) => problem.role(),
            _ => "alert",
        }
    }
}

impl Body for AdministratorSignIn {
    fn title(&self) -> &'static str {
        "Administrator Login"
    }
}
