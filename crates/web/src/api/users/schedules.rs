//! `/api/v1/users/{id}/schedules`: activations and suspensions to come.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::LOCATION;
use jetway_identity::users::{ScheduleStateError, cancel_schedule, list_schedules, schedule_state};
use jetway_identity::{ScheduleId, StateSchedule, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::instant::Instant;
use crate::api::users::document::UserState;
use crate::api::users::refusal::{known, nobody};
use crate::api::{JsonBody, List, PathId, PathIds, Problem};
use crate::shared::{ApiCaller, Site};

/// A change of state that is to come.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserStateSchedule)]
pub(crate) struct Schedule {
    #[schema(format = "uuid")]
    id: String,
    state: UserState,
    due_at: Instant,
    created_at: Instant,
    /// The e-mail address, or the name of the key, of whoever asked for it.
    created_by: String,
}

impl From<StateSchedule> for Schedule {
    fn from(schedule: StateSchedule) -> Self {
        Self {
            id: schedule.id.to_string(),
            state: schedule.state.into(),
            due_at: Instant::new(schedule.due_at),
            created_at: Instant::new(schedule.created_at),
            created_by: schedule.created_by,
        }
    }
}

/// List scheduled changes of state
///
/// The next to come first.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}/schedules",
    tag = "Users",
    operation_id = "list_user_schedules",
    params(("id" = String, Path)),
    responses((status = 200, description = "All of them.", body = List<Schedule>))
)]
pub(crate) async fn schedules(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<UserId>,
) -> Result<Json<List<Schedule>>, Problem> {
    known(&site, id).await?;
    let all = list_schedules(site.store.as_ref(), id).await?;
    Ok(Json(List {
        items: all.into_iter().map(Schedule::from).collect(),
        next_cursor: None,
    }))
}

/// A change of state to schedule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUserStateSchedule)]
pub(crate) struct Body {
    /// `active` or `suspended`.
    state: UserState,
    /// In the future, at most five years from now.
    due_at: Instant,
}

/// Schedule a change of state
#[utoipa::path(
    post,
    path = "/api/v1/users/{id}/schedules",
    tag = "Users",
    operation_id = "create_user_schedule",
    request_body = Body,
    params(("id" = String, Path)),
    responses((status = 201, description = "It was scheduled.", body = Schedule,
        headers(("Location" = String))))
)]
pub(crate) async fn add(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<UserId>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, Problem> {
    let (state, due_at) = (body.state.into(), body.due_at.0);
    let made = schedule_state(&mut caller.op, site.store.as_ref(), id, state, due_at)
        .await
        .map_err(|error| match error {
            ScheduleStateError::NoSuchUser => nobody(),
            ScheduleStateError::State => Problem::field("state", error.to_string()),
            ScheduleStateError::Time => Problem::field("due_at", error.to_string()),
            ScheduleStateError::TooMany => Problem::conflict("too-many", format!("{error}.")),
            ScheduleStateError::Store(error) => error.into(),
        })?;
    let location = format!("/api/v1/users/{id}/schedules/{}", made.id);
    let body = Json(Schedule::from(made));
    Ok((StatusCode::CREATED, [(LOCATION, location)], body).into_response())
}

/// Cancel a scheduled change of state
#[utoipa::path(
    delete,
    path = "/api/v1/users/{id}/schedules/{schedule}",
    tag = "Users",
    operation_id = "delete_user_schedule",
    params(("id" = String, Path), ("schedule" = String, Path, format = "uuid")),
    responses((status = 204, description = "It will not happen."))
)]
pub(crate) async fn cancel(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathIds(id, schedule): PathIds<UserId, ScheduleId>,
) -> Result<StatusCode, Problem> {
    if cancel_schedule(&mut caller.op, site.store.as_ref(), id, schedule).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("scheduled change"))
    }
}
