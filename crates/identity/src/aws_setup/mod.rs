//! The AWS side: what an administrator runs there so that people of this identity provider get in
//! (requirements W01 to W04), and the way back: the ARNs that came out of it.
//!
//! [`IamSetup`] is SAML straight into IAM roles, [`IdentityCenterSetup`] is IAM Identity Center.
//! Both are checked once and then written as Terraform, CloudFormation, a script for the AWS CLI
//! or numbered steps for the console. Nothing here talks to AWS.

mod abac_policy;
mod check;
mod escape;
mod from_application;
mod iam;
mod iam_cli_script;
mod iam_cloudformation;
mod iam_steps;
mod iam_terraform;
mod identity_center;
mod identity_center_cli_script;
mod identity_center_cloudformation;
mod identity_center_steps;
mod identity_center_terraform;
mod into_application;
mod read_arns;
mod texts;
mod trust_policy;

pub use abac_policy::abac_policy_snippet;
pub use check::SetupError;
pub use from_application::{
    DerivationNote, DerivedIam, IamWish, IdentityCenterWish, PublishedMetadata, iam_setups,
    identity_center_region, identity_center_setup, session_tag_keys,
};
pub use iam::{CheckedIamSetup, IamAccount, IamRole, IamSetup, Partition};
pub use iam_cloudformation::CloudFormationTemplate;
pub use identity_center::{
    AccessAttribute, AccessSource, CheckedIdentityCenterSetup, IdentityCenterSetup,
    PermissionAssignment, PermissionSet,
};
pub use into_application::{RoleRuleRefused, is_pattern, with_role_rules, with_roles};
pub use read_arns::{
    ArnFault, ArnPair, ArnPlace, ArnProblem, MAX_PASTED_ARNS, ReadArns, ReadArnsError, read_arns,
};
pub use texts::{SetupForms, SetupTexts};
