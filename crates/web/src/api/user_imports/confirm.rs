//! `POST /api/v1/user-imports/{id}/confirm`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jetway_identity::ImportId;
use jetway_identity::users::transfer::{ConfirmImportError, confirm_import};

use crate::api::user_imports::document::{Import, begun, none, shown};
use crate::api::{PathId, Problem};
use crate::shared::{ApiCaller, Failure, Site};

/// Confirm an import
///
/// The rows that are not refused are added in the background; `GET` says how far it is. Goes on
/// after a restart of the server. A file that names groups takes a key that may change groups.
#[utoipa::path(
    post,
    path = "/api/v1/user-imports/{id}/confirm",
    tag = "Users",
    operation_id = "confirm_user_import",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 202, description = "The import runs.", body = Import))
)]
pub(crate) async fn confirm(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ImportId>,
) -> Result<(StatusCode, Json<Import>), Problem> {
    let store = site.store.as_ref();
    match confirm_import(&mut caller.op, store, id).await {
        Ok(import) => Ok((StatusCode::ACCEPTED, Json(shown(store, import).await?))),
        Err(ConfirmImportError::NoSuchImport) => Err(none()),
        Err(ConfirmImportError::Begun) => Err(begun()),
        Err(ConfirmImportError::Nothing) => Err(Problem::conflict(
            "nothing-to-import",
            "No row of this file can be added.",
        )),
        Err(ConfirmImportError::NotAllowed(_)) => Err(Failure::forbidden().into()),
        Err(ConfirmImportError::NeedsGroups) => Err(Problem::forbidden(
            "The file names groups. The key that confirms it must be allowed to change groups.",
        )),
        Err(ConfirmImportError::Store(error)) => Err(error.into()),
    }
}
