//! `/api/v1/applications/{id}/keys`: certificates and their states. Private keys are taken and never
//! shown.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jetway_identity::applications::{
    KeyChange, NewKey, SigningKeyInfo, add_key, certificate_to_pem, change_key, list_keys,
};
use jetway_identity::{ApplicationId, KeyId};
use jetway_saml::read_uploaded_key;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::applications::refusal::key_not_changed;
use crate::api::instant::Instant;
use crate::api::{JsonBody, List, PathId, PathIds, Problem};
use crate::shared::{ApiCaller, Site};

/// A signing key, without the key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningKey {
    id: String,
    /// `current`: it signs; `next`: it is in the metadata; `retired`: neither.
    state: &'static str,
    /// PEM.
    certificate: String,
    /// SHA-256 of the certificate.
    fingerprint: String,
    expires_at: Instant,
    created_at: Instant,
}

impl SigningKey {
    fn of(key: &SigningKeyInfo) -> Self {
        Self {
            id: key.id.to_string(),
            state: key.state.as_str(),
            certificate: certificate_to_pem(&key.certificate_der),
            fingerprint: key.fingerprint.clone(),
            expires_at: Instant::new(key.not_after),
            created_at: Instant::new(key.created_at),
        }
    }
}

/// List the keys of an application
///
/// The current one first; all of them at once.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}/keys",
    tag = "Applications",
    operation_id = "list_application_keys",
    params(("id" = String, Path)),
    responses((status = 200, description = "The keys.", body = List<SigningKey>))
)]
pub(crate) async fn keys(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
) -> Result<Json<List<SigningKey>>, Problem> {
    let keys = list_keys(site.store.as_ref(), id).await?;
    let keys = keys.ok_or_else(|| Problem::not_found("application"))?;
    Ok(Json(List {
        items: keys.iter().map(SigningKey::of).collect(),
        next_cursor: None,
    }))
}

/// A key to add: a pair of one's own, or nothing for a new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSigningKey)]
pub(crate) struct Body {
    /// PEM: PKCS#8, PKCS#1 or SEC1.
    private_key: Option<String>,
    /// PEM.
    certificate: Option<String>,
    /// Whether it signs at once, instead of being the next.
    #[serde(default)]
    use_now: bool,
}

/// Add a key
///
/// It becomes the next one. Without a pair, one is made: RSA with 2048 bits, good for five years.
#[utoipa::path(
    post,
    path = "/api/v1/applications/{id}/keys",
    tag = "Applications",
    operation_id = "add_application_key",
    request_body = Body,
    params(("id" = String, Path)),
    responses((status = 200, description = "The keys as they are now.", body = List<SigningKey>))
)]
pub(crate) async fn add(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<List<SigningKey>>, Problem> {
    let private_key = body.private_key.map(SecretString::from);
    let new = match (&private_key, &body.certificate) {
        (None, None) => NewKey::Generated,
        (Some(key), Some(certificate)) => {
            let key = key.expose_secret().as_bytes();
            let given = read_uploaded_key(key, certificate.as_bytes());
            NewKey::Given(given.map_err(|error| Problem::field("private_key", error.to_string()))?)
        }
        (Some(_), None) => {
            let message = "send the certificate of the key too";
            return Err(Problem::field("certificate", message));
        }
        (None, Some(_)) => {
            let message = "send the key of the certificate too";
            return Err(Problem::field("private_key", message));
        }
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    add_key(&mut caller.op, store, sealing, id, (new, body.use_now))
        .await
        .map_err(key_not_changed)?;
    keys(State(site), caller, PathId(id)).await
}

/// What to do with a key.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyAction {
    /// It signs from now on; the one that signed becomes the next.
    Use,
    /// Out of the metadata.
    Retire,
}

/// A change of a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SigningKeyChange)]
pub(crate) struct Action {
    action: KeyAction,
}

/// Use or retire a key
#[utoipa::path(
    post,
    path = "/api/v1/applications/{id}/keys/{key}",
    tag = "Applications",
    operation_id = "change_application_key",
    request_body = Action,
    params(("id" = String, Path), ("key" = String, Path)),
    responses((status = 200, description = "The keys as they are now.", body = List<SigningKey>))
)]
pub(crate) async fn act(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathIds(id, key): PathIds<ApplicationId, KeyId>,
    JsonBody(body): JsonBody<Action>,
) -> Result<Json<List<SigningKey>>, Problem> {
    let change = match body.action {
        KeyAction::Use => KeyChange::Use,
        KeyAction::Retire => KeyChange::Retire,
    };
    let store = site.store.as_ref();
    change_key(&mut caller.op, store, id, key, change)
        .await
        .map_err(key_not_changed)?;
    keys(State(site), caller, PathId(id)).await
}

/// Delete a retired key
#[utoipa::path(
    delete,
    path = "/api/v1/applications/{id}/keys/{key}",
    tag = "Applications",
    operation_id = "delete_application_key",
    params(("id" = String, Path), ("key" = String, Path)),
    responses((status = 204, description = "The key is gone."))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathIds(id, key): PathIds<ApplicationId, KeyId>,
) -> Result<StatusCode, Problem> {
    let store = site.store.as_ref();
    change_key(&mut caller.op, store, id, key, KeyChange::Delete)
        .await
        .map_err(key_not_changed)?;
    Ok(StatusCode::NO_CONTENT)
}
