//! The IAM Identity Center console of the local AWS, in AWS's words (identity-center.md §2 to §4;
//! the steps of the integration guides).

mod access_control;
mod account;
mod assign;
mod certificates;
mod dashboard;
mod frame;
mod group;
mod identity_source;
mod people;
mod permission_set;
mod permission_sets;
mod policy;
mod problem;
mod provisioning;
mod settings;
mod sign_in;
mod user;

pub use access_control::{AccessControl, AccessControlRow};
pub use account::{
    AccountAccess, AssignedPrincipal, OrganizationNode, OrganizationPage, OrganizationPart,
};
pub use assign::{AssignPermissionSets, AssignPrincipals, PermissionSetChoice, PrincipalChoice};
pub use certificates::{CertificateRow, CertificateState, Certificates};
pub use dashboard::{CenterDashboard, CenterSummary, EnableCenter, SetupStep};
pub use frame::{CenterFrame, CenterNav, CenterPage};
pub use group::{GroupDetails, GroupMember, NewGroup};
pub use identity_source::{
    ChangeSource, ConfigureSource, CurrentSource, ReviewSource, SourceFacts,
};
pub use people::{GroupList, GroupRow, ManagedBy, UserList, UserRow};
pub use permission_set::{PermissionSetDetails, PermissionSetFacts, PolicyName, TagRow};
pub use permission_sets::{PermissionSetForm, PermissionSetList, PermissionSetRow};
pub use policy::{EditPolicy, EditTags, Reprovision, ReprovisionAccount};
pub use problem::CenterProblem;
pub use provisioning::{Provisioning, ScimTokenRow, ShownOnce};
pub use settings::{CenterSettings, SettingsTab};
pub use sign_in::ConsoleSignIn;
pub use user::{NewUser, UserDetails};

/// Where the console lives.
pub const BASE: &str = "/console/identity-center";
/// Where one signs in as an administrator of an account, and where one signs out.
pub const SIGN_IN: &str = "/console/sign-in";
