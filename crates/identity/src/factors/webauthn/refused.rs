//! Why a ceremony ended without success.

use webauthn_rs_core::error::WebauthnError;

use super::register::MAX_PASSKEYS;
use crate::text::TextError;

/// Why a key was not registered or not believed. The message is for the person; [`Self::code`] is for
/// the activity log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebauthnRefused {
    /// Not in the form that the specification gives it. `part` says which part.
    #[error(
        "the answer of your security key or passkey cannot be read; try again, and if that does not help use another browser"
    )]
    Unreadable { part: &'static str },
    #[error("this took longer than five minutes; start again")]
    Expired,
    /// The ceremony was claimed before.
    #[error("this answer has been used already; start again")]
    AlreadyUsed,
    /// The ceremony is not one of ours, or was started for another purpose.
    #[error("this answer does not belong to what you are doing; start again")]
    OtherCeremony,
    #[error("this answer belongs to another request; start again, in one window only")]
    OtherChallenge,
    /// A key signed for another site: phishing, or a wrong public address in the configuration.
    #[error(
        "your browser was at another address than that of this site; look at the address bar, and open this site by the link that your administrator gave you"
    )]
    OtherOrigin { received: String },
    #[error(
        "security keys and passkeys do not work where this site is shown inside another one; open it in a window of its own"
    )]
    Embedded,
    /// `webauthn.create` where `webauthn.get` belongs, or the reverse.
    #[error("this answer is of another kind than was asked for; start again")]
    OtherType,
    #[error(
        "this security key or passkey answered for another site; start again, and choose the one of this site"
    )]
    OtherRelyingParty,
    #[error("the key was not touched; start again, and touch it when it asks")]
    NotPresent,
    #[error(
        "the key did not check that it is you; start again, and use its PIN, your fingerprint or your face"
    )]
    NotVerified,
    #[error(
        "this security key or passkey signs in a way that is not allowed here; use another one"
    )]
    OtherAlgorithm,
    #[error(
        "your browser sent a certificate of the key that was not asked for; use another browser"
    )]
    Attestation,
    #[error("this security key or passkey is registered already; use another one")]
    AlreadyRegistered,
    #[error(
        "{} security keys and passkeys are the most that one person can have; remove one first",
        MAX_PASSKEYS
    )]
    TooMany,
    #[error(transparent)]
    Name(#[from] TextError),
    #[error("you have no security key or passkey here yet; use another way to sign in")]
    NonePresent,
    #[error("this security key or passkey is not registered here, or was removed; use another one")]
    UnknownCredential,
    /// The key, or the user handle in it, belongs to somebody else.
    #[error("this security key or passkey belongs to another account; use one of yours")]
    OtherUser,
    #[error(
        "the signature of this security key or passkey is wrong; try again, and if that does not help use another one"
    )]
    BadSignature,
    /// The key counts its signatures and has gone back: there may be a copy of it
    /// (WebAuthn §6.1.1). An administrator has to know.
    #[error(
        "this key may have been copied, so it is not trusted any longer; use another way to sign in and tell your administrator"
    )]
    CounterWentBack { stored: u32, received: u32 },
    /// It went back in counting before.
    #[error(
        "this key may have been copied and is not trusted any longer; use another way to sign in, and remove this key"
    )]
    Distrusted,
    /// A key that could not leave its device says that it can now, or the reverse.
    #[error(
        "this security key or passkey is not as it was when you registered it; remove it and register it again"
    )]
    BackupChanged,
    /// What was stored does not come from here.
    #[error("what is stored of this security key or passkey is damaged; tell your administrator")]
    DamagedRecord,
}

impl WebauthnRefused {
    /// The reason in the activity log and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::Expired => "expired",
            Self::AlreadyUsed => "already_used",
            Self::OtherCeremony => "other_ceremony",
            Self::OtherChallenge => "other_challenge",
            Self::OtherOrigin { .. } => "other_origin",
            Self::Embedded => "embedded",
            Self::OtherType => "other_type",
            Self::OtherRelyingParty => "other_relying_party",
            Self::NotPresent => "user_not_present",
            Self::NotVerified => "user_not_verified",
            Self::OtherAlgorithm => "other_algorithm",
            Self::Attestation => "attestation",
            Self::AlreadyRegistered => "already_registered",
            Self::TooMany => "too_many",
            Self::Name(_) => "name",
            Self::NonePresent => "no_credential",
            Self::UnknownCredential => "unknown_credential",
            Self::OtherUser => "other_user",
            Self::BadSignature => "bad_signature",
            Self::CounterWentBack { .. } => "counter_went_back",
            Self::Distrusted => "distrusted",
            Self::BackupChanged => "backup_changed",
            Self::DamagedRecord => "damaged_record",
        }
    }

    /// Whether an administrator has to look at it: the key may have been copied.
    pub fn is_alarming(&self) -> bool {
        matches!(self, Self::CounterWentBack { .. })
    }

    /// What the library found, except for counters, which only the caller knows.
    pub(super) fn of(error: &WebauthnError) -> Self {
        match error {
            WebauthnError::InvalidClientDataType => Self::OtherType,
            WebauthnError::MismatchedChallenge => Self::OtherChallenge,
            WebauthnError::CredentialCrossOrigin => Self::Embedded,
            WebauthnError::InvalidRPIDHash => Self::OtherRelyingParty,
            WebauthnError::UserNotPresent => Self::NotPresent,
            WebauthnError::UserNotVerified => Self::NotVerified,
            WebauthnError::CredentialAlteredAlgFromRequest
            | WebauthnError::COSEKeyInvalidAlgorithm
            | WebauthnError::COSEKeyInvalidType
            | WebauthnError::COSEKeyEDUnsupported
            | WebauthnError::SshPublicKeyEDUnsupported => Self::OtherAlgorithm,
            WebauthnError::AuthenticationFailure | WebauthnError::SignatureInvalid => {
                Self::BadSignature
            }
            WebauthnError::AttestationNotSupported
            | WebauthnError::AttestationStatementAlgMismatch
            | WebauthnError::AttestationStatementSigInvalid => Self::Attestation,
            WebauthnError::CredentialBackupEligibilityInconsistent
            | WebauthnError::CredentialMayNotBeHardwareBound => Self::BackupChanged,
            WebauthnError::CredentialNotFound => Self::UnknownCredential,
            _ => Self::Unreadable { part: "key" },
        }
    }
}
