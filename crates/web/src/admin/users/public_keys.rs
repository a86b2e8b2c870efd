//! `POST /admin/users/{id}/public-keys…` (requirement C14).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::PublicKeyId;
use jetway_identity::users::{
    AddPublicKeyError, InvalidPublicKey, add_public_key, remove_public_key,
};
use jetway_pages::admin::parts::Field;
use jetway_pages::admin::people::NewPublicKey;

use super::details::{TypedUser, form};
use super::header::{find, go_on, page};
use crate::admin::custom_attributes::sentence;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, typeable};

/// Adds a key. A private key is refused and not shown again.
pub(crate) async fn add_key(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let name = fields.get("name")?.unwrap_or_default();
    let pasted = fields.get("key")?.unwrap_or_default();
    let store = site.store.as_ref();
    let error = match add_public_key(&mut visit.op, store, user.id, name, pasted).await {
        Ok(_) => return go_on(user.id, "details", "key-added"),
        Err(AddPublicKeyError::NoSuchUser) => return Err(Failure::not_found()),
        Err(AddPublicKeyError::Store(error)) => return Err(error.into()),
        Err(error) => error,
    };
    let reason = sentence(&error.to_string());
    let private = matches!(error, AddPublicKeyError::Key(InvalidPublicKey::Private));
    let mut again = NewPublicKey::default();
    if !private {
        again.name = Field::new(typeable(name));
        again.key = Field::new(typeable(pasted));
    }
    match error {
        AddPublicKeyError::Name(_) => again.name.error = Some(reason),
        _ => again.key.error = Some(reason),
    }
    let body = form(&site, &visit, &user, TypedUser::stored(&user), None, again).await?;
    page(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, None, body)
}

/// Removes a key.
pub(crate) async fn remove_key(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path((id, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let key: PublicKeyId = key.parse().map_err(|_| Failure::not_found())?;
    let removed = remove_public_key(&mut visit.op, site.store.as_ref(), user.id, key).await?;
    let done = if removed { "key-removed" } else { "gone" };
    go_on(user.id, "details", done)
}
