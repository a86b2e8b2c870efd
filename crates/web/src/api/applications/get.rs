//! `GET /api/v1/applications/{id}`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jetway_identity::{ApplicationId, all_applications};

use crate::api::applications::document::Application;
use crate::api::{PathId, Precondition, Problem, Versioned};
use crate::shared::{ApiCaller, Site};

/// An application
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}",
    tag = "Applications",
    operation_id = "get_application",
    params(("id" = String, Path), ("If-None-Match" = Option<String>, Header,
        description = "An ETag that is known. With the same version the answer is 304.")),
    responses((status = 200, description = "The application.", body = Application,
        headers(("ETag" = String, description = "Its version."))))
)]
pub(crate) async fn application(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    condition: Precondition,
) -> Result<Response, Problem> {
    Ok(found(&site, id).await?.answer(&condition))
}

/// The application with its version.
pub(crate) async fn found(
    site: &Site,
    id: ApplicationId,
) -> Result<Versioned<Application>, Problem> {
    let all = all_applications(site.store.as_ref()).await?;
    let found = all.into_iter().find(|one| one.application.id == id);
    let found = found.ok_or_else(|| Problem::not_found("application"))?;
    Ok(Versioned {
        version: found.application.version,
        body: found.into(),
    })
}
