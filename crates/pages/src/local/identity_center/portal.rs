//! The AWS access portal: the accounts and roles of the signed-in person (identity-center.md §5).

use askama::Template;

use crate::{Body, Layout, SEARCH_FROM};

/// One permission set that the person holds in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalRole {
    /// Name of the permission set.
    pub name: String,
    /// Address of the page with credentials.
    pub access_keys: String,
}

/// One account with what the person may be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalAccount {
    /// 12 digits.
    pub id: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<PortalRole>,
}

/// The access portal.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/portal.html")]
pub struct AccessPortal {
    /// Where the search goes, with `q`: the portal's own address.
    pub address: String,
    /// What was searched for; empty shows all.
    pub search: String,
    /// How many accounts there are without the search.
    pub total: usize,
    /// Those that match.
    pub accounts: Vec<PortalAccount>,
    /// Where `Management console` posts `account_id` and `role_name`.
    pub console_action: String,
    pub csrf: String,
}

impl AccessPortal {
    fn searchable(&self) -> bool {
        self.total >= SEARCH_FROM || !self.search.is_empty()
    }

    /// A short list needs no opening.
    fn unfolded(&self) -> bool {
        self.accounts.len() <= 3
    }

    fn count(&self) -> String {
        match (self.accounts.len(), self.total) {
            (1, 1) => "1 account".to_owned(),
            (shown, total) if shown == total => format!("{total} accounts"),
            (shown, total) => format!("{shown} of {total} accounts"),
        }
    }
}

impl Body for AccessPortal {
    fn title(&self) -> &'static str {
        "AWS access portal"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }
}

/// The portal's session has ended.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/portal_signed_out.html")]
pub struct PortalSignedOut {
    /// Where to sign in again: the portal's address.
    pub portal: String,
}

impl Body for PortalSignedOut {
    fn title(&self) -> &'static str {
        "Signed out"
    }
}
