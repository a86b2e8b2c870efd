//! Single sign-on: who may reach which application, and what it is told about them.

mod assert;
mod attributes;
mod list_tiles;

pub use crate::applications::Tile;
pub use assert::{AssertError, AssertRequest, Grant, assert};
pub use list_tiles::list_tiles;
