//! A script for the AWS CLI v2. It can be run again: what is there is brought up to date.

use std::fmt::Write as _;

use super::escape::sh;
use super::iam::{CheckedIamSetup, IamAccount, IamRole};

impl CheckedIamSetup {
    /// A POSIX shell script for the AWS CLI v2. It finds out in which account it runs, does what
    /// belongs there and refuses any other account. It prints the role pairs that came out of it.
    /// Policies that a role has besides are left alone.
    pub fn cli_script(&self) -> String {
        let setup = &self.setup;
        let mut out = format!(
            "#!/bin/sh\n# SAML federation into AWS IAM for {}\n# The metadata is from {}\n{INTRODUCTION}",
            setup.provider_name, setup.metadata_url
        );
        write!(
            out,
            "\nprovider_name={}\nmetadata={}\n{FUNCTIONS}",
            sh(&setup.provider_name),
            sh(&setup.metadata_xml)
        )
        .ok();
        out.push_str(
            "\naccount=$(aws sts get-caller-identity --query Account --output text)\ncase $account in\n",
        );
        for account in &setup.accounts {
            self.account_branch(account, &mut out);
        }
        let ids: Vec<_> = setup
            .accounts
            .iter()
            .map(|account| account.account_id.as_str())
            .collect();
        writeln!(
            out,
            "  *)\n    echo \"You are signed in to account $account. This script is for {}.\" >&2\n    exit 1\n    ;;\nesac",
            ids.join(", ")
        )
        .ok();
        out
    }

    fn account_branch(&self, account: &IamAccount, out: &mut String) {
        let id = &account.account_id;
        let provider = sh(&self.provider_arn(id));
        writeln!(
            out,
            "  {id})\n    put_provider {provider}\n    trust={}",
            sh(&self.trust_policy(id))
        )
        .ok();
        for role in &account.roles {
            write_role(role, out);
        }
        out.push_str("    echo 'Paste these lines into the application:'\n");
        for role in &account.roles {
            let pair = format!(
                "{},{}",
                self.role_arn(id, &role.name),
                self.provider_arn(id)
            );
            writeln!(out, "    printf '%s\\n' {}", sh(&pair)).ok();
        }
        out.push_str("    ;;\n");
    }
}

fn write_role(role: &IamRole, out: &mut String) {
    let name = sh(&role.name);
    writeln!(
        out,
        "    put_role {name} {} {}",
        role.max_session_seconds,
        sh(&role.description)
    )
    .ok();
    for policy in &role.managed_policies {
        writeln!(
            out,
            "    aws iam attach-role-policy --role-name={name} --policy-arn={}",
            sh(policy)
        )
        .ok();
    }
}

const INTRODUCTION: &str = "#
# Needs the AWS CLI v2 and an administrator of the account, for instance in AWS CloudShell.
# Run it once in each account. Running it again brings everything up to date.

set -eu
export AWS_PAGER=''
";

/// Values are given with `=`, because names may begin with a hyphen. The metadata goes through a
/// file: it can be longer than a word of a command line may be.
const FUNCTIONS: &str = r#"
metadata_file=$(mktemp)
trap 'rm -f "$metadata_file"' EXIT
printf '%s' "$metadata" > "$metadata_file"

# put_provider ARN
put_provider() {
  if aws iam get-saml-provider --saml-provider-arn="$1" > /dev/null 2>&1; then
    echo "Updating the SAML provider $provider_name"
    aws iam update-saml-provider --saml-provider-arn="$1" \
      --saml-metadata-document="file://$metadata_file" > /dev/null
  else
    echo "Creating the SAML provider $provider_name"
    aws iam create-saml-provider --name="$provider_name" \
      --saml-metadata-document="file://$metadata_file" > /dev/null
  fi
}

# put_role NAME MAX_SESSION_SECONDS DESCRIPTION
put_role() {
  if aws iam get-role --role-name="$1" > /dev/null 2>&1; then
    echo "Updating the role $1"
    aws iam update-assume-role-policy --role-name="$1" --policy-document="$trust"
    aws iam update-role --role-name="$1" --max-session-duration="$2" --description="$3" > /dev/null
  else
    echo "Creating the role $1"
    aws iam create-role --role-name="$1" --assume-role-policy-document="$trust" \
      --max-session-duration="$2" --description="$3" > /dev/null
  fi
}
"#;
