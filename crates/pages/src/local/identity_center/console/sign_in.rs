//! Signing in to the console as an administrator of an account.

use askama::Template;

use crate::{Body, Layout};

/// The form. It posts `access_key_id`, `secret_access_key` and `next`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/sign_in.html")]
pub struct ConsoleSignIn {
    pub action: String,
    pub csrf: String,
    /// What was typed before.
    pub access_key_id: String,
    /// Where to go afterwards.
    pub next: Option<String>,
    pub problem: Option<String>,
}

impl Body for ConsoleSignIn {
    fn title(&self) -> &'static str {
        "Sign in as an administrator"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
