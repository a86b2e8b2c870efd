//! `GET /api/v1/administrators/{id}`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jetway_identity::AdministratorId;
use jetway_identity::administrators::administrator as find;

use crate::api::administrators::document::{Administrator, versioned};
use crate::api::{PathId, Precondition, Problem};
use crate::shared::{ApiCaller, Site};

/// An administrator
#[utoipa::path(
    get,
    path = "/api/v1/administrators/{id}",
    tag = "Administrators",
    operation_id = "get_administrator",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, description = "The administrator.", body = Administrator,
        headers(("ETag" = String, description = "Its version."))),
        (status = 304, description = "It has the version in If-None-Match."))
)]
pub(crate) async fn administrator(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<AdministratorId>,
    condition: Precondition,
) -> Result<Response, Problem> {
    let found = find(site.store.as_ref(), id).await?;
    let found = found.ok_or_else(|| Problem::not_found("administrator"))?;
    Ok(versioned(found).answer(&condition))
}
