//! Users, groups and memberships: what SCIM, the Identity Store API and the console do with them.
//! The attributes are SCIM's; whoever calls has checked them against its own rules.

mod error;
mod groups;
mod users;

pub use self::{
    error::{DirectoryError, Kind},
    groups::create_group,
    users::create_user,
};
pub(crate) use self::{
    groups::{GroupChange, create_group_with, delete_group, update_group},
    users::{UserAttributes, create_user_with, delete_user, update_user, update_user_with},
};

use crate::op::Op;

fn new_id(op: &mut Op) -> uuid::Uuid {
    uuid::Builder::from_random_bytes(op.random()).into_uuid()
}
