//! The user portal: what a signed-in person has.

mod device;
mod factors;
mod profile;
mod section;
mod tiles;

pub use device::{DeviceCode, DeviceConsent, DeviceProblem};
pub use factors::{ConnectApp, QrPicture, RecoveryCodes};
pub use profile::{OwnPhone, Profile, ProfileFact};
pub use section::PortalSection;
pub use tiles::{Portal, SEARCH_FROM, Tile};
