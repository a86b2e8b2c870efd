//! The parts of the settings, their defaults and their limits.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};
use time::Duration;
use url::Url;
use zeroize::Zeroizing;

use crate::email;
use crate::sealing::SealingKey;
use crate::users::UserState;

/// A setting that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct InvalidSetting {
    /// The path of the field, as in the API: `sessions.idle_minutes`.
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub reason: String,
}

fn refuse(problems: &mut Vec<InvalidSetting>, field: &'static str, reason: impl Into<String>) {
    problems.push(InvalidSetting {
        field,
        reason: reason.into(),
    });
}

fn check_range(
    problems: &mut Vec<InvalidSetting>,
    field: &'static str,
    value: u32,
    range: std::ops::RangeInclusive<u32>,
) {
    if !range.contains(&value) {
        let reason = format!("use a number from {} to {}", range.start(), range.end());
        refuse(problems, field, reason);
    }
}

fn check_length(problems: &mut Vec<InvalidSetting>, field: &'static str, text: &str, max: usize) {
    if text.chars().count() > max {
        refuse(problems, field, format!("use at most {max} characters"));
    }
}

fn check_address(problems: &mut Vec<InvalidSetting>, field: &'static str, address: &str) {
    if email::check(address).is_err() {
        refuse(problems, field, "this is not an e-mail address");
    }
}

/// Who the organisation is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Shown on every page.
    pub name: String,
    pub contact_name: String,
    /// Empty: none.
    pub contact_email: String,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            name: "Jetway".to_owned(),
            contact_name: String::new(),
            contact_email: String::new(),
        }
    }
}

impl Profile {
    pub(super) fn check(&self, problems: &mut Vec<InvalidSetting>) {
        if self.name.trim().is_empty() {
            refuse(problems, "profile.name", "give the organisation a name");
        }
        check_length(problems, "profile.name", &self.name, 128);
        if self.name.contains(char::is_control) {
            refuse(problems, "profile.name", "write the name on one line");
        }
        check_length(problems, "profile.contact_name", &self.contact_name, 256);
        if !self.contact_email.is_empty() {
            check_address(problems, "profile.contact_email", &self.contact_email);
        }
    }
}

/// How the organisation's pages look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Appearance {
    /// `#rrggbb`; `None`: Jetway's own.
    pub accent_color: Option<String>,
    pub logo: Option<Logo>,
}

/// A picture. Served under an address of its own, by its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// `image/png` or `image/jpeg`.
    pub media_type: String,
    /// Standard base64.
    pub data: String,
}

/// Largest logo, in bytes (requirements.md §4.1).
pub const MAX_LOGO_BYTES: usize = 780_000;

impl Appearance {
    pub(super) fn check(&self, problems: &mut Vec<InvalidSetting>) {
        if let Some(color) = &self.accent_color {
            let digits = color.strip_prefix('#').unwrap_or_default();
            if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                let reason = "write the colour as # and six hexadecimal digits, such as #2b50c4";
                refuse(problems, "appearance.accent_color", reason);
            }
        }
        if let Some(logo) = &self.logo {
            if !matches!(logo.media_type.as_str(), "image/png" | "image/jpeg") {
                refuse(problems, "appearance.logo", "use a PNG or JPEG picture");
            }
            if logo.data.len() / 4 * 3 > MAX_LOGO_BYTES {
                refuse(
                    problems,
                    "appearance.logo",
                    "use a picture of at most 780 kB",
                );
            }
        }
    }
}

/// The state that a new person starts in, by how they were made (requirements B01 and D02).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DefaultStates {
    /// In the admin portal, or alone by the API.
    pub manual: UserState,
    /// From a CSV file, or many at once by the API.
    pub bulk: UserState,
    /// From another directory or application.
    pub import: UserState,
}

impl Default for DefaultStates {
    fn default() -> Self {
        Self {
            manual: UserState::Staged,
            bulk: UserState::Staged,
            import: UserState::Staged,
        }
    }
}

/// How long sessions last (security.md item 38). Counts for sessions that begin later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionLimits {
    /// A user's session ends after this long without use.
    pub idle_minutes: u32,
    /// A user's session ends this long after sign-in.
    pub absolute_minutes: u32,
    pub administrator_idle_minutes: u32,
    pub administrator_absolute_minutes: u32,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle_minutes: 60,
            absolute_minutes: 24 * 60,
            administrator_idle_minutes: 30,
            administrator_absolute_minutes: 12 * 60,
        }
    }
}

impl SessionLimits {
    /// Of a user's session, without use.
    pub(crate) fn idle(&self) -> Duration {
        Duration::minutes(i64::from(self.idle_minutes))
    }

