//! A group's own data (requirements E03, E06).
//!
//! The form posts to `…/details`: `name`, `description`, the custom attributes, `version`, and
//! `do` (`save`, or `add-attribute`).

use askama::Template;

use super::GroupHeader;
use crate::Body;
use crate::admin::parts::{CustomAttributes, Field};

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/groups/details.html")]
pub struct GroupDetails {
    pub group: GroupHeader,
    pub csrf: String,
    pub can_edit: bool,
    /// The version that the page was made from, sent back as `version`.
    pub version: String,
    /// ISO-8601 with milliseconds.
    pub created: String,
    pub name: Field,
    pub description: Field,
    pub custom: CustomAttributes,
    /// What belongs to no field, such as that somebody else changed the group meanwhile.
    pub problem: Option<String>,
}

impl Body for GroupDetails {
    fn title(&self) -> &str {
        &self.group.name
    }
}
