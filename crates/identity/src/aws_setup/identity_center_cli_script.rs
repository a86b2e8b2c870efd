//! A script for the AWS CLI v2. It can be run again: what is there is brought up to date.

use std::fmt::Write as _;

use serde_json::json;

use super::escape::sh;
use super::identity_center::CheckedIdentityCenterSetup;
use super::identity_center_terraform::iso_duration;

impl CheckedIdentityCenterSetup {
    /// A POSIX shell script for the AWS CLI v2, to be run in the management account of the
    /// organisation, or as its delegated administrator. Groups must have been provisioned.
    pub fn cli_script(&self) -> String {
        let mut out = format!(
            "{INTRODUCTION}export AWS_DEFAULT_REGION={region}\nexport AWS_REGION={region}\n{FUNCTIONS}",
            region = sh(&self.setup.region)
        );
        for set in &self.setup.permission_sets {
            let name = sh(&set.name);
            writeln!(
                out,
                "\nput_permission_set {name} {} {}",
                iso_duration(set.session_seconds),
                sh(&set.description)
            )
            .ok();
            for policy in &set.managed_policies {
                writeln!(out, "attach_policy {}", sh(policy)).ok();
            }
            let assignments = self.setup.assignments.iter();
            for assignment in assignments.filter(|a| a.permission_set == set.name) {
                let identifier = json!({"UniqueAttribute": {
                    "AttributePath": "displayName", "AttributeValue": assignment.group}});
                writeln!(
                    out,
                    "assign {} {}",
                    assignment.account_id,
                    sh(&identifier.to_string())
                )
                .ok();
            }
            // Accounts that have the permission set already get its new form only when told.
            out.push_str("provision\n");
        }
        if !self.setup.attributes.is_empty() {
            let attributes: Vec<_> = self
                .directory_attributes()
                .into_iter()
                .map(|(key, source)| json!({"Key": key, "Value": {"Source": [source]}}))
                .collect();
            let configuration = json!({"AccessControlAttributes": attributes});
            writeln!(out, "\nput_attributes {}", sh(&configuration.to_string())).ok();
        }
        out
    }
}

const INTRODUCTION: &str = "#!/bin/sh
# Permission sets and assignments in AWS IAM Identity Center
#
# Needs the AWS CLI v2 and an administrator of the management account of the organisation, for
# instance in AWS CloudShell. The groups must have been provisioned. Running it again brings
# everything up to date; what is there besides is left alone.

set -eu
export AWS_PAGER=''
";

/// Values are given with `=`, because names may begin with a hyphen.
const FUNCTIONS: &str = r#"
instance=$(aws sso-admin list-instances --query 'Instances[0].InstanceArn' --output text)
store=$(aws sso-admin list-instances --query 'Instances[0].IdentityStoreId' --output text)
case $instance in
  arn:*) ;;
  *)
    echo 'IAM Identity Center is not enabled in this account and region.' >&2
    exit 1
    ;;
esac

# put_permission_set NAME SESSION_DURATION DESCRIPTION
put_permission_set() {
  set_arn=
  for candidate in $(aws sso-admin list-permission-sets --instance-arn="$instance" \
    --query 'PermissionSets[]' --output text); do
    name=$(aws sso-admin describe-permission-set --instance-arn="$instance" \
      --permission-set-arn="$candidate" --query 'PermissionSet.Name' --output text)
    if [ "x$name" = "x$1" ]; then
      set_arn=$candidate
    fi
  done
  if [ -n "$set_arn" ]; then
    echo "Updating the permission set $1"
    aws sso-admin update-permission-set --instance-arn="$instance" \
      --permission-set-arn="$set_arn" --session-duration="$2" ${3:+"--description=$3"} > /dev/null
    changed=yes
  else
    echo "Creating the permission set $1"
    set_arn=$(aws sso-admin create-permission-set --instance-arn="$instance" --name="$1" \
      --session-duration="$2" ${3:+"--description=$3"} \
      --query 'PermissionSet.PermissionSetArn' --output text)
    changed=no
  fi
}

# attach_policy ARN
attach_policy() {
  attached=$(aws sso-admin list-managed-policies-in-permission-set --instance-arn="$instance" \
    --permission-set-arn="$set_arn" --query 'AttachedManagedPolicies[].Arn' --output text)
  for arn in $attached; do
    if [ "$arn" = "$1" ]; then
      return 0
    fi
  done
  aws sso-admin attach-managed-policy-to-permission-set --instance-arn="$instance" \
    --permission-set-arn="$set_arn" --managed-policy-arn="$1" > /dev/null
}

# assign ACCOUNT GROUP_IDENTIFIER
assign() {
  group=$(aws identitystore get-group-id --identity-store-id="$store" \
    --alternate-identifier="$2" --query GroupId --output text)
  aws sso-admin create-account-assignment --instance-arn="$instance" \
    --permission-set-arn="$set_arn" --target-type=AWS_ACCOUNT --target-id="$1" \
    --principal-type=GROUP --principal-id="$group" > /dev/null
}

# provision: gives an updated permission set to the accounts that have it
provision() {
  if [ "$changed" = yes ]; then
    aws sso-admin provision-permission-set --instance-arn="$instance" \
      --permission-set-arn="$set_arn" --target-type=ALL_PROVISIONED_ACCOUNTS > /dev/null
  fi
}

# put_attributes CONFIGURATION
put_attributes() {
  if aws sso-admin describe-instance-access-control-attribute-configuration \
    --instance-arn="$instance" > /dev/null 2>&1; then
    aws sso-admin update-instance-access-control-attribute-configuration \
      --instance-arn="$instance" \
      --instance-access-control-attribute-configuration="$1" > /dev/null
  else
    aws sso-admin create-instance-access-control-attribute-configuration \
      --instance-arn="$instance" \
      --instance-access-control-attribute-configuration="$1" > /dev/null
  fi
}
"#;
