//! `POST /api/v1/api-keys`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::LOCATION;
use jetway_identity::{CreateApiKeyError, NewApiKey, create_api_key};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::api_keys::document::{ApiKey, Scope};
use crate::api::instant::Instant;
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Failure, Site};

/// A key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApiKey)]
pub(crate) struct Body {
    /// What it is for.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// `null` or absent: it does not expire.
    expires_at: Option<Instant>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedApiKey)]
pub(crate) struct Created {
    #[serde(flatten)]
    key: ApiKey,
    /// The key itself. It is shown this once and stored nowhere.
    secret: String,
}

/// Make an API key
///
/// It belongs to the administrator whose key makes the request. The answer is the only one that
/// holds the secret.
#[utoipa::path(
    post,
    path = "/api/v1/api-keys",
    tag = "Administrators",
    operation_id = "create_api_key",
    request_body = Body,
    responses((status = 201, description = "The key was made.", body = Created,
        headers(("Location" = String))))
)]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, Problem> {
    let new = NewApiKey {
        name: body.name,
        scopes: body.scopes.into_iter().map(Into::into).collect(),
        expires_at: body.expires_at.map(|at| at.0),
    };
    let owner = caller.owner.id;
    let made = create_api_key(&mut caller.op, site.store.as_ref(), owner, new)
        .await
        .map_err(refusal)?;
    let location = format!("/api/v1/api-keys/{}", made.key.id);
    let body = Created {
        key: made.key.into(),
        secret: made.secret.expose_secret().to_owned(),
    };
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(body)).into_response())
}

fn refusal(error: CreateApiKeyError) -> Problem {
    match error {
        CreateApiKeyError::NotAllowed(_) => Failure::forbidden().into(),
        CreateApiKeyError::NoScope => Problem::field("scopes", error.to_string()),
        CreateApiKeyError::Expired => Problem::field("expires_at", error.to_string()),
        CreateApiKeyError::Text(error) => Problem::text("name", &error),
        CreateApiKeyError::Store(error) => error.into(),
        error => Problem::conflict("refused", format!("{error}.")),
    }
}
