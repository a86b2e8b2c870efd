//! `GET /api/v1/user-imports`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::users::transfer::latest_imports;

use crate::api::user_imports::document::UserImportSummary;
use crate::api::{List, Problem};
use crate::shared::{ApiCaller, Site};

/// List imports
///
/// The last 20, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/user-imports",
    tag = "Users",
    operation_id = "list_user_imports",
    responses((status = 200, description = "The imports.", body = List<UserImportSummary>))
)]
pub(crate) async fn imports(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
) -> Result<Json<List<UserImportSummary>>, Problem> {
    let all = latest_imports(site.store.as_ref()).await?;
    Ok(Json(List {
        items: all.into_iter().map(UserImportSummary::from).collect(),
        next_cursor: None,
    }))
}
