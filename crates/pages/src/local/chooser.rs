//! Which role to take, when an assertion offers several.
//!
//! Command lines read this page: `fieldset > div.saml-account` are the accounts, in each
//! `div.saml-account-name` its name, and every `label` has the role's ARN as `for` and its name as
//! text; the inner `div.saml-account` of each role has a running number as id.

use askama::Template;

use crate::{Body, Layout};

/// One role on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChoice {
    /// Running number over the whole page.
    pub index: usize,
    pub arn: String,
    /// Without path.
    pub name: String,
}

impl RoleChoice {
    /// The first one is ticked, so that the button always has something to send.
    fn is_first(&self) -> bool {
        self.index == 0
    }
}

/// The roles of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRoles {
    /// 12 digits.
    pub id: String,
    pub alias: Option<String>,
    pub roles: Vec<RoleChoice>,
}

impl AccountRoles {
    fn heading(&self) -> String {
        match &self.alias {
            Some(alias) => format!("Account: {alias} ({})", self.id),
            None => format!("Account: {}", self.id),
        }
    }
}

/// The role chooser.
#[derive(Debug, Template)]
#[template(path = "local/chooser.html")]
pub struct RoleChooser {
    /// Base64, as received.
    pub saml_response: String,
    pub relay_state: String,
    /// Lets exactly one choice follow this page.
    pub ticket: String,
    pub accounts: Vec<AccountRoles>,
}

impl Body for RoleChooser {
    fn title(&self) -> &'static str {
        "Choose a role"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }
}
