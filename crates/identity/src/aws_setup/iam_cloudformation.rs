//! CloudFormation for IAM. A template names no account, so one serves every account that gets the
//! same roles: as a stack, or as a StackSet over many.

use serde_json::{Map, Value, json};

use super::escape::Labels;
use super::iam::{CheckedIamSetup, IamAccount, IamRole};

/// One template and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudFormationTemplate {
    /// The accounts to make a stack in: all that get the same.
    pub accounts: Vec<String>,
    /// JSON.
    pub body: String,
}

impl CheckedIamSetup {
    /// One template for each different list of roles. They need the capability
    /// `CAPABILITY_NAMED_IAM`. Their outputs are role pairs, which can be pasted back as
    /// `aws cloudformation describe-stacks` prints them.
    pub fn cloudformation(&self) -> Vec<CloudFormationTemplate> {
        let mut groups: Vec<(&IamAccount, Vec<String>)> = Vec::new();
        for account in &self.setup.accounts {
            let same = groups
                .iter_mut()
                .find(|(first, _)| first.roles == account.roles);
            match same {
                Some((_, accounts)) => accounts.push(account.account_id.clone()),
                None => groups.push((account, vec![account.account_id.clone()])),
            }
        }
        let templates = groups.into_iter();
        templates
            .map(|(account, accounts)| CloudFormationTemplate {
                accounts,
                body: format!("{:#}\n", self.template(&account.roles)),
            })
            .collect()
    }

    fn template(&self, roles: &[IamRole]) -> Value {
        let setup = &self.setup;
        let mut labels = Labels::default();
        let provider = labels.logical_id("SamlProvider");
        let provider_arn = json!({"Ref": provider});
        let mut resources = Map::new();
        let mut outputs = Map::new();
        resources.insert(
            provider.clone(),
            json!({
                "Type": "AWS::IAM::SAMLProvider",
                "Properties": {
                    "Name": setup.provider_name,
                    "SamlMetadataDocument": setup.metadata_xml,
                },
            }),
        );
        let trust = self.trust_document(&provider_arn);
        for role in roles {
            let label = labels.logical_id(&format!("Role{}", role.name));
            let mut properties = json!({
                "RoleName": role.name,
                "MaxSessionDuration": role.max_session_seconds,
                "AssumeRolePolicyDocument": trust,
            });
            if !role.description.is_empty() {
                properties["Description"] = json!(role.description);
            }
            if !role.managed_policies.is_empty() {
                properties["ManagedPolicyArns"] = json!(role.managed_policies);
            }
            outputs.insert(
                label.clone(),
                json!({
                    "Description": "Paste this pair into the application",
                    "Value": {"Fn::Join": [",", [{"Fn::GetAtt": [label, "Arn"]}, provider_arn]]},
                }),
            );
            resources.insert(
                label,
                json!({"Type": "AWS::IAM::Role", "Properties": properties}),
            );
        }
        json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": format!("SAML federation; the metadata is from {}", setup.metadata_url)
                .chars().take(1024).collect::<String>(),
            "Resources": resources,
            "Outputs": outputs,
        })
    }
}
