//! `POST /api/v1/administrators/{id}/invite`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jetway_identity::AdministratorId;
use jetway_identity::administrators::{InviteAdministratorError, invite_administrator_again};

use crate::api::administrators::document::Administrator;
use crate::api::{PathId, Problem};
use crate::shared::{ApiCaller, Failure, Site};

/// Invite an administrator
///
/// Sends the mail with the link to choose a password, which works for 3 days. An earlier link stops
/// working.
#[utoipa::path(
    post,
    path = "/api/v1/administrators/{id}/invite",
    tag = "Administrators",
    operation_id = "invite_administrator",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 202, description = "The mail is written.", body = Administrator),
        (status = 404, description = "There is no such administrator."),
        (status = 409, description = "They have a password already, or are suspended."))
)]
pub(crate) async fn invite(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<AdministratorId>,
) -> Result<(StatusCode, Json<Administrator>), Problem> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let url = site.settings.public_url();
    let invited = invite_administrator_again(&mut caller.op, store, sealing, url, id)
        .await
        .map_err(refusal)?;
    Ok((StatusCode::ACCEPTED, Json(invited.into())))
}

fn refusal(error: InviteAdministratorError) -> Problem {
    match error {
        InviteAdministratorError::NotAllowed(_) => Failure::forbidden().into(),
        InviteAdministratorError::NoSuchAdministrator => Problem::not_found("administrator"),
        InviteAdministratorError::HasPassword => {
            Problem::conflict("has-password", format!("{error}."))
        }
        InviteAdministratorError::Suspended => Problem::conflict("suspended", format!("{error}.")),
        InviteAdministratorError::Text(error) => Problem::text("email", &error),
        InviteAdministratorError::Store(error) => error.into(),
    }
}
