//! The form that takes somebody's second factors away (requirement M02).
//!
//! It posts `csrf` and `reason` to `/admin/users/{id}/reset-factors`.

use askama::Template;

use crate::Body;
use crate::admin::parts::Field;

/// For somebody who has lost their phone.
#[derive(Debug, Template)]
#[template(path = "admin/people/reset_factors.html")]
pub struct ResetFactors {
    pub user_id: String,
    pub name: String,
    pub csrf: String,
    pub reason: Field,
}

impl Body for ResetFactors {
    fn title(&self) -> &'static str {
        "Reset second factors"
    }
}
