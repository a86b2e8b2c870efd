//! What passwords must be, and what happens after wrong ones.

use jetway_identity::Sections;
use jetway_pages::Body;
use jetway_pages::admin::settings::{PasswordSettings, SettingsHead, SettingsTab};

use super::problems::{Problems, number};
use super::tab::{Around, Seal, Tab, typed_text};
use crate::admin::typed_lines;
use crate::shared::{Failure, Fields};

const MIN_CHARACTERS: &str = "passwords.min_characters";
const HISTORY: &str = "passwords.history";
const EXPIRES: &str = "passwords.expires_after_days";
const REFUSE_COMMON: &str = "passwords.refuse_common";
const BANNED_WORDS: &str = "passwords.banned_words";
const ATTEMPTS: &str = "lockout.attempts";
const LONGEST_WAIT: &str = "lockout.longest_wait_minutes";
const NETWORK_ATTEMPTS: &str = "lockout.network_attempts";

pub(crate) struct Passwords {
    min_characters: String,
    history: String,
    /// Empty: never.
    expires_after_days: String,
    refuse_common: bool,
    /// One a line.
    banned_words: String,
    attempts: String,
    longest_wait: String,
    network_attempts: String,
}

impl Tab for Passwords {
    const TAB: SettingsTab = SettingsTab::Passwords;
    const SECTIONS: &'static [&'static str] = &["passwords", "lockout"];

    fn stored(sections: &Sections) -> Self {
        let (policy, lockout) = (&sections.passwords, &sections.lockout);
        let days = policy.expires_after_days;
        Self {
            min_characters: policy.min_characters.to_string(),
            history: policy.history.to_string(),
            expires_after_days: days.map_or_else(String::new, |days| days.to_string()),
            refuse_common: policy.refuse_common,
            banned_words: policy.banned_words.join("\n"),
            attempts: lockout.attempts.to_string(),
            longest_wait: lockout.longest_wait_minutes.to_string(),
            network_attempts: lockout.network_attempts.to_string(),
        }
    }

    fn typed(fields: &Fields<'_>, _: &mut Seal<'_>) -> Result<Self, Failure> {
        let text = |name| typed_text(fields, name);
        Ok(Self {
            min_characters: text(MIN_CHARACTERS)?,
            history: text(HISTORY)?,
            expires_after_days: text(EXPIRES)?,
            refuse_common: fields.get(REFUSE_COMMON)?.is_some(),
            banned_words: typed_lines(fields.get(BANNED_WORDS)?.unwrap_or_default()),
            attempts: text(ATTEMPTS)?,
            longest_wait: text(LONGEST_WAIT)?,
            network_attempts: text(NETWORK_ATTEMPTS)?,
        })
    }

    fn apply(&self, sections: &mut Sections, problems: &mut Problems) {
        let (policy, lockout) = (&mut sections.passwords, &mut sections.lockout);
        let typed = [
            (
                MIN_CHARACTERS,
                &self.min_characters,
                &mut policy.min_characters,
            ),
            (HISTORY, &self.history, &mut policy.history),
            (ATTEMPTS, &self.attempts, &mut lockout.attempts),
            (
                LONGEST_WAIT,
                &self.longest_wait,
                &mut lockout.longest_wait_minutes,
            ),
            (
                NETWORK_ATTEMPTS,
                &self.network_attempts,
                &mut lockout.network_attempts,
            ),
        ];
        for (field, text, value) in typed {
            if let Some(number) = number(problems, field, text) {
                *value = number;
            }
        }
        if self.expires_after_days.trim().is_empty() {
            policy.expires_after_days = None;
        } else if let Some(days) = number(problems, EXPIRES, &self.expires_after_days) {
            policy.expires_after_days = Some(days);
        }
        policy.refuse_common = self.refuse_common;
        policy.banned_words = lines(&self.banned_words).collect();
    }

    fn page(self, head: SettingsHead, problems: &Problems, _: &Around<'_>) -> impl Body {
        PasswordSettings {
            head,
            min_characters: problems.field(MIN_CHARACTERS, self.min_characters),
            history: problems.field(HISTORY, self.history),
            expires_after_days: problems.field(EXPIRES, self.expires_after_days),
            refuse_common: self.refuse_common.into(),
            banned_words: problems.field(BANNED_WORDS, self.banned_words),
            attempts: problems.field(ATTEMPTS, self.attempts),
            longest_wait_minutes: problems.field(LONGEST_WAIT, self.longest_wait),
            network_attempts: problems.field(NETWORK_ATTEMPTS, self.network_attempts),
        }
    }
}

/// What stands on the lines, without empty ones.
pub(super) fn lines(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).map(str::to_owned)
}
