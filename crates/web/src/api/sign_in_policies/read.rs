//! `GET /api/v1/sign-in-policies` and one of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use jetway_identity::SignInPolicyId;
use jetway_identity::sign_in_policies::{find_sign_in_policy, list_sign_in_policies};

use super::document::{Document, document, versioned};
use crate::api::{List, Page, PathId, Precondition, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// List sign-in policies
///
/// In their order.
#[utoipa::path(get, path = "/api/v1/sign-in-policies", tag = "Sign-in policies",
    operation_id = "list_sign_in_policies", params(Page),
    responses((status = 200, description = "A page of policies.", body = List<Document>)))]
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    QueryFields(page): QueryFields<Page>,
    _caller: ApiCaller,
) -> Result<Json<List<Document>>, Problem> {
    let all = list_sign_in_policies(site.store.as_ref()).await?;
    let page = List::of_all(all, page.limit, page.cursor.as_ref(), |saved| {
        let (order, id) = saved.policy.place();
        format!("{order:05} {id}")
    });
    Ok(Json(page.map(document)))
}

/// One sign-in policy
#[utoipa::path(get, path = "/api/v1/sign-in-policies/{id}", tag = "Sign-in policies",
    operation_id = "get_sign_in_policy", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The policy.", body = Document),
        (status = 404, description = "There is no such policy.")))]
pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<SignInPolicyId>,
    condition: Precondition,
    _caller: ApiCaller,
) -> Result<Response, Problem> {
    let found = find_sign_in_policy(site.store.as_ref(), id).await?;
    let found = found.ok_or_else(|| Problem::not_found("sign-in policy"))?;
    Ok(versioned(found).answer(&condition))
}
