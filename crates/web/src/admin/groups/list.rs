//! `GET /admin/groups`: the list (requirements E01, E02, E05).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::{GroupSummary, Permission, list_groups};
use jetway_pages::admin::groups::{GroupRow, Groups};
use jetway_pages::admin::parts::Paging;
use url::form_urlencoded::Serializer;

use super::header::page;
use crate::admin::counts::{counted, grouped};
use crate::shared::{AdminVisit, Failure, Site, query_fields, typeable};

/// Rows of a page.
const ROWS: u32 = 50;

/// Groups by name, those that match `q`.
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let text = query.get("q")?.unwrap_or_default();
    let after = query.get("after")?;
    let found = list_groups(site.store.as_ref(), text, after, ROWS).await?;
    let address = |after: Option<&str>| {
        let mut query = Serializer::new(String::new());
        if !text.is_empty() {
            query.append_pair("q", text);
        }
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        match query.finish() {
            query if query.is_empty() => "/admin/groups".to_owned(),
            query => format!("/admin/groups?{query}"),
        }
    };
    let body = Groups {
        query: typeable(text),
        paging: Paging {
            shown: counted(found.groups.len() as u64, "group"),
            first: after.map(|_| address(None)),
            next: found.next.as_deref().map(|next| address(Some(next))),
            rows: Vec::new(),
        },
        rows: found.groups.into_iter().map(row).collect(),
        can_edit: visit.may(Permission::WriteGroups),
    };
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

fn row(found: GroupSummary) -> GroupRow {
    let group = found.group;
    GroupRow {
        id: group.id.to_string(),
        dynamic: group.rule().is_some(),
        will_not_sync: group.wont_sync_to_aws(),
        name: group.name,
        description: group.description,
        members: grouped(found.members),
        everyone: group.everyone,
        applications: grouped(found.applications),
    }
}
