//! What a new password must be, beside the field where it is typed.

use askama::{Template, filters::HtmlSafe};

/// One rule of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordRule {
    /// The rule: `At least 12 characters`.
    pub text: String,
    /// Why what was typed breaks it: `This one has 7.` Never the password itself.
    pub broken: Option<String>,
}

/// The rules as a list; those that were broken say so in words, not only in colour.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "account/password_rules.html")]
pub struct PasswordRules {
    pub rules: Vec<PasswordRule>,
}

impl HtmlSafe for PasswordRules {}
