//! `/api/v1/applications`

pub(crate) mod document;
pub(crate) mod get;
pub(crate) mod list;

use utoipa::OpenApi;

/// The operations of this folder.
#[derive(OpenApi)]
#[openapi(paths(list::applications, get::application))]
pub(crate) struct Api;
