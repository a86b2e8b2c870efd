//! `POST /api/v1/user-imports`

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use jetway_identity::users::transfer::{PreviewImportError, preview_import};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::user_imports::document::{Import, shown};
use crate::api::{Problem, QueryFields};
use crate::shared::{ApiCaller, Failure, Site, is_media_type};

/// What the file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Named {
    /// Shown in the list of imports.
    #[serde(default = "unnamed")]
    #[param(required = false, default = "users.csv")]
    file_name: String,
}

fn unnamed() -> String {
    "users.csv".to_owned()
}

/// Look at a CSV file of people
///
/// Nobody is added yet: the answer says what is wrong with which rows, and waits a day to be
/// confirmed. UTF-8, at most 20 MB and 50,000 people. The first row names the columns: `email` and
/// `username`, and any of `firstname`, `lastname`, `displayname`, `state`,
/// `password_never_expires`, `groups` (names separated by `;`; for keys that may change groups),
/// directory attributes such as `department`, and `custom:<name>` or `custom:<name>:<type>`.
#[utoipa::path(
    post,
    path = "/api/v1/user-imports",
    tag = "Users",
    operation_id = "create_user_import",
    params(Named),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 201, description = "The import, which waits to be confirmed.",
        body = Import, headers(("Location" = String))))
)]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    QueryFields(named): QueryFields<Named>,
    headers: HeaderMap,
    file: Bytes,
) -> Result<Response, Problem> {
    if !is_media_type(&headers, "text/csv") {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "Unsupported media type",
            "Send the file as the body, with Content-Type: text/csv.",
        ));
    }
    let store = site.store.as_ref();
    let import = preview_import(&mut caller.op, store, &named.file_name, &file, None)
        .await
        .map_err(refusal)?;
    let location = format!("/api/v1/user-imports/{}", import.id);
    let body = Json(shown(store, import).await?);
    Ok((StatusCode::CREATED, [(LOCATION, location)], body).into_response())
}

/// The file as a whole cannot be read; the field is its line or its column.
fn refusal(error: PreviewImportError) -> Problem {
    let field = match &error {
        PreviewImportError::Format { line, reason } => {
            return Problem::field(format!("line {line}"), reason);
        }
        PreviewImportError::MissingColumn(column) => (*column).to_owned(),
        PreviewImportError::UnknownColumn(column) | PreviewImportError::ColumnTwice(column) => {
            column.clone()
        }
        PreviewImportError::TooLarge => return Failure::too_large().into(),
        PreviewImportError::TooManyRows
        | PreviewImportError::TooManyColumns
        | PreviewImportError::TooManyGroups
        | PreviewImportError::NotUtf8
        | PreviewImportError::Empty => "body".to_owned(),
        PreviewImportError::NotAllowed(_) => return Failure::forbidden().into(),
        PreviewImportError::Store(_) => {
            return match error {
                PreviewImportError::Store(error) => error.into(),
                error => Failure::internal(error).into(),
            };
        }
    };
    Problem::field(field, error.to_string())
}
