//! `POST /api/v1/administrators`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jetway_identity::administrators::administrator as find;
use jetway_identity::{
    CreateAdministratorError, NewAdministrator, StoreError, create_administrator,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::administrators::document::{Administrator, Role, versioned};
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Failure, Site};

/// An administrator to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAdministrator)]
pub(crate) struct Body {
    email: String,
    #[serde(default)]
    #[schema(max_length = 256)]
    name: String,
    role: Role,
}

/// Add an administrator
///
/// Without a password, nobody can sign in yet: send the new administrator an invitation.
#[utoipa::path(
    post,
    path = "/api/v1/administrators",
    tag = "Administrators",
    operation_id = "create_administrator",
    request_body = Body,
    responses((status = 201, description = "The administrator was added.", body = Administrator,
        headers(("ETag" = String, description = "Its version."), ("Location" = String))))
)]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, Problem> {
    let new = NewAdministrator {
        email: body.email,
        name: body.name,
        role: body.role.into(),
        password: None,
    };
    let store = site.store.as_ref();
    let id = create_administrator(&mut caller.op, store, &site.hashers, new)
        .await
        .map_err(refusal)?;
    let made = find(store, id).await?;
    let made = made.ok_or_else(|| Problem::conflict("missing", "It was deleted right away."))?;
    Ok(versioned(made).created(&format!("/api/v1/administrators/{id}")))
}

fn refusal(error: CreateAdministratorError) -> Problem {
    match error {
        CreateAdministratorError::NotAllowed(_) => Failure::forbidden().into(),
        CreateAdministratorError::Text(error) => {
            let field = if error.to_string().contains("e-mail") {
                "email"
            } else {
                "name"
            };
            Problem::text(field, &error)
        }
        CreateAdministratorError::Password(error) => Failure::internal(error).into(),
        CreateAdministratorError::Store(StoreError::Taken(_)) => {
            Problem::taken("email", "another administrator has this address")
        }
        CreateAdministratorError::Store(error) => error.into(),
    }
}
