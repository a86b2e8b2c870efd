//! The input for SAML straight into IAM roles.

use super::check::{self, SetupError};
use super::escape::Labels;

/// Managed policies that a role can have (AWS quota "Managed policies per role", at most 25).
const MAX_POLICIES: usize = 25;

/// Roles that one account of a set-up may name.
const MAX_ROLES: usize = 200;

/// Which AWS: the second field of every ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Partition {
    #[default]
    Aws,
    China,
    GovCloud,
}

impl Partition {
    /// As ARNs have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::China => "aws-cn",
            Self::GovCloud => "aws-us-gov",
        }
    }
}

/// What an administrator wants in AWS: a SAML provider that trusts this identity provider, and
/// roles that trust the provider, in one or more accounts (requirements W01, W02).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamSetup {
    pub partition: Partition,
    /// Of the SAML provider: `[\w._-]{1,128}`.
    pub provider_name: String,
    /// Our metadata of the application, as AWS is to store it.
    pub metadata_xml: String,
    /// Where the metadata came from, to be named in comments.
    pub metadata_url: String,
    /// What the condition on `SAML:aud` compares with: the Recipient of the assertions, which for
    /// AWS is `https://signin.aws.amazon.com/saml`.
    pub acs_url: String,
    pub accounts: Vec<IamAccount>,
    /// Whether assertions carry `PrincipalTag:*`: then roles must allow `sts:TagSession`.
    pub tags: bool,
    /// Whether assertions carry SourceIdentity: then roles must allow `sts:SetSourceIdentity`.
    pub source_identity: bool,
}

/// One AWS account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamAccount {
    /// 12 digits.
    pub account_id: String,
    pub roles: Vec<IamRole>,
}

/// One role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamRole {
    /// `[\w+=,.@-]{1,64}`.
    pub name: String,
    /// At most 1000 Latin characters; may be empty.
    pub description: String,
    /// ARNs of managed policies, or names of AWS's own, such as `ReadOnlyAccess`.
    pub managed_policies: Vec<String>,
    /// 3600 to 43200.
    pub max_session_seconds: u32,
}

/// An [`IamSetup`] that AWS would take: the only way to get anything generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedIamSetup {
    pub(super) setup: IamSetup,
}

impl IamSetup {
    /// Checks names, numbers and lengths by the rules of AWS, and completes names of managed
    /// policies to ARNs.
    ///
    /// # Errors
    /// The first value that AWS would refuse, or that no file could carry unchanged.
    pub fn check(mut self) -> Result<CheckedIamSetup, SetupError> {
        check::provider_name(&self.provider_name)?;
        check::metadata(&self.metadata_xml)?;
        check::address("the address of the metadata", &self.metadata_url)?;
        check::address("the address of AWS's sign-in page", &self.acs_url)?;
        let count = self.accounts.len();
        if count == 0 {
            return Err(SetupError::Missing {
                what: "an AWS account",
            });
        }
        if count > check::MAX_ACCOUNTS {
            return Err(SetupError::TooMany {
                what: "accounts",
                count,
                max: check::MAX_ACCOUNTS,
            });
        }
        for account in &mut self.accounts {
            check_account(self.partition, account)?;
        }
        let ids = self.accounts.iter().map(|a| a.account_id.as_str());
        check::no_twins("the account", ids)?;
        Ok(CheckedIamSetup { setup: self })
    }
}

impl CheckedIamSetup {
    /// The ARN of the SAML provider in an account.
    pub(super) fn provider_arn(&self, account: &str) -> String {
        let setup = &self.setup;
        format!(
            "arn:{}:iam::{account}:saml-provider/{}",
            setup.partition.as_str(),
            setup.provider_name
        )
    }

    /// The ARN of a role in an account.
    pub(super) fn role_arn(&self, account: &str, role: &str) -> String {
        let partition = self.setup.partition.as_str();
        format!("arn:{partition}:iam::{account}:role/{role}")
    }

    /// What a trust policy must allow: SAML alone is not enough when the assertion carries tags or
    /// a source identity.
    pub(super) fn trusted_actions(&self) -> Vec<&'static str> {
        let mut actions = vec!["sts:AssumeRoleWithSAML"];
        if self.setup.tags {
            actions.push("sts:TagSession");
        }
        if self.setup.source_identity {
            actions.push("sts:SetSourceIdentity");
        }
        actions
    }

    /// One label for every role of an account, none twice.
    pub(super) fn role_labels(account: &IamAccount, labels: &mut Labels) -> Vec<String> {
        let names = account.roles.iter();
        names
            .map(|role| labels.hcl(&format!("role_{}_{}", account.account_id, role.name)))
            .collect()
    }
}

fn check_account(partition: Partition, account: &mut IamAccount) -> Result<(), SetupError> {
    check::account(&account.account_id)?;
    let count = account.roles.len();
    if count == 0 {
        return Err(SetupError::Missing { what: "a role" });
    }
    if count > MAX_ROLES {
        return Err(SetupError::TooMany {
            what: "roles",
            count,
            max: MAX_ROLES,
        });
    }
    for role in &mut account.roles {
        check::role_name(&role.name)?;
        check::description(&role.name, &role.description, 1000)?;
        check::session_length(&role.name, role.max_session_seconds)?;
        let count = role.managed_policies.len();
        if count > MAX_POLICIES {
            return Err(SetupError::TooManyPolicies {
                owner: role.name.clone(),
                count,
                max: MAX_POLICIES,
            });
        }
        for policy in &mut role.managed_policies {
            *policy = policy_arn(partition, &role.name, policy, Some(&account.account_id))?;
        }
        let policies = role.managed_policies.iter().map(String::as_str);
        check::no_twins("the policy", policies)?;
    }
    let names = account.roles.iter().map(|role| role.name.as_str());
    check::no_twins("the role", names)
}

/// The ARN of a managed policy: of `account`, or of AWS. A bare name, also with the path of AWS
/// (`job-function/Billing`), is one of AWS.
pub(super) fn policy_arn(
    partition: Partition,
    owner: &str,
    value: &str,
    account: Option<&str>,
) -> Result<String, SetupError> {
    let refused = || SetupError::Policy {
        owner: owner.to_owned(),
        value: value.to_owned(),
    };
    let is_path = |name: &str| {
        !name.is_empty()
            && name.len() <= 640
            && name
                .split('/')
                .all(|part| check::is_name(part, 128, b"_+=,.@-"))
    };
    let prefix = format!("arn:{}:iam::", partition.as_str());
    let Some(rest) = value.strip_prefix(&prefix) else {
        return if is_path(value) {
            Ok(format!("{prefix}aws:policy/{value}"))
        } else {
            Err(refused())
        };
    };
    let (holder, name) = rest.split_once(":policy/").ok_or_else(refused)?;
    if !is_path(name) {
        return Err(refused());
    }
    if holder != "aws" {
        check::account(holder)?;
        if Some(holder) != account {
            return Err(SetupError::PolicyOfAnotherAccount {
                owner: owner.to_owned(),
                arn: value.to_owned(),
            });
        }
    }
    Ok(value.to_owned())
}
