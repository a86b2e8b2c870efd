//! `/admin/groups/{id}/applications`: what the group gives access to (requirements E04, K03).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::{
    ApplicationId, ChangeGrantsError, GrantChange, GroupSummary, Permission, all_applications,
    change_grants,
};
use jetway_pages::admin::groups::{GroupApplications, GroupTab, TickedApplication};

use super::header::{find, go_on, header, last_change, page};
use crate::admin::applications::kind_words;
use crate::shared::{AdminVisit, Failure, Fields, Site, admin_form_fields};

/// The tick list.
pub(crate) async fn applications(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let body = tick_list(&site, &visit, &found).await?;
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Grants what was ticked since the page was made and withdraws what was unticked since then, so
/// that what somebody else did meanwhile stays.
pub(crate) async fn save_applications(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let ticked = parsed(fields.all("application"))?;
    let before = before(&fields)?;
    let change = GrantChange {
        grant: ticked.difference(&before).copied().collect(),
        withdraw: before.difference(&ticked).copied().collect(),
    };
    let store = site.store.as_ref();
    match change_grants(&mut visit.op, store, found.group.id, &change).await {
        Ok(_) => go_on(found.group.id, "applications", "granted"),
        Err(ChangeGrantsError::NoSuchGroup) => Err(Failure::not_found()),
        Err(ChangeGrantsError::NoSuchApplication(_)) => {
            let mut body = tick_list(&site, &visit, &found).await?;
            let text = "One of the applications was deleted in the meantime. Nothing was changed.";
            body.problem = Some(text.to_owned());
            page(&site, &visit, StatusCode::CONFLICT, None, body)
        }
        Err(ChangeGrantsError::NotAllowed(error)) => Err(error.into()),
        Err(ChangeGrantsError::Store(error)) => Err(error.into()),
    }
}

fn before(fields: &Fields<'_>) -> Result<BTreeSet<ApplicationId>, Failure> {
    let before = fields.get("before")?.unwrap_or_default();
    parsed(before.split(',').filter(|id| !id.is_empty()))
}

fn parsed<'a>(ids: impl Iterator<Item = &'a str>) -> Result<BTreeSet<ApplicationId>, Failure> {
    ids.map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::bad_request())
}

async fn tick_list(
    site: &Site,
    visit: &AdminVisit,
    found: &GroupSummary,
) -> Result<GroupApplications, Failure> {
    let all = all_applications(site.store.as_ref()).await?;
    let applications: Vec<_> = all
        .into_iter()
        .map(|one| TickedApplication {
            id: one.application.id.to_string(),
            label: one.application.label.clone(),
            kind: kind_words(&one.application.sign_on).to_owned(),
            slug: one.application.slug.clone(),
            active: one.application.active,
            ticked: one.groups.iter().any(|group| group.id == found.group.id),
        })
        .collect();
    let before: Vec<_> = applications
        .iter()
        .filter(|one| one.ticked)
        .map(|one| one.id.as_str())
        .collect();
    let changed = last_change(site, visit, found).await?;
    Ok(GroupApplications {
        group: header(visit, found, GroupTab::Applications, changed),
        csrf: visit.csrf.clone(),
        can_edit: visit.may(Permission::GrantApplications),
        will_not_sync: found.group.wont_sync_to_aws(),
        before: before.join(","),
        applications,
        problem: None,
    })
}
