//! A person's own page: what the directory says about them, their password, their sessions.

use askama::Template;

use super::PortalSection;
use crate::{
    Body, Layout,
    account::{NewPasswordErrors, OwnPasskeys, OwnSessions, PasswordRules},
    admin::parts::Moment,
};

/// One line of what the directory says. People read it; administrators change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFact {
    /// `Job title`.
    pub label: String,
    pub value: String,
}

/// A phone that approves sign-ins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPhone {
    /// Sent back as `id` to take it away.
    pub id: String,
    pub name: String,
    pub connected: Moment,
}

/// The page. The password form posts `current`, `password` and `again` to `/profile/password`.
#[derive(Debug, Template)]
#[template(path = "portal/profile.html")]
pub struct Profile {
    pub csrf: String,
    /// Only what is known; empty attributes are left out.
    pub facts: Vec<ProfileFact>,
    /// When the password was set.
    pub password_set: Option<Moment>,
    /// When the password expires; `None` when it never does.
    pub password_expires: Option<Moment>,
    pub rules: PasswordRules,
    pub errors: NewPasswordErrors,
    pub sessions: OwnSessions,
    /// Since when an authenticator app is connected.
    pub totp: Option<Moment>,
    pub passkeys: OwnPasskeys,
    /// Unused ones.
    pub recovery_codes: usize,
    /// That approve sign-ins.
    pub phones: Vec<OwnPhone>,
    /// What was just done: `Your new password is set.`
    pub done: Option<String>,
    /// For the browser's memory: under which name it stores the password.
    pub email: String,
}

impl Profile {
    /// Whether there is a factor that recovery codes stand in for.
    fn has_factor(&self) -> bool {
        self.totp.is_some() || !self.passkeys.keys.is_empty()
    }
}

impl Body for Profile {
    fn title(&self) -> &'static str {
        "Profile"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }

    fn section(&self) -> Option<PortalSection> {
        Some(PortalSection::Profile)
    }
}
