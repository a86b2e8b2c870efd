//! `/api/v1/groups/{id}/members`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::{GroupId, User, UserId, UserState, members_page};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::groups::list::Page;
use crate::api::groups::refusal::members_not_changed;
use crate::api::plan::Plan;
use crate::api::problem::FieldError;
use crate::api::{Cursor, JsonBody, List, PathId, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// A member of a group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    id: String,
    email: String,
    username: String,
    /// Display name, else both names, else the username.
    name: String,
    state: MemberState,
}

/// Whether the person may sign in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MemberState {
    Staged,
    Active,
    Suspended,
}

impl From<User> for Member {
    fn from(user: User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.label(),
            email: user.email,
            username: user.username,
            state: match user.state {
                UserState::Staged => MemberState::Staged,
                UserState::Active => MemberState::Active,
                UserState::Suspended => MemberState::Suspended,
            },
        }
    }
}

/// List the members of a group
///
/// By name. `q` is part of the name, the address or the username.
#[utoipa::path(
    get,
    path = "/api/v1/groups/{id}/members",
    tag = "Groups",
    operation_id = "list_group_members",
    params(("id" = String, Path), Page),
    responses((status = 200, description = "A page of members.", body = List<Member>))
)]
pub(crate) async fn members(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<GroupId>,
    QueryFields(page): QueryFields<Page>,
) -> Result<Json<List<Member>>, Problem> {
    let after = page.cursor.as_ref().map(Cursor::as_str);
    let found = members_page(site.store.as_ref(), id, &page.q, after, page.limit.get()).await?;
    let found = found.ok_or_else(|| Problem::not_found("group"))?;
    Ok(Json(List {
        items: found.members.into_iter().map(Member::from).collect(),
        next_cursor: found.next.map(Cursor::new),
    }))
}

/// Who comes and who goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MembersChange)]
pub(crate) struct Body {
    /// Ids of users.
    #[serde(default)]
    #[schema(max_items = 10_000)]
    add: Vec<String>,
    #[serde(default)]
    #[schema(max_items = 10_000)]
    remove: Vec<String>,
}

/// What a change of members did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MembersChanged {
    /// People who were not members before.
    added: usize,
    /// People who were.
    removed: usize,
}

/// Add and remove members
///
/// All of them or none. Adding a member again and removing somebody who is none changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/groups/{id}/members",
    tag = "Groups",
    operation_id = "change_group_members",
    request_body = Body,
    params(("id" = String, Path), Plan),
    responses((status = 200, description = "What changed.", body = MembersChanged))
)]
pub(crate) async fn change_members(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<GroupId>,
    QueryFields(plan): QueryFields<Plan>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<MembersChanged>, Problem> {
    let add = users("add", &body.add)?;
    let remove = users("remove", &body.remove)?;
    let field = if add.is_empty() { "remove" } else { "add" };
    let store = plan.store(site.store.as_ref());
    let changed = jetway_identity::change_members(&mut caller.op, &*store, id, &add, &remove)
        .await
        .map_err(|error| members_not_changed(error, field))?;
    Ok(Json(MembersChanged {
        added: changed.added,
        removed: changed.removed,
    }))
}

fn users(field: &str, ids: &[String]) -> Result<Vec<UserId>, Problem> {
    let parsed = ids.iter().enumerate().map(|(index, id)| {
        id.parse().map_err(|_| {
            let message = "this is not the id of a user";
            Problem::invalid(vec![FieldError::new(format!("{field}[{index}]"), message)])
        })
    });
    parsed.collect()
}
