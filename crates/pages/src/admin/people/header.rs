//! What stands above every tab of one person (requirements C01 to C06).

use askama::Template;
use askama::filters::HtmlSafe;

use crate::admin::parts::{Badge, Moment, Tab, Tabs, UserState};

/// The tabs of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserTab {
    Highlights,
    Details,
    Groups,
    Devices,
    Directories,
    Activity,
}

impl UserTab {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Highlights, "highlights", "Highlights"),
        (Self::Details, "details", "Details"),
        (Self::Groups, "groups", "User Groups"),
        (Self::Devices, "devices", "Devices"),
        (Self::Directories, "directories", "Directories"),
        (Self::Activity, "activity", "Activity"),
    ];
}

/// The security status block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityStatus {
    /// `Active`, `Pending`, `Expired`.
    pub password: Badge,
    /// `password never expires`, `expires in 12 days`.
    pub password_detail: String,
    /// Whether the factor is enrolled.
    pub totp: bool,
    pub push: bool,
    pub web_authn: bool,
    /// Until when they are let in without a factor.
    pub enrolment_ends: Option<Moment>,
}

/// A change of state that will happen by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledChange {
    pub to: UserState,
    pub at: Moment,
}

/// What stands above every tab. Written into a template it is the whole block, tabs included.
///
/// Its forms post `csrf` to `/admin/users/{id}/` and `state` (with `state`), `invite`,
/// `reset-password`, `require-password-change`, `sign-out-everywhere` or `unlock`; links lead to `schedule` and `delete`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/people/header.html")]
pub struct UserHeader {
    pub id: String,
    /// Display name, else both names, else the username.
    pub name: String,
    pub email: String,
    pub state: UserState,
    /// Until when sign-in is locked after too many attempts.
    pub locked_until: Option<Moment>,
    pub scheduled: Option<ScheduledChange>,
    pub security: SecurityStatus,
    pub tab: UserTab,
    /// Back to the place in the list that one came from.
    pub back: String,
    pub csrf: String,
    /// Whether the administrator's role may change this person.
    pub can_edit: bool,
    pub can_delete: bool,
}

impl HtmlSafe for UserHeader {}

impl UserHeader {
    fn initials(&self) -> String {
        crate::tile_mark::initials(&self.name)
    }

    fn tabs(&self) -> Tabs {
        Tabs {
            label: self.name.clone(),
            tabs: UserTab::ALL
                .into_iter()
                .map(|(tab, path, text)| {
                    Tab::new(
                        format!("/admin/users/{}/{path}", self.id),
                        text,
                        tab == self.tab,
                    )
                })
                .collect(),
        }
    }

    /// The three factors with what people call them.
    fn factors(&self) -> [(&'static str, bool); 3] {
        [
            ("TOTP MFA", self.security.totp),
            ("Jetway Protect", self.security.push),
            ("WebAuthn", self.security.web_authn),
        ]
    }

    fn is_active(&self) -> bool {
        self.state == UserState::Active
    }
}
