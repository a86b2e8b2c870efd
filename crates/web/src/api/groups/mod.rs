//! `/api/v1/groups`.

pub(crate) mod applications;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod document;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod members;
pub(crate) mod patch;
pub(crate) mod preview;
pub(crate) mod refusal;
mod rule;

use utoipa::OpenApi;

/// The operations of this folder.
#[derive(OpenApi)]
#[openapi(paths(
    list::groups,
    create::create,
    get::group,
    patch::change,
    delete::delete,
    members::members,
    members::change_members,
    applications::applications,
    applications::change_applications,
    preview::preview
))]
pub(crate) struct Api;
