//! The applications of a group, granted from the group's side (requirement E04).

use askama::Template;

use super::GroupHeader;
use crate::Body;

/// One application of the organisation. Sent as `application` when it is ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickedApplication {
    pub id: String,
    pub label: String,
    /// `AWS IAM`.
    pub kind: String,
    pub slug: String,
    pub active: bool,
    pub ticked: bool,
}

/// The page: a tick list that is saved explicitly to `…/applications`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/groups/applications.html")]
pub struct GroupApplications {
    pub group: GroupHeader,
    pub csrf: String,
    pub can_edit: bool,
    pub applications: Vec<TickedApplication>,
    /// Granted as the page was made, sent back as `before`: so that what somebody else granted in
    /// the meantime is not taken away.
    pub before: String,
    /// The name has a colon, so that AWS does not take the group.
    pub will_not_sync: bool,
    /// Why it was not saved.
    pub problem: Option<String>,
}

impl Body for GroupApplications {
    fn title(&self) -> &str {
        &self.group.name
    }
}
