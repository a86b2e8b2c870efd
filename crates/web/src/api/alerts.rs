//! `/api/v1/alerts`: what needs attention.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jetway_identity::AlertId;
use jetway_identity::alerts::{Alert, DismissAlertError, dismiss_alert, list_alerts};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::api::instant::Instant;
use crate::api::problem::FieldError;
use crate::api::{Cursor, Limit, List, PathId, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// The operations of this file.
#[derive(OpenApi)]
#[openapi(paths(list, dismiss))]
pub(crate) struct Api;

/// Which alerts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AlertQuery {
    /// `true`, the default: those that nobody dismissed and whose cause is not gone.
    open: Option<bool>,
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// An alert.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alert)]
pub(crate) struct AlertDocument {
    #[schema(format = "uuid")]
    id: String,
    kind: &'static str,
    /// `info`, `warning` or `critical`.
    severity: &'static str,
    text: String,
    /// The page of the admin portal where to do something about it.
    link: String,
    raised_at: Instant,
    /// When its cause was last seen, and how often.
    last_at: Instant,
    times: i64,
    /// `null`: it is open.
    closed_at: Option<Instant>,
    /// Who dismissed it. Empty: its cause went away.
    closed_by: Option<String>,
}

/// List alerts
///
/// Newest first.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "Events", operation_id = "list_alerts",
    params(AlertQuery),
    responses((status = 200, description = "A page of alerts.", body = List<AlertDocument>)))]
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    QueryFields(query): QueryFields<AlertQuery>,
    _caller: ApiCaller,
) -> Result<Json<List<AlertDocument>>, Problem> {
    let before = match &query.cursor {
        None => None,
        Some(cursor) => Some(cursor.as_str().parse::<AlertId>().map_err(|_| {
            let error = FieldError::new("cursor", "use next_cursor of the page before");
            Problem::bad_parameters(vec![error])
        })?),
    };
    let open = query.open.unwrap_or(true);
    let page = list_alerts(site.store.as_ref(), open, before, query.limit.get()).await?;
    Ok(Json(List {
        items: page.alerts.into_iter().map(document).collect(),
        next_cursor: page.next.map(|id| Cursor::new(id.to_string())),
    }))
}

/// Dismiss an alert
///
/// It comes back if its cause does.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/dismiss", tag = "Events",
    operation_id = "dismiss_alert", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is dismissed."),
        (status = 404, description = "There is no such alert.")))]
pub(crate) async fn dismiss(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<AlertId>,
    mut caller: ApiCaller,
) -> Result<StatusCode, Problem> {
    match dismiss_alert(&mut caller.op, site.store.as_ref(), id).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(DismissAlertError::NoSuchAlert) => Err(Problem::not_found("alert")),
        Err(DismissAlertError::Store(error)) => Err(error.into()),
    }
}

fn document(alert: Alert) -> AlertDocument {
    let (closed_at, closed_by) = match alert.closed {
        Some(closed) => (Some(Instant::new(closed.at)), Some(closed.by)),
        None => (None, None),
    };
    AlertDocument {
        id: alert.id.to_string(),
        kind: alert.kind.as_str(),
        severity: alert.severity.as_str(),
        text: alert.text,
        link: alert.link,
        raised_at: Instant::new(alert.raised_at),
        last_at: Instant::new(alert.last_at),
        times: alert.times,
        closed_at,
        closed_by,
    }
}
