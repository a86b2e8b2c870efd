//! Terraform for IAM: one file, one provider configuration an account.

use std::fmt::Write as _;

use super::escape::{Labels, hcl, hcl_list};
use super::iam::{CheckedIamSetup, IamAccount, IamRole};

/// Terraform and provider versions that know everything used here.
pub(super) const VERSIONS: &str = r#"terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}
"#;

impl CheckedIamSetup {
    /// A Terraform file. Each account has its own provider configuration, which refuses to work on
    /// any other account; `profiles` says which profile of the AWS CLI reaches which account. The
    /// output `jetway_roles` can be pasted back as `terraform output -json`.
    pub fn terraform(&self) -> String {
        let setup = &self.setup;
        let mut out = format!(
            "# SAML federation into AWS IAM for {}\n# The metadata is from {}\n\n{VERSIONS}\n{VARIABLES}",
            setup.provider_name, setup.metadata_url
        );
        writeln!(
            out,
            "\nlocals {{\n  saml_metadata = {}\n}}",
            hcl(&setup.metadata_xml)
        )
        .ok();
        let mut labels = Labels::default();
        let mut outputs = String::new();
        for account in &setup.accounts {
            self.account(account, &mut labels, &mut out, &mut outputs);
        }
        writeln!(
            out,
            "\n# Paste what `terraform output -json` prints into the application.\noutput \"jetway_roles\" {{\n  value = [\n{outputs}  ]\n}}"
        )
        .ok();
        out
    }

    fn account(
        &self,
        account: &IamAccount,
        labels: &mut Labels,
        out: &mut String,
        outputs: &mut String,
    ) {
        let setup = &self.setup;
        let id = &account.account_id;
        write!(
            out,
            r#"
# Account {id}

provider "aws" {{
  alias               = "account_{id}"
  region              = var.region
  profile             = lookup(var.profiles, "{id}", null)
  allowed_account_ids = ["{id}"]
}}

resource "aws_iam_saml_provider" "account_{id}" {{
  provider               = aws.account_{id}
  name                   = {name}
  saml_metadata_document = local.saml_metadata
}}

data "aws_iam_policy_document" "trust_{id}" {{
  provider = aws.account_{id}

  statement {{
    effect  = "Allow"
    actions = {actions}

    principals {{
      type        = "Federated"
      identifiers = [aws_iam_saml_provider.account_{id}.arn]
    }}

    condition {{
      test     = "StringEquals"
      variable = "SAML:aud"
      values   = [{audience}]
    }}
  }}
}}
"#,
            name = hcl(&setup.provider_name),
            actions = hcl_list(self.trusted_actions().into_iter()),
            audience = hcl(&setup.acs_url),
        )
        .ok();
        for (role, label) in account.roles.iter().zip(Self::role_labels(account, labels)) {
            write_role(id, role, &label, out);
            writeln!(
                outputs,
                "    {{\n      account      = \"{id}\"\n      role_arn     = aws_iam_role.{label}.arn\n      provider_arn = aws_iam_saml_provider.account_{id}.arn\n    }},"
            )
            .ok();
        }
    }
}

fn write_role(id: &str, role: &IamRole, label: &str, out: &mut String) {
    write!(
        out,
        r#"
resource "aws_iam_role" "{label}" {{
  provider             = aws.account_{id}
  name                 = {name}
  description          = {description}
  max_session_duration = {seconds}
  assume_role_policy   = data.aws_iam_policy_document.trust_{id}.json
}}
"#,
        name = hcl(&role.name),
        description = hcl(&role.description),
        seconds = role.max_session_seconds,
    )
    .ok();
    if role.managed_policies.is_empty() {
        return;
    }
    write!(
        out,
        r#"
resource "aws_iam_role_policy_attachment" "{label}" {{
  for_each   = toset({policies})
  provider   = aws.account_{id}
  role       = aws_iam_role.{label}.name
  policy_arn = each.value
}}
"#,
        policies = hcl_list(role.managed_policies.iter().map(String::as_str)),
    )
    .ok();
}

const VARIABLES: &str = r#"variable "region" {
  type        = string
  description = "IAM is the same in every region; the provider wants one all the same."
  default     = "us-east-1"
}

variable "profiles" {
  type        = map(string)
  description = "AWS account number to profile of the AWS CLI. Accounts that are not named use the credentials of the environment."
  default     = {}
}
"#;
