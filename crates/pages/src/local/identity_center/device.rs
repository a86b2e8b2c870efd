//! Device authorization: a program without a browser waits for a yes (identity-center.md §1.6, §5).

use askama::Template;

use super::Scope;
use crate::{Body, Layout};

/// Why the form for the code is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CenterDeviceProblem {
    /// The same for every code that is not taken.
    Unknown,
    /// Too many of those.
    Wait,
}

impl CenterDeviceProblem {
    fn text(self) -> &'static str {
        match self {
            Self::Unknown => {
                "No program waits with this code. A code is good for ten minutes and can be \
                 answered once: compare it with the terminal, or begin again there."
            }
            Self::Wait => "Too many wrong codes. Wait a minute, then try again.",
        }
    }
}

/// The form for the code, when the address does not carry it. It posts `user_code`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/device_code.html")]
pub struct CenterDeviceCode {
    pub action: String,
    pub csrf: String,
    /// What was typed before.
    pub code: String,
    pub problem: Option<CenterDeviceProblem>,
}

impl Body for CenterDeviceCode {
    fn title(&self) -> &'static str {
        "Authorize a device"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}

/// The code to compare and who asks. It posts `user_code` and `answer` (`allow` or `deny`).
#[derive(Debug, Template)]
#[template(path = "local/identity_center/device_confirm.html")]
pub struct CenterDeviceConfirm {
    pub action: String,
    pub csrf: String,
    /// `ABCD-EFGH`.
    pub code: String,
    pub client_name: String,
    pub scopes: Vec<Scope>,
    /// Whose access it is: the user name.
    pub user_name: String,
}

impl Body for CenterDeviceConfirm {
    fn title(&self) -> &'static str {
        "Authorization requested"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(path = "local/identity_center/device_over.html")]
pub enum CenterDeviceOver {
    Approved,
    Denied,
    /// The code's ten minutes are over, or somebody has answered it already.
    Expired,
}

impl CenterDeviceOver {
    fn badge(self) -> (&'static str, &'static str) {
        match self {
            Self::Approved => ("badge badge-success", "Approved"),
            Self::Denied => ("badge badge-warning", "Denied"),
            Self::Expired => ("badge badge-warning", "Expired"),
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Approved => "Request approved",
            Self::Denied => "Request denied",
            Self::Expired => "This code has expired",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Approved => {
                "You can close this window and go back to the program. It goes on by itself within \
                 seconds."
            }
            Self::Denied => {
                "The program was not given access. If you did not start it yourself, somebody \
                 wanted to act as you: tell your administrator."
            }
            Self::Expired => {
                "A code is good for ten minutes and can be answered once. Start the sign-in again \
                 in the program, for example with aws sso login."
            }
        }
    }
}

impl Body for CenterDeviceOver {
    fn title(&self) -> &str {
        self.heading()
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
