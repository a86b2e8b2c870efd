//! How long sessions last, and what passwords must be.

use askama::Template;

use super::SettingsHead;
use crate::Body;
use crate::admin::parts::{Field, Tick};

/// Fields `sessions.idle_minutes`, `sessions.absolute_minutes` and the same with
/// `administrator_` before their last part.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/settings/sessions.html")]
pub struct SessionSettings {
    pub head: SettingsHead,
    pub idle_minutes: Field,
    pub absolute_minutes: Field,
    pub administrator_idle_minutes: Field,
    pub administrator_absolute_minutes: Field,
}

impl Body for SessionSettings {
    fn title(&self) -> &'static str {
        self.head.tab.text()
    }
}

/// Fields `passwords.min_characters`, `passwords.history`, `passwords.expires_after_days`,
/// `passwords.refuse_common`, `passwords.banned_words`, `lockout.attempts`,
/// `lockout.longest_wait_minutes`, `lockout.network_attempts`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/settings/passwords.html")]
pub struct PasswordSettings {
    pub head: SettingsHead,
    pub min_characters: Field,
    pub history: Field,
    /// Empty: never.
    pub expires_after_days: Field,
    pub refuse_common: Tick,
    /// One a line.
    pub banned_words: Field,
    pub attempts: Field,
    pub longest_wait_minutes: Field,
    pub network_attempts: Field,
}

impl Body for PasswordSettings {
    fn title(&self) -> &'static str {
        self.head.tab.text()
    }
}
