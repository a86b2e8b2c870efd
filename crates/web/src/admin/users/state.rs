//! What one button does to a person: `POST /admin/users/{id}/…` (requirements B08, D03).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::{SetUserStateError, UserState, set_user_state};
use jetway_pages::admin::parts::Confirm;

use super::header::{find, go_back, page};
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields};

/// Activates, suspends or stages.
pub(crate) async fn set_state(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    // The form of the list also has its own state as a filter; the button's comes last.
    let state = fields.all("state").last().and_then(UserState::from_name);
    let state = state.ok_or_else(Failure::bad_request)?;
    match set_user_state(&mut visit.op, site.store.as_ref(), user.id, state).await {
        Ok(()) => go_back(&headers, user.id, state.as_str()),
        Err(SetUserStateError::NoSuchUser) => Err(Failure::not_found()),
        Err(SetUserStateError::Store(error)) => Err(error.into()),
    }
}

/// A question before something is done.
pub(super) fn ask(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    question: Confirm,
) -> Result<Response, Failure> {
    page(site, visit, status, None, question)
}
