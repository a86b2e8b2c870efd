//! `GET /api/v1/applications/{id}`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::{ApplicationId, all_applications};

use crate::api::applications::document::Application;
use crate::api::{PathId, Problem};
use crate::shared::{ApiCaller, Site};

/// An application
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}",
    tag = "Applications",
    operation_id = "get_application",
    params(("id" = String, Path)),
    responses((status = 200, description = "The application.", body = Application))
)]
pub(crate) async fn application(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
) -> Result<Json<Application>, Problem> {
    let all = all_applications(site.store.as_ref()).await?;
    let found = all.into_iter().find(|one| one.application.id == id);
    let found = found.ok_or_else(|| Problem::not_found("application"))?;
    Ok(Json(found.into()))
}
