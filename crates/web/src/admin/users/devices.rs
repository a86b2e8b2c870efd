//! `/admin/users/{id}/devices`: browsers and command lines that are signed in (requirement C07).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::sessions::list_sessions;
use jetway_identity::{Permission, Via};
use jetway_pages::admin::people::{SessionRow, UserDevices, UserTab};

use super::header::{find, header, moment, page};
use crate::shared::{AdminVisit, Failure, Site, client_name, typeable};

/// The tab.
pub(crate) async fn devices(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let now = visit.op.now;
    let sessions = list_sessions(&visit.op, site.store.as_ref(), user.id).await?;
    let rows = sessions.iter().map(|session| SessionRow {
        id: session.id.to_string(),
        device: client_name(session),
        command_line: session.via != Via::Browser,
        address: session.ip.map(|ip| ip.to_string()).unwrap_or_default(),
        user_agent: typeable(session.user_agent.as_deref().unwrap_or_default()),
        signed_in: moment(session.created_at, now),
        last_seen: moment(session.last_seen_at, now),
        expires: moment(session.expires_at, now),
    });
    let rows = rows.collect();
    let mut header = header(&site, &visit, &user, UserTab::Devices).await?;
    header.can_edit &= visit.may(Permission::ManageCredentials);
    let body = UserDevices { header, rows };
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}
