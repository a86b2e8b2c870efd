//! The input for IAM Identity Center.

use super::check::{self, SetupError};
use super::iam::{Partition, policy_arn};

/// Managed policies that a permission set can have (quota of IAM Identity Center).
const MAX_POLICIES: usize = 20;

/// Attributes for access control that an instance can have.
const MAX_ATTRIBUTES: usize = 50;

/// Permission sets and assignments that one set-up may name.
const MAX_ROWS: usize = 1000;

/// What an administrator wants in IAM Identity Center once people and groups arrive there
/// (requirements W03, W04).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCenterSetup {
    /// The region of the instance, such as `us-east-1`.
    pub region: String,
    pub permission_sets: Vec<PermissionSet>,
    pub assignments: Vec<PermissionAssignment>,
    pub attributes: Vec<AccessAttribute>,
}

/// A role that IAM Identity Center makes in each account where it is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSet {
    /// `[\w+=,.@-]{1,32}`.
    pub name: String,
    /// At most 700 Latin characters; may be empty.
    pub description: String,
    /// Names or ARNs of managed policies of AWS.
    pub managed_policies: Vec<String>,
    /// 3600 to 43200.
    pub session_seconds: u32,
}

/// A group that has a permission set in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionAssignment {
    /// The display name of the group.
    pub group: String,
    /// 12 digits.
    pub account_id: String,
    /// The name of one of the permission sets.
    pub permission_set: String,
}

/// An attribute for access control: policies read it as `aws:PrincipalTag/<key>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessAttribute {
    /// Case matters.
    pub key: String,
    pub source: AccessSource,
}

/// Where IAM Identity Center takes an attribute for access control from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessSource {
    /// From the person there: `enterprise.costCenter` for `${path:enterprise.costCenter}`
    /// (requirement V01).
    Directory(String),
    /// From the assertion, which carries it as `AccessControl:<key>` (requirement V02). AWS needs
    /// no entry for it.
    Saml,
}

/// An [`IdentityCenterSetup`] that AWS would take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedIdentityCenterSetup {
    pub(super) setup: IdentityCenterSetup,
}

/// What a person has there, as the documentation of AWS lists it.
const PATHS: &[&str] = &[
    "userName",
    "name.familyName",
    "name.givenName",
    "displayName",
    "nickName",
    "emails[primary eq true].value",
    "addresses[type eq \"work\"].streetAddress",
    "addresses[type eq \"work\"].locality",
    "addresses[type eq \"work\"].region",
    "addresses[type eq \"work\"].postalCode",
    "addresses[type eq \"work\"].country",
    "addresses[type eq \"work\"].formatted",
    "phoneNumbers[type eq \"work\"].value",
    "userType",
    "title",
    "locale",
    "timezone",
    "enterprise.employeeNumber",
    "enterprise.costCenter",
    "enterprise.organization",
    "enterprise.division",
    "enterprise.department",
    "enterprise.manager.value",
];

impl IdentityCenterSetup {
    /// Checks names, numbers and lengths by the rules of AWS, and completes names of managed
    /// policies to ARNs.
    ///
    /// # Errors
    /// The first value that AWS would refuse, or that no file could carry unchanged.
    pub fn check(mut self) -> Result<CheckedIdentityCenterSetup, SetupError> {
        region(&self.region)?;
        for (what, count) in [
            ("permission sets", self.permission_sets.len()),
            ("assignments", self.assignments.len()),
        ] {
            let max = MAX_ROWS;
            if count > max {
                return Err(SetupError::TooMany { what, count, max });
            }
        }
        for set in &mut self.permission_sets {
            check_permission_set(set)?;
        }
        let names = self.permission_sets.iter().map(|set| set.name.as_str());
        check::no_twins("the permission set", names)?;
        self.check_assignments()?;
        self.check_attributes()?;
        Ok(CheckedIdentityCenterSetup { setup: self })
    }

