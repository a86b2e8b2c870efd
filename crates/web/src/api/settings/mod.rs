//! `/api/v1/settings` and `/api/v1/organisation`.

mod document;
pub(crate) mod get;
pub(crate) mod organisation;
pub(crate) mod patch;
pub(crate) mod test_mail;

use utoipa::OpenApi;

/// The operations of this folder.
#[derive(OpenApi)]
#[openapi(paths(
    get::settings,
    patch::change,
    organisation::organisation,
    test_mail::send
))]
pub(crate) struct Api;
