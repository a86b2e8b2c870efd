//! The Directories tab: where else this person exists.

use askama::Template;

use super::UserHeader;
use crate::Body;
use crate::admin::parts::{Badge, Moment};

/// A directory that this person is provisioned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryRow {
    pub name: String,
    pub href: String,
    /// `AWS IAM Identity Center`.
    pub kind: String,
    pub status: Badge,
    /// Why, when the status is not good; empty otherwise.
    pub detail: String,
    pub changed: Option<Moment>,
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/directories.html")]
pub struct UserDirectories {
    pub header: UserHeader,
    pub rows: Vec<DirectoryRow>,
}

impl Body for UserDirectories {
    fn title(&self) -> &str {
        &self.header.name
    }
}
