//! The form that changes a person's state at a later time (requirement D01 and its schedule).
//!
//! It posts to `/admin/users/{id}/schedule`: `csrf`, `state` (`active` or `suspended`), `at`
//! (`2026-03-04T08:00`, in UTC); with `action` = `cancel` the waiting change is taken back.

use askama::Template;

use super::ScheduledChange;
use crate::Body;
use crate::admin::parts::{Field, Select};

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/schedule.html")]
pub struct ScheduleState {
    pub user_id: String,
    pub name: String,
    pub csrf: String,
    /// What waits already; saving the form replaces it.
    pub current: Option<ScheduledChange>,
    /// `active` and `suspended`.
    pub state: Select,
    pub at: Field,
}

impl Body for ScheduleState {
    fn title(&self) -> &'static str {
        "Schedule a change of state"
    }
}
