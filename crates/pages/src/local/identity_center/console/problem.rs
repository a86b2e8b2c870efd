//! Something that was asked for and refused.

use askama::Template;

use super::BASE;
use crate::{Body, Link};

/// A refusal in the frame of the console.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/problem.html")]
pub struct CenterProblem {
    /// What could not be done: `The user was not deleted`.
    pub heading: String,
    /// AWS's text.
    pub message: String,
    /// Where to go on; the dashboard without.
    pub link: Option<Link>,
}

impl Body for CenterProblem {
    fn title(&self) -> &str {
        &self.heading
    }
}