    /// Of a user's session, used or not.
    pub(crate) fn absolute(&self) -> Duration {
        Duration::minutes(i64::from(self.absolute_minutes))
    }

    pub(super) fn check(&self, problems: &mut Vec<InvalidSetting>) {
        const DAY: u32 = 24 * 60;
        check_range(
            problems,
            "sessions.idle_minutes",
            self.idle_minutes,
            1..=DAY,
        );
        check_range(
            problems,
            "sessions.absolute_minutes",
            self.absolute_minutes,
            1..=30 * DAY,
        );
        check_range(
            problems,
            "sessions.administrator_idle_minutes",
            self.administrator_idle_minutes,
            1..=DAY,
        );
        check_range(
            problems,
            "sessions.administrator_absolute_minutes",
            self.administrator_absolute_minutes,
            1..=DAY,
        );
    }
}

/// What a new password must be (security.md items 22 to 24).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordPolicy {
    /// 15 is the least for a password that is the only factor.
    pub min_characters: u32,
    /// How many former passwords may not come again; 0: none are kept.
    pub history: u32,
    /// Days after which a password must be changed. `None`, the default and what NIST advises.
    pub expires_after_days: Option<u32>,
    /// Refuses common and breached passwords.
    pub refuse_common: bool,
    /// Words of the organisation that a password must not be made of.
    pub banned_words: Vec<String>,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            min_characters: 15,
            history: 0,
            expires_after_days: None,
            refuse_common: true,
            banned_words: Vec::new(),
        }
    }
}

impl PasswordPolicy {
    pub(super) fn check(&self, problems: &mut Vec<InvalidSetting>) {
        check_range(
            problems,
            "passwords.min_characters",
            self.min_characters,
            15..=64,
        );
        check_range(problems, "passwords.history", self.history, 0..=24);
        if let Some(days) = self.expires_after_days {
            check_range(problems, "passwords.expires_after_days", days, 1..=3650);
        }
        if self.banned_words.len() > 200 {
            refuse(problems, "passwords.banned_words", "use at most 200 words");
        }
        for word in &self.banned_words {
            check_length(problems, "passwords.banned_words", word, 64);
            if word.trim().chars().count() < 3 {
                let reason = "use words of at least three characters";
                refuse(problems, "passwords.banned_words", reason);
            }
        }
    }
}

/// What happens after wrong passwords (security.md item 26).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LockoutPolicy {
    /// Wrong passwords before the first wait.
    pub attempts: u32,
    /// The longest wait. Waits double from one minute up to it.
    pub longest_wait_minutes: u32,
    /// Wrong passwords from one network, for any accounts, before that network waits. The count
    /// falls by one each five minutes.
    pub network_attempts: u32,
}

impl Default for LockoutPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            longest_wait_minutes: 15,
            network_attempts: 100,
        }
    }
}

impl LockoutPolicy {
    pub(crate) fn longest_wait(&self) -> Duration {
        Duration::minutes(i64::from(self.longest_wait_minutes))
    }

    pub(super) fn check(&self, problems: &mut Vec<InvalidSetting>) {
        check_range(problems, "lockout.attempts", self.attempts, 3..=20);
        check_range(
            problems,
            "lockout.longest_wait_minutes",
            self.longest_wait_minutes,
            1..=90,
        );
        let networks = self.network_attempts;
        check_range(problems, "lockout.network_attempts", networks, 20..=10_000);
    }
}

/// What a sealed mail password is bound to.
const MAIL_PASSWORD: &str = "settings/mail-password";

/// What the client secret of the OpenID Connect provider is sealed as.
const OIDC_CLIENT_SECRET: &str = "settings/administrator-oidc-client-secret";

/// Where mails are handed over (SMTP, RFC 5321; submission, RFC 6409).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    /// Empty: no sign-in.
    #[serde(default)]
    pub username: String,
    /// Base64 of the password as sealed by [`crate::SealingKey`].
    #[serde(default)]
    pub sealed_password: Option<String>,
    /// The address that mails come from.
    pub from: String,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the first byte (port 465, RFC 8314).
    Tls,
    /// STARTTLS, required (port 587).
    StartTls,
    /// None: for a server on this machine only.
    None,
}

impl MailServer {
    /// The password for the mail server, unsealed. `None` also when it cannot be opened: the server
    /// then refuses, and says so in the outbox.
    pub fn password(&self, sealing: &SealingKey) -> Option<Zeroizing<String>> {
        let sealed = STANDARD.decode(self.sealed_password.as_deref()?).ok()?;
        let bytes = sealing.open(MAIL_PASSWORD, &sealed).ok()?;
        str::from_utf8(&bytes)
            .ok()
            .map(|text| Zeroizing::new(text.to_owned()))
    }

