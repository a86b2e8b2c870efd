//! A command line asks to sign in as the person (requirement T06).

use askama::Template;

use crate::admin::parts::Moment;
use crate::sign_in::duration;
use crate::{Body, Layout, Link, Message, Severity};

/// The form for the code that the terminal shows. It posts `code` to `/device`.
#[derive(Debug, Template)]
#[template(path = "portal/device_code.html")]
pub struct DeviceCode {
    pub csrf: String,
    /// What is filled in: from the address that the terminal shows, or what was typed before.
    pub code: String,
    pub problem: Option<DeviceProblem>,
}

/// Why the form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceProblem {
    /// The same for every code that is not taken.
    Unknown,
    /// Too many of those; the seconds to wait.
    Wait { seconds: u64 },
}

impl DeviceProblem {
    fn text(self) -> String {
        match self {
            Self::Unknown => {
                "No command line waits with this code. A code is good for ten minutes \
                              and for one person: compare it with the terminal, or begin again \
                              there."
                    .to_owned()
            }
            Self::Wait { seconds } => {
                format!(
                    "Too many wrong codes. Wait {}, then try again.",
                    duration(seconds)
                )
            }
        }
    }
}

impl Body for DeviceCode {
    fn title(&self) -> &'static str {
        "Sign in a command line"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}

/// What asks, and whether it may. It posts `code` and `answer` to `/device/answer`.
#[derive(Debug, Template)]
#[template(path = "portal/device_consent.html")]
pub struct DeviceConsent {
    pub csrf: String,
    /// `BCDF-GHJK`, to be compared with the terminal.
    pub code: String,
    /// As whom.
    pub email: String,
    /// What the command line says its machine is called; may be empty.
    pub machine: String,
    /// Its user agent; may be empty.
    pub program: String,
    pub address: Option<String>,
    /// It asks from another address than this browser.
    pub elsewhere: bool,
    pub asked: Moment,
}

impl Body for DeviceConsent {
    fn title(&self) -> &'static str {
        "Allow a command line to sign in?"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}

impl Message {
    /// The person said yes.
    pub fn device_approved() -> Self {
        Self::about_device(
            Severity::Done,
            "Allowed",
            "The command line is signing in",
            &[
                "You can close this page and go back to the terminal. It goes on by itself within \
                 seconds.",
                "You find it in your profile, where you can sign it out at any time.",
            ],
        )
    }

    /// The person said no.
    pub fn device_denied() -> Self {
        Self::about_device(
            Severity::Refused,
            "Denied",
            "The command line was not let in",
            &[
                "If you did not start it yourself, somebody wanted to sign in as you: tell your \
                 administrator.",
            ],
        )
    }

    fn about_device(severity: Severity, badge: &str, heading: &str, paragraphs: &[&str]) -> Self {
        Self {
            severity,
            badge: badge.to_owned(),
            heading: heading.to_owned(),
            paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
            link: Some(Link {
                href: "/profile".to_owned(),
                text: "To your profile".to_owned(),
            }),
            reference: None,
        }
    }
}
