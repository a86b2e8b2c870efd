//! `POST /api/systemusers`, `PUT` and `DELETE /api/systemusers/{id}`

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use jetway_identity::{
    CreateUserError, CreationMethod, DeleteUserError, InvalidField, NewUser, Permission,
    SetPasswordError, SetUserStateError, UpdateUserError, UserId, UserState, create_user,
    delete_user, set_password, set_user_state, update_user,
};
use serde_json::Value;

use super::body::Body;
use super::read::one;
use crate::api::refusal::Refusal;
use crate::shared::{ApiCaller, Failure, Site, is_media_type};

/// Adds a person. Without a state, the organisation's default for one at a time counts.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    headers: http::HeaderMap,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let body = read(&headers, &bytes)?;
    check_password(&caller, &body)?;
    let store = site.store.as_ref();
    let created_by = CreationMethod::Manual;
    let state = if let Some(state) = body.state {
        state
    } else {
        let settings = store.read().await?.settings().await?;
        created_by.default_state(&settings.sections)
    };
    let change = body.change;
    let required = |name: &str, value: Option<String>| {
        value.ok_or_else(|| Refusal::bad_request(format!("{name} is required.")))
    };
    let new = NewUser {
        email: required("email", change.email)?,
        username: required("username", change.username)?,
        first_name: change.first_name.unwrap_or_default(),
        last_name: change.last_name.unwrap_or_default(),
        display_name: change.display_name.unwrap_or_default(),
        password: body.password,
        state,
        attributes: known(change.attributes),
        custom_attributes: known(change.custom_attributes),
        password_never_expires: change.password_never_expires.unwrap_or_default(),
        created_by,
    };
    let id = create_user(&mut caller.op, store, &site.hashers, new)
        .await
        .map_err(|error| match error {
            CreateUserError::Invalid(fields) => invalid(&fields),
            CreateUserError::Password(error) => Refusal::bad_request(format!("{error}.")),
            CreateUserError::Store(error) => error.into(),
        })?;
    Ok(Json(one(&site, &caller.op, id).await?))
}

/// Changes what the body names; lists in it stand for the whole list.
pub(crate) async fn update(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
    headers: http::HeaderMap,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let id: UserId = id.parse().map_err(|_| Refusal::not_found())?;
    let body = read(&headers, &bytes)?;
    check_password(&caller, &body)?;
    if body.state == Some(UserState::Staged) {
        let text = "state can be changed to ACTIVATED or SUSPENDED.";
        return Err(Refusal::bad_request(text));
    }
    let store = site.store.as_ref();
    let present = store.read().await?.user(id).await?;
    let present = present.ok_or_else(Refusal::not_found)?;
    let body = body.for_present(&present.custom_attributes);
    update_user(&mut caller.op, store, id, None, body.change)
        .await
        .map_err(|error| match error {
            UpdateUserError::NoSuchUser => Refusal::not_found(),
            UpdateUserError::Stale(_) => Refusal::conflict(format!("{error}.")),
            UpdateUserError::Invalid(fields) => invalid(&fields),
            UpdateUserError::Store(error) => error.into(),
        })?;
    if let Some(password) = body.password {
        set_password(&mut caller.op, store, &site.hashers, id, password, None)
            .await
            .map_err(|error| match error {
                SetPasswordError::NoSuchUser => Refusal::not_found(),
                SetPasswordError::Password(error) => Refusal::bad_request(format!("{error}.")),
                SetPasswordError::Store(error) => error.into(),
            })?;
    }
    if let Some(state) = body.state {
        set_state(&site, &mut caller, id, state).await?;
    }
    Ok(Json(one(&site, &caller.op, id).await?))
}

/// Deletes a person; the answer is what they were.
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let id: UserId = id.parse().map_err(|_| Refusal::not_found())?;
    let was = one(&site, &caller.op, id).await?;
    delete_user(&mut caller.op, site.store.as_ref(), id, None)
        .await
        .map_err(|error| match error {
            DeleteUserError::NoSuchUser => Refusal::not_found(),
            DeleteUserError::Stale(_) => Refusal::conflict(format!("{error}.")),
            DeleteUserError::Store(error) => error.into(),
        })?;
    Ok(Json(was))
}

pub(super) async fn set_state(
    site: &Site,
    caller: &mut ApiCaller,
    id: UserId,
    state: UserState,
) -> Result<(), Refusal> {
    set_user_state(&mut caller.op, site.store.as_ref(), id, state)
        .await
        .map_err(|error| match error {
            SetUserStateError::NoSuchUser => Refusal::not_found(),
            SetUserStateError::Store(error) => error.into(),
        })
}

fn read(headers: &http::HeaderMap, bytes: &[u8]) -> Result<Body, Refusal> {
    if !is_media_type(headers, "application/json") {
        return Err(Failure::unsupported_media_type().into());
    }
    Body::parse(bytes)
}

/// Whoever sets a password must be one who looks after credentials.
fn check_password(caller: &ApiCaller, body: &Body) -> Result<(), Refusal> {
    if body.password.is_some() && !caller.may(Permission::ManageCredentials) {
        return Err(Failure::forbidden().into());
    }
    Ok(())
}

fn known<T>(
    fields: std::collections::BTreeMap<String, Option<T>>,
) -> std::collections::BTreeMap<String, T> {
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

fn invalid(fields: &[InvalidField]) -> Refusal {
    let sentences: Vec<_> = fields
        .iter()
        .map(|field| format!("{}: {field}.", field.field))
        .collect();
    Refusal::bad_request(sentences.join(" "))
}
