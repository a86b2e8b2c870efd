//! CloudFormation for IAM Identity Center.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::escape::Labels;
use super::identity_center::{CheckedIdentityCenterSetup, PermissionSet};
use super::identity_center_terraform::iso_duration;

impl CheckedIdentityCenterSetup {
    /// A template for the management account of the organisation, or the delegated administrator,
    /// in the region of the instance. CloudFormation cannot look groups up by name, so each group
    /// is a parameter that takes its group id. JSON.
    pub fn cloudformation(&self) -> String {
        let mut labels = Labels::default();
        let instance = labels.logical_id("InstanceArn");
        let mut parameters = Map::new();
        parameters.insert(
            instance.clone(),
            json!({
                "Type": "String",
                "Description": "IAM Identity Center, Settings: ARN of the instance",
                "AllowedPattern": "arn:aws:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}",
            }),
        );
        let instance_arn = json!({"Ref": instance});
        let mut groups = BTreeMap::new();
        for group in self.groups() {
            let label = labels.logical_id(&format!("Group{group}"));
            let description: String = group.chars().take(1000).collect();
            parameters.insert(
                label.clone(),
                json!({
                    "Type": "String",
                    "Description": format!("IAM Identity Center, Groups: id of the group {description}"),
                    "AllowedPattern": "([0-9a-f]{10}-)?[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}",
                }),
            );
            groups.insert(group, label);
        }
        let resources = self.resources(&mut labels, &instance_arn, &groups);
        let template = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "Permission sets and assignments in AWS IAM Identity Center",
            "Parameters": parameters,
            "Resources": resources,
        });
        format!("{template:#}\n")
    }

    fn resources(
        &self,
        labels: &mut Labels,
        instance_arn: &Value,
        groups: &BTreeMap<&str, String>,
    ) -> Map<String, Value> {
        let mut resources = Map::new();
        let mut sets = BTreeMap::new();
        for set in &self.setup.permission_sets {
            let label = labels.logical_id(&format!("PermissionSet{}", set.name));
            resources.insert(label.clone(), permission_set(set, instance_arn));
            sets.insert(set.name.as_str(), label);
        }
        for assignment in &self.setup.assignments {
            let label = labels.logical_id(&format!(
                "Assign{}{}{}",
                assignment.permission_set, assignment.account_id, assignment.group
            ));
            resources.insert(
                label,
                json!({
                    "Type": "AWS::SSO::Assignment",
                    "Properties": {
                        "InstanceArn": instance_arn,
                        "PermissionSetArn": {
                            "Fn::GetAtt": [sets.get(assignment.permission_set.as_str()), "PermissionSetArn"],
                        },
                        "PrincipalType": "GROUP",
                        "PrincipalId": {"Ref": groups.get(assignment.group.as_str())},
                        "TargetType": "AWS_ACCOUNT",
                        "TargetId": assignment.account_id,
                    },
                }),
            );
        }
        let attributes: Vec<_> = self
            .directory_attributes()
            .into_iter()
            .map(|(key, source)| json!({"Key": key, "Value": {"Source": [source]}}))
            .collect();
        if !attributes.is_empty() {
            resources.insert(
                labels.logical_id("AttributesForAccessControl"),
                json!({
                    "Type": "AWS::SSO::InstanceAccessControlAttributeConfiguration",
                    "Properties": {
                        "InstanceArn": instance_arn,
                        "AccessControlAttributes": attributes,
                    },
                }),
            );
        }
        resources
    }
}

fn permission_set(set: &PermissionSet, instance_arn: &Value) -> Value {
    let mut properties = json!({
        "InstanceArn": instance_arn,
        "Name": set.name,
        "SessionDuration": iso_duration(set.session_seconds),
    });
    if !set.description.is_empty() {
        properties["Description"] = json!(set.description);
    }
    if !set.managed_policies.is_empty() {
        properties["ManagedPolicies"] = json!(set.managed_policies);
    }
    json!({"Type": "AWS::SSO::PermissionSet", "Properties": properties})
}
