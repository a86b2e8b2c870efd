//! Addresses and shapes of JumpCloud's API v2, and of the applications of v1 (requirements.md §5), so that scripts that were
//! written for it work with the host changed. What we have no equivalent for is left out or
//! empty; nothing is accepted and then ignored that would change who has access.

pub(crate) mod applications;
pub(crate) mod associations;
mod error;
mod graph;
pub(crate) mod groups;
mod listing;
pub(crate) mod logo;
pub(crate) mod members;
pub(crate) mod reach;
mod user_group;

use utoipa::OpenApi;

pub(crate) use error::coded;
pub(crate) use groups::{create, delete, groups, replace, user_group, user_groups};
pub(crate) use members::{change_member, member_of, members, membership};

/// The operations about applications and who has them.
#[derive(OpenApi)]
#[openapi(paths(
    applications::read::list,
    applications::change::create,
    applications::read::get,
    applications::change::update,
    applications::change::delete,
    associations::of_application,
    associations::change_of_application,
    associations::of_group,
    associations::change_of_group,
    associations::of_user,
    associations::change_of_user,
    reach::users,
    reach::user_groups,
    reach::applications_of_group,
    reach::applications_of_user,
    logo::delete,
))]
pub(crate) struct Api;
