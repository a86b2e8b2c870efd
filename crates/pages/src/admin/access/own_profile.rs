//! An administrator's own password and sessions.

use askama::Template;

use crate::Body;
use crate::account::{NewPasswordErrors, OwnSessions, PasswordRules};
use crate::admin::parts::Moment;

/// The page. The password form posts `current`, `password` and `again` to
/// `/admin/profile/password`; the name form posts `name` to `/admin/profile`.
#[derive(Debug, Template)]
#[template(path = "admin/access/own_profile.html")]
pub struct AdministratorProfile {
    pub csrf: String,
    pub name: crate::admin::parts::Field,
    pub email: String,
    pub role: String,
    /// False for those who sign in only through the provider: they have no current password.
    pub has_password: bool,
    pub rules: PasswordRules,
    pub errors: NewPasswordErrors,
    /// Since when an authenticator app is connected.
    pub totp: Option<Moment>,
    /// Unused ones.
    pub recovery_codes: usize,
    /// A break-glass account has its printed codes and nothing else.
    pub break_glass: bool,
    pub sessions: OwnSessions,
}

impl Body for AdministratorProfile {
    fn title(&self) -> &'static str {
        "Profile"
    }
}
