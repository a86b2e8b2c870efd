//! The sign-in page of people (requirement L06).

use askama::Template;

use crate::assets::PASSKEY_SCRIPT;
use crate::passkey::PasskeyForm;
use crate::{Body, Layout};

/// The e-mail and password form.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    /// Absolute address to post to. Absolute, since command-line tools that read the form take
    /// the attribute as it stands.
    pub action: String,
    pub csrf: String,
    /// Same-site path to go on to, already checked.
    pub next: Option<String>,
    /// What was typed before a refusal. Never the password.
    pub email: String,
    pub problem: Option<SignInProblem>,
    /// What any passkey is asked; `None` where there can be none.
    pub passkey: Option<PasskeyForm>,
}

/// Why the form is shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInProblem {
    /// One text for every refusal: an unknown address, a wrong password, a suspended person and a
    /// person without a password must look alike.
    Refused,
    /// Too many refusals; the seconds to wait.
    Wait { seconds: u64 },
    /// All password workers are taken.
    Busy,
    /// The form was too old, was sent from another site, or the browser keeps no cookies.
    Stale,
    /// The session that was there has ended.
    SignedOut,
    /// A passkey was not believed; says why.
    Passkey(String),
}

impl SignInProblem {
    pub(crate) fn heading(&self) -> &'static str {
        match self {
            Self::Refused | Self::Passkey(_) => "That did not work",
            Self::Wait { .. } => "Too many attempts",
            Self::Busy => "Busy right now",
            Self::Stale => "This form could not be used",
            Self::SignedOut => "You are signed out",
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Refused => "The e-mail address or the password is wrong, or this account cannot \
                              sign in. Check both and try again, or ask your administrator."
                .to_owned(),
            Self::Wait { seconds } => format!(
                "Wait {}, then try again. Waiting is enough; nothing needs to be unlocked.",
                duration(*seconds)
            ),
            Self::Busy => {
                "Many people are signing in at this moment. Try again in a few seconds.".to_owned()
            }
            Self::Stale => "It was open for too long, or your browser does not keep cookies for \
                            this site. Sign in again with the form below."
                .to_owned(),
            Self::Passkey(why) => why.clone(),
            Self::SignedOut => "To end your sessions at AWS as well, sign out there.".to_owned(),
        }
    }

    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Refused | Self::Passkey(_) => "notice notice-danger",
            Self::Wait { .. } | Self::Busy | Self::Stale => "notice notice-warning",
            Self::SignedOut => "notice notice-success",
        }
    }

    /// News interrupts the screen reader; a confirmation waits.
    pub(crate) fn role(&self) -> &'static str {
        if *self == Self::SignedOut {
            "status"
        } else {
            "alert"
        }
    }
}

/// Whole minutes above 90 seconds, rounded up, so that the wait is never announced too short.
pub(crate) fn duration(seconds: u64) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

impl SignIn {
    fn invalid(&self) -> bool {
        self.problem == Some(SignInProblem::Refused)
    }
}

impl Body for SignIn {
    fn title(&self) -> &'static str {
        "Sign in"
    }

    fn script(&self) -> Option<&'static str> {
        self.passkey.as_ref().map(|_| PASSKEY_SCRIPT)
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
