//! `PATCH /api/v1/groups/{id}`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use jetway_identity::{GroupChange, GroupId, Membership, group_summary, update_group};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::groups::document::{Group, meant_attributes, versioned};
use crate::api::groups::refusal::not_updated;
use crate::api::groups::rule::Rule;
use crate::api::{JsonBody, PathId, Precondition, Problem, Versioned};
use crate::shared::{ApiCaller, Site};

/// What to change. A field that is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GroupChange)]
pub(crate) struct Body {
    #[schema(min_length = 1, max_length = 1024)]
    name: Option<String>,
    #[schema(max_length = 1024)]
    description: Option<String>,
    /// All custom attributes: those that are not named are removed.
    attributes: Option<BTreeMap<String, Value>>,
    /// A rule makes the group dynamic and replaces its members; `null` makes it static, with the
    /// members that it has.
    #[serde(default)]
    #[schema(value_type = Option<Rule>)]
    rule: RuleChange,
}

/// Tells `null` from a field that is absent.
#[derive(Debug, Default)]
enum RuleChange {
    #[default]
    Keep,
    Remove,
    Set(Rule),
}

impl<'de> Deserialize<'de> for RuleChange {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
        let rule = Option::<Rule>::deserialize(field)?;
        Ok(rule.map_or(Self::Remove, Self::Set))
    }
}

/// Change a group
#[utoipa::path(
    patch,
    path = "/api/v1/groups/{id}",
    tag = "Groups",
    operation_id = "change_group",
    request_body = Body,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header,
        description = "The ETag that was read. With another version now the answer is 412.")),
    responses((status = 200, description = "The group as it is now.", body = Group,
        headers(("ETag" = String, description = "Its version."))))
)]
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<GroupId>,
    condition: Precondition,
    JsonBody(body): JsonBody<Body>,
) -> Result<Versioned<Group>, Problem> {
    let attributes = body.attributes.map(meant_attributes).transpose();
    let membership = match body.rule {
        RuleChange::Keep => None,
        RuleChange::Remove => Some(Membership::Static),
        RuleChange::Set(rule) => {
            let rule = rule.meant().map_err(Problem::invalid)?;
            Some(Membership::Dynamic(rule))
        }
    };
    let change = GroupChange {
        name: body.name,
        description: body.description,
        attributes: attributes.map_err(Problem::invalid)?,
        membership,
    };
    let store = site.store.as_ref();
    update_group(&mut caller.op, store, id, condition.expected(), change)
        .await
        .map_err(not_updated)?;
    let found = group_summary(store, id).await?;
    found
        .map(versioned)
        .ok_or_else(|| Problem::not_found("group"))
}
