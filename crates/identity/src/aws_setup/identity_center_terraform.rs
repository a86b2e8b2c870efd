//! Terraform for IAM Identity Center.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escape::{Labels, hcl};
use super::iam_terraform::VERSIONS;
use super::identity_center::{CheckedIdentityCenterSetup, PermissionSet};

/// The instance of the organisation: there is one.
const INSTANCE: &str = r#"
data "aws_ssoadmin_instances" "this" {}

locals {
  instance_arn      = tolist(data.aws_ssoadmin_instances.this.arns)[0]
  identity_store_id = tolist(data.aws_ssoadmin_instances.this.identity_store_ids)[0]
}
"#;

impl CheckedIdentityCenterSetup {
    /// A Terraform file for the management account of the organisation, or the delegated
    /// administrator. Groups are looked up by name: they must have been provisioned.
    pub fn terraform(&self) -> String {
        let mut out = format!(
            "# Permission sets and assignments in AWS IAM Identity Center\n\n{VERSIONS}\nprovider \"aws\" {{\n  region = {}\n}}\n{INSTANCE}",
            hcl(&self.setup.region)
        );
        let mut labels = Labels::default();
        let mut sets = BTreeMap::new();
        for set in &self.setup.permission_sets {
            let label = labels.hcl(&format!("set_{}", set.name));
            write_permission_set(set, &label, &mut out);
            sets.insert(set.name.as_str(), label);
        }
        let groups = self.write_groups(&mut labels, &mut out);
        for assignment in &self.setup.assignments {
            let (Some(set), Some(group)) = (
                sets.get(assignment.permission_set.as_str()),
                groups.get(assignment.group.as_str()),
            ) else {
                continue;
            };
            let label = labels.hcl(&format!("{group}_{}_{set}", assignment.account_id));
            write!(
                out,
                r#"
resource "aws_ssoadmin_account_assignment" "{label}" {{
  instance_arn       = local.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.{set}.arn
  principal_type     = "GROUP"
  principal_id       = data.aws_identitystore_group.{group}.group_id
  target_type        = "AWS_ACCOUNT"
  target_id          = "{}"
}}
"#,
                assignment.account_id
            )
            .ok();
        }
        self.write_attributes(&mut out);
        out
    }

    fn write_groups(&self, labels: &mut Labels, out: &mut String) -> BTreeMap<&str, String> {
        let mut groups = BTreeMap::new();
        for group in self.groups() {
            let label = labels.hcl(&format!("group_{group}"));
            write!(
                out,
                r#"
data "aws_identitystore_group" "{label}" {{
  identity_store_id = local.identity_store_id

  alternate_identifier {{
    unique_attribute {{
      attribute_path  = "DisplayName"
      attribute_value = {}
    }}
  }}
}}
"#,
                hcl(group)
            )
            .ok();
            groups.insert(group, label);
        }
        groups
    }

    fn write_attributes(&self, out: &mut String) {
        let saml = self.saml_keys();
        if !saml.is_empty() {
            writeln!(
                out,
                "\n# From the assertion, without an entry here, as soon as attributes for access control are\n# enabled: {}",
                saml.join(", ")
            )
            .ok();
        }
        let attributes = self.directory_attributes();
        if attributes.is_empty() {
            return;
        }
        out.push_str(
            "\nresource \"aws_ssoadmin_instance_access_control_attributes\" \"this\" {\n  instance_arn = local.instance_arn\n",
        );
        for (key, source) in attributes {
            write!(
                out,
                "\n  attribute {{\n    key = {}\n    value {{\n      source = [{}]\n    }}\n  }}\n",
                hcl(key),
                hcl(&source)
            )
            .ok();
        }
        out.push_str("}\n");
    }
}

fn write_permission_set(set: &PermissionSet, label: &str, out: &mut String) {
    let description = if set.description.is_empty() {
        String::new()
    } else {
        format!("  description      = {}\n", hcl(&set.description))
    };
    write!(
        out,
        r#"
resource "aws_ssoadmin_permission_set" "{label}" {{
  instance_arn     = local.instance_arn
  name             = {}
{description}  session_duration = "{}"
}}
"#,
        hcl(&set.name),
        iso_duration(set.session_seconds)
    )
    .ok();
    if set.managed_policies.is_empty() {
        return;
    }
    let policies = set.managed_policies.iter().map(String::as_str);
    write!(
        out,
        r#"
resource "aws_ssoadmin_managed_policy_attachment" "{label}" {{
  for_each           = toset({})
  instance_arn       = local.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.{label}.arn
  managed_policy_arn = each.value
}}
"#,
        super::escape::hcl_list(policies)
    )
    .ok();
}

/// ISO 8601, in the parts that AWS shows: `PT1H30M`.
pub(super) fn iso_duration(seconds: u32) -> String {
    let mut text = "PT".to_owned();
    for (amount, unit) in [
        (seconds / 3600, 'H'),
        (seconds / 60 % 60, 'M'),
        (seconds % 60, 'S'),
    ] {
        if amount > 0 {
            write!(text, "{amount}{unit}").ok();
        }
    }
    text
}
