//! `/api/systemusers/{id}/sshkeys`

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use jetway_identity::users::{
    AddPublicKeyError, add_public_key, list_public_keys, remove_public_key,
};
use jetway_identity::{PublicKeyId, UserId};
use serde::Deserialize;
use serde_json::Value;

use super::document::ssh_key;
use crate::api::JsonBody;
use crate::api::refusal::Refusal;
use crate::shared::{ApiCaller, Site};

/// A key to add.
#[derive(Debug, Deserialize)]
pub(crate) struct NewKey {
    #[serde(default)]
    name: String,
    public_key: String,
}

/// The keys of a person.
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<Vec<Value>>, Refusal> {
    let id: UserId = id.parse().map_err(|_| Refusal::not_found())?;
    let store = site.store.as_ref();
    if store.read().await?.user(id).await?.is_none() {
        return Err(Refusal::not_found());
    }
    let keys = list_public_keys(store, id).await?;
    Ok(Json(keys.iter().map(ssh_key).collect()))
}

/// Adds a public key.
pub(crate) async fn add(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
    body: Result<JsonBody<NewKey>, crate::api::Problem>,
) -> Result<Json<Value>, Refusal> {
    let JsonBody(body) = body?;
    let id: UserId = id.parse().map_err(|_| Refusal::not_found())?;
    let store = site.store.as_ref();
    match add_public_key(&mut caller.op, store, id, &body.name, &body.public_key).await {
        Ok(key) => Ok(Json(ssh_key(&key))),
        Err(AddPublicKeyError::NoSuchUser) => Err(Refusal::not_found()),
        Err(AddPublicKeyError::Store(error)) => Err(error.into()),
        Err(error) => Err(Refusal::bad_request(format!("{error}."))),
    }
}

/// Removes a public key.
pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path((id, key)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let ids = id
        .parse::<UserId>()
        .ok()
        .zip(key.parse::<PublicKeyId>().ok());
    let (id, key) = ids.ok_or_else(Refusal::not_found)?;
    if remove_public_key(&mut caller.op, site.store.as_ref(), id, key).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::not_found())
    }
}
