//! `GET /api/v1/settings`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::api::settings::document::{Settings, shown};
use crate::api::{Precondition, Problem, Versioned};
use crate::shared::{ApiCaller, Site};

/// The organisation's settings
///
/// Secrets are not in it; `has_…` says whether there is one.
#[utoipa::path(
    get,
    path = "/api/v1/settings",
    tag = "Organisation",
    operation_id = "get_settings",
    responses((status = 200, description = "The settings.", body = Settings,
        headers(("ETag" = String, description = "Their version."))),
        (status = 304, description = "They have the version in If-None-Match."))
)]
pub(crate) async fn settings(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    condition: Precondition,
) -> Result<Response, Problem> {
    let settings = site.store.read().await?.settings().await?;
    let body = shown(&settings.sections)?;
    let version = settings.version;
    Ok(Versioned { version, body }.answer(&condition))
}
