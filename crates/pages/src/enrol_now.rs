//! A sign-in that first asks for a second factor to be set up (requirement M03).

use askama::Template;

use crate::{Body, Layout};

/// Why the sign-in does not go on, and what to do.
#[derive(Debug, Template)]
#[template(path = "enrol_now.html")]
pub struct EnrolNow {
    pub csrf: String,
    /// Where the form goes.
    pub action: &'static str,
    /// Same-site path to go on to, already checked.
    pub next: Option<String>,
    /// What will do, inside a sentence.
    pub kinds: String,
    /// An authenticator app is among it.
    pub totp: bool,
    /// Where another person signs in.
    pub somebody_else: &'static str,
}

impl Body for EnrolNow {
    fn title(&self) -> &'static str {
        "Set up a second factor"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
