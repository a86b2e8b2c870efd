//! `/api/v1/applications/{id}/access`: who has an application.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::applications::{
    AccessChange, ChangeAccessError, PersonWithAccess, application, application_access,
    change_access, people_with_access,
};
use jetway_identity::{ApplicationId, User};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::applications::document::GroupBrief;
use crate::api::plan::Plan;
use crate::api::problem::FieldError;
use crate::api::{Cursor, JsonBody, List, Page, PathId, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// Most ids in one list of a change.
const MAX_IDS: usize = 1000;

/// A person, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserBrief {
    id: String,
    email: String,
    username: String,
}

impl UserBrief {
    pub(crate) fn of(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.clone(),
            username: user.username.clone(),
        }
    }
}

/// To whom an application is granted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Access {
    groups: Vec<GroupBrief>,
    /// Single users; a thousand at most.
    users: Vec<UserBrief>,
}

/// Show to whom an application is granted
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}/access",
    tag = "Applications",
    operation_id = "get_application_access",
    params(("id" = String, Path)),
    responses((status = 200, description = "Groups and single users.", body = Access))
)]
pub(crate) async fn access(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
) -> Result<Json<Access>, Problem> {
    let access = application_access(site.store.as_ref(), id).await?;
    let access = access.ok_or_else(|| Problem::not_found("application"))?;
    Ok(Json(Access {
        groups: access.groups.iter().map(GroupBrief::of).collect(),
        users: access.users.iter().map(UserBrief::of).collect(),
    }))
}

/// Somebody who has the application.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessPerson {
    #[serde(flatten)]
    user: UserBrief,
    state: &'static str,
    /// Granted to them alone.
    direct: bool,
    /// The groups of theirs that have it.
    groups: Vec<GroupBrief>,
}

impl AccessPerson {
    fn of(one: &PersonWithAccess) -> Self {
        Self {
            user: UserBrief::of(&one.user),
            state: one.user.state.as_str(),
            direct: one.direct,
            groups: one.groups.iter().map(GroupBrief::of).collect(),
        }
    }
}

/// List everybody who has an application
///
/// By name, whatever their state, each with the reason.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}/people",
    tag = "Applications",
    operation_id = "list_application_people",
    params(("id" = String, Path), Page),
    responses((status = 200, description = "A page of people.", body = List<AccessPerson>))
)]
pub(crate) async fn people(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    QueryFields(page): QueryFields<Page>,
) -> Result<Json<List<AccessPerson>>, Problem> {
    let store = site.store.as_ref();
    if application(store, id).await?.is_none() {
        return Err(Problem::not_found("application"));
    }
    let after = page.cursor.as_ref().map(Cursor::as_str);
    let found = people_with_access(store, id, after, page.limit.get()).await?;
    Ok(Json(List {
        items: found.people.iter().map(AccessPerson::of).collect(),
        next_cursor: found.next.map(Cursor::new),
    }))
}

/// Who gets an application and who loses it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessChange)]
pub(crate) struct Body {
    /// Ids of groups.
    #[serde(default)]
    #[schema(max_items = 1000)]
    grant_groups: Vec<String>,
    #[serde(default)]
    #[schema(max_items = 1000)]
    withdraw_groups: Vec<String>,
    /// Ids of users.
    #[serde(default)]
    #[schema(max_items = 1000)]
    grant_users: Vec<String>,
    #[serde(default)]
    #[schema(max_items = 1000)]
    withdraw_users: Vec<String>,
}

/// What a change of access did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessChanged {
    /// Groups and users that did not have it.
    granted: usize,
    /// Those that had it.
    withdrawn: usize,
}

/// Grant and withdraw an application
///
/// All of it or nothing.
#[utoipa::path(
    post,
    path = "/api/v1/applications/{id}/access",
    tag = "Applications",
    operation_id = "change_application_access",
    request_body = Body,
    params(("id" = String, Path), Plan),
    responses((status = 200, description = "What changed.", body = AccessChanged))
)]
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    QueryFields(plan): QueryFields<Plan>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<AccessChanged>, Problem> {
    let change = AccessChange {
        grant_groups: ids("grant_groups", &body.grant_groups)?,
        withdraw_groups: ids("withdraw_groups", &body.withdraw_groups)?,
        grant_users: ids("grant_users", &body.grant_users)?,
        withdraw_users: ids("withdraw_users", &body.withdraw_users)?,
    };
    let store = plan.store(site.store.as_ref());
    let changed = change_access(&mut caller.op, &*store, id, &change)
        .await
        .map_err(|error| match error {
            ChangeAccessError::NoSuchApplication => Problem::not_found("application"),
            ChangeAccessError::NoSuchGroup(_) => Problem::field("grant_groups", error.to_string()),
            ChangeAccessError::NoSuchUser(_) => Problem::field("grant_users", error.to_string()),
            ChangeAccessError::NotAllowed(error) => error.into(),
            ChangeAccessError::Store(error) => error.into(),
        })?;
    Ok(Json(AccessChanged {
        granted: changed.granted,
        withdrawn: changed.withdrawn,
    }))
}

fn ids<T: std::str::FromStr>(field: &str, ids: &[String]) -> Result<Vec<T>, Problem> {
    if ids.len() > MAX_IDS {
        return Err(Problem::field(field, format!("use at most {MAX_IDS}")));
    }
    let parsed = ids.iter().enumerate().map(|(index, id)| {
        id.parse().map_err(|_| {
            let message = "this is no id";
            Problem::invalid(vec![FieldError::new(format!("{field}[{index}]"), message)])
        })
    });
    parsed.collect()
}
