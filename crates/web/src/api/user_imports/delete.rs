//! `DELETE /api/v1/user-imports/{id}`

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use jetway_identity::ImportId;
use jetway_identity::users::transfer::{CancelImportError, cancel_import};

use crate::api::user_imports::document::{begun, none};
use crate::api::{PathId, Problem};
use crate::shared::{ApiCaller, Failure, Site};

/// Throw a preview away
///
/// An import that was confirmed cannot be stopped.
#[utoipa::path(
    delete,
    path = "/api/v1/user-imports/{id}",
    tag = "Users",
    operation_id = "delete_user_import",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is gone."))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ImportId>,
) -> Result<StatusCode, Problem> {
    match cancel_import(&mut caller.op, site.store.as_ref(), id).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(CancelImportError::NoSuchImport) => Err(none()),
        Err(CancelImportError::Begun) => Err(begun()),
        Err(CancelImportError::NotAllowed(_)) => Err(Failure::forbidden().into()),
        Err(CancelImportError::Store(error)) => Err(error.into()),
    }
}
