//! The Activity tab: events by and about one person (requirement U01).

use askama::Template;

use super::UserHeader;
use crate::Body;
use crate::admin::parts::{Badge, Moment, Paging};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonEventRow {
    /// The event's own page.
    pub href: String,
    /// `user_login_attempt`.
    pub event: String,
    /// What it was about; empty when it was about the person alone.
    pub resource: String,
    pub status: Badge,
    /// Who did it.
    pub by: String,
    /// Client address; empty when unknown.
    pub address: String,
    pub at: Moment,
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/activity.html")]
pub struct UserActivity {
    pub header: UserHeader,
    pub rows: Vec<PersonEventRow>,
    pub paging: Paging,
    /// The activity log, filtered by this person.
    pub log: String,
}

impl Body for UserActivity {
    fn title(&self) -> &str {
        &self.header.name
    }
}
