//! `/admin/users/{id}/groups`: in which groups, and why (requirement E07).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::{
    ChangeMembersError, Group, GroupId, Permission, User, add_member, list_groups, remove_member,
};
use jetway_pages::admin::parts::Paging;
use jetway_pages::admin::people::{MembershipKind, MembershipRow, UserGroups, UserTab};
use url::form_urlencoded::Serializer;

use super::header::{find, go_on, header, page};
use crate::admin::counts::counted;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, query_fields, typeable};

const ROWS: u32 = 50;

/// The tab: the person's groups first, then the others.
pub(crate) async fn groups(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let query = query_fields(uri.query())?;
    let text = query.get("q")?.unwrap_or_default();
    let after = query.get("after")?;
    let mine = groups_of(&site, &user).await?;
    let found = list_groups(site.store.as_ref(), text, after, ROWS).await?;
    let is_mine = |group: &Group| mine.iter().any(|own| own.id == group.id);
    let own = mine.iter().filter(|_| text.is_empty() && after.is_none());
    let own = own.map(|group| row(group, true));
    let others = found.groups.iter().filter(|found| {
        // The person's own groups stand at the top already.
        !text.is_empty() || !is_mine(&found.group)
    });
    let others = others.map(|found| row(&found.group, is_mine(&found.group)));
    let rows: Vec<_> = own.chain(others).collect();
    let path = format!("/admin/users/{}/groups", user.id);
    let address = |after: Option<&str>| {
        let mut query = Serializer::new(String::new());
        query.append_pair("q", text);
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        format!("{path}?{}", query.finish())
    };
    let mut header = header(&site, &visit, &user, UserTab::Groups).await?;
    header.can_edit &= visit.may(Permission::WriteGroups);
    let body = UserGroups {
        header,
        query: typeable(text),
        paging: Paging {
            shown: counted(rows.len() as u64, "group"),
            first: after.map(|_| address(None)),
            next: found.next.as_deref().map(|next| address(Some(next))),
            rows: Vec::new(),
        },
        rows,
    };
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Puts the person into the ticked groups, and out of those that were shown and are not ticked.
pub(crate) async fn save_groups(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let ids =
        |name| -> BTreeSet<GroupId> { fields.all(name).filter_map(|id| id.parse().ok()).collect() };
    let (shown, ticked) = (ids("shown"), ids("group"));
    let mine: BTreeSet<_> = groups_of(&site, &user)
        .await?
        .into_iter()
        .map(|group| group.id)
        .collect();
    let store = site.store.as_ref();
    for group in shown {
        let outcome = match (ticked.contains(&group), mine.contains(&group)) {
            (true, false) => add_member(&mut visit.op, store, group, user.id).await,
            (false, true) => remove_member(&mut visit.op, store, group, user.id).await,
            _ => continue,
        };
        match outcome {
            Ok(_) => {}
            Err(ChangeMembersError::NotAllowed(error)) => return Err(error.into()),
            Err(ChangeMembersError::Store(error)) => return Err(error.into()),
            // Deleted, or given a rule, while the page was open.
            Err(_) => return go_on(user.id, "groups", "gone"),
        }
    }
    go_on(user.id, "groups", "groups")
}

async fn groups_of(site: &Site, user: &User) -> Result<Vec<Group>, Failure> {
    Ok(site.store.read().await?.groups_of(user.id).await?)
}

fn row(group: &Group, member: bool) -> MembershipRow {
    let membership = match (member, group.everyone, group.rule()) {
        (false, ..) => MembershipKind::None,
        (_, true, _) => MembershipKind::Everyone,
        (_, _, Some(_)) => MembershipKind::ByRule,
        (true, false, None) => MembershipKind::Direct,
    };
    MembershipRow {
        id: group.id.to_string(),
        name: group.name.clone(),
        description: group.description.clone(),
        membership,
        fixed: group.everyone || group.rule().is_some(),
    }
}
