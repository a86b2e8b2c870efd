//! What surrounds every page of the admin portal (requirements A06, A08, A10, U02, U03).

use askama::Template;

use super::parts::Tone;
use crate::{Body, Brand, Link, Person, RenderError, assets};

/// One entry of the navigation on the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NavItem {
    Home,
    Users,
    Groups,
    Applications,
    Policies,
    Activity,
    Alerts,
    Settings,
    Administrators,
    ApiKeys,
    Outbox,
}

impl NavItem {
    /// In the order of the navigation.
    pub const ALL: [Self; 11] = [
        Self::Home,
        Self::Users,
        Self::Groups,
        Self::Applications,
        Self::Policies,
        Self::Activity,
        Self::Alerts,
        Self::Settings,
        Self::Administrators,
        Self::ApiKeys,
        Self::Outbox,
    ];

    /// The address of the entry's page.
    pub fn href(self) -> &'static str {
        match self {
            Self::Home => "/admin",
            Self::Users => "/admin/users",
            Self::Groups => "/admin/groups",
            Self::Applications => "/admin/applications",
            Self::Policies => "/admin/policies",
            Self::Activity => "/admin/activity",
            Self::Alerts => "/admin/alerts",
            Self::Settings => "/admin/settings",
            Self::Administrators => "/admin/administrators",
            Self::ApiKeys => "/admin/api-keys",
            Self::Outbox => "/admin/outbox",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Users => "Users",
            Self::Groups => "User Groups",
            Self::Applications => "SSO Applications",
            Self::Policies => "Conditional Policies",
            Self::Activity => "Activity",
            Self::Alerts => "Alerts",
            Self::Settings => "Organisation settings",
            Self::Administrators => "Administrators",
            Self::ApiKeys => "API keys",
            Self::Outbox => "Outbox",
        }
    }

    /// The heading above the entry's group; Home stands alone.
    fn section(self) -> &'static str {
        match self {
            Self::Home => "",
            Self::Users | Self::Groups => "User management",
            Self::Applications => "User authentication",
            Self::Policies => "Security management",
            Self::Activity | Self::Alerts => "Insights",
            Self::Settings | Self::Administrators | Self::ApiKeys | Self::Outbox => "Settings",
        }
    }

    /// Lines of a drawing on a ground of 16 by 16.
    fn drawing(self) -> &'static str {
        match self {
            Self::Home => "M2.5 7.5 8 3l5.5 4.5V13a.5.5 0 0 1-.5.5h-3V10H6v3.5H3a.5.5 0 0 1-.5-.5z",
            Self::Users => {
                "M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c0-2.5 2.2-4 5-4s5 1.5 5 4"
            }
            Self::Groups => {
                "M6 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM1.8 13c0-2.3 1.9-3.5 4.2-3.5s4.2 1.2 4.2 3.5M10.5 3.7a2 2 0 0 1 0 3.7M12 9.9c1.4.5 2.2 1.6 2.2 3.1"
            }
            Self::Applications => {
                "M3 2.5h3.5V6H3zM9.5 2.5H13V6H9.5zM3 9.5h3.5V13H3zM9.5 9.5H13V13H9.5z"
            }
            Self::Policies => "M4 7V5a4 4 0 0 1 8 0v2M3 7h10v6.5H3zM8 9.5v1.5",
            Self::Activity => "M1.8 8.5h2.7l2-5 3 9.5 2-4.5h2.7",
            Self::Alerts => {
                "M4 7a4 4 0 0 1 8 0c0 3 1.2 4 1.2 4H2.8S4 10 4 7zM6.6 13.2a1.5 1.5 0 0 0 2.8 0"
            }
            Self::Settings => {
                "M2.5 4.5h5M11 4.5h2.5M2.5 11.5H5M8.5 11.5h5M9.2 6.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM6.8 13.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z"
            }
            Self::Administrators => {
                "M8 2 3 4v3.8c0 3 2.1 5.2 5 6.2 2.9-1 5-3.2 5-6.2V4zM5.8 8l1.6 1.6 2.9-3.2"
            }
            Self::ApiKeys => {
                "M5.2 13.3a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM7.2 8.7 13 3M10.8 5.2l1.9 1.9"
            }
            Self::Outbox => "M2 4h12v8.5H2zM2.3 4.4 8 9l5.7-4.6",
        }
    }
}

/// How far the set-up is; shown in the header until everything is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checklist {
    pub done: u32,
    pub total: u32,
}

/// The confirmation of what was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    pub tone: Tone,
    /// One sentence: `Road Runner is suspended.`
    pub text: String,
}

/// What every page tells until somebody has done something about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    pub tone: Tone,
    /// What is the matter, as one sentence.
    pub text: String,
    /// Where to do something about it.
    pub link: Link,
}

/// What surrounds the body of every page of the admin portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminFrame {
    pub organisation: String,
    pub brand: Brand,
    /// Path under which the files of [`assets`] are served, without a trailing slash: `/static`.
    pub asset_prefix: &'static str,
    /// The entry to mark; `None` on pages that belong to none, such as the profile.
    pub current: Option<NavItem>,
    pub administrator: Person,
    /// The role as people read it: `Full administrator`.
    pub role: String,
    /// The entries that the administrator's role may open.
    pub can: Vec<NavItem>,
    /// Unread alerts.
    pub alerts: u32,
    /// `None` once the set-up is complete.
    pub checklist: Option<Checklist>,
    /// Links of the Help menu: API reference, guides. Without any there is no menu.
    pub help: Vec<Link>,
    /// Hidden field of the sign-out form.
    pub csrf: String,
    pub toast: Option<Toast>,
    pub banners: Vec<Banner>,
}

/// The group of a heading in the navigation.
struct NavGroup {
    heading: &'static str,
    items: Vec<NavEntry>,
}

struct NavEntry {
    item: NavItem,
    current: bool,
}

impl AdminFrame {
    fn groups(&self) -> Vec<NavGroup> {
        let mut groups: Vec<NavGroup> = Vec::new();
        for item in NavItem::ALL
            .into_iter()
            .filter(|item| self.can.contains(item))
        {
            let entry = NavEntry {
                item,
                current: self.current == Some(item),
            };
            match groups.last_mut() {
                Some(group) if group.heading == item.section() => group.items.push(entry),
                _ => groups.push(NavGroup {
                    heading: item.section(),
                    items: vec![entry],
                }),
            }
        }
        groups
    }

    fn shows_alerts(&self) -> bool {
        self.can.contains(&NavItem::Alerts)
    }

    fn alerts_label(&self) -> String {
        match self.alerts {
            0 => "Alerts, none unread".to_owned(),
            1 => "Alerts, one unread".to_owned(),
            count => format!("Alerts, {count} unread"),
        }
    }

    fn alerts_count(&self) -> String {
        if self.alerts > 99 {
            "99+".to_owned()
        } else {
            self.alerts.to_string()
        }
    }

    fn initials(&self) -> String {
        crate::tile_mark::initials(&self.administrator.name)
    }
}

/// A whole document of the admin portal.
#[derive(Debug, Template)]
#[template(path = "admin/frame.html")]
pub struct AdminPage<B: Body> {
    pub frame: AdminFrame,
    pub body: B,
}

impl<B: Body> AdminPage<B> {
    /// The document as HTML.
    pub fn to_html(&self) -> Result<String, RenderError> {
        self.render()
    }

    fn asset(&self, name: &str) -> String {
        assets::address(self.frame.asset_prefix, name)
    }
}
