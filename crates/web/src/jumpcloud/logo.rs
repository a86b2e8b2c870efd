//! `DELETE /api/v2/applications/{id}/logo`

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use jetway_identity::applications::set_application_image;

use super::associations::application_id;
use super::error::Refusal;
use crate::api::applications::refusal::not_updated;
use crate::shared::{ApiCaller, Site};

/// Remove the logo of an application
///
/// The tile shows initials again: 204, also when it did before.
#[utoipa::path(
    delete,
    path = "/api/v2/applications/{id}/logo",
    tag = "JumpCloud",
    operation_id = "jumpcloud_delete_application_logo",
    params(("id" = String, Path)),
    responses((status = 204, description = "It has none."))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let id = application_id(&id)?;
    set_application_image(&mut caller.op, site.store.as_ref(), id, None, None)
        .await
        .map_err(not_updated)?;
    Ok(StatusCode::NO_CONTENT)
}
