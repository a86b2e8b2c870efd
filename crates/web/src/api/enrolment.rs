//! `/api/v1/users/{id}/enrolment-time` and `/remind-to-enrol`: people who have no second factor yet
//! (requirement M02).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jetway_identity::UserId;
use jetway_identity::factors::{
    GiveEnrolmentTimeError, RemindToEnrolError, give_enrolment_time, remind_to_enrol,
};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::api::credentials::{Written, conflict};
use crate::api::instant::instant;
use crate::api::{JsonBody, PathId, Problem};
use crate::shared::{ApiCaller, Site};

/// The operations of this file.
#[derive(OpenApi)]
#[openapi(paths(give_time, remind))]
pub(crate) struct Api;

/// How long, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnrolmentTime {
    /// From now. 0 takes the time back.
    #[schema(minimum = 0, maximum = 90)]
    days: u32,
    /// The activity log keeps it.
    #[schema(min_length = 1, max_length = 256)]
    reason: String,
}

/// What was given.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EnrolmentTimeGiven {
    /// `null`: there is no such time any more.
    ends_at: Option<String>,
}

/// Lets a person in without a second factor for some days
///
/// Where a policy asks for one. They are reminded when what they sign in to asks for one; after that
/// time they set one up first.
#[utoipa::path(post, path = "/api/v1/users/{id}/enrolment-time", tag = "Users",
    request_body = EnrolmentTime,
    params(("id" = String, Path)),
    responses(
        (status = 200, body = EnrolmentTimeGiven),
        (status = 404, description = "There is no such user"),
        (status = 409, description = "They have a second factor already")))]
pub(crate) async fn give_time(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<UserId>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<EnrolmentTime>,
) -> Result<Json<EnrolmentTimeGiven>, Problem> {
    let (store, reason) = (site.store.as_ref(), &body.reason);
    match give_enrolment_time(&mut caller.op, store, id, body.days, reason).await {
        Ok(ends) => Ok(Json(EnrolmentTimeGiven {
            ends_at: ends.map(instant),
        })),
        Err(GiveEnrolmentTimeError::NobodyThere) => Err(Problem::not_found("user")),
        Err(error @ GiveEnrolmentTimeError::Days) => Err(Problem::field("days", error.to_string())),
        Err(error @ GiveEnrolmentTimeError::Reason) => {
            Err(Problem::field("reason", error.to_string()))
        }
        Err(error @ GiveEnrolmentTimeError::HasFactor) => Err(conflict("has-factor", &error)),
        Err(GiveEnrolmentTimeError::NotAllowed(error)) => Err(error.into()),
        Err(GiveEnrolmentTimeError::Store(error)) => Err(error.into()),
    }
}

/// Reminds a person by mail to set a second factor up
#[utoipa::path(post, path = "/api/v1/users/{id}/remind-to-enrol", tag = "Users",
    params(("id" = String, Path)),
    responses(
        (status = 202, body = Written),
        (status = 404, description = "There is no such user"),
        (status = 409, description = "They have a second factor already, or are not active")))]
pub(crate) async fn remind(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<UserId>,
    mut caller: ApiCaller,
) -> Result<(StatusCode, Json<Written>), Problem> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let public_url = site.settings.public_url();
    match remind_to_enrol(&mut caller.op, store, sealing, public_url, id).await {
        Ok(mail) => Ok((StatusCode::ACCEPTED, Json(Written::of(mail)))),
        Err(RemindToEnrolError::NoSuchUser) => Err(Problem::not_found("user")),
        Err(RemindToEnrolError::Store(error)) => Err(error.into()),
        Err(error @ RemindToEnrolError::HasFactor) => Err(conflict("has-factor", &error)),
        Err(error @ RemindToEnrolError::NotActive) => Err(conflict("not-active", &error)),
    }
}
