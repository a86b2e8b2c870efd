//! The head of every page of a group: its name and the tabs.

use askama::{Template, filters::HtmlSafe};

use crate::admin::parts::{Moment, Tab, Tabs};

/// The tabs of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupTab {
    Details,
    Members,
    Applications,
    /// Only of dynamic groups, and of static ones that may become dynamic.
    Rule,
}

/// What is known of the group on each of its pages.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/groups/header.html")]
pub struct GroupHeader {
    pub id: String,
    pub name: String,
    /// `1 member`, `3,201 members`.
    pub members: String,
    pub dynamic: bool,
    /// The built-in group: it has no rule and cannot be deleted.
    pub everyone: bool,
    pub tab: GroupTab,
    /// Whether the role may delete it.
    pub can_delete: bool,
    /// Last change, with who made it.
    pub changed: Option<(Moment, String)>,
}

impl HtmlSafe for GroupHeader {}

impl GroupHeader {
    fn tabs(&self) -> Tabs {
        let tab = |tab: GroupTab, address: &str, text: &str| {
            Tab::new(
                format!("/admin/groups/{}/{address}", self.id),
                text,
                self.tab == tab,
            )
        };
        let mut tabs = vec![
            tab(GroupTab::Details, "details", "Details"),
            tab(GroupTab::Members, "members", "Members"),
            tab(GroupTab::Applications, "applications", "Applications"),
        ];
        if !self.everyone {
            tabs.push(tab(GroupTab::Rule, "rule", "Rule"));
        }
        Tabs {
            label: self.name.clone(),
            tabs,
        }
    }
}
