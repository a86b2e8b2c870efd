//! `/admin/alerts`: what needs attention (requirement U03).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::Permission;
use jetway_identity::alerts::{
    Alert, AlertKind, DismissAlertError, Severity, dismiss_alert, list_alerts,
};
use jetway_pages::Link;
use jetway_pages::admin::alerts::{AlertRow, Alerts};
use jetway_pages::admin::parts::{Paging, Tone};
use jetway_pages::admin::{NavItem, Toast};

use crate::admin::counts::counted;
use crate::routes::opens;
use crate::shared::{
    AdminVisit, Failure, Site, admin_form_fields, admin_html, moment, query_fields, see_other,
};

/// Alerts on a page; "dismiss all" takes as many.
const ROWS: u32 = 50;

pub(crate) async fn alerts(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let before = query.get("before")?.and_then(|id| id.parse().ok());
    let page = list_alerts(site.store.as_ref(), true, before, ROWS).await?;
    let body = Alerts {
        csrf: visit.csrf.clone(),
        rows: page.alerts.iter().map(|alert| row(&visit, alert)).collect(),
        paging: Paging {
            shown: counted(page.alerts.len() as u64, "alert"),
            first: before.map(|_| "/admin/alerts".to_owned()),
            next: page.next.map(|id| format!("/admin/alerts?before={id}")),
            rows: Vec::new(),
        },
        can_dismiss: visit.may(Permission::ManageLog),
    };
    let mut frame = site.admin_chrome(&visit, NavItem::Alerts);
    if query.get("done")? == Some("dismissed") {
        frame.toast = Some(Toast {
            tone: Tone::Good,
            text: "Dismissed. It comes back if its cause does.".to_owned(),
        });
    }
    admin_html(StatusCode::OK, frame, body)
}

/// `id` names one alert; `all=on` means those of the first page.
pub(crate) async fn dismiss(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let store = site.store.as_ref();
    let ids = if fields.get("all")? == Some("on") {
        let page = list_alerts(store, true, None, ROWS).await?;
        page.alerts.iter().map(|alert| alert.id).collect()
    } else {
        let id = fields.get("id")?.unwrap_or_default();
        vec![id.parse().map_err(|_| Failure::not_found())?]
    };
    for id in ids {
        match dismiss_alert(&mut visit.op, store, id).await {
            Ok(()) => {}
            Err(DismissAlertError::NoSuchAlert) => return Err(Failure::not_found()),
            Err(DismissAlertError::Store(error)) => return Err(error.into()),
        }
    }
    see_other("/admin/alerts?done=dismissed")
}

fn row(visit: &AdminVisit, alert: &Alert) -> AlertRow {
    AlertRow {
        id: alert.id.to_string(),
        severity: match alert.severity {
            Severity::Critical => Tone::Bad,
            Severity::Warning => Tone::Waiting,
            Severity::Info => Tone::Running,
        },
        text: alert.text.clone(),
        at: moment(alert.raised_at, visit.op.now),
        link: opens(&alert.link, |permission| visit.may(permission)).then(|| Link {
            href: alert.link.clone(),
            text: link_words(alert.kind).to_owned(),
        }),
    }
}

fn link_words(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::MailFailing => "Outbox",
        AlertKind::LogDestinationFailing => "Destinations",
        AlertKind::AdministratorCreated
        | AlertKind::AdministratorReset
        | AlertKind::PushReported
        | AlertKind::BreakGlassChanged => "Event",
        AlertKind::BreakGlassUsed | AlertKind::BreakGlassDrillDue => "Break-glass accounts",
        AlertKind::CertificateEnding => "Application",
        AlertKind::PasskeyCopied => "Owner",
        AlertKind::LogBroken | AlertKind::ManyLockouts => "Activity",
    }
}
