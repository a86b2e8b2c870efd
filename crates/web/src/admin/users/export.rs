//! `GET /admin/users/export.csv`: the people of a view, in the form that the import reads.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, Uri};
use jetway_identity::users::transfer::export_users;

use super::view::ListView;
use crate::shared::{AdminVisit, Failure, Site, query_fields};

const CSV: HeaderValue = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
const NAME: HeaderValue = HeaderValue::from_static("attachment; filename=\"users.csv\"");

/// Written while it is sent, a part at a time.
pub(crate) async fn export(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let view = ListView::of(&query)?;
    let export = export_users(&mut visit.op, site.store.as_ref(), view.filter).await?;
    Ok(csv(site, export))
}

/// The answer with an export that was begun.
pub(crate) fn csv(
    site: Arc<Site>,
    export: jetway_identity::users::transfer::CsvExport,
) -> Response {
    let parts = stream::try_unfold((site, export), |(site, mut export)| async move {
        match export.next_part(site.store.as_ref()).await {
            Ok(part) => Ok(part.map(|part| (part, (site, export)))),
            Err(error) => {
                // The answer has begun: breaking it off is what is left to say.
                tracing::error!(%error, "an export of users ended early");
                Err(error)
            }
        }
    });
    let headers = [(CONTENT_TYPE, CSV), (CONTENT_DISPOSITION, NAME)];
    (headers, Body::from_stream(parts)).into_response()
}
