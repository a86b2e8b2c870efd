//! What surrounds every page of the console.

use askama::Template;

use super::BASE;
use crate::{Body, Person, RenderError, SignOut, admin::Toast, assets};

/// One entry of the navigation on the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CenterNav {
    Dashboard,
    Users,
    Groups,
    Settings,
    Accounts,
    PermissionSets,
}

impl CenterNav {
    const ALL: [Self; 6] = [
        Self::Dashboard,
        Self::Users,
        Self::Groups,
        Self::Settings,
        Self::Accounts,
        Self::PermissionSets,
    ];

    fn href(self) -> String {
        let path = match self {
            Self::Dashboard => "",
            Self::Users => "/users",
            Self::Groups => "/groups",
            Self::Settings => "/settings",
            Self::Accounts => "/accounts",
            Self::PermissionSets => "/permission-sets",
        };
        format!("{BASE}{path}")
    }

    fn text(self) -> &'static str {
        match self {
            Self::Dashboard => "Dashboard",
            Self::Users => "Users",
            Self::Groups => "Groups",
            Self::Settings => "Settings",
            Self::Accounts => "AWS accounts",
            Self::PermissionSets => "Permission sets",
        }
    }

    /// The entry that begins a group names it.
    fn heading(self) -> Option<&'static str> {
        (self == Self::Accounts).then_some("Multi-account permissions")
    }
}

/// What surrounds the body of every page of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CenterFrame {
    /// Path under which the files of [`assets`] are served, without a trailing slash: `/static`.
    pub asset_prefix: &'static str,
    /// The account whose administrator is signed in: `management 111122223333`.
    pub account: String,
    /// Who is signed in.
    pub person: Person,
    pub sign_out: SignOut,
    /// The entry to mark.
    pub current: CenterNav,
    /// Without an instance there is only the dashboard.
    pub enabled: bool,
    pub toast: Option<Toast>,
}

impl CenterFrame {
    fn items(&self) -> Vec<CenterNav> {
        CenterNav::ALL
            .into_iter()
            .filter(|item| self.enabled || *item == CenterNav::Dashboard)
            .collect()
    }
}

/// A whole document of the console.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/frame.html")]
pub struct CenterPage<B: Body> {
    pub frame: CenterFrame,
    pub body: B,
}

impl<B: Body> CenterPage<B> {
    /// The document as HTML.
    pub fn to_html(&self) -> Result<String, RenderError> {
        self.render()
    }

    fn asset(&self, name: &str) -> String {
        assets::address(self.frame.asset_prefix, name)
    }
}