    fn check_assignments(&self) -> Result<(), SetupError> {
        for assignment in &self.assignments {
            check::account(&assignment.account_id)?;
            group_name(&assignment.group)?;
            let mut names = self.permission_sets.iter().map(|set| &set.name);
            if !names.any(|name| *name == assignment.permission_set) {
                return Err(SetupError::UnknownPermissionSet {
                    group: assignment.group.clone(),
                    permission_set: assignment.permission_set.clone(),
                });
            }
        }
        let rows: Vec<_> = self
            .assignments
            .iter()
            .map(|a| format!("{} in {}: {}", a.permission_set, a.account_id, a.group))
            .collect();
        check::no_twins("the assignment", rows.iter().map(String::as_str))
    }

    fn check_attributes(&self) -> Result<(), SetupError> {
        let count = self.attributes.len();
        if count > MAX_ATTRIBUTES {
            return Err(SetupError::TooMany {
                what: "attributes for access control",
                count,
                max: MAX_ATTRIBUTES,
            });
        }
        for attribute in &self.attributes {
            check::tag_key(&attribute.key)?;
            if let AccessSource::Directory(path) = &attribute.source
                && !PATHS.contains(&path.as_str())
            {
                return Err(SetupError::DirectoryPath {
                    value: path.clone(),
                });
            }
        }
        let keys = self.attributes.iter().map(|a| a.key.as_str());
        check::no_twins("the key", keys)
    }
}

impl CheckedIdentityCenterSetup {
    /// The groups of the assignments, each once, in their order.
    pub(super) fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = Vec::new();
        for assignment in &self.setup.assignments {
            if !groups.contains(&assignment.group.as_str()) {
                groups.push(&assignment.group);
            }
        }
        groups
    }

    /// Key and `${path:…}` of the attributes that AWS takes from the person there.
    pub(super) fn directory_attributes(&self) -> Vec<(&str, String)> {
        let attributes = self.setup.attributes.iter();
        attributes
            .filter_map(|attribute| match &attribute.source {
                AccessSource::Directory(path) => {
                    Some((attribute.key.as_str(), format!("${{path:{path}}}")))
                }
                AccessSource::Saml => None,
            })
            .collect()
    }

    /// The keys that the assertion carries.
    pub(super) fn saml_keys(&self) -> Vec<&str> {
        let attributes = self.setup.attributes.iter();
        attributes
            .filter(|attribute| attribute.source == AccessSource::Saml)
            .map(|attribute| attribute.key.as_str())
            .collect()
    }
}

fn check_permission_set(set: &mut PermissionSet) -> Result<(), SetupError> {
    if !check::is_name(&set.name, 32, b"_+=,.@-") {
        return Err(SetupError::PermissionSetName {
            value: set.name.clone(),
        });
    }
    check::description(&set.name, &set.description, 700)?;
    check::session_length(&set.name, set.session_seconds)?;
    let count = set.managed_policies.len();
    if count > MAX_POLICIES {
        return Err(SetupError::TooManyPolicies {
            owner: set.name.clone(),
            count,
            max: MAX_POLICIES,
        });
    }
    for policy in &mut set.managed_policies {
        *policy = policy_arn(Partition::Aws, &set.name, policy, None)?;
    }
    let policies = set.managed_policies.iter().map(String::as_str);
    check::no_twins("the policy", policies)
}

/// Letters and digits in parts between hyphens: `us-east-1`.
fn region(value: &str) -> Result<(), SetupError> {
    let sound = value.len() <= 32
        && value.split('-').count() >= 3
        && value.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
    if sound {
        Ok(())
    } else {
        Err(SetupError::Region {
            value: value.to_owned(),
        })
    }
}

/// What can be provisioned: no colon, nothing that a tool would replace.
fn group_name(value: &str) -> Result<(), SetupError> {
    let sound = !value.trim().is_empty()
        && value.chars().count() <= 1024
        && !value.contains("{{resolve")
        && !value.chars().any(|c| c.is_control() || c == ':');
    if sound {
        Ok(())
    } else {
        Err(SetupError::GroupName {
            value: value.to_owned(),
        })
    }
}
