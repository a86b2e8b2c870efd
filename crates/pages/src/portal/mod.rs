//! The user portal: what a signed-in person has.

mod factors;
mod profile;
mod section;
mod tiles;

pub use factors::{ConnectApp, QrPicture, RecoveryCodes};
pub use profile::{Profile, ProfileFact};
pub use section::PortalSection;
pub use tiles::{Portal, SEARCH_FROM, Tile};
