//! What proves who somebody is, besides the password.

mod recovery_codes;
mod totp;
mod webauthn;
