//! Addresses and shapes of JumpCloud's API v2 (requirements.md §5), so that scripts that were
//! written for it work with the host changed. What we have no equivalent for is left out or
//! empty; nothing is accepted and then ignored that would change who has access.

mod error;
mod graph;
pub(crate) mod groups;
mod listing;
pub(crate) mod members;
mod user_group;

pub(crate) use error::coded;
pub(crate) use groups::{create, delete, groups, replace, user_group, user_groups};
pub(crate) use members::{change_member, member_of, members, membership};
