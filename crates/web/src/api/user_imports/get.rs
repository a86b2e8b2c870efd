//! `GET /api/v1/user-imports/{id}`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::ImportId;
use jetway_identity::users::transfer::import_status;

use crate::api::user_imports::document::{Import, none, shown};
use crate::api::{PathId, Problem};
use crate::shared::{ApiCaller, Site};

/// An import
///
/// With how far it is.
#[utoipa::path(
    get,
    path = "/api/v1/user-imports/{id}",
    tag = "Users",
    operation_id = "get_user_import",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, description = "The import.", body = Import))
)]
pub(crate) async fn import(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<ImportId>,
) -> Result<Json<Import>, Problem> {
    let store = site.store.as_ref();
    let found = import_status(store, id).await?.ok_or_else(none)?;
    Ok(Json(shown(store, found).await?))
}
