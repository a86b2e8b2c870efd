//! `GET /api/v1/api-keys`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::list_api_keys;

use crate::api::api_keys::document::ApiKey;
use crate::api::{List, Page, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// List API keys
///
/// Of all administrators, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/api-keys",
    tag = "Administrators",
    operation_id = "list_api_keys",
    params(Page),
    responses((status = 200, description = "A page of keys.", body = List<ApiKey>))
)]
pub(crate) async fn api_keys(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    QueryFields(page): QueryFields<Page>,
) -> Result<Json<List<ApiKey>>, Problem> {
    let mut all = list_api_keys(site.store.as_ref()).await?;
    all.sort_by_key(|(key, _)| key.id);
    let list = List::of_all(all, page.limit, page.cursor.as_ref(), |(key, _)| {
        key.id.to_string()
    });
    Ok(Json(list.map(|(key, _)| ApiKey::from(key))))
}
