//! The Devices tab: browsers and command lines that are signed in (requirement C07).
//!
//! Signing one out posts `csrf` to `/admin/users/{id}/devices/{session}/sign-out`.

use askama::Template;

use super::UserHeader;
use crate::Body;
use crate::admin::parts::Moment;

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    pub id: String,
    /// `Chrome on Windows`, `saml2aws`.
    pub device: String,
    /// Whether it signed in as command lines do.
    pub command_line: bool,
    /// Client address; empty when unknown.
    pub address: String,
    /// The whole user agent, on hover.
    pub user_agent: String,
    pub signed_in: Moment,
    pub last_seen: Moment,
    pub expires: Moment,
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/devices.html")]
pub struct UserDevices {
    pub header: UserHeader,
    pub rows: Vec<SessionRow>,
}

impl Body for UserDevices {
    fn title(&self) -> &str {
        &self.header.name
    }
}
