//! `POST /api/v1/groups`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jetway_identity::{NewGroup, create_group, group_summary};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::groups::document::{Group, meant_attributes, versioned};
use crate::api::groups::refusal::not_created;
use crate::api::groups::rule::Rule;
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Site};

/// A group to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewGroup)]
pub(crate) struct Body {
    /// Not in use yet, in any letter case.
    #[schema(min_length = 1, max_length = 1024)]
    name: String,
    #[serde(default)]
    #[schema(max_length = 1024)]
    description: String,
    /// Custom attributes: strings, numbers, booleans, objects or lists.
    #[serde(default)]
    attributes: BTreeMap<String, Value>,
    /// Makes the group dynamic: it has its members at once.
    rule: Option<Rule>,
}

/// Create a group
#[utoipa::path(
    post,
    path = "/api/v1/groups",
    tag = "Groups",
    operation_id = "create_group",
    request_body = Body,
    responses((status = 201, description = "The group was created.", body = Group,
        headers(("ETag" = String, description = "Its version."), ("Location" = String))))
)]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, Problem> {
    let new = NewGroup {
        name: body.name,
        description: body.description,
        attributes: meant_attributes(body.attributes).map_err(Problem::invalid)?,
        rule: body
            .rule
            .map(Rule::meant)
            .transpose()
            .map_err(Problem::invalid)?,
    };
    let store = site.store.as_ref();
    let id = create_group(&mut caller.op, store, new)
        .await
        .map_err(not_created)?;
    let made = group_summary(store, id).await?;
    let made = made.ok_or_else(|| Problem::conflict("missing", "It was deleted right away."))?;
    Ok(versioned(made).created(&format!("/api/v1/groups/{id}")))
}
