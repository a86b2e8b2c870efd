//! `/api/v1/administrators`

pub(crate) mod create;
pub(crate) mod delete;
mod document;
pub(crate) mod get;
pub(crate) mod invite;
pub(crate) mod list;
pub(crate) mod patch;

use utoipa::OpenApi;

/// The operations of this folder.
#[derive(OpenApi)]
#[openapi(paths(
    list::administrators,
    create::create,
    get::administrator,
    patch::change,
    delete::delete,
    invite::invite
))]
pub(crate) struct Api;
