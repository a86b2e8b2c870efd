//! `GET /login/reminder`: after the sign-in of somebody who is let in without a second factor for some
//! time (requirement M02).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::factors::enrolment_time;
use jetway_pages::EnrolReminder;

use crate::portal::sign_in::next_of;
use crate::shared::{
    Failure, Site, Visit, html, moment, query_fields, see_other, sign_in_path, signed_in,
};

pub(super) const PATH: &str = "/login/reminder";

/// Until when, and what to do. Nobody else is held up.
pub(crate) async fn reminder(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let next = next_of(&query)?.unwrap_or_else(|| "/".to_owned());
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path(&next));
    };
    let user = present.person.user.id;
    let Some(until) = enrolment_time(&op, site.store.as_ref(), user).await? else {
        return see_other(&next);
    };
    let until = moment(until, op.now);
    html(StatusCode::OK, site.chrome(), EnrolReminder { until, next })
}
