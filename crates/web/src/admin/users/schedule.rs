//! `/admin/users/{id}/schedule`: a change of state at a later time.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::users::{ScheduleStateError, cancel_schedule, list_schedules, schedule_state};
use jetway_identity::{User, UserState};
use jetway_pages::admin::parts::{Choice, Field, Select};
use jetway_pages::admin::people::{ScheduleState, ScheduledChange};
use time::PrimitiveDateTime;
use time::macros::format_description;

use super::header::{badge, find, go_on, moment, page};
use crate::admin::custom_attributes::sentence;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, typeable};

/// The form.
pub(crate) async fn schedule_form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let state = match user.state {
        UserState::Active => UserState::Suspended,
        UserState::Staged | UserState::Suspended => UserState::Active,
    };
    let body = form(&site, &visit, &user, state, Field::default()).await?;
    page(&site, &visit, StatusCode::OK, None, body)
}

/// Schedules a change in place of the one that waits, or takes that back.
pub(crate) async fn save_schedule(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let store = site.store.as_ref();
    let waiting = list_schedules(store, user.id).await?;
    if fields.get("action")? == Some("cancel") {
        for schedule in waiting {
            cancel_schedule(&mut visit.op, store, user.id, schedule.id).await?;
        }
        return go_on(user.id, "highlights", "unscheduled");
    }
    let state = fields.get("state")?.and_then(UserState::from_name);
    let state = state.ok_or_else(Failure::bad_request)?;
    let typed = fields.get("at")?.unwrap_or_default();
    let refuse = async |visit: &AdminVisit, reason: String| {
        let at = Field::new(typeable(typed)).with_error(sentence(&reason));
        let body = form(&site, visit, &user, state, at).await?;
        page(&site, visit, StatusCode::UNPROCESSABLE_ENTITY, None, body)
    };
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    // With seconds, browsers send more than that.
    let Ok(at) = PrimitiveDateTime::parse(typed.get(..16).unwrap_or(typed), format) else {
        return refuse(&visit, "write date and time as 2026-03-04T08:00".to_owned()).await;
    };
    match schedule_state(&mut visit.op, store, user.id, state, at.assume_utc()).await {
        Ok(_) => {
            for schedule in waiting {
                cancel_schedule(&mut visit.op, store, user.id, schedule.id).await?;
            }
            go_on(user.id, "highlights", "scheduled")
        }
        Err(ScheduleStateError::NoSuchUser) => Err(Failure::not_found()),
        Err(ScheduleStateError::Store(error)) => Err(error.into()),
        Err(error) => refuse(&visit, error.to_string()).await,
    }
}

async fn form(
    site: &Site,
    visit: &AdminVisit,
    user: &User,
    state: UserState,
    at: Field,
) -> Result<ScheduleState, Failure> {
    let waiting = list_schedules(site.store.as_ref(), user.id).await?;
    let choice = |value: UserState, text| Choice::new(value.as_str(), text, value == state);
    Ok(ScheduleState {
        user_id: user.id.to_string(),
        name: user.label(),
        csrf: visit.csrf.clone(),
        current: waiting.first().map(|next| ScheduledChange {
            to: badge(next.state),
            at: moment(next.due_at, visit.op.now),
        }),
        state: Select {
            choices: vec![
                choice(UserState::Active, "Active"),
                choice(UserState::Suspended, "Suspended"),
            ],
            error: None,
        },
        at,
    })
}
