//! `POST /api/v1/users/bulk`

mod run;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::users::{MAX_BULK, SelectUsersError, select_users};
use jetway_identity::{GroupId, Permission, Store, UserFilter, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::run::Change;
use crate::api::problem::FieldError;
use crate::api::users::document::UserState;
use crate::api::{JsonBody, Plan, Problem, QueryFields};
use crate::shared::{ApiCaller, Failure, Site};

/// Most people of an action that is one change for each of them.
const MAX_ONE_BY_ONE: usize = 1000;

/// A change of many people: an action, what it needs, and either `ids` or `filter`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BulkChange)]
pub(crate) struct Body {
    action: Action,
    /// For `change_state`.
    state: Option<UserState>,
    /// The id of a group, for `add_to_group` and `remove_from_group`.
    group: Option<String>,
    #[schema(min_items = 1, max_items = 10_000)]
    ids: Option<Vec<String>>,
    filter: Option<Filter>,
}

/// What is done to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BulkAction)]
enum Action {
    ChangeState,
    Delete,
    AddToGroup,
    RemoveFromGroup,
    /// As `POST /api/v1/users/{id}/invite`; at most 1000 people, like the two below.
    Invite,
    RequirePasswordChange,
    EndSessions,
}

/// Everyone who matches when the request is done; `{}` is everyone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BulkFilter)]
struct Filter {
    state: Option<UserState>,
    /// As in the list of users.
    #[serde(default)]
    q: String,
    /// As `filter.<column>` in the list of users.
    #[serde(default)]
    columns: BTreeMap<String, String>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkResult {
    /// `true`: nothing was written; this is what would come of it.
    planned: bool,
    done: usize,
    unchanged: usize,
    refused: usize,
    not_found: usize,
    results: Vec<BulkUserResult>,
}

/// What came of it for one person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkUserResult {
    id: String,
    outcome: Outcome,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Done or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BulkOutcome)]
enum Outcome {
    Done,
    /// It was so before.
    Unchanged,
    Refused,
    NotFound,
}

/// Change many users
///
/// With `plan=true` nothing is written and the answer says what would happen. People are changed
/// in parts: when the server stops in between, the ones before are changed.
#[utoipa::path(
    post,
    path = "/api/v1/users/bulk",
    tag = "Users",
    operation_id = "change_users",
    params(Plan),
    request_body = Body,
    responses((status = 200, description = "What came of it, in the order of the ids.",
        body = BulkResult))
)]
pub(crate) async fn bulk(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    QueryFields(plan): QueryFields<Plan>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<BulkResult>, Problem> {
    if !caller.may(needed(body.action)) {
        return Err(Failure::forbidden().into());
    }
    let change = body.change()?;
    let store = site.store.as_ref();
    let ids = body.people(store).await?;
    if body.is_one_by_one() && ids.len() > MAX_ONE_BY_ONE {
        let message = format!("choose at most {MAX_ONE_BY_ONE} people for this action");
        return Err(Problem::field(body.source(), message));
    }
    let plan_store = plan.store(store);
    let results = change
        .run(&mut caller.op, &site, &*plan_store, &ids)
        .await?;
    let count = |outcome| {
        results
            .iter()
            .filter(|result| result.outcome == outcome)
            .count()
    };
    Ok(Json(BulkResult {
        planned: plan.plan,
        done: count(Outcome::Done),
        unchanged: count(Outcome::Unchanged),
        refused: count(Outcome::Refused),
        not_found: count(Outcome::NotFound),
        results,
    }))
}

/// What a key has to allow beside changing people.
fn needed(action: Action) -> Permission {
    match action {
        Action::ChangeState => Permission::WriteUsers,
        Action::Delete => Permission::DeleteUsers,
        Action::AddToGroup | Action::RemoveFromGroup => Permission::WriteGroups,
        Action::Invite | Action::RequirePasswordChange | Action::EndSessions => {
            Permission::ManageCredentials
        }
    }
}

impl Body {
    fn is_one_by_one(&self) -> bool {
        needed(self.action) == Permission::ManageCredentials
    }

    /// The field that says which people.
    fn source(&self) -> &'static str {
        if self.ids.is_some() { "ids" } else { "filter" }
    }

    fn change(&self) -> Result<Change, Problem> {
        let needs_state = self.action == Action::ChangeState;
        let needs_group = matches!(self.action, Action::AddToGroup | Action::RemoveFromGroup);
        let mut errors = Vec::new();
        for (field, is_there, is_needed) in [
            ("state", self.state.is_some(), needs_state),
            ("group", self.group.is_some(), needs_group),
        ] {
            match (is_there, is_needed) {
                (false, true) => errors.push(FieldError::new(field, "this action needs it")),
                (true, false) => errors.push(FieldError::new(field, "this action takes none")),
                _ => {}
            }
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        let group = || -> Result<GroupId, Problem> {
            let group = self.group.as_deref().unwrap_or_default();
            group.parse().map_err(|_| run::no_group())
        };
        Ok(match (self.action, self.state) {
            (Action::ChangeState, Some(state)) => Change::State(state.into()),
            (Action::ChangeState, None) => {
                return Err(Problem::field("state", "this action needs it"));
            }
            (Action::Delete, _) => Change::Delete,
            (Action::AddToGroup, _) => Change::AddTo(group()?),
            (Action::RemoveFromGroup, _) => Change::RemoveFrom(group()?),
            (Action::Invite, _) => Change::Invite,
            (Action::RequirePasswordChange, _) => Change::RequireNewPassword,
            (Action::EndSessions, _) => Change::EndSessions,
        })
    }

    /// Each person once, in the order of the ids.
    async fn people(&self, store: &dyn Store) -> Result<Vec<UserId>, Problem> {
        match (&self.ids, &self.filter) {
            (Some(ids), None) => read_ids(ids),
            (None, Some(filter)) => {
                select_users(store, &filter.read()?)
                    .await
                    .map_err(|error| match error {
                        SelectUsersError::TooMany => Problem::field("filter", error.to_string()),
                        SelectUsersError::Store(error) => error.into(),
                    })
            }
            (None, None) => Err(Problem::field("ids", "send ids, or a filter")),
            (Some(_), Some(_)) => Err(Problem::field("filter", "send ids or a filter, not both")),
        }
    }
}

fn read_ids(ids: &[String]) -> Result<Vec<UserId>, Problem> {
    if ids.is_empty() || ids.len() > MAX_BULK {
        let message = format!("send from 1 to {MAX_BULK} ids");
        return Err(Problem::field("ids", message));
    }
    let mut seen = HashSet::new();
    let mut read = Vec::with_capacity(ids.len());
    for (position, id) in ids.iter().enumerate() {
        let id: UserId = id.parse().map_err(|_| {
            let message = "an id has 24 lower-case hexadecimal digits";
            Problem::field(format!("ids[{position}]"), message)
        })?;
        if seen.insert(id) {
            read.push(id);
        }
    }
    Ok(read)
}

impl Filter {
    fn read(&self) -> Result<UserFilter, Problem> {
        let mut columns = Vec::with_capacity(self.columns.len());
        for (name, text) in &self.columns {
            let column = name.parse().map_err(|error| {
                Problem::field(format!("filter.columns.{name}"), format!("{error}"))
            })?;
            columns.push((column, text.clone()));
        }
        Ok(UserFilter {
            state: self.state.map(Into::into),
            text: self.q.clone(),
            columns,
        })
    }
}
