//! `POST /api/v1/users`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jetway_identity::{CreateUserError, CreationMethod, NewUser, Permission, create_user};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::custom_attributes::{CustomAttributesChange, Named};
use crate::api::users::document::{User, UserState, versioned};
use crate::api::users::refusal::{invalid, known, not_stored, password};
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Failure, Site};

/// A person to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUser)]
pub(crate) struct Body {
    email: String,
    /// Letters, digits and `. _ @ + -`; unique in any letter case.
    #[schema(min_length = 1, max_length = 128)]
    username: String,
    #[serde(default)]
    #[schema(max_length = 256)]
    first_name: String,
    #[serde(default)]
    #[schema(max_length = 256)]
    last_name: String,
    #[serde(default)]
    #[schema(max_length = 512)]
    display_name: String,
    /// Absent: the default of the settings.
    state: Option<UserState>,
    /// Directory attributes by name.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    custom_attributes: Option<CustomAttributesChange>,
    #[serde(default)]
    password_never_expires: bool,
    /// Absent: the person chooses one when they are invited. Takes a key that may manage
    /// credentials.
    password: Option<String>,
}

/// Add a user
#[utoipa::path(
    post,
    path = "/api/v1/users",
    tag = "Users",
    operation_id = "create_user",
    request_body = Body,
    responses((status = 201, description = "The user was added.", body = User,
        headers(("ETag" = String, description = "Its version."), ("Location" = String))))
)]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, Problem> {
    if body.password.is_some() && !caller.may(Permission::ManageCredentials) {
        return Err(Failure::forbidden().into());
    }
    let store = site.store.as_ref();
    let created_by = CreationMethod::Manual;
    let state = match body.state {
        Some(state) => state.into(),
        None => created_by.default_state(&store.read().await?.settings().await?.sections),
    };
    let sent = body.custom_attributes;
    let custom: Named = match sent.clone() {
        Some(sent) => sent.named()?.0,
        None => Named::new(),
    };
    let given = |(name, value): (_, Option<_>)| value.map(|value| (name, value));
    let new = NewUser {
        email: body.email,
        username: body.username,
        first_name: body.first_name,
        last_name: body.last_name,
        display_name: body.display_name,
        password: body.password.map(SecretString::from),
        state,
        attributes: body.attributes,
        custom_attributes: custom.into_iter().filter_map(given).collect(),
        password_never_expires: body.password_never_expires,
        created_by,
    };
    let id = create_user(&mut caller.op, store, &site.hashers, new)
        .await
        .map_err(|error| match error {
            CreateUserError::Invalid(problems) => invalid(problems, sent.as_ref()),
            CreateUserError::Password(error) => password(error),
            CreateUserError::Store(error) => not_stored(error),
        })?;
    Ok(versioned(known(&site, id).await?).created(&format!("/api/v1/users/{id}")))
}
