//! `GET /admin`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jetway_pages::admin::NavItem;
use jetway_pages::{Message, Severity};

use crate::shared::{AdminVisit, Failure, Site, admin_html};

/// Where an administrator arrives.
pub(crate) async fn home(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let welcome = Message {
        severity: Severity::Done,
        badge: "Signed in".to_owned(),
        heading: format!("Welcome, {}", visit.administrator.label()),
        paragraphs: Vec::new(),
        link: None,
        reference: None,
    };
    admin_html(
        StatusCode::OK,
        site.admin_chrome(&visit, NavItem::Home),
        welcome,
    )
}
