//! What needs attention (requirement U03).

use askama::Template;

use crate::admin::parts::{Moment, Paging, Tone};
use crate::{Body, Link};

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    pub id: String,
    /// Bad: broken now. Waiting: will break, or waits for somebody. Running: good to know.
    pub severity: Tone,
    /// One sentence: `Mails are not delivered since an hour.`
    pub text: String,
    pub at: Moment,
    /// Where to do something about it.
    pub link: Option<Link>,
}

impl AlertRow {
    fn severity_text(&self) -> &'static str {
        match self.severity {
            Tone::Bad => "problem",
            Tone::Waiting => "warning",
            Tone::Good => "solved",
            Tone::Running | Tone::None => "note",
        }
    }
}

/// The list, newest first. Dismissing posts `id` to `/admin/alerts/dismiss`, or `all=on`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/alerts.html")]
pub struct Alerts {
    pub csrf: String,
    pub rows: Vec<AlertRow>,
    pub paging: Paging,
    pub can_dismiss: bool,
}

impl Body for Alerts {
    fn title(&self) -> &'static str {
        "Alerts"
    }
}
