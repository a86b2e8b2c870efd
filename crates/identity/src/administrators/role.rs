//! What administrators may do (requirement A11, security.md items 41 and 43).

/// What an administrator is trusted with. The order is the order of trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees the directory, the settings and the log; changes nothing.
    ReadOnly,
    /// Looks after people: adds and edits them, invites, resets, ends sessions. Deletes nobody and
    /// gives nobody access to an application.
    HelpDesk,
    /// Everything.
    Full,
}

impl Role {
    /// Every role, the most trusted first.
    pub const ALL: [Self; 3] = [Self::Full, Self::HelpDesk, Self::ReadOnly];

    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::HelpDesk => "help_desk",
            Self::ReadOnly => "read_only",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether the role has this permission. What is not listed is denied.
    pub fn allows(self, permission: Permission) -> bool {
        use Permission::{
            ManageCredentials, ReadActivity, ReadDirectory, ReadSettings, WriteUsers,
        };
        match self {
            Self::Full => true,
            Self::HelpDesk => matches!(
                permission,
                ReadDirectory | ReadActivity | ReadSettings | WriteUsers | ManageCredentials
            ),
            Self::ReadOnly => matches!(permission, ReadDirectory | ReadActivity | ReadSettings),
        }
    }
}

/// One thing that somebody may be allowed to do. Each route names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// People, groups, applications.
    ReadDirectory,
    /// Adding and editing people, their states included.
    WriteUsers,
    DeleteUsers,
    /// Invitations, password resets, sessions of people.
    ManageCredentials,
    /// Adding, editing and deleting groups and their members.
    WriteGroups,
    /// Giving applications to groups and users.
    GrantApplications,
    /// Adding, editing and deleting applications and their keys.
    WriteApplications,
    ReadActivity,
    /// Where the log is sent; alerts.
    ManageLog,
    ReadSettings,
    WriteSettings,
    ManageAdministrators,
    ManageApiKeys,
    /// Mails, which hold one-time links.
    ReadOutbox,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 14] = [
        Self::ReadDirectory,
        Self::WriteUsers,
        Self::DeleteUsers,
        Self::ManageCredentials,
        Self::WriteGroups,
        Self::GrantApplications,
        Self::WriteApplications,
        Self::ReadActivity,
        Self::ManageLog,
        Self::ReadSettings,
        Self::WriteSettings,
        Self::ManageAdministrators,
        Self::ManageApiKeys,
        Self::ReadOutbox,
    ];

    /// The name in the activity log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadDirectory => "read_directory",
            Self::WriteUsers => "write_users",
            Self::DeleteUsers => "delete_users",
            Self::ManageCredentials => "manage_credentials",
            Self::WriteGroups => "write_groups",
            Self::GrantApplications => "grant_applications",
            Self::WriteApplications => "write_applications",
            Self::ReadActivity => "read_activity",
            Self::ManageLog => "manage_log",
            Self::ReadSettings => "read_settings",
            Self::WriteSettings => "write_settings",
            Self::ManageAdministrators => "manage_administrators",
            Self::ManageApiKeys => "manage_api_keys",
            Self::ReadOutbox => "read_outbox",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_more_trusted_role_has_every_permission_of_a_less_trusted_one() {
        assert!(Role::Full > Role::HelpDesk && Role::HelpDesk > Role::ReadOnly);
        for permission in Permission::ALL {
            assert!(Role::Full.allows(permission), "{permission:?}");
            if Role::ReadOnly.allows(permission) {
                assert!(Role::HelpDesk.allows(permission), "{permission:?}");
            }
        }
    }

    /// Requirement A11.
    #[test]
    fn the_help_desk_looks_after_people_and_nothing_else() {
        let allowed: Vec<_> = Permission::ALL
            .into_iter()
            .filter(|permission| Role::HelpDesk.allows(*permission))
            .map(Permission::as_str)
            .collect();
        assert_eq!(
            allowed,
            [
                "read_directory",
                "write_users",
                "manage_credentials",
                "read_activity",
                "read_settings"
            ]
        );
    }

    #[test]
    fn who_reads_changes_nothing() {
        for permission in Permission::ALL {
            let reads = permission.as_str().starts_with("read_");
            assert!(
                reads || !Role::ReadOnly.allows(permission),
                "{permission:?}"
            );
        }
        assert!(!Role::ReadOnly.allows(Permission::ReadOutbox));
    }
}
