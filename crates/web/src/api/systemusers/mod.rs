//! `/api/systemusers` and `/api/search/systemusers`: people in the shape of JumpCloud's API, so that
//! scripts written for it work with the host changed (requirements.md §5.1 to §5.3, tier A of §5.8).
//!
//! What Jetway does not know of (devices, RADIUS, sudo) is accepted and not kept, and is absent
//! from answers.

pub(crate) mod act;
pub(crate) mod body;
pub(crate) mod change;
pub(crate) mod condition;
pub(crate) mod document;
pub(crate) mod organizations;
pub(crate) mod read;
mod select;
pub(crate) mod sshkeys;
