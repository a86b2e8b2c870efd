//! `GET /api/v1/applications`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::all_applications;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::applications::document::Application;
use crate::api::{Cursor, Limit, List, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next_cursor` of the page before.
    #[param(inline)]
    cursor: Option<Cursor>,
}

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
