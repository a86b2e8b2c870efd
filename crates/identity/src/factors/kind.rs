//! The kinds of second factors.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What a person proves besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// A code that an authenticator app shows (RFC 6238).
    Totp,
    /// A passkey or a security key.
    Webauthn,
    /// An approval on the person's phone.
    Push,
    /// One of the codes that were printed for the day when the others are lost.
    RecoveryCode,
}

/// Several kinds, each once.
pub type FactorKinds = BTreeSet<FactorKind>;

impl FactorKind {
    /// All of them, in the order in which forms offer them.
    pub const ALL: [Self; 4] = [Self::Totp, Self::Webauthn, Self::Push, Self::RecoveryCode];

    /// The name in the API and in the activity log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Webauthn => "webauthn",
            Self::Push => "push",
            Self::RecoveryCode => "recovery_code",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Every kind.
    pub fn all() -> FactorKinds {
        Self::ALL.into()
    }
}

impl fmt::Display for FactorKind {
    /// As people call it, inside a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Totp => "a code of an authenticator app",
            Self::Webauthn => "a passkey or security key",
            Self::Push => "an approval on the phone",
            Self::RecoveryCode => "a recovery code",
        })
    }
}
