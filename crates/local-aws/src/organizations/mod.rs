//! AWS Organizations (identity-center.md §2.4): the organisation, its units and its accounts.
//!
//! The functions here decide and change; `wire/` is the API over them. Service control policies and
//! invitations are not there: [`join_organization`] does what an accepted invitation does.

mod accounts;
mod delegation;
mod error;
mod ids;
mod membership;
mod organization;
mod tags;
mod tree;
mod trusted_access;
mod units;
mod wire;

pub use self::{
    accounts::{NewAccount, create_account, join_organization},
    delegation::{deregister_delegated_administrator, register_delegated_administrator},
    error::OrganizationError,
    membership::{close_account, move_account, remove_account},
    organization::{FeatureSet, create_organization, delete_organization},
    tags::{tag_resource, untag_resource},
    tree::NodeKind,
    trusted_access::{disable_service_access, enable_service_access},
    units::{create_unit, delete_unit, rename_unit},
};
pub(crate) use self::{membership::is_closed, wire::input::is_email, wire::operation};

/// The status of an account in use.
const ACTIVE: &str = "ACTIVE";
/// The status of an account that was closed.
const SUSPENDED: &str = "SUSPENDED";
