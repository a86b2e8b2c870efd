//! The dashboard: enabling, or what to do next.

use askama::Template;

use super::BASE;
use crate::Body;

/// There is no instance yet. Its buttons post to `/enable` and `/organization`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/enable.html")]
pub struct EnableCenter {
    pub csrf: String,
    /// Whether there is an organisation to enable it for.
    pub organization: bool,
    /// The region that the instance will live in.
    pub region: String,
    /// Why the signed-in person may not; there are no buttons then.
    pub refused: Option<String>,
}

impl Body for EnableCenter {
    fn title(&self) -> &'static str {
        "Enable IAM Identity Center"
    }
}

/// One of the recommended setup steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupStep {
    pub href: String,
    pub text: String,
    pub help: String,
    pub done: bool,
}

/// What the dashboard shows of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CenterSummary {
    /// The user portal URL, as AWS would have it.
    pub start_url: String,
    /// Where the portal is on this machine.
    pub portal: String,
    pub region: String,
    pub instance_arn: String,
    /// `External identity provider`.
    pub identity_source: String,
    pub users: usize,
    pub groups: usize,
    pub permission_sets: usize,
    pub accounts: usize,
}

/// The dashboard of an instance.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/dashboard.html")]
pub struct CenterDashboard {
    pub steps: Vec<SetupStep>,
    pub summary: CenterSummary,
}

impl Body for CenterDashboard {
    fn title(&self) -> &'static str {
        "Dashboard"
    }
}
