//! `/admin/groups/{id}/members`: who is in the group; adding and removing people.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::groups::AddedByName;
use jetway_identity::{
    ChangeMembersError, GroupSummary, Permission, User, UserId, add_members, add_members_by_name,
    find_candidates, members_page, remove_members,
};
use jetway_pages::admin::groups::{Candidate, GroupMembers, GroupTab, Member, Pasted};
use jetway_pages::admin::parts::{Field, Paging, UserState};
use url::form_urlencoded::Serializer;

use super::header::{find, go_on, header, last_change, page};
use crate::admin::counts::{counted, grouped};
use crate::admin::custom_attributes::sentence;
use crate::admin::typed_lines;
use crate::shared::{AdminVisit, Failure, Fields, Site, admin_form_fields, query_fields, typeable};

/// Rows of a page, and people offered to be added.
const ROWS: u32 = 50;
const CANDIDATES: u32 = 20;

/// The table, with people to add when `add` is searched for.
pub(crate) async fn members(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let body = table(&site, &visit, &found, uri.query()).await?;
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Adds the person whose button was pressed.
pub(crate) async fn add(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let users = named_users(&admin_form_fields(&headers, &body)?)?;
    let store = site.store.as_ref();
    let outcome = add_members(&mut visit.op, store, found.group.id, &users).await;
    answer(&site, &visit, &found, outcome, "added").await
}

/// Removes those whose rows are ticked.
pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let users = named_users(&admin_form_fields(&headers, &body)?)?;
    let store = site.store.as_ref();
    let outcome = remove_members(&mut visit.op, store, found.group.id, &users).await;
    answer(&site, &visit, &found, outcome, "removed").await
}

/// Adds those who are named in a pasted list and says which lines name nobody.
pub(crate) async fn paste(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let list = typed_lines(fields.get("list")?.unwrap_or_default());
    let names: Vec<(usize, &str)> = list
        .lines()
        .enumerate()
        .flat_map(|(line, text)| {
            text.split([',', ';'])
                .map(move |name| (line + 1, name.trim()))
        })
        .filter(|(_, name)| !name.is_empty())
        .collect();
    let texts: Vec<&str> = names.iter().map(|(_, name)| *name).collect();
    let store = site.store.as_ref();
    let outcome = add_members_by_name(&mut visit.op, store, found.group.id, &texts).await;
    let (status, list, pasted) = match outcome {
        Ok(added) => {
            let unknown = added.unknown.iter().filter_map(|place| names.get(*place));
            let pasted = Pasted {
                summary: summary(&added),
                unknown: unknown
                    .map(|(line, name)| format!("{line}: {}", typeable(name)))
                    .collect(),
            };
            (StatusCode::OK, Field::default(), Some(pasted))
        }
        Err(error) => {
            let error = refusal(error)?;
            (
                StatusCode::CONFLICT,
                Field::new(list).with_error(error),
                None,
            )
        }
    };
    // Read again: there are more members now.
    let found = find(&site, &id).await?;
    let mut body = table(&site, &visit, &found, None).await?;
    body.list = list;
    body.pasted = pasted;
    page(&site, &visit, status, None, body)
}

fn summary(added: &AddedByName) -> String {
    let people = |count: usize| match count {
        1 => "1 person".to_owned(),
        _ => format!("{} people", grouped(count as u64)),
    };
    match added.already {
        0 => format!("{} added.", people(added.added)),
        1 => format!("{} added, 1 was a member already.", people(added.added)),
        more => format!(
            "{} added, {} were members already.",
            people(added.added),
            grouped(more as u64)
        ),
    }
}

fn named_users(fields: &Fields<'_>) -> Result<Vec<UserId>, Failure> {
    let ids = fields.all("id").map(str::parse);
    ids.collect::<Result<_, _>>()
        .map_err(|_| Failure::bad_request())
}

async fn answer(
    site: &Site,
    visit: &AdminVisit,
    found: &GroupSummary,
    outcome: Result<usize, ChangeMembersError>,
    done: &str,
) -> Result<Response, Failure> {
    match outcome {
        Ok(_) => go_on(found.group.id, "members", done),
        Err(error) => {
            let mut body = table(site, visit, found, None).await?;
            body.pasted = Some(Pasted {
                summary: refusal(error)?,
                unknown: Vec::new(),
            });
            page(site, visit, StatusCode::CONFLICT, None, body)
        }
    }
}

/// What to tell the person; the inner errors are not theirs.
fn refusal(error: ChangeMembersError) -> Result<String, Failure> {
    match error {
        ChangeMembersError::NoSuchGroup => Err(Failure::not_found()),
        ChangeMembersError::NotAllowed(error) => Err(error.into()),
        ChangeMembersError::Store(error) => Err(error.into()),
        ChangeMembersError::NoSuchUser(_) => {
            Ok("One of them was deleted in the meantime. Nobody was added or removed.".to_owned())
        }
        error => Ok(sentence(&error.to_string())),
    }
}

async fn table(
    site: &Site,
    visit: &AdminVisit,
    found: &GroupSummary,
    query: Option<&str>,
) -> Result<GroupMembers, Failure> {
    let fields = query_fields(query)?;
    let text = fields.get("q")?.unwrap_or_default();
    let after = fields.get("after")?;
    let (store, group) = (site.store.as_ref(), &found.group);
    let shown = members_page(store, group.id, text, after, ROWS)
        .await?
        .ok_or_else(Failure::not_found)?;
    let can_edit = !group.everyone && group.rule().is_none() && visit.may(Permission::WriteGroups);
    let adding = fields.get("add")?.filter(|_| can_edit).map(typeable);
    let candidates = match adding.as_deref() {
        Some(text) if !text.trim().is_empty() => {
            find_candidates(store, group.id, text, CANDIDATES).await?
        }
        _ => Vec::new(),
    };
    let address = |after: Option<&str>| {
        let mut query = Serializer::new(format!("/admin/groups/{}/members?", group.id));
        query.append_pair("q", text);
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        query.finish()
    };
    let changed = last_change(site, visit, found).await?;
    Ok(GroupMembers {
        group: header(visit, found, GroupTab::Members, changed),
        csrf: visit.csrf.clone(),
        can_edit,
        query: typeable(text),
        paging: Paging {
            shown: if text.is_empty() {
                format!(
                    "{} of {}",
                    grouped(shown.members.len() as u64),
                    counted(found.members, "member")
                )
            } else {
                counted(shown.members.len() as u64, "member")
            },
            first: after.map(|_| address(None)),
            next: shown.next.as_deref().map(|next| address(Some(next))),
            rows: Vec::new(),
        },
        rows: shown
            .members
            .into_iter()
            .map(|user| member(user, group.rule().is_some()))
            .collect(),
        adding,
        candidates: candidates.into_iter().map(candidate).collect(),
        list: Field::default(),
        pasted: None,
    })
}

fn member(user: User, by_rule: bool) -> Member {
    Member {
        id: user.id.to_string(),
        name: user.label(),
        state: match user.state {
            jetway_identity::UserState::Staged => UserState::Staged,
            jetway_identity::UserState::Active => UserState::Active,
            jetway_identity::UserState::Suspended => UserState::Suspended,
        },
        email: user.email,
        why: by_rule.then(|| "by the rule".to_owned()),
    }
}

fn candidate((user, member): (User, bool)) -> Candidate {
    Candidate {
        id: user.id.to_string(),
        name: user.label(),
        email: user.email,
        member,
    }
}