    /// Seals the password for [`Self::sealed_password`].
    pub fn seal_password(sealing: &SealingKey, rng: &mut StdRng, password: &str) -> String {
        STANDARD.encode(sealing.seal(rng, MAIL_PASSWORD, password.as_bytes()))
    }

    pub(super) fn check(&self, problems: &mut Vec<InvalidSetting>) {
        if self.host.is_empty()
            || self.host.len() > 253
            || self.host.contains(|c: char| c.is_whitespace() || c == '/')
        {
            refuse(problems, "mail.host", "give the server's name or address");
        }
        if self.port == 0 {
            refuse(problems, "mail.port", "use a number from 1 to 65535");
        }
        check_address(problems, "mail.from", &self.from);
        let local = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.security == MailSecurity::None && !local {
            let reason = "mails hold sign-in links: a server on another machine needs TLS";
            refuse(problems, "mail.security", reason);
        }
    }
}

/// Who is told when something needs attention (requirement U03).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alerting {
    /// Addresses that get a mail for each alert.
    pub recipients: Vec<String>,
}

impl Alerting {
    pub(super) fn check(&self, problems: &mut Vec<InvalidSetting>) {
        if self.recipients.len() > 20 {
            refuse(problems, "alerting.recipients", "use at most 20 addresses");
        }
        for address in &self.recipients {
            check_address(problems, "alerting.recipients", address);
        }
    }
}

/// An OpenID Connect provider that administrators may sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcProvider {
    /// What the button says: "Sign in with <name>".
    pub name: String,
    /// The issuer; its discovery document is under `/.well-known/openid-configuration`.
    pub issuer: Url,
    pub client_id: String,
    /// Base64 of the client secret as sealed by [`crate::SealingKey`].
    #[serde(default)]
    pub sealed_client_secret: Option<String>,
}

impl OidcProvider {
    /// The client secret, unsealed. `None` also when it cannot be opened: the provider then refuses
    /// the sign-in.
    pub fn client_secret(&self, sealing: &SealingKey) -> Option<Zeroizing<String>> {
        let sealed = STANDARD
            .decode(self.sealed_client_secret.as_deref()?)
            .ok()?;
        let bytes = sealing.open(OIDC_CLIENT_SECRET, &sealed).ok()?;
        str::from_utf8(&bytes)
            .ok()
            .map(|text| Zeroizing::new(text.to_owned()))
    }

    /// Seals the client secret for [`Self::sealed_client_secret`].
    pub fn seal_client_secret(sealing: &SealingKey, rng: &mut StdRng, secret: &str) -> String {
        STANDARD.encode(sealing.seal(rng, OIDC_CLIENT_SECRET, secret.as_bytes()))
    }

    pub(super) fn check(&self, problems: &mut Vec<InvalidSetting>) {
        const NAME: &str = "administrator_oidc.name";
        if self.name.trim().is_empty() {
            refuse(problems, NAME, "give the name that the button shows");
        }
        check_length(problems, NAME, &self.name, 64);
        if self.client_id.trim().is_empty() {
            let reason = "give the client id that the provider issued";
            refuse(problems, "administrator_oidc.client_id", reason);
        }
        let loopback = matches!(self.issuer.host_str(), Some("localhost" | "127.0.0.1"));
        if self.issuer.scheme() != "https" && !loopback {
            let reason = "the issuer must start with https://";
            refuse(problems, "administrator_oidc.issuer", reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::Sections;

    use super::*;

    #[test]
    fn the_defaults_are_accepted() {
        assert_eq!(Sections::default().check(), Ok(()));
        assert_eq!(
            serde_json::from_str::<Sections>("{}").unwrap(),
            Sections::default()
        );
    }

    #[test]
    fn every_problem_is_reported_with_its_field() {
        let mut sections = Sections::default();
        sections.profile.name = " ".to_owned();
        sections.appearance.accent_color = Some("red".to_owned());
        sections.sessions.idle_minutes = 0;
        sections.passwords.min_characters = 8;
        sections.lockout.attempts = 100;
        sections.alerting.recipients = vec!["nobody".to_owned()];
        sections.mail = Some(MailServer {
            host: "mail.example".to_owned(),
            port: 25,
            security: MailSecurity::None,
            username: String::new(),
            sealed_password: None,
            from: "jetway@the-acme-corporation.com".to_owned(),
        });
        let problems = sections.check().unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(
            fields,
            [
                "profile.name",
                "appearance.accent_color",
                "sessions.idle_minutes",
                "passwords.min_characters",
                "lockout.attempts",
                "mail.security",
                "alerting.recipients",
            ]
        );
    }
}
