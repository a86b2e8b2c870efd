//! `/admin/applications/{id}/groups` and `…/people/…`: who has the application (requirements K02 to
//! K05).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::applications::{
    Access, AccessChange, ChangeAccessError, application_access, change_access, people_with_access,
};
use jetway_identity::{
    ApplicationId, Group, GroupId, Permission, User, UserFilter, UserId, UserSort, list_groups,
    list_users,
};
use jetway_pages::admin::applications::{
    ApplicationGroups, ApplicationTab, GrantedGroup, PersonWithAccess, SinglePerson, TickedGroup,
};
use jetway_pages::admin::groups::Candidate;
use jetway_pages::admin::parts::{Paging, UserState};
use url::form_urlencoded::Serializer;

use super::header::{Found, find, go_on, header, page};
use crate::admin::counts::{counted, grouped};
use crate::shared::{AdminVisit, Failure, Fields, Site, admin_form_fields, query_fields, typeable};

/// Groups and people of a page, and people offered to be added.
const GROUPS: u32 = 100;
const PEOPLE: u32 = 50;
const CANDIDATES: u32 = 20;

/// The page, with people to add when `add` is searched for.
pub(crate) async fn groups(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let body = whole(&site, &visit, &found, uri.query()).await?;
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Grants to the groups that were ticked since the page was made and withdraws from those unticked
/// since then, so that what somebody else did meanwhile stays.
pub(crate) async fn save_groups(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let ticked: BTreeSet<GroupId> = parsed(fields.all("group"))?;
    let before = fields.get("before")?.unwrap_or_default();
    let before = parsed(before.split(',').filter(|id| !id.is_empty()))?;
    let change = AccessChange {
        grant_groups: ticked.difference(&before).copied().collect(),
        withdraw_groups: before.difference(&ticked).copied().collect(),
        ..AccessChange::default()
    };
    save(&site, visit, &id, change).await
}

/// Grants it to the person whose button was pressed.
pub(crate) async fn add_person(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let change = AccessChange {
        grant_users: named_people(&admin_form_fields(&headers, &body)?)?,
        ..AccessChange::default()
    };
    save(&site, visit, &id, change).await
}

/// Takes back what the person whose button was pressed has alone.
pub(crate) async fn remove_person(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let change = AccessChange {
        withdraw_users: named_people(&admin_form_fields(&headers, &body)?)?,
        ..AccessChange::default()
    };
    save(&site, visit, &id, change).await
}

fn named_people(fields: &Fields<'_>) -> Result<Vec<UserId>, Failure> {
    parsed(fields.all("id"))
}

fn parsed<'a, T: std::str::FromStr, All: FromIterator<T>>(
    ids: impl Iterator<Item = &'a str>,
) -> Result<All, Failure> {
    ids.map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::bad_request())
}

async fn save(
    site: &Site,
    mut visit: AdminVisit,
    id: &str,
    change: AccessChange,
) -> Result<Response, Failure> {
    let found = find(site, id).await?;
    let id = found.application.id;
    let gone = match change_access(&mut visit.op, site.store.as_ref(), id, &change).await {
        Ok(_) => return go_on(id, "groups", "access"),
        Err(ChangeAccessError::NoSuchApplication) => return Err(Failure::not_found()),
        Err(ChangeAccessError::NotAllowed(error)) => return Err(error.into()),
        Err(ChangeAccessError::Store(error)) => return Err(error.into()),
        Err(ChangeAccessError::NoSuchGroup(_)) => "One of the groups",
        Err(ChangeAccessError::NoSuchUser(_)) => "One of these people",
    };
    let mut body = whole(site, &visit, &found, None).await?;
    body.problem = Some(format!(
        "{gone} was deleted in the meantime. Nothing was changed."
    ));
    page(site, &visit, StatusCode::CONFLICT, None, body)
}

async fn whole(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    query: Option<&str>,
) -> Result<ApplicationGroups, Failure> {
    let fields = query_fields(query)?;
    let (store, id) = (site.store.as_ref(), found.application.id);
    let can_edit = visit.may(Permission::GrantApplications);
    let access = application_access(store, id).await?;
    let access = access.ok_or_else(Failure::not_found)?;
    let text = fields.get("q")?.unwrap_or_default();
    let (groups, groups_paging) = tick_list(site, id, &access, text, fields.get("after")?).await?;
    let before: Vec<_> = groups
        .iter()
        .filter(|group| group.ticked)
        .map(|group| group.id.as_str())
        .collect();
    let before = before.join(",");
    let adding = fields.get("add")?.filter(|_| can_edit).map(typeable);
    let candidates = match adding.as_deref() {
        Some(text) if !text.trim().is_empty() => candidates(site, &access, text).await?,
        _ => Vec::new(),
    };
    let (people, people_paging) = everybody(site, id, fields.get("people")?).await?;
    Ok(ApplicationGroups {
        application: header(site, visit, found, ApplicationTab::Groups).await?,
        csrf: visit.csrf.clone(),
        can_edit,
        query: typeable(text),
        groups,
        groups_paging,
        before,
        singles: access.users.into_iter().map(single).collect(),
        adding,
        candidates,
        people,
        people_paging,
        problem: None,
    })
}

