//! `GET /api/v1/applications`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::all_applications;

use crate::api::applications::document::Application;
use crate::api::{List, Page, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// List applications
///
/// By the name in their address.
#[utoipa::path(
    get,
    path = "/api/v1/applications",
    tag = "Applications",
    operation_id = "list_applications",
    params(Page),
    responses((status = 200, description = "A page of applications.", body = List<Application>))
)]
pub(crate) async fn applications(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    QueryFields(page): QueryFields<Page>,
) -> Result<Json<List<Application>>, Problem> {
    let mut all = all_applications(site.store.as_ref()).await?;
    all.sort_by(|one, other| one.application.slug.cmp(&other.application.slug));
    let cursor = page.cursor.as_ref();
    let list = List::of_all(all, page.limit, cursor, |one| one.application.slug.clone());
    Ok(Json(list.map(Application::from)))
}
