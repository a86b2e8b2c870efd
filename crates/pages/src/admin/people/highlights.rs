//! The first tab of one person (requirements C07 to C11).

use askama::Template;

use super::{UserHeader, UserTab};
use crate::admin::parts::{Badge, Moment};
use crate::{Body, Link};

/// An application that the person may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub label: String,
    pub href: String,
    /// The groups that give it: `through Operations`.
    pub through: String,
}

/// One row of the activity card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRow {
    /// `Last Password Change`, `Sign-in`.
    pub event: String,
    /// The event's own page, when there is one.
    pub href: Option<String>,
    /// What it was about: an application, a place; empty when it was about nothing else.
    pub resource: String,
    /// `successful`; `None` shows "—".
    pub status: Option<Badge>,
    /// `None` shows "—".
    pub at: Option<Moment>,
}

/// A signed-in browser or command line, in a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceBrief {
    /// `Chrome on Windows`.
    pub name: String,
    pub last_seen: Moment,
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/highlights.html")]
pub struct UserHighlights {
    pub header: UserHeader,
    /// The latest few.
    pub devices: Vec<DeviceBrief>,
    pub device_count: u64,
    /// The first few, with their pages.
    pub groups: Vec<Link>,
    pub group_count: u64,
    pub applications: Vec<Access>,
    /// "Last Known Location" and "Last Password Change" first, then the latest events.
    pub activity: Vec<ActivityRow>,
}

impl Body for UserHighlights {
    fn title(&self) -> &str {
        debug_assert_eq!(self.header.tab, UserTab::Highlights);
        &self.header.name
    }
}
