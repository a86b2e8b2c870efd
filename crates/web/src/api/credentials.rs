//! `/api/v1/users/{id}/…`: what programs do about a person's way in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jetway_identity::credentials::{
    InviteUserError, RequirePasswordChangeError, SendResetError, UnlockUserError, invite_user,
    require_password_change, send_password_reset, unlock_user,
};
use jetway_identity::factors::{self, ResetFactorsError};
use jetway_identity::sessions::{
    RevokeSessionError, list_sessions, revoke_session, revoke_sessions,
};
use jetway_identity::{MailId, Session, SessionId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::api::instant::instant;
use crate::api::{JsonBody, List, PathId, Problem};
use crate::shared::{ApiCaller, Site, client_name};

/// The operations of this file.
#[derive(OpenApi)]
#[openapi(paths(
    invite,
    password_reset,
    require_change,
    unlock,
    reset_factors,
    sessions,
    end_sessions,
    end_session
))]
pub(crate) struct Api;

/// A mail that was written for this request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Written {
    /// The mail in the outbox.
    mail_id: String,
}

impl Written {
    pub(crate) fn of(mail: MailId) -> Self {
        let mail_id = mail.to_string();
        Self { mail_id }
    }
}

/// A signed-in browser or command line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionDocument {
    id: String,
    /// What it is, in words.
    #[schema(example = "Firefox on Linux")]
    client: String,
    /// `browser` or `command_line`.
    via: &'static str,
    /// The client's address.
    ip: Option<String>,
    user_agent: Option<String>,
    created_at: String,
    /// Exact to a minute.
    last_seen_at: String,
    /// When it ends, used or not.
    expires_at: String,
}

/// How many sessions ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ended {
    ended: u64,
}

/// Sends the activation mail
///
/// The person gets a link to choose a first password, which works for 7 days. An earlier link stops
/// working. A staged person becomes active by using it.
#[utoipa::path(post, path = "/api/v1/users/{id}/invite", tag = "Users",
    params(("id" = String, Path)),
    responses(
        (status = 202, body = Written),
        (status = 404, description = "There is no such user"),
        (status = 409, description = "They have a password already, or are suspended")))]
pub(crate) async fn invite(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<UserId>,
    mut caller: ApiCaller,
) -> Result<Response, Problem> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let public_url = site.settings.public_url();
    let outcome = invite_user(&mut caller.op, store, sealing, public_url, id).await;
    match outcome {
        Ok(mail) => Ok(written(mail)),
        Err(InviteUserError::NoSuchUser) => Err(Problem::not_found("user")),
        Err(InviteUserError::Store(error)) => Err(error.into()),
        Err(error @ InviteUserError::HasPassword) => Err(conflict("has-password", &error)),
        Err(error @ InviteUserError::Suspended) => Err(conflict("suspended", &error)),
    }
}

/// Sends a mail with a link to choose another password
///
/// The link works for an hour. The present password works until another one is chosen.
#[utoipa::path(post, path = "/api/v1/users/{id}/password-reset", tag = "Users",
    params(("id" = String, Path)),
    responses(
        (status = 202, body = Written),
        (status = 404, description = "There is no such user"),
        (status = 409, description = "They have no password yet, or are not active")))]
pub(crate) async fn password_reset(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<UserId>,
    mut caller: ApiCaller,
) -> Result<Response, Problem> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let public_url = site.settings.public_url();
    let outcome = send_password_reset(&mut caller.op, store, sealing, public_url, id).await;
    match outcome {
        Ok(mail) => Ok(written(mail)),
        Err(SendResetError::NoSuchUser) => Err(Problem::not_found("user")),
        Err(SendResetError::Store(error)) => Err(error.into()),
        Err(error @ SendResetError::NoPassword) => Err(conflict("no-password", &error)),
        Err(error @ SendResetError::NotActive) => Err(conflict("not-active", &error)),
    }
}

/// Demands another password at the next sign-in
///
/// Ends all sessions of the person. The present password then only lets them choose another one.
#[utoipa::path(post, path = "/api/v1/users/{id}/require-password-change", tag = "Users",
    params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 404, description = "There is no such user"),
        (status = 409, description = "They have no password yet")))]
pub(crate) async fn require_change(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<UserId>,
    mut caller: ApiCaller,
) -> Result<StatusCode, Problem> {
    match require_password_change(&mut caller.op, site.store.as_ref(), id).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(RequirePasswordChangeError::NoSuchUser) => Err(Problem::not_found("user")),
        Err(RequirePasswordChangeError::Store(error)) => Err(error.into()),
        Err(error @ RequirePasswordChangeError::NoPassword) => Err(conflict("no-password", &error)),
    }
}

