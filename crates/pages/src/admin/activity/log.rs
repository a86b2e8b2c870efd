//! The log: newest first.

use askama::Template;

use super::Chart;
use crate::Body;
use crate::admin::parts::{Field, Moment, Paging, Select};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    pub id: String,
    pub at: Moment,
    /// The event's name: `user_login_attempt`.
    pub kind: String,
    pub success: bool,
    /// Why it failed, in words.
    pub reason: Option<String>,
    /// E-mail address, or `the system`.
    pub actor: String,
    /// Empty when it did not come over the network.
    pub client_ip: String,
    /// What it was about; empty when about nothing.
    pub resource: String,
    /// The page of what it was about, if it still exists.
    pub resource_href: Option<String>,
}

/// The filters, as they are in force. Names in the address: `service`, `type`, `user`, `result`,
/// `range`, `from`, `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityFilters {
    pub service: Select,
    pub kind: Select,
    /// Who did it or whom it was done to: part of a name or an address.
    pub user: Field,
    pub result: Select,
    /// `The last hour`, …, `Between two days`.
    pub range: Select,
    /// Days `2026-11-22`, when the range is between two.
    pub from: Field,
    pub to: Field,
    /// Whether anything is filtered, so that there is something to reset.
    pub any: bool,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/activity/log.html")]
pub struct Activity {
    pub filters: ActivityFilters,
    pub chart: Chart,
    pub rows: Vec<EventRow>,
    pub paging: Paging,
    /// The same filters, as files.
    pub csv: String,
    pub json: String,
    /// Whether the role may set up where the log is sent.
    pub can_manage: bool,
}

impl Body for Activity {
    fn title(&self) -> &'static str {
        "Activity"
    }
}
