//! Pages of the local IAM Identity Center: the access portal, what `aws sso login` opens, and what
//! a refused sign-in says.

mod access_keys;
mod consent;
pub mod console;
mod device;
mod portal;
mod refusal;
mod to_identity_provider;

pub use access_keys::{AccessKeys, KeyValues};
pub use consent::{Consent, Scope};
pub use device::{CenterDeviceCode, CenterDeviceConfirm, CenterDeviceOver, CenterDeviceProblem};
pub use portal::{AccessPortal, PortalAccount, PortalRole, PortalSignedOut};
pub use refusal::{CenterSignInRefused, Diagnosis};
pub use to_identity_provider::ToIdentityProvider;
