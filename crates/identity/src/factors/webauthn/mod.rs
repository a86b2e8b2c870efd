//! Security keys and passkeys (WebAuthn Level 3), as a second factor and in place of the password.
//!
//! A ceremony has two halves. [`start_registration`], [`start_second_factor`] and
//! [`start_passwordless`] give options for the browser and a [`Ceremony`], which the caller seals and
//! hands to the browser or keeps. When the answer comes, the caller opens the ceremony, notes its id
//! as used and claims it; only a claimed ceremony can be finished. So a ceremony is finished at most
//! once, within five minutes, and for the purpose and the person that it was started for.
//!
//! `webauthn-rs-core` reads keys and verifies signatures. What it lets pass is refused here before:
//! embedding in other sites when signing in, origins that are only alike, bytes after the end, foreign
//! user handles, attestation that nobody asked for, and keys on another curve than they say.

mod answers;
mod attestation;
mod authenticate;
mod authenticator_data;
mod ceremony;
mod client_data;
mod options;
mod passkey;
mod refused;
mod register;
mod relying_party;

pub use answers::{AuthenticationAnswer, RegistrationAnswer};
pub use authenticate::{
    Authenticated, finish_passwordless, finish_second_factor, start_passwordless,
    start_second_factor,
};
pub use ceremony::{Ceremony, ClaimedCeremony, OpenCeremony, Purpose, UserVerification};
pub use options::{CredentialDescriptor, RegistrationOptions, RequestOptions};
pub use passkey::PasskeyRecord;
pub use refused::WebauthnRefused;
pub use register::{MAX_PASSKEYS, NewPasskey, Registrant, finish_registration, start_registration};
pub use relying_party::{RelyingParty, RelyingPartyError};