/// Why factors are taken away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FactorReset)]
pub(crate) struct FactorReset {
    /// The activity log keeps it.
    #[schema(min_length = 1, max_length = 256)]
    reason: String,
}

/// Takes second factors away
///
/// The authenticator app and the recovery codes, for somebody who has lost them. All sessions end.
#[utoipa::path(post, path = "/api/v1/users/{id}/reset-factors", tag = "Users",
    request_body = FactorReset,
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, description = "There is no such user")))]
pub(crate) async fn reset_factors(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<UserId>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<FactorReset>,
) -> Result<StatusCode, Problem> {
    let store = site.store.as_ref();
    let sealing = site.keys.sealing();
    match factors::reset_factors(&mut caller.op, store, sealing, id.into(), &body.reason).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        // Users are never sealed.
        Err(ResetFactorsError::NobodyThere | ResetFactorsError::Sealed) => {
            Err(Problem::not_found("user"))
        }
        Err(error @ ResetFactorsError::Reason) => Err(Problem::field("reason", error.to_string())),
        Err(ResetFactorsError::NotAllowed(error)) => Err(error.into()),
        Err(ResetFactorsError::Store(error)) => Err(error.into()),
    }
}

/// Ends a lock-out after wrong passwords
#[utoipa::path(post, path = "/api/v1/users/{id}/unlock", tag = "Users",
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, description = "There is no such user")))]
pub(crate) async fn unlock(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<UserId>,
    mut caller: ApiCaller,
) -> Result<StatusCode, Problem> {
    match unlock_user(&mut caller.op, site.store.as_ref(), id).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(UnlockUserError::NoSuchUser) => Err(Problem::not_found("user")),
        Err(UnlockUserError::Store(error)) => Err(error.into()),
    }
}

/// Lists where a person is signed in, last used first
#[utoipa::path(get, path = "/api/v1/users/{id}/sessions", tag = "Users",
    params(("id" = String, Path)),
    responses(
        (status = 200, body = List<SessionDocument>),
        (status = 404, description = "There is no such user")))]
pub(crate) async fn sessions(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<UserId>,
    caller: ApiCaller,
) -> Result<Json<List<SessionDocument>>, Problem> {
    let store = site.store.as_ref();
    if store.read().await?.user(id).await?.is_none() {
        return Err(Problem::not_found("user"));
    }
    let sessions = list_sessions(&caller.op, store, id).await?;
    Ok(Json(List {
        items: sessions.iter().map(document).collect(),
        next_cursor: None,
    }))
}

/// Ends all sessions of a person
#[utoipa::path(delete, path = "/api/v1/users/{id}/sessions", tag = "Users",
    params(("id" = String, Path)),
    responses(
        (status = 200, body = Ended),
        (status = 404, description = "There is no such user")))]
pub(crate) async fn end_sessions(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<UserId>,
    mut caller: ApiCaller,
) -> Result<Json<Ended>, Problem> {
    match revoke_sessions(&mut caller.op, site.store.as_ref(), id, None).await {
        Ok(ended) => Ok(Json(Ended { ended })),
        Err(RevokeSessionError::Store(error)) => Err(error.into()),
        Err(_) => Err(Problem::not_found("user")),
    }
}

/// Ends one session of a person
#[utoipa::path(delete, path = "/api/v1/users/{id}/sessions/{session}", tag = "Users",
    params(("id" = String, Path), ("session" = String, Path)),
    responses((status = 204), (status = 404, description = "There is no such session")))]
pub(crate) async fn end_session(
    State(site): State<Arc<Site>>,
    Path((id, session)): Path<(String, String)>,
    mut caller: ApiCaller,
) -> Result<StatusCode, Problem> {
    let ids = id
        .parse::<UserId>()
        .ok()
        .zip(session.parse::<SessionId>().ok());
    let (id, session) = ids.ok_or_else(|| Problem::not_found("session"))?;
    match revoke_session(&mut caller.op, site.store.as_ref(), id, session).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(RevokeSessionError::Store(error)) => Err(error.into()),
        Err(_) => Err(Problem::not_found("session")),
    }
}

fn document(session: &Session) -> SessionDocument {
    SessionDocument {
        id: session.id.to_string(),
        client: client_name(session),
        via: session.via.as_str(),
        ip: session.ip.map(|ip| ip.to_string()),
        user_agent: session.user_agent.clone(),
        created_at: instant(session.created_at),
        last_seen_at: instant(session.last_seen_at),
        expires_at: instant(session.expires_at),
    }
}

fn written(mail: MailId) -> Response {
    (StatusCode::ACCEPTED, Json(Written::of(mail))).into_response()
}

pub(super) fn conflict(word: &str, error: &dyn std::error::Error) -> Problem {
    Problem::conflict(word, format!("{error}."))
}
