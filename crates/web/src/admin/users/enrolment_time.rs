//! `/admin/users/{id}/enrolment-time` and `/remind-to-enrol`: for somebody who has no second factor yet
//! (requirement M02).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::User;
use jetway_identity::factors::{
    GiveEnrolmentTimeError, MAX_ENROLMENT_DAYS, RemindToEnrolError, enrolment_time,
    give_enrolment_time, remind_to_enrol,
};
use jetway_pages::admin::parts::Field;
use jetway_pages::admin::people::EnrolmentTime;

use super::header::{find, go_on, moment, page};
use crate::admin::custom_attributes::sentence;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, typeable};

/// What the form offers at first.
const USUAL_DAYS: &str = "14";

/// The form.
pub(crate) async fn time_form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let typed = (Field::new(USUAL_DAYS), Field::default());
    let body = form(&site, &visit, &user, typed).await?;
    page(&site, &visit, StatusCode::OK, None, body)
}

/// Gives the time.
pub(crate) async fn give_time(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let days = fields.get("days")?.unwrap_or_default();
    let reason = fields.get("reason")?.unwrap_or_default();
    let number = days.trim().parse().unwrap_or(MAX_ENROLMENT_DAYS + 1);
    let store = site.store.as_ref();
    let given = give_enrolment_time(&mut visit.op, store, user.id, number, reason).await;
    let mut typed = (Field::new(typeable(days)), Field::new(typeable(reason)));
    match given {
        Ok(Some(_)) => return go_on(user.id, "highlights", "enrolment-time"),
        Ok(None) => return go_on(user.id, "highlights", "enrolment-time-over"),
        Err(GiveEnrolmentTimeError::HasFactor) => {
            return go_on(user.id, "highlights", "has-factor");
        }
        Err(error @ GiveEnrolmentTimeError::Days) => {
            typed.0 = typed.0.with_error(sentence(&error.to_string()));
        }
        Err(error @ GiveEnrolmentTimeError::Reason) => {
            typed.1 = typed.1.with_error(sentence(&error.to_string()));
        }
        Err(GiveEnrolmentTimeError::NobodyThere) => return Err(Failure::not_found()),
        Err(GiveEnrolmentTimeError::NotAllowed(error)) => return Err(error.into()),
        Err(GiveEnrolmentTimeError::Store(error)) => return Err(error.into()),
    }
    let body = form(&site, &visit, &user, typed).await?;
    page(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, None, body)
}

async fn form(
    site: &Site,
    visit: &AdminVisit,
    user: &User,
    (days, reason): (Field, Field),
) -> Result<EnrolmentTime, Failure> {
    let ends = enrolment_time(&visit.op, site.store.as_ref(), user.id).await?;
    Ok(EnrolmentTime {
        user_id: user.id.to_string(),
        name: user.label(),
        csrf: visit.csrf.clone(),
        ends: ends.map(|ends| moment(ends, visit.op.now)),
        days,
        reason,
    })
}

/// Writes the mail.
pub(crate) async fn remind(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let url = site.settings.public_url();
    let code = match remind_to_enrol(&mut visit.op, store, sealing, url, user.id).await {
        Ok(_) if visit.settings.sections.mail.is_some() => "reminded",
        Ok(_) => "reminder-waits",
        Err(RemindToEnrolError::HasFactor) => "has-factor",
        Err(RemindToEnrolError::NotActive) => "not-active",
        Err(RemindToEnrolError::NoSuchUser) => return Err(Failure::not_found()),
        Err(RemindToEnrolError::Store(error)) => return Err(error.into()),
    };
    go_on(user.id, "highlights", code)
}
