//! `POST /api/v1/rule-previews`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::groups::PreviewedUsers;
use jetway_identity::preview_rule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::groups::members::Member;
use crate::api::groups::refusal::not_previewed;
use crate::api::groups::rule::Rule;
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Site};

/// A rule to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRulePreview)]
pub(crate) struct Body {
    rule: Rule,
    /// Id of the group whose members it is compared with; absent: a new group.
    group: Option<String>,
}

/// What a rule would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulePreview {
    /// How many people would be in the group.
    matches: u64,
    adds: Previewed,
    removes: Previewed,
}

/// How many, and the first twenty of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviewedMembers)]
struct Previewed {
    count: u64,
    first: Vec<Member>,
}

impl From<PreviewedUsers> for Previewed {
    fn from(some: PreviewedUsers) -> Self {
        Self {
            count: some.count,
            first: some.first.into_iter().map(Member::from).collect(),
        }
    }
}

/// Try a rule
///
/// Says who would come into the group and who would leave it. Changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/rule-previews",
    tag = "Groups",
    operation_id = "preview_rule",
    request_body = Body,
    responses((status = 200, description = "What the rule would do.", body = RulePreview))
)]
pub(crate) async fn preview(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<RulePreview>, Problem> {
    let group = body.group.map(|id| {
        id.parse()
            .map_err(|_| Problem::field("group", "this is not the id of a group"))
    });
    let rule = body.rule.meant().map_err(Problem::invalid)?;
    let preview = preview_rule(site.store.as_ref(), group.transpose()?, &rule)
        .await
        .map_err(not_previewed)?;
    Ok(Json(RulePreview {
        matches: preview.matches,
        adds: preview.adds.into(),
        removes: preview.removes.into(),
    }))
}
