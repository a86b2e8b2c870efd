//! The form that lets somebody in for some days without a second factor (requirement M02).
//!
//! It posts `csrf`, `days` and `reason` to `/admin/users/{id}/enrolment-time`.

use askama::Template;

use crate::Body;
use crate::admin::parts::{Field, Moment};

/// For somebody who cannot set one up now.
#[derive(Debug, Template)]
#[template(path = "admin/people/enrolment_time.html")]
pub struct EnrolmentTime {
    pub user_id: String,
    pub name: String,
    pub csrf: String,
    /// Until when they have time already.
    pub ends: Option<Moment>,
    pub days: Field,
    pub reason: Field,
}

impl Body for EnrolmentTime {
    fn title(&self) -> &'static str {
        "Time for a second factor"
    }
}
