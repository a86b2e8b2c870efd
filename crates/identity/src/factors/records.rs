//! Second factors as they are stored.

use time::OffsetDateTime;

use super::{FactorOwner, TotpSecret, TotpStep};
use crate::sealing::SealingKey;

/// An authenticator app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpRecord {
    /// Under the context of [`totp_context`].
    pub sealed_secret: Vec<u8>,
    pub created_at: OffsetDateTime,
    /// `None` while the enrolment is under way.
    pub confirmed_at: Option<OffsetDateTime>,
    pub last_step: Option<TotpStep>,
}

impl TotpRecord {
    /// The secret; `None` if it was sealed with another key, or for somebody else.
    pub(crate) fn secret(&self, sealing: &SealingKey, owner: FactorOwner) -> Option<TotpSecret> {
        let opened = sealing
            .open(&totp_context(owner), &self.sealed_secret)
            .ok()?;
        TotpSecret::from_bytes(&opened)
    }
}

/// Secrets cannot be swapped between people.
pub(crate) fn totp_context(owner: FactorOwner) -> String {
    format!("totp/{owner}")
}
