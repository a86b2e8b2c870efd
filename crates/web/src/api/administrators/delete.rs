//! `DELETE /api/v1/administrators/{id}`

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use jetway_identity::{AdministratorId, DeleteAdministratorError, delete_administrator};

use crate::api::{PathId, Problem};
use crate::shared::{ApiCaller, Failure, Site};

/// Delete an administrator
///
/// With all sessions and API keys of that administrator.
#[utoipa::path(
    delete,
    path = "/api/v1/administrators/{id}",
    tag = "Administrators",
    operation_id = "delete_administrator",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "The administrator is gone."))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<AdministratorId>,
) -> Result<StatusCode, Problem> {
    delete_administrator(&mut caller.op, site.store.as_ref(), id)
        .await
        .map_err(|error| match error {
            DeleteAdministratorError::NotAllowed(_) => Failure::forbidden().into(),
            DeleteAdministratorError::NoSuchAdministrator => Problem::not_found("administrator"),
            DeleteAdministratorError::LastFull => {
                Problem::conflict("last-full-administrator", format!("{error}."))
            }
            DeleteAdministratorError::Sealed => Problem::conflict("sealed", format!("{error}.")),
            DeleteAdministratorError::Store(error) => error.into(),
        })?;
    Ok(StatusCode::NO_CONTENT)
}
