//! What a person proves besides the password, or in its place: a code of an app, a code on paper, a
//! key. Pure functions over plain records; storing them is for others.

mod change;
mod check_passkey;
mod enrol_passkey;
mod enrol_totp;
mod enrolment_time;
mod kind;
mod known_totp;
mod notices;
mod owner;
mod phones;
mod records;
mod recovery_codes;
mod remind;
mod reset;
mod totp;
pub mod webauthn;

pub use change::{ChangeFactorError, FRESH};
pub(crate) use check_passkey::{Asked, CheckedPasskey, check_passkey};
pub use check_passkey::{PasskeyAnswer, PasskeyQuestion, PasskeyTools};
pub use enrol_passkey::{
    ChangePasskeyError, PasskeyEnrolment, begin_passkey, finish_passkey, list_passkeys,
    remove_passkey, rename_passkey,
};
pub use enrol_totp::{
    OwnedFactors, TotpEnrolment, begin_totp, finish_totp, owned_factors, remove_totp,
    renew_recovery_codes, resume_totp,
};
pub use enrolment_time::{
    GiveEnrolmentTimeError, MAX_ENROLMENT_DAYS, enrolment_time, give_enrolment_time,
};
pub use kind::{FactorKind, FactorKinds};
pub use known_totp::connect_known_totp;
pub(crate) use notices::queue_factor_notice;
pub(crate) use owner::KnownOwner;
pub use owner::{FactorOwner, SignedInOwner};
pub use phones::{
    MAX_PHONES, Phone, PhoneError, begin_phone, finish_phone, phone_link_owner, phone_of_secret,
    phones_of, remove_phone,
};
pub use records::TotpRecord;
pub use recovery_codes::{
    NewRecoveryCodes, RECOVERY_CODES, StoredRecoveryCode, find_recovery_code, new_recovery_codes,
    unused_recovery_codes,
};
pub use remind::{RemindToEnrolError, remind_to_enrol};
pub(crate) use reset::take_factors;
pub use reset::{ResetFactorsError, reset_factors};
pub use totp::{CodeRefused, TotpSecret, TotpStep};
