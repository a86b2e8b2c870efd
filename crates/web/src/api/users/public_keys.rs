//! `/api/v1/users/{id}/public-keys`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::LOCATION;
use jetway_identity::users::{
    AddPublicKeyError, add_public_key, list_public_keys, remove_public_key,
};
use jetway_identity::{PublicKeyId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::instant::Instant;
use crate::api::users::refusal::{known, nobody};
use crate::api::{JsonBody, List, PathId, PathIds, Problem};
use crate::shared::{ApiCaller, Site};

/// A public key of a person.
#[expect(clippy::struct_field_names, reason = "as the API calls it")]
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicKey {
    #[schema(format = "uuid")]
    id: String,
    name: String,
    #[schema(example = "ssh-ed25519")]
    algorithm: String,
    /// In the form of OpenSSH, without a comment.
    public_key: String,
    /// As `ssh-keygen -l` writes it.
    fingerprint: String,
    created_at: Instant,
}

impl From<jetway_identity::PublicKey> for PublicKey {
    fn from(key: jetway_identity::PublicKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            algorithm: key.algorithm,
            public_key: key.public_key,
            fingerprint: key.fingerprint,
            created_at: Instant::new(key.created_at),
        }
    }
}

/// List public keys of a user
///
/// The oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}/public-keys",
    tag = "Users",
    operation_id = "list_user_public_keys",
    params(("id" = String, Path)),
    responses((status = 200, description = "All of them.", body = List<PublicKey>))
)]
pub(crate) async fn public_keys(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<UserId>,
) -> Result<Json<List<PublicKey>>, Problem> {
    known(&site, id).await?;
    let all = list_public_keys(site.store.as_ref(), id).await?;
    Ok(Json(List {
        items: all.into_iter().map(PublicKey::from).collect(),
        next_cursor: None,
    }))
}

/// A public key to add. No `Debug`: people paste private keys by mistake.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPublicKey)]
pub(crate) struct Body {
    /// Absent or empty: the comment of the key.
    #[serde(default)]
    #[schema(max_length = 256)]
    name: String,
    /// One line in the form of OpenSSH.
    #[schema(example = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG… road.runner@laptop")]
    public_key: String,
}

/// Add a public key
///
/// A private key is refused and not kept.
#[utoipa::path(
    post,
    path = "/api/v1/users/{id}/public-keys",
    tag = "Users",
    operation_id = "create_user_public_key",
    request_body = Body,
    params(("id" = String, Path)),
    responses((status = 201, description = "The key was added.", body = PublicKey,
        headers(("Location" = String))))
)]
pub(crate) async fn add(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<UserId>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, Problem> {
    let (store, op) = (site.store.as_ref(), &mut caller.op);
    let made = add_public_key(op, store, id, &body.name, &body.public_key)
        .await
        .map_err(|error| match error {
            AddPublicKeyError::NoSuchUser => nobody(),
            AddPublicKeyError::Name(error) => Problem::text("name", &error),
            AddPublicKeyError::Key(error) => Problem::field("public_key", error.to_string()),
            AddPublicKeyError::Known(_) => Problem::taken("public_key", error.to_string()),
            AddPublicKeyError::TooMany => Problem::conflict("too-many", format!("{error}.")),
            AddPublicKeyError::Store(error) => error.into(),
        })?;
    let location = format!("/api/v1/users/{id}/public-keys/{}", made.id);
    let body = Json(PublicKey::from(made));
    Ok((StatusCode::CREATED, [(LOCATION, location)], body).into_response())
}

/// Remove a public key
#[utoipa::path(
    delete,
    path = "/api/v1/users/{id}/public-keys/{key}",
    tag = "Users",
    operation_id = "delete_user_public_key",
    params(("id" = String, Path), ("key" = String, Path, format = "uuid")),
    responses((status = 204, description = "The key is gone."))
)]
pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathIds(id, key): PathIds<UserId, PublicKeyId>,
) -> Result<StatusCode, Problem> {
    if remove_public_key(&mut caller.op, site.store.as_ref(), id, key).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("public key"))
    }
}
