//! `/admin/groups/{id}/delete`, with the name typed.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::{DeleteGroupError, GroupSummary, applications_of_group, delete_group};
use jetway_pages::admin::groups::GroupTab;
use jetway_pages::admin::parts::Confirm;

use super::header::{find, header, last_change, page};
use crate::admin::policies::{Leaving, policies_left_behind};
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, see_other, typeable};

/// Says what would be lost.
pub(crate) async fn confirm_delete(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let found = deletable(&site, &id).await?;
    confirmation(&site, &visit, StatusCode::OK, &found, "").await
}

/// Deletes the group when its name was typed.
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = deletable(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let typed = fields.get("typed")?.unwrap_or_default().trim();
    if typed != found.group.name {
        let typed = match typeable(typed) {
            empty if empty.is_empty() => " ".to_owned(),
            typed => typed,
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return confirmation(&site, &visit, status, &found, &typed).await;
    }
    let (store, version) = (site.store.as_ref(), Some(found.group.version));
    match delete_group(&mut visit.op, store, found.group.id, version).await {
        Ok(()) => see_other("/admin/groups?done=deleted"),
        Err(DeleteGroupError::NoSuchGroup | DeleteGroupError::BuiltIn) => Err(Failure::not_found()),
        Err(DeleteGroupError::Stale(_)) => {
            // Changed within this request: show what it is now.
            let found = deletable(&site, &id).await?;
            confirmation(&site, &visit, StatusCode::CONFLICT, &found, "").await
        }
        Err(DeleteGroupError::NotAllowed(error)) => Err(error.into()),
        Err(DeleteGroupError::Store(error)) => Err(error.into()),
    }
}

/// The built-in group has no such page.
async fn deletable(site: &Site, id: &str) -> Result<GroupSummary, Failure> {
    let found = find(site, id).await?;
    if found.group.everyone {
        return Err(Failure::not_found());
    }
    Ok(found)
}

async fn confirmation(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    found: &GroupSummary,
    typed: &str,
) -> Result<Response, Failure> {
    let applications = applications_of_group(site.store.as_ref(), found.group.id).await?;
    let lost: Vec<_> = applications.iter().map(|one| one.label.clone()).collect();
    let changed = last_change(site, visit, found).await?;
    let group = header(visit, found, GroupTab::Details, changed);
    let mut body = Confirm::delete_group(&group, &lost, visit.csrf.clone(), typed);
    let leaving = Leaving::Group(found.group.id);
    let policies = policies_left_behind(site.store.as_ref(), &leaving).await?;
    body.consequences.extend(policies);
    page(site, visit, status, None, body)
}
