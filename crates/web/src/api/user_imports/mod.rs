//! `/api/v1/user-imports`: people from CSV files.

pub(crate) mod confirm;
pub(crate) mod create;
pub(crate) mod delete;
mod document;
pub(crate) mod get;
pub(crate) mod list;

use utoipa::OpenApi;

/// The operations of this folder.
#[derive(OpenApi)]
#[openapi(paths(
    list::imports,
    create::create,
    get::import,
    confirm::confirm,
    delete::delete
))]
pub(crate) struct Api;
