//! `GET /api/v1/groups`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::list_groups;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::groups::document::Group;
use crate::api::{Cursor, Limit, List, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// A page of a list that is searched.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Part of the name or the description, in any letter case.
    #[serde(default)]
    pub(super) q: String,
    #[serde(default)]
    #[param(inline)]
    pub(super) limit: Limit,
    /// `next_cursor` of the page before.
    #[param(inline)]
    pub(super) cursor: Option<Cursor>,
}

/// List groups
///
/// By name.
#[utoipa::path(
    get,
    path = "/api/v1/groups",
    tag = "Groups",
    operation_id = "list_groups",
    params(Page),
    responses((status = 200, description = "A page of groups.", body = List<Group>))
)]
pub(crate) async fn groups(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    QueryFields(page): QueryFields<Page>,
) -> Result<Json<List<Group>>, Problem> {
    let after = page.cursor.as_ref().map(Cursor::as_str);
    let found = list_groups(site.store.as_ref(), &page.q, after, page.limit.get()).await?;
    Ok(Json(List {
        items: found.groups.into_iter().map(Group::from).collect(),
        next_cursor: found.next.map(Cursor::new),
    }))
}
