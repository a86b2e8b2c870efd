//! `GET /api/v1/administrators`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::list_administrators;

use crate::api::administrators::document::Administrator;
use crate::api::{List, Page, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// List administrators
///
/// In the order in which they were added.
#[utoipa::path(
    get,
    path = "/api/v1/administrators",
    tag = "Administrators",
    operation_id = "list_administrators",
    params(Page),
    responses((status = 200, description = "A page of administrators.", body = List<Administrator>))
)]
pub(crate) async fn administrators(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    QueryFields(page): QueryFields<Page>,
) -> Result<Json<List<Administrator>>, Problem> {
    let mut all = list_administrators(site.store.as_ref()).await?;
    // There are few. Identifiers sort by the time they were made.
    all.sort_by_key(|administrator| administrator.id);
    let cursor = page.cursor.as_ref();
    let list = List::of_all(all, page.limit, cursor, |administrator| {
        administrator.id.to_string()
    });
    Ok(Json(list.map(Administrator::from)))
}
