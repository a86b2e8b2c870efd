//! `/api/v1/applications`

pub(crate) mod access;
pub(crate) mod aws;
pub(crate) mod create;
pub(crate) mod diagnoses;
pub(crate) mod document;
pub(crate) mod get;
pub(crate) mod image;
pub(crate) mod keys;
pub(crate) mod list;
pub(crate) mod patch;
pub(crate) mod preview;
pub(crate) mod refusal;
pub(crate) mod saml;

use utoipa::OpenApi;

/// The operations of this folder.
#[derive(OpenApi)]
#[openapi(paths(
    list::applications,
    create::create,
    create::catalogue,
    get::application,
    patch::change,
    patch::delete,
    patch::fill,
    image::image,
    image::set,
    image::delete,
    keys::keys,
    keys::add,
    keys::act,
    keys::delete,
    access::access,
    access::people,
    access::change,
    preview::preview,
    preview::checks,
    aws::setup,
    aws::take,
    diagnoses::create,
))]
pub(crate) struct Api;
