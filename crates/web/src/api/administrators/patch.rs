//! `PATCH /api/v1/administrators/{id}`

use std::sync::Arc;

use axum::extract::State;
use jetway_identity::{
    AdministratorChange, AdministratorId, UpdateAdministratorError, update_administrator,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::administrators::document::{Administrator, AdministratorState, Role, versioned};
use crate::api::{JsonBody, PathId, Precondition, Problem, Versioned};
use crate::shared::{ApiCaller, Failure, Site};

/// What to change. A field that is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AdministratorChange)]
pub(crate) struct Body {
    #[schema(max_length = 256)]
    name: Option<String>,
    role: Option<Role>,
    state: Option<AdministratorState>,
}

/// Change an administrator
///
/// Another role and a suspension end the administrator's sessions at once.
#[utoipa::path(
    patch,
    path = "/api/v1/administrators/{id}",
    tag = "Administrators",
    operation_id = "change_administrator",
    request_body = Body,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header,
        description = "The ETag that was read. With another version now the answer is 412.")),
    responses((status = 200, description = "The administrator as it is now.", body = Administrator,
        headers(("ETag" = String, description = "Its version."))))
)]
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<AdministratorId>,
    condition: Precondition,
    JsonBody(body): JsonBody<Body>,
) -> Result<Versioned<Administrator>, Problem> {
    let change = AdministratorChange {
        name: body.name,
        role: body.role.map(Into::into),
        state: body.state.map(Into::into),
    };
    let store = site.store.as_ref();
    let expected = condition.expected();
    update_administrator(&mut caller.op, store, id, expected, change)
        .await
        .map(versioned)
        .map_err(|error| match error {
            UpdateAdministratorError::NotAllowed(_) => Failure::forbidden().into(),
            UpdateAdministratorError::NoSuchAdministrator => Problem::not_found("administrator"),
            UpdateAdministratorError::LastFull => {
                Problem::conflict("last-full-administrator", format!("{error}."))
            }
            UpdateAdministratorError::Sealed => Problem::conflict("sealed", format!("{error}.")),
            UpdateAdministratorError::Stale(present) => Problem::stale(present.version),
            UpdateAdministratorError::Text(error) => Problem::text("name", &error),
            UpdateAdministratorError::Store(error) => error.into(),
        })
}
