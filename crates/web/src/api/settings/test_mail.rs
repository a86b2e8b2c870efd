//! `POST /api/v1/settings/test-mail`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jetway_identity::mail::{SendTestMailError, send_test_mail};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::credentials::Written;
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Site};

/// Where a test mail goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TestMail)]
pub(crate) struct Body {
    /// An e-mail address.
    to: String,
}

/// Send a test mail
///
/// It goes the way of every other mail: `GET /api/v1/mails/{id}` says what the mail server answered.
#[utoipa::path(
    post,
    path = "/api/v1/settings/test-mail",
    tag = "Organisation",
    operation_id = "send_test_mail",
    request_body = Body,
    responses(
        (status = 202, description = "The mail is written.", body = Written),
        (status = 409, description = "No mail server is set up."))
)]
pub(crate) async fn send(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<Body>,
) -> Result<(StatusCode, Json<Written>), Problem> {
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match send_test_mail(&mut caller.op, store, sealing, &body.to).await {
        Ok(mail) => Ok((StatusCode::ACCEPTED, Json(Written::of(mail)))),
        Err(error @ SendTestMailError::NoServer) => {
            Err(Problem::conflict("no-mail-server", format!("{error}.")))
        }
        Err(SendTestMailError::Address(error)) => Err(Problem::text("to", &error)),
        Err(SendTestMailError::Store(error)) => Err(error.into()),
    }
}
