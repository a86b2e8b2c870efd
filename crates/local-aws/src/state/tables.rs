//! The tables of the state file.

use redb::TableDefinition;

/// Text to JSON text.
pub(super) type Text = TableDefinition<'static, &'static str, &'static str>;

/// The tables of this crate's core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// Account id → account.
    Accounts,
    /// `account/name` → SAML provider.
    SamlProviders,
    /// `account/name` → role.
    Roles,
    /// `account/name` → customer managed policy.
    Policies,
    /// Hash of an assertion's issuer and ID → what happened to it at sign-in.
    SignInAssertions,
    /// Hash of a cookie → console session.
    ConsoleSessions,
    /// The organisation.
    Organization,
    /// The instance of Identity Center.
    IdentityCenter,
    /// Permission set id → permission set.
    PermissionSets,
    /// `account/permission set/kind/principal` → assignment.
    AccountAssignments,
    /// Request id → asynchronous request of sso-admin.
    AssignmentRequests,
    /// User id → user of the identity store.
    Users,
    /// Group id → group of the identity store.
    Groups,
    /// `group/user` → membership.
    Memberships,
    /// Hash of a cookie → sign-in to the access portal.
    PortalSessions,
    /// Hash of an access token of the access portal → whose it is.
    AccessTokens,
    /// Hash of a refresh token → what it renews.
    RefreshTokens,
    /// Hash of an authorization code or device code → what was granted.
    Grants,
    /// Id of an AuthnRequest → the sign-in that waits for its answer.
    SignInRequests,
    /// Hash of a cookie → an administrator's session in the console.
    AdministratorSessions,
}

impl Table {
    pub(super) const ALL: [Self; 20] = [
        Self::Accounts,
        Self::SamlProviders,
        Self::Roles,
        Self::Policies,
        Self::SignInAssertions,
        Self::ConsoleSessions,
        Self::Organization,
        Self::IdentityCenter,
        Self::PermissionSets,
        Self::AccountAssignments,
        Self::AssignmentRequests,
        Self::Users,
        Self::Groups,
        Self::Memberships,
        Self::PortalSessions,
        Self::AccessTokens,
        Self::RefreshTokens,
        Self::Grants,
        Self::SignInRequests,
        Self::AdministratorSessions,
    ];

    pub(super) const fn definition(self) -> Text {
        TableDefinition::new(self.name())
    }

    pub(super) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::SamlProviders => "saml_providers",
            Self::Roles => "roles",
            Self::Policies => "policies",
            Self::SignInAssertions => "sign_in_assertions",
            Self::ConsoleSessions => "console_sessions",
            Self::Organization => "organization",
            Self::IdentityCenter => "identity_center",
            Self::PermissionSets => "permission_sets",
            Self::AccountAssignments => "account_assignments",
            Self::AssignmentRequests => "assignment_requests",
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Memberships => "memberships",
            Self::PortalSessions => "portal_sessions",
            Self::AccessTokens => "access_tokens",
            Self::RefreshTokens => "refresh_tokens",
            Self::Grants => "grants",
            Self::SignInRequests => "sign_in_requests",
            Self::AdministratorSessions => "administrator_sessions",
        }
    }
}
