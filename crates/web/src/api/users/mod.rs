//! `/api/v1/users`

pub(crate) mod applications;
pub(crate) mod bulk;
pub(crate) mod create;
pub(crate) mod delete;
pub(super) mod document;
pub(crate) mod export;
mod filter;
pub(crate) mod get;
pub(crate) mod groups;
pub(crate) mod list;
pub(crate) mod patch;
pub(crate) mod public_keys;
mod refusal;
pub(crate) mod schedules;
pub(crate) mod state;

use utoipa::OpenApi;

/// People as a whole.
#[derive(OpenApi)]
#[openapi(paths(
    list::users,
    list::counts,
    create::create,
    bulk::bulk,
    export::export,
    get::user,
    patch::change,
    delete::delete,
    state::set
))]
pub(crate) struct Api;

/// What belongs to one person.
#[derive(OpenApi)]
#[openapi(paths(
    schedules::schedules,
    schedules::add,
    schedules::cancel,
    public_keys::public_keys,
    public_keys::add,
    public_keys::remove,
    groups::groups,
    applications::applications
))]
pub(crate) struct DetailsApi;
