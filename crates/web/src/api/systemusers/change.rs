//! `POST /api/systemusers`, `PUT` and `DELETE /api/systemusers/{id}`

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use jetway_identity::{
    ChangeWithPassword, CreateUserError, CreationMethod, DeleteUserError, InvalidField, NewUser,
    Permission, SetUserStateError, UpdateUserError, UpdateWithPasswordError, UserChange, UserId,
    UserState, create_user, delete_user, set_user_state, update_user, update_user_with_password,
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
    let (op, sealing) = (&mut caller.op, site.keys.sealing());
    let change = UserChange {
        state: body.state,
        ..body.change
    };
    // All or nothing: a refused password leaves the rest as it was.
    match body.password {
        None => update_user(op, store, sealing, id, None, change)
            .await
            .map_err(not_updated)?,
        Some(password) => {
            let new = ChangeWithPassword { change, password };
            update_user_with_password(op, store, &site.hashers, sealing, id, new)
                .await
                .map_err(|error| match error {
                    UpdateWithPasswordError::Update(error) => not_updated(error),
                    UpdateWithPasswordError::Password(error) => {
                        Refusal::bad_request(format!("{error}."))
                    }
                })?
        }
    };
    Ok(Json(one(&site, &caller.op, id).await?))
}

fn not_updated(error: UpdateUserError) -> Refusal {
    match error {
        UpdateUserError::NoSuchUser => Refusal::not_found(),
        UpdateUserError::Stale(_) => Refusal::conflict(format!("{error}.")),
        UpdateUserError::Invalid(fields) => invalid(&fields),
        UpdateUserError::Store(error) => error.into(),
    }
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
