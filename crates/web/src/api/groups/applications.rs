//! `/api/v1/groups/{id}/applications`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::{
    ApplicationId, ChangeGrantsError, GrantChange, GroupId, change_grants, group_summary,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::applications::document::ApplicationBrief;
use crate::api::plan::Plan;
use crate::api::problem::FieldError;
use crate::api::{JsonBody, List, PathId, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// List the applications of a group
///
/// By label; all of them at once.
#[utoipa::path(
    get,
    path = "/api/v1/groups/{id}/applications",
    tag = "Groups",
    operation_id = "list_group_applications",
    params(("id" = String, Path)),
    responses((status = 200, description = "The applications.", body = List<ApplicationBrief>))
)]
pub(crate) async fn applications(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<GroupId>,
) -> Result<Json<List<ApplicationBrief>>, Problem> {
    let store = site.store.as_ref();
    if group_summary(store, id).await?.is_none() {
        return Err(Problem::not_found("group"));
    }
    let found = jetway_identity::applications_of_group(store, id).await?;
    Ok(Json(List {
        items: found.iter().map(|one| ApplicationBrief::of(one)).collect(),
        next_cursor: None,
    }))
}

/// Which applications the group gets and which it loses.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GrantsChange)]
pub(crate) struct Body {
    /// Ids of applications.
    #[serde(default)]
    #[schema(max_items = 1000)]
    grant: Vec<String>,
    #[serde(default)]
    #[schema(max_items = 1000)]
    withdraw: Vec<String>,
}

/// What a change of grants did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantsChanged {
    /// Applications that the group did not have before.
    granted: usize,
    /// Applications that it had.
    withdrawn: usize,
}

/// Grant and withdraw applications
///
/// All of them or none.
#[utoipa::path(
    post,
    path = "/api/v1/groups/{id}/applications",
    tag = "Groups",
    operation_id = "change_group_applications",
    request_body = Body,
    params(("id" = String, Path), Plan),
    responses((status = 200, description = "What changed.", body = GrantsChanged))
)]
pub(crate) async fn change_applications(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<GroupId>,
    QueryFields(plan): QueryFields<Plan>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<GrantsChanged>, Problem> {
    let change = GrantChange {
        grant: ids("grant", &body.grant)?,
        withdraw: ids("withdraw", &body.withdraw)?,
    };
    let store = plan.store(site.store.as_ref());
    let changed = change_grants(&mut caller.op, &*store, id, &change)
        .await
        .map_err(|error| match error {
            ChangeGrantsError::NoSuchGroup => Problem::not_found("group"),
            ChangeGrantsError::NoSuchApplication(missing) => {
                let field = if change.grant.contains(&missing) {
                    "grant"
                } else {
                    "withdraw"
                };
                Problem::field(field, error.to_string())
            }
            ChangeGrantsError::NotAllowed(error) => error.into(),
            ChangeGrantsError::Store(error) => error.into(),
        })?;
    Ok(Json(GrantsChanged {
        granted: changed.granted,
        withdrawn: changed.withdrawn,
    }))
}

fn ids(field: &str, ids: &[String]) -> Result<Vec<ApplicationId>, Problem> {
    if ids.len() > 1000 {
        return Err(Problem::field(field, "use at most 1000"));
    }
    let parsed = ids.iter().enumerate().map(|(index, id)| {
        id.parse().map_err(|_| {
            let message = "this is not the id of an application";
            Problem::invalid(vec![FieldError::new(format!("{field}[{index}]"), message)])
        })
    });
    parsed.collect()
}
