//! `POST /api/systemusers/{id}/state/activate`, `/unlock`, `/expire`

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use jetway_identity::credentials::{
    InviteUserError, RequirePasswordChangeError, UnlockUserError, invite_user,
    require_password_change, unlock_user,
};
use jetway_identity::{Permission, UserId, UserState};
use serde_json::{Value, json};

use super::change::set_state;
use super::read::one;
use crate::api::json_body;
use crate::api::refusal::Refusal;
use crate::shared::{ApiCaller, Failure, Site};

/// Lets a person in. With `{"email": true}` who has no password gets the activation mail.
pub(crate) async fn activate(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let id: UserId = id.parse().map_err(|_| Refusal::not_found())?;
    let body: Value = if bytes.trim_ascii().is_empty() {
        json!({})
    } else {
        json_body::parse(&bytes)?
    };
    let mail = match &body["email"] {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        _ => {
            let text = "The mail goes to the person's own address: email must be true or false.";
            return Err(Refusal::bad_request(text));
        }
    };
    if mail && !caller.may(Permission::ManageCredentials) {
        return Err(Failure::forbidden().into());
    }
    set_state(&site, &mut caller, id, UserState::Active).await?;
    if mail {
        let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
        let public_url = site.settings.public_url();
        match invite_user(&mut caller.op, store, sealing, public_url, id).await {
            Ok(_) | Err(InviteUserError::HasPassword) => {}
            Err(InviteUserError::NoSuchUser) => return Err(Refusal::not_found()),
            Err(error @ InviteUserError::Suspended) => {
                return Err(Refusal::conflict(format!("{error}.")));
            }
            Err(InviteUserError::Store(error)) => return Err(error.into()),
        }
    }
    Ok(Json(one(&site, &caller.op, id).await?))
}

/// Ends a lock-out after wrong passwords.
pub(crate) async fn unlock(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let id: UserId = id.parse().map_err(|_| Refusal::not_found())?;
    match unlock_user(&mut caller.op, site.store.as_ref(), id).await {
        Ok(_) => Ok(Json(json!({}))),
        Err(UnlockUserError::NoSuchUser) => Err(Refusal::not_found()),
        Err(UnlockUserError::Store(error)) => Err(error.into()),
    }
}

/// Makes the password one that has to be changed at the next sign-in.
pub(crate) async fn expire(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let id: UserId = id.parse().map_err(|_| Refusal::not_found())?;
    match require_password_change(&mut caller.op, site.store.as_ref(), id).await {
        Ok(()) => Ok(Json(json!({}))),
        Err(RequirePasswordChangeError::NoSuchUser) => Err(Refusal::not_found()),
        Err(error @ RequirePasswordChangeError::NoPassword) => {
            Err(Refusal::conflict(format!("{error}.")))
        }
        Err(RequirePasswordChangeError::Store(error)) => Err(error.into()),
    }
}
