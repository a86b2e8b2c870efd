//! The head of every page of an application: what it is, how it stands, and the tabs (requirements
//! H01 and H03).

use askama::{Template, filters::HtmlSafe};

use crate::TileMark;
use crate::admin::parts::{Badge, Moment, Tab, Tabs};

/// The tabs of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationTab {
    General,
    /// Not of bookmarks; nor are those below, but [`Self::Groups`].
    Sso,
    Attributes,
    Groups,
    Preview,
    /// Only of AWS applications.
    Aws,
}

/// What is known of the application on each of its pages.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/header.html")]
pub struct ApplicationHeader {
    pub id: String,
    pub label: String,
    pub mark: TileMark,
    /// `AWS IAM`.
    pub kind: String,
    /// The side panel: what of it stands how (requirement H01), `("Single sign-on", badge)`.
    pub facts: Vec<(&'static str, Badge)>,
    /// The tabs that this application has, in their order.
    pub tabs: Vec<ApplicationTab>,
    pub tab: ApplicationTab,
    /// Whether the role may delete it.
    pub can_delete: bool,
    /// Last change, with who made it.
    pub changed: Option<(Moment, String)>,
}

impl HtmlSafe for ApplicationHeader {}

impl ApplicationHeader {
    fn row(&self) -> Tabs {
        let tab = |tab: &ApplicationTab| {
            let (address, text) = match tab {
                ApplicationTab::General => ("general", "General Info"),
                ApplicationTab::Sso => ("sso", "SSO"),
                ApplicationTab::Attributes => ("attributes", "Attributes"),
                ApplicationTab::Groups => ("groups", "User Groups"),
                ApplicationTab::Preview => ("preview", "Preview"),
                ApplicationTab::Aws => ("aws", "AWS set-up"),
            };
            let href = format!("/admin/applications/{}/{address}", self.id);
            Tab::new(href, text, *tab == self.tab)
        };
        Tabs {
            label: self.label.clone(),
            tabs: self.tabs.iter().map(tab).collect(),
        }
    }
}
