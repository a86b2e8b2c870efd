//! The user portal: what a signed-in person has.

mod profile;
mod section;
mod tiles;

pub use profile::{Factor, Profile, ProfileFact};
pub use section::PortalSection;
pub use tiles::{Portal, SEARCH_FROM, Tile};
