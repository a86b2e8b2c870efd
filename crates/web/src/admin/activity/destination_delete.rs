//! `/admin/activity/destinations/{id}/delete`: removing a destination.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jetway_identity::log_destinations::delete_log_destination;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::parts::Confirm;

use super::destinations::{LIST, failure, find};
use crate::shared::{AdminVisit, Failure, Site, admin_html, see_other};

pub(crate) async fn confirm_delete(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let one = find(&site, &id).await?;
    let address = format!("{LIST}/{}", one.id);
    let body = Confirm {
        heading: "Remove this destination?".to_owned(),
        subjects: vec![one.name.clone()],
        more: None,
        consequences: vec![
            format!("Nothing more is sent to {}.", one.target.place()),
            "What was sent stays there; the log here stays whole.".to_owned(),
        ],
        action: format!("{address}/delete"),
        csrf: visit.csrf.clone(),
        hidden: Vec::new(),
        choice: None,
        typed: None,
        submit: "remove destination".to_owned(),
        danger: true,
        cancel: address,
    };
    let frame = site.admin_chrome(&visit, NavItem::Activity);
    admin_html(StatusCode::OK, frame, body)
}

pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let one = find(&site, &id).await?;
    match delete_log_destination(&mut visit.op, site.store.as_ref(), one.id, None).await {
        Ok(()) => see_other(&format!("{LIST}?done=deleted")),
        Err(error) => Err(failure(error)),
    }
}
