//! `/admin/applications/{id}/bookmark/…`: a bookmark switched off and on (requirement S01).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jetway_identity::applications::{SignOn, UpdateApplicationError};
use jetway_identity::set_application_active;
use jetway_pages::admin::applications::ApplicationTab;
use jetway_pages::admin::parts::Confirm;

use super::header::{Found, find, go_on, header, page};
use crate::shared::{AdminVisit, Failure, Site};

/// Says what would happen.
pub(crate) async fn confirm_deactivate(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let found = bookmark(&site, &id).await?;
    let head = header(&site, &visit, &found, ApplicationTab::General).await?;
    let body = Confirm::deactivate_bookmark(&head, visit.csrf.clone());
    page(&site, &visit, StatusCode::OK, None, body)
}

/// Nobody sees its tile any more.
pub(crate) async fn deactivate(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    switch(&site, visit, &id, false).await
}

/// Everyone who has it sees its tile again.
pub(crate) async fn activate(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    switch(&site, visit, &id, true).await
}

/// Applications with single sign-on are switched elsewhere.
async fn bookmark(site: &Site, id: &str) -> Result<Found, Failure> {
    let found = find(site, id).await?;
    match found.application.sign_on {
        SignOn::Bookmark(_) => Ok(found),
        SignOn::Saml(_) => Err(Failure::not_found()),
    }
}

async fn switch(
    site: &Site,
    mut visit: AdminVisit,
    id: &str,
    active: bool,
) -> Result<Response, Failure> {
    let id = bookmark(site, id).await?.application.id;
    let store = site.store.as_ref();
    let done = if active {
        "bookmark-activated"
    } else {
        "bookmark-deactivated"
    };
    match set_application_active(&mut visit.op, store, id, active).await {
        Ok(_) => go_on(id, "general", done),
        Err(UpdateApplicationError::NoSuchApplication) => Err(Failure::not_found()),
        Err(UpdateApplicationError::NotAllowed(error)) => Err(error.into()),
        Err(UpdateApplicationError::Store(error)) => Err(error.into()),
        // Neither a version nor a field was sent.
        Err(error) => Err(Failure::internal(error)),
    }
}
