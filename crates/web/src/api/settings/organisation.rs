//! `GET /api/v1/organisation`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Problem;
use crate::shared::{ApiCaller, Site};

/// The organisation that this server serves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Organisation {
    #[schema(pattern = "^[0-9a-f]{24}$")]
    id: String,
    name: String,
    /// Empty: none.
    contact_name: String,
    /// Empty: none.
    contact_email: String,
    /// The address that people use.
    #[schema(format = "uri")]
    public_url: String,
}

/// The organisation
///
/// Its name and contact are part of the settings, where they can be changed.
#[utoipa::path(
    get,
    path = "/api/v1/organisation",
    tag = "Organisation",
    operation_id = "get_organisation",
    responses((status = 200, description = "The organisation.", body = Organisation))
)]
pub(crate) async fn organisation(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
) -> Result<Json<Organisation>, Problem> {
    let settings = site.store.read().await?.settings().await?;
    let profile = settings.sections.profile;
    Ok(Json(Organisation {
        id: settings.organisation.to_string(),
        name: profile.name,
        contact_name: profile.contact_name,
        contact_email: profile.contact_email,
        public_url: site.settings.public_url().to_string(),
    }))
}
