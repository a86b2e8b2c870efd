//! Keys of the API: for programs, owned by an administrator, never worth more than their owner.

mod authenticate;
mod create;
mod list;
mod revoke;
mod secret;

use time::OffsetDateTime;

use crate::administrators::{Administrator, Permission};
use crate::events::{Target, TargetKind};
use crate::ids::{AdministratorId, ApiKeyId};

pub use authenticate::{ApiKeyOwner, authenticate_api_key};
pub use create::{CreateApiKeyError, CreatedApiKey, NewApiKey, create_api_key};
pub use list::list_api_keys;
pub use revoke::{RevokeApiKeyError, revoke_api_key};
pub use secret::ApiKeyHash;

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// What it is for, in the words of whoever made it.
    pub name: String,
    pub owner: AdministratorId,
    /// The first characters of the secret, to tell keys apart.
    pub hint: String,
    /// Never empty.
    pub scopes: Vec<Scope>,
    pub created_at: OffsetDateTime,
    /// `None`: it does not expire.
    pub expires_at: Option<OffsetDateTime>,
    /// Exact to five minutes. `None`: never used.
    pub last_used_at: Option<OffsetDateTime>,
}

/// A part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// People, groups, applications, activity and settings, to read.
    Read,
    /// People: everything about them.
    Users,
    /// Groups, their members and applications.
    Groups,
    /// The organisation's settings and where the log goes.
    Settings,
    /// Whatever the owner may do.
    Full,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Users,
        Self::Groups,
        Self::Settings,
        Self::Full,
    ];

    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Settings => "settings",
            Self::Full => "full",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    /// Whether the scope contains this permission. What is not listed is denied.
    pub fn allows(self, permission: Permission) -> bool {
        use Permission::{
            DeleteUsers, GrantApplications, ManageCredentials, ManageLog, ReadActivity,
            ReadDirectory, ReadSettings, WriteGroups, WriteSettings, WriteUsers,
        };
        match self {
            Self::Read => matches!(permission, ReadDirectory | ReadActivity | ReadSettings),
            Self::Users => matches!(
                permission,
                ReadDirectory | WriteUsers | DeleteUsers | ManageCredentials
            ),
            Self::Groups => {
                matches!(permission, ReadDirectory | WriteGroups | GrantApplications)
            }
            Self::Settings => matches!(permission, ReadSettings | WriteSettings | ManageLog),
            Self::Full => true,
        }
    }
}

impl ApiKey {
    /// Whether a program with this key may do it at `now`: a scope contains it, the owner's role
    /// does, the owner is not suspended, and the key has not expired.
    pub fn allows(
        &self,
        owner: &Administrator,
        permission: Permission,
        now: OffsetDateTime,
    ) -> bool {
        self.is_live(now)
            && owner.id == self.owner
            && owner.may(permission)
            && self.scopes.iter().any(|scope| scope.allows(permission))
    }

    /// Whether it has not expired at `now`.
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    pub(crate) fn target(&self) -> Target {
        Target {
            kind: TargetKind::ApiKey,
            id: self.id.to_string(),
            label: self.name.clone(),
        }
    }
}
