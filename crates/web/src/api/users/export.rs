//! `GET /api/v1/users/export.csv`

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use jetway_identity::users::transfer::export_users;

use crate::api::users::filter::Selection;
use crate::api::{Problem, QueryFields};
use crate::shared::{ApiCaller, Failure, Site};

const CSV: HeaderValue = HeaderValue::from_static("text/csv; charset=utf-8");
const AS_FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"users.csv\"");

/// Export users as CSV
///
/// In the form that the import takes; importing it again gives the same people. Passwords are not
/// in it.
#[utoipa::path(
    get,
    path = "/api/v1/users/export.csv",
    tag = "Users",
    operation_id = "export_users",
    params(Selection),
    responses((status = 200, description = "The people that match, by username.", body = String,
        content_type = "text/csv"))
)]
pub(crate) async fn export(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    QueryFields(pairs): QueryFields<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let Selection(filter) = Selection::only(pairs)?;
    let store = Arc::clone(&site.store);
    let mut export = export_users(&mut caller.op, store.as_ref(), filter).await?;
    // Before anything is answered: when the store fails now, the answer can still say so.
    let first = export.next_part(store.as_ref()).await?;
    let first = first.ok_or_else(|| Failure::internal("an export without a first row"))?;
    let rest = stream::try_unfold((export, store), async |(mut export, store)| {
        let part = export.next_part(store.as_ref()).await?;
        Ok::<_, jetway_identity::StoreError>(part.map(|part| (Bytes::from(part), (export, store))))
    });
    let parts = stream::StreamExt::chain(stream::iter([Ok(Bytes::from(first))]), rest);
    let headers = [(CONTENT_TYPE, CSV), (CONTENT_DISPOSITION, AS_FILE)];
    Ok((headers, Body::from_stream(parts)).into_response())
}
