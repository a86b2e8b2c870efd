//! Those who may use the admin portal (requirements A01 and A11). They are not users of the
//! directory: another sign-in, other sessions, other addresses, even for the same person.

mod advance;
mod authority;
mod change_own_password;
mod create;
mod current;
mod delete;
mod denied;
mod host_reset;
mod invite;
mod letters;
mod links;
mod list;
mod lockout;
mod password_by_link;
mod rename_own;
mod request_reset;
mod role;
mod rules;
mod sessions;
mod set_password;
mod set_up;
mod sign_in;
mod sign_in_by_email;
mod sign_out;
mod update;

use time::OffsetDateTime;

use crate::events::{Target, TargetKind};
use crate::ids::AdministratorId;

pub use advance::{
    AdministratorFactorError, enrolling_administrator, finish_administrator_enrolment,
    pending_administrator_step, prove_administrator_code,
};
pub use authority::NotAllowed;
pub(crate) use authority::{may, require};
pub use change_own_password::{ChangeAdministratorPassword, change_own_administrator_password};
pub use create::{CreateAdministratorError, NewAdministrator, create_administrator};
pub use current::{SignedInAdministrator, current_administrator};
pub use delete::{DeleteAdministratorError, delete_administrator};
pub use denied::record_access_denied;
pub use host_reset::{HostResetError, Lost, issue_administrator_reset_link};
pub use invite::{
    Invitation, InviteAdministratorError, invite_administrator, invite_administrator_again,
};
pub use links::administrator_of_link;
pub use list::{administrator, list_administrators};
pub use password_by_link::{AdministratorPasswordByLink, set_administrator_password_by_link};
pub use rename_own::{RenameOwnError, rename_own_administrator};
pub use request_reset::request_administrator_reset;
pub use role::{Permission, Role};
pub use sessions::{
    AdministratorSession, SignInMethod, list_administrator_sessions, revoke_administrator_session,
    revoke_administrator_sessions,
};
pub(crate) use set_password::SetBy;
pub use set_password::{SetAdministratorPasswordError, set_administrator_password};
pub use set_up::{SetUp, SetUpError, issue_set_up_link, set_up, set_up_is_open};
pub use sign_in::{
    AdministratorSignIn, AdministratorSignInError, SignedInAs, sign_in_administrator,
};
pub use sign_in_by_email::{
    ProviderBrowser, record_failed_provider_sign_in, sign_in_administrator_by_email,
};
pub use sign_out::sign_out_administrator;
pub use update::{AdministratorChange, UpdateAdministratorError, update_administrator};

/// Somebody who may use the admin portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administrator {
    pub id: AdministratorId,
    pub email: String,
    /// May be empty: see [`Self::label`].
    pub name: String,
    pub role: Role,
    pub state: AdministratorState,
    /// `None` until an invitation was accepted.
    pub password_changed_at: Option<OffsetDateTime>,
    pub last_sign_in_at: Option<OffsetDateTime>,
    /// Counts changes, for optimistic concurrency.
    pub version: i64,
    pub created_at: OffsetDateTime,
}

/// Whether an administrator may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdministratorState {
    Active,
    Suspended,
}

impl AdministratorState {
    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "active" => Some(Self::Active),
            "suspended" => Some(Self::Suspended),
            _ => None,
        }
    }
}

impl Administrator {
    /// What to call this administrator on a page: the name, else the e-mail address.
    pub fn label(&self) -> &str {
        if self.name.trim().is_empty() {
            &self.email
        } else {
            &self.name
        }
    }

    /// Whether this administrator may do it now.
    pub fn may(&self, permission: Permission) -> bool {
        self.state == AdministratorState::Active && self.role.allows(permission)
    }

    pub(crate) fn target(&self) -> Target {
        Target {
            kind: TargetKind::Administrator,
            id: self.id.to_string(),
            label: self.email.clone(),
        }
    }
}
