//! A word to somebody who is let in without a second factor for some time (requirement M02).

use askama::Template;

use crate::admin::parts::Moment;
use crate::{Body, Layout};

/// Between the sign-in and what they want to open.
#[derive(Debug, Template)]
#[template(path = "enrol_reminder.html")]
pub struct EnrolReminder {
    pub until: Moment,
    /// Same-site path to go on to, already checked.
    pub next: String,
}

impl Body for EnrolReminder {
    fn title(&self) -> &'static str {
        "Set up a second factor"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
