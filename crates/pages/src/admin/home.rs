//! The first page of the admin portal: what is to do, and how things are.

use askama::Template;

use super::parts::{Badge, Moment, Tone};
use crate::Body;

/// One step of the set-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistStep {
    pub text: String,
    pub href: String,
    pub done: bool,
}

/// Something that waits for an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub tone: Tone,
    /// `Waiting`, `Failed`, `Expires`.
    pub word: String,
    /// `3 users have been staged for more than 30 days`.
    pub text: String,
    pub href: String,
}

impl Task {
    fn badge(&self) -> Badge {
        Badge::new(self.tone, self.word.clone())
    }
}

/// A number with what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Already grouped: `3,201`.
    pub value: String,
    /// `Active users`.
    pub label: String,
    /// The list that it counts.
    pub href: String,
}

/// One of the last events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentEvent {
    pub href: String,
    /// `user_suspended`.
    pub event: String,
    /// Whom or what it was about; empty when nothing.
    pub resource: String,
    pub by: String,
    pub status: Badge,
    pub at: Moment,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/home.html")]
pub struct Home {
    /// The administrator's name, for the greeting.
    pub name: String,
    /// Empty once everything is done.
    pub checklist: Vec<ChecklistStep>,
    pub tasks: Vec<Task>,
    pub figures: Vec<Figure>,
    /// `None` for those who may not read the log.
    pub events: Option<Vec<RecentEvent>>,
}

impl Home {
    fn done(&self) -> usize {
        self.checklist.iter().filter(|step| step.done).count()
    }
}

impl Body for Home {
    fn title(&self) -> &'static str {
        "Home"
    }
}
