//! `GET /api/v1/search`: people, groups and applications by one text.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::api::{Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// Results of each kind.
const RESULTS: u32 = 20;

/// The operation of this file.
#[derive(OpenApi)]
#[openapi(paths(search))]
pub(crate) struct Api;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Part of a name, an address or a description, in any letter case.
    q: String,
}

/// What a text finds: at most 20 of each kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchResults)]
pub(crate) struct Results {
    users: Vec<Hit>,
    groups: Vec<Hit>,
    applications: Vec<Hit>,
    /// Kinds that have others: their lists take the same text in `q`.
    more: Vec<&'static str>,
}

/// A person, group or application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchResult)]
struct Hit {
    id: String,
    name: String,
    /// The e-mail address of a person, the description of the others.
    detail: String,
}

/// Search across everything
///
/// People, groups and applications whose names, addresses or descriptions contain the text.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    tag = "Search",
    operation_id = "search",
    params(Query),
    responses((status = 200, description = "The first of each kind.", body = Results))
)]
pub(crate) async fn search(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    QueryFields(query): QueryFields<Query>,
) -> Result<Json<Results>, Problem> {
    let found = jetway_identity::search(site.store.as_ref(), &query.q, RESULTS).await?;
    let more = [
        ("users", found.users.more),
        ("groups", found.groups.more),
        ("applications", found.applications.more),
    ];
    let users = found.users.first.into_iter().map(|user| Hit {
        id: user.id.to_string(),
        name: user.label(),
        detail: user.email,
    });
    let groups = found.groups.first.into_iter().map(|group| Hit {
        id: group.id.to_string(),
        name: group.name,
        detail: group.description,
    });
    let applications = found.applications.first.into_iter().map(|application| Hit {
        id: application.id.to_string(),
        name: application.label.clone(),
        detail: application.description.clone(),
    });
    Ok(Json(Results {
        users: users.collect(),
        groups: groups.collect(),
        applications: applications.collect(),
        more: more
            .into_iter()
            .filter_map(|(kind, more)| more.then_some(kind))
            .collect(),
    }))
}