/// The groups that match, by name; without a search, those that have it come first.
async fn tick_list(
    site: &Site,
    id: ApplicationId,
    access: &Access,
    text: &str,
    after: Option<&str>,
) -> Result<(Vec<TickedGroup>, Paging), Failure> {
    let having: BTreeSet<GroupId> = access.groups.iter().map(|group| group.id).collect();
    let listed = list_groups(site.store.as_ref(), text, after, GROUPS).await?;
    let searched = !text.trim().is_empty();
    let mut rows = Vec::new();
    if !searched && after.is_none() {
        rows.extend(access.groups.iter().map(|group| ticked(group, true)));
    }
    for summary in &listed.groups {
        let has = having.contains(&summary.group.id);
        if searched || !has {
            rows.push(ticked(&summary.group, has));
        }
    }
    let address = |after: Option<&str>| address(id, &[("q", Some(text)), ("after", after)]);
    let paging = Paging {
        shown: counted(rows.len() as u64, "group"),
        first: after.map(|_| address(None)),
        next: listed.next.as_deref().map(|next| address(Some(next))),
        rows: Vec::new(),
    };
    Ok((rows, paging))
}

fn address(id: ApplicationId, query: &[(&str, Option<&str>)]) -> String {
    let mut fields = Serializer::new(String::new());
    for (name, value) in query {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            fields.append_pair(name, value);
        }
    }
    match fields.finish() {
        none if none.is_empty() => format!("/admin/applications/{id}/groups"),
        some => format!("/admin/applications/{id}/groups?{some}"),
    }
}

fn ticked(group: &Group, ticked: bool) -> TickedGroup {
    TickedGroup {
        id: group.id.to_string(),
        name: group.name.clone(),
        membership: if group.everyone {
            "everyone"
        } else if group.rule().is_some() {
            "dynamic"
        } else {
            "static"
        },
        ticked,
    }
}

fn single(user: User) -> SinglePerson {
    SinglePerson {
        id: user.id.to_string(),
        name: user.label(),
        email: user.email,
    }
}

/// People who match, each with whether they have it alone already.
async fn candidates(site: &Site, access: &Access, text: &str) -> Result<Vec<Candidate>, Failure> {
    let filter = UserFilter {
        text: text.to_owned(),
        ..UserFilter::default()
    };
    let store = site.store.as_ref();
    let found = list_users(store, &filter, UserSort::Name, false, None, CANDIDATES).await?;
    let alone: BTreeSet<UserId> = access.users.iter().map(|user| user.id).collect();
    let candidate = |user: User| Candidate {
        member: alone.contains(&user.id),
        id: user.id.to_string(),
        name: user.label(),
        email: user.email,
    };
    Ok(found.users.into_iter().map(candidate).collect())
}

async fn everybody(
    site: &Site,
    id: ApplicationId,
    after: Option<&str>,
) -> Result<(Vec<PersonWithAccess>, Paging), Failure> {
    let found = people_with_access(site.store.as_ref(), id, after, PEOPLE).await?;
    let address = |after: Option<&str>| address(id, &[("people", after)]);
    let paging = Paging {
        shown: match found.people.len() {
            1 => "1 person".to_owned(),
            many => format!("{} people", grouped(many as u64)),
        },
        first: after.map(|_| address(None)),
        next: found.next.as_deref().map(|next| address(Some(next))),
        rows: Vec::new(),
    };
    let person = |one: jetway_identity::applications::PersonWithAccess| PersonWithAccess {
        id: one.user.id.to_string(),
        name: one.user.label(),
        state: match one.user.state {
            jetway_identity::UserState::Staged => UserState::Staged,
            jetway_identity::UserState::Active => UserState::Active,
            jetway_identity::UserState::Suspended => UserState::Suspended,
        },
        email: one.user.email,
        direct: one.direct,
        groups: one
            .groups
            .into_iter()
            .map(|group| GrantedGroup {
                id: group.id.to_string(),
                name: group.name,
            })
            .collect(),
    };
    Ok((found.people.into_iter().map(person).collect(), paging))
}
