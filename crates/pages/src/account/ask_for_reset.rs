//! Somebody cannot sign in and asks for a link.

use askama::Template;

use crate::{Body, admin::parts::Field};

/// Asks for the address that the link goes to. The same page for people and administrators; only
/// the words and the ways back differ.
#[derive(Debug, Template)]
#[template(path = "account/ask_for_reset.html")]
pub struct AskForReset {
    pub csrf: String,
    /// What was typed before, when the form is shown again.
    pub email: Field,
    /// True at the administrators' sign-in.
    pub administrator: bool,
    /// What is wrong that belongs to no field: `Wait 4 minutes, then try again.`
    pub problem: Option<String>,
}

impl AskForReset {
    fn action(&self) -> &'static str {
        if self.administrator {
            "/admin/login/reset"
        } else {
            "/login/forgot"
        }
    }

    fn back(&self) -> &'static str {
        if self.administrator {
            "/admin/login"
        } else {
            "/login"
        }
    }
}

impl Body for AskForReset {
    fn title(&self) -> &'static str {
        if self.administrator {
            "Reset Administrator Password"
        } else {
            "Forgot your password?"
        }
    }
}
