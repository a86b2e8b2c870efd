//! `/admin/activity/export.csv` and `.json`: the log as filtered, streamed.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, Uri};
use jetway_identity::StoreError;
use jetway_identity::events::{EventExport, ExportFormat, export_events};

use super::query::Query;
use crate::shared::{AdminVisit, Failure, Site};

pub(crate) async fn export_csv(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    export(site, &uri, visit, ExportFormat::Csv).await
}

/// JSON lines.
pub(crate) async fn export_json(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    export(site, &uri, visit, ExportFormat::JsonLines).await
}

async fn export(
    site: Arc<Site>,
    uri: &Uri,
    mut visit: AdminVisit,
    format: ExportFormat,
) -> Result<Response, Failure> {
    let filter = Query::read(uri.query(), visit.op.now)?.filter;
    let export = export_events(&mut visit.op, site.store.as_ref(), filter, format).await?;
    let (media_type, name) = match format {
        ExportFormat::Csv => (
            "text/csv; charset=utf-8",
            "attachment; filename=\"activity.csv\"",
        ),
        ExportFormat::JsonLines => (
            "application/jsonl",
            "attachment; filename=\"activity.jsonl\"",
        ),
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CONTENT_DISPOSITION, HeaderValue::from_static(name)),
    ];
    let pieces = unfold((site, export), next);
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// A failure breaks the answer off, so that nobody takes a part for the whole.
async fn next(
    (site, mut export): (Arc<Site>, EventExport),
) -> Option<(Result<Vec<u8>, StoreError>, (Arc<Site>, EventExport))> {
    let piece = export.next_piece(site.store.as_ref()).await;
    match piece {
        Ok(None) => None,
        Ok(Some(piece)) => Some((Ok(piece), (site, export))),
        Err(error) => {
            tracing::error!(%error, "an export of the activity log broke off");
            Some((Err(error), (site, export)))
        }
    }
}
