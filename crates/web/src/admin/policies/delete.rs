//! `/admin/policies/{id}/delete`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jetway_identity::sign_in_policies::delete_sign_in_policy;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::parts::Confirm;

use super::{LIST, failure, find};
use crate::shared::{AdminVisit, Failure, Site, admin_html, see_other};

pub(crate) async fn confirm_delete(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let saved = find(&site, &id).await?;
    let address = format!("{LIST}/{}", saved.policy.id);
    let body = Confirm {
        heading: "Delete this policy?".to_owned(),
        subjects: vec![saved.policy.rule.name.clone()],
        more: None,
        consequences: vec![
            "What it asks is asked no more from the next sign-in on.".to_owned(),
            "A policy that is switched off instead does nothing and can be switched on again."
                .to_owned(),
            "Events about it stay in the activity log.".to_owned(),
        ],
        action: format!("{address}/delete"),
        csrf: visit.csrf.clone(),
        hidden: Vec::new(),
        choice: None,
        typed: None,
        submit: "delete policy".to_owned(),
        danger: true,
        cancel: address,
    };
    let frame = site.admin_chrome(&visit, NavItem::Policies);
    admin_html(StatusCode::OK, frame, body)
}

pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    mut visit: AdminVisit,
) -> Result<Response, Failure> {
    let saved = find(&site, &id).await?;
    let store = site.store.as_ref();
    match delete_sign_in_policy(&mut visit.op, store, saved.policy.id, None).await {
        Ok(()) => see_other(&format!("{LIST}?done=deleted")),
        Err(error) => Err(failure(error)),
    }
}
