//! The organisation and what its administrators decided for everyone (requirement A12).
//!
//! One document, one version: a change replaces it as a whole, so that two administrators cannot
//! mix their settings without noticing.

mod change;
mod sections;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::ids::OrganisationId;

pub use change::{ChangeSettingsError, change_settings};
pub use sections::{
    Alerting, Appearance, DefaultStates, InvalidSetting, LockoutPolicy, Logo, MAX_LOGO_BYTES,
    MailSecurity, MailServer, OidcProvider, PasswordPolicy, Profile, SessionLimits,
};

/// All settings of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationSettings {
    pub organisation: OrganisationId,
    /// Counts changes; 0 before the first set-up.
    pub version: i64,
    /// `None` before the first change.
    pub changed_at: Option<OffsetDateTime>,
    pub sections: Sections,
}

/// What can be set. Every part has a default that is safe.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sections {
    pub profile: Profile,
    pub appearance: Appearance,
    pub default_states: DefaultStates,
    pub sessions: SessionLimits,
    pub passwords: PasswordPolicy,
    pub lockout: LockoutPolicy,
    /// `None`: mails stay in the outbox, where administrators read their links.
    pub mail: Option<MailServer>,
    pub alerting: Alerting,
    /// "Sign in with …" for administrators (requirement A04); off by default.
    pub administrator_oidc: Option<OidcProvider>,
}

impl Sections {
    /// Refuses what cannot work or is not safe. All problems at once, each with the field it is
    /// about.
    pub fn check(&self) -> Result<(), Vec<InvalidSetting>> {
        let mut problems = Vec::new();
        self.profile.check(&mut problems);
        self.appearance.check(&mut problems);
        self.sessions.check(&mut problems);
        self.passwords.check(&mut problems);
        self.lockout.check(&mut problems);
        if let Some(mail) = &self.mail {
            mail.check(&mut problems);
        }
        self.alerting.check(&mut problems);
        if let Some(provider) = &self.administrator_oidc {
            provider.check(&mut problems);
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }
}
