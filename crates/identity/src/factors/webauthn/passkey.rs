//! A registered security key or passkey.

use time::OffsetDateTime;
use uuid::Uuid;
use webauthn_rs_core::proto::Credential;

use super::refused::WebauthnRefused;
use crate::factors::FactorOwner;
use crate::ids::PasskeyId;
use crate::text;

const MAX_NAME: usize = 64;

/// What is stored of a security key or passkey. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRecord {
    pub id: PasskeyId,
    pub owner: FactorOwner,
    /// Given by the person, so that they know which one it is.
    pub name: String,
    /// What the key itself goes by. No two records have the same, whoever owns them.
    pub credential_id: Vec<u8>,
    /// Public key, counter and the like, in JSON that only this module reads. It changes with each
    /// use.
    pub credential: String,
    /// How the key can be reached: `usb`, `nfc`, `ble`, `smart-card`, `hybrid`, `internal`.
    pub transports: Vec<String>,
    /// The AAGUID of the model; `None` when the browser keeps it to itself. Nobody has vouched for it.
    pub model: Option<Uuid>,
    /// Whether the browser says that the key can be used without saying first who one is.
    pub discoverable: Option<bool>,
    /// Whether the key says that it is copied to other devices of the person.
    pub backed_up: bool,
    pub created_at: OffsetDateTime,
    pub last_used_at: Option<OffsetDateTime>,
    /// Since when it is not believed any longer: it went back in counting, so there may be a copy.
    pub distrusted_at: Option<OffsetDateTime>,
}

impl PasskeyRecord {
    /// Gives the key another name.
    pub fn rename(&mut self, name: &str) -> Result<(), WebauthnRefused> {
        self.name = checked_name(name)?;
        Ok(())
    }

    /// The number of signatures that the key counted at its last use; 0 when it does not count.
    pub fn sign_count(&self) -> Result<u32, WebauthnRefused> {
        Ok(self.read()?.counter)
    }

    pub(super) fn read(&self) -> Result<Credential, WebauthnRefused> {
        let credential: Option<Credential> = serde_json::from_str(&self.credential).ok();
        let own = |credential: &Credential| credential.cred_id == self.credential_id;
        credential.filter(own).ok_or(WebauthnRefused::DamagedRecord)
    }

    /// The record after a use at `now`.
    pub(super) fn used(
        &self,
        credential: &Credential,
        now: OffsetDateTime,
    ) -> Result<Self, WebauthnRefused> {
        Ok(Self {
            credential: written(credential)?,
            backed_up: credential.backup_state,
            last_used_at: Some(now),
            ..self.clone()
        })
    }
}

pub(super) fn written(credential: &Credential) -> Result<String, WebauthnRefused> {
    serde_json::to_string(credential).map_err(|_| WebauthnRefused::DamagedRecord)
}

/// A name without white space around it, of 1 to 64 characters.
pub(super) fn checked_name(name: &str) -> Result<String, WebauthnRefused> {
    let name = name.trim();
    text::check_filled("the name of the key", name, MAX_NAME)?;
    Ok(name.to_owned())
}
