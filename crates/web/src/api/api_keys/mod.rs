//! `/api/v1/api-keys`

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod document;
pub(crate) mod list;

use utoipa::OpenApi;

/// The operations of this folder.
#[derive(OpenApi)]
#[openapi(paths(list::api_keys, create::create, delete::delete))]
pub(crate) struct Api;
