//! Making, changing and deleting policies.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jetway_identity::SignInPolicyId;
use jetway_identity::sign_in_policies::{
    Applications, Conditions, CreateSignInPolicyError, Effect, PolicyRule, SignInPolicyChange, Who,
    change_sign_in_policy, create_sign_in_policy, delete_sign_in_policy, list_sign_in_policies,
    order_behind,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::document::{Document, versioned};
use super::{described, invalid_policy, refusal};
use crate::api::{JsonBody, PathId, Precondition, Problem};
use crate::shared::{ApiCaller, Site};

/// A policy to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSignInPolicy)]
pub(crate) struct New {
    /// Not in use yet, in any letter case.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    #[serde(default = "yes")]
    #[schema(default = true)]
    enabled: bool,
    /// Absent: behind all others.
    order: Option<u16>,
    #[schema(value_type = described::Who)]
    who: Who,
    #[schema(value_type = described::Applications)]
    application: Applications,
    #[serde(default)]
    #[schema(value_type = described::Conditions, required = false)]
    conditions: Conditions,
    #[schema(value_type = described::Effect)]
    effect: Effect,
}

fn yes() -> bool {
    true
}

/// Make a sign-in policy
///
/// It holds from the next sign-in on. A policy with which no administrator could ever sign in is
/// refused.
#[utoipa::path(post, path = "/api/v1/sign-in-policies", tag = "Sign-in policies",
    operation_id = "create_sign_in_policy", request_body = New,
    responses((status = 201, description = "It was made.", body = Document,
        headers(("ETag" = String, description = "Its version."), ("Location" = String)))))]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<New>,
) -> Result<Response, Problem> {
    let store = site.store.as_ref();
    let behind = order_behind(&list_sign_in_policies(store).await?);
    let rule = PolicyRule {
        name: body.name,
        enabled: body.enabled,
        order: body.order.unwrap_or(behind),
        who: body.who,
        application: body.application,
        conditions: body.conditions,
        effect: body.effect,
    };
    let made = create_sign_in_policy(&mut caller.op, store, rule).await;
    let made = made.map_err(|error| match error {
        CreateSignInPolicyError::Invalid(invalid) => invalid_policy(&invalid),
        CreateSignInPolicyError::NotAllowed(error) => error.into(),
        CreateSignInPolicyError::Store(error) => error.into(),
    })?;
    let location = format!("/api/v1/sign-in-policies/{}", made.policy.id);
    Ok(versioned(made).created(&location))
}

/// What becomes different. What is absent stays; what is there is replaced as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignInPolicyChange)]
pub(crate) struct Change {
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// Switching off is always possible.
    enabled: Option<bool>,
    order: Option<u16>,
    #[schema(value_type = Option<described::Who>)]
    who: Option<Who>,
    #[schema(value_type = Option<described::Applications>)]
    application: Option<Applications>,
    #[schema(value_type = Option<described::Conditions>)]
    conditions: Option<Conditions>,
    #[schema(value_type = Option<described::Effect>)]
    effect: Option<Effect>,
}

/// Change a sign-in policy
#[utoipa::path(patch, path = "/api/v1/sign-in-policies/{id}", tag = "Sign-in policies",
    operation_id = "update_sign_in_policy", params(("id" = String, Path)), request_body = Change,
    responses(
        (status = 200, description = "The policy as it is now.", body = Document),
        (status = 404, description = "There is no such policy."),
        (status = 412, description = "It was changed since it was read.")))]
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<SignInPolicyId>,
    condition: Precondition,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<Change>,
) -> Result<Response, Problem> {
    let change = SignInPolicyChange {
        name: body.name,
        enabled: body.enabled,
        order: body.order,
        who: body.who,
        application: body.application,
        conditions: body.conditions,
        effect: body.effect,
    };
    let (store, expected) = (site.store.as_ref(), condition.expected());
    let changed = change_sign_in_policy(&mut caller.op, store, id, expected, change).await;
    Ok(versioned(changed.map_err(refusal)?).into_response())
}

/// Delete a sign-in policy
#[utoipa::path(delete, path = "/api/v1/sign-in-policies/{id}", tag = "Sign-in policies",
    operation_id = "delete_sign_in_policy", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is deleted."),
        (status = 404, description = "There is no such policy."),
        (status = 412, description = "It was changed since it was read.")))]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<SignInPolicyId>,
    condition: Precondition,
    mut caller: ApiCaller,
) -> Result<StatusCode, Problem> {
    let (store, expected) = (site.store.as_ref(), condition.expected());
    delete_sign_in_policy(&mut caller.op, store, id, expected)
        .await
        .map_err(refusal)?;
    Ok(StatusCode::NO_CONTENT)
}
