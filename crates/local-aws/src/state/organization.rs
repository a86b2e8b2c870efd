//! The organisation: its tree of units and the accounts in it (identity-center.md §2.4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Tag;

/// The one organisation of a local AWS.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrganizationRecord {
    /// `o-` and 10 characters.
    pub id: String,
    /// `r-` and 4 characters.
    pub root_id: String,
    /// The management account.
    pub management_account: String,
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub feature_set: String,
    /// Unix seconds.
    pub created_at: i64,
    /// Organisational units by id.
    #[serde(default)]
    pub units: BTreeMap<String, UnitRecord>,
    /// Accounts by id, the management account among them.
    pub members: BTreeMap<String, MemberRecord>,
    /// Delegated administrators: account id → service principal → Unix seconds.
    #[serde(default)]
    pub delegated_administrators: BTreeMap<String, BTreeMap<String, i64>>,
    /// Services with trusted access → Unix seconds.
    #[serde(default)]
    pub trusted_services: BTreeMap<String, i64>,
    /// Tags of root, units and accounts, by their id.
    #[serde(default)]
    pub tags: BTreeMap<String, Vec<Tag>>,
    /// What became of requests to create an account, by request id (`car-…`).
    #[serde(default)]
    pub creations: BTreeMap<String, AccountCreationRecord>,
}

/// An organisational unit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UnitRecord {
    /// `ou-<root>-` and 8 characters.
    pub id: String,
    /// Unique below its parent.
    pub name: String,
    /// The root or a unit.
    pub parent: String,
}

/// An account of the organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MemberRecord {
    /// 12 digits.
    pub account: String,
    /// Unique among accounts.
    pub email: String,
    /// The root or a unit.
    pub parent: String,
    /// `INVITED` or `CREATED`.
    pub joined_method: String,
    /// Unix seconds.
    pub joined_at: i64,
    /// `ACTIVE` or `SUSPENDED` (closed).
    pub status: String,
}

/// What became of a CreateAccount.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountCreationRecord {
    /// The name that was asked for.
    pub account_name: String,
    /// The account, when it succeeded.
    pub account: Option<String>,
    /// `EMAIL_ALREADY_EXISTS` and so on, when it failed.
    pub failure: Option<String>,
    /// Unix seconds.
    pub requested_at: i64,
}
