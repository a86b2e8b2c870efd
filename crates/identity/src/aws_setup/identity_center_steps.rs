//! IAM Identity Center by hand, in the AWS console (requirements W03, W04).

use super::iam_steps::duration;
use super::identity_center::CheckedIdentityCenterSetup;

impl CheckedIdentityCenterSetup {
    /// Plain sentences, to be shown with numbers. `metadata_url` is where our metadata is.
    pub fn steps(&self, metadata_url: &str) -> Vec<String> {
        let region = &self.setup.region;
        let mut steps: Vec<String> = [
            format!("Log in to the AWS IAM Identity Center management console, in the region {region}."),
            "Under Enable IAM Identity Center, choose Enable. If there is no AWS organization, create one.".to_owned(),
            "Open Settings. Next to Identity source, choose Change identity source, and select External identity provider.".to_owned(),
            "In the Service provider metadata section, download the metadata file. Keep the AWS console open.".to_owned(),
            "Here, in the application under SSO, upload this file under Service Provider Metadata. All fields fill in. Save.".to_owned(),
            format!("Download the metadata of this application ({metadata_url})."),
            "Back in the AWS console, in the Identity provider metadata section, choose this file. Click Next.".to_owned(),
            "Type ACCEPT in the text box, and click Change identity source.".to_owned(),
            "In Settings, next to Automatic provisioning, choose Enable. AWS shows the SCIM endpoint and the access token.".to_owned(),
            "AWS shows the token once. Keep the window open, click Show token, and paste endpoint and token into the application under Identity management. Activate it there, and close the window only after that.".to_owned(),
            "Assign the groups that may use the application. They and their members appear in IAM Identity Center.".to_owned(),
        ]
        .into();
        self.attribute_steps(&mut steps);
        self.permission_steps(&mut steps);
        steps.push("In Settings, note the AWS access portal URL. Command lines ask for it as SSO start URL.".to_owned());
        steps.push("Test: sign in as a member of an assigned group, open the tile, and see that you land in the AWS access portal with the right accounts and permissions.".to_owned());
        steps
    }

    fn attribute_steps(&self, steps: &mut Vec<String>) {
        if self.setup.attributes.is_empty() {
            return;
        }
        steps.push("In Settings, next to Attributes for access control, choose Enable.".to_owned());
        for (key, source) in self.directory_attributes() {
            steps.push(format!(
                "Under Attributes for access control, View details, add the key {key} with the value {source}. Small and capital letters count. Click Save changes."
            ));
        }
        for key in self.saml_keys() {
            steps.push(format!(
                "Here, in the application under SSO, map https://aws.amazon.com/SAML/Attributes/AccessControl:{key} to an attribute of the person. AWS needs no entry for it."
            ));
        }
    }

    fn permission_steps(&self, steps: &mut Vec<String>) {
        for set in &self.setup.permission_sets {
            let names: Vec<_> = set
                .managed_policies
                .iter()
                .map(|arn| arn.split_once(":policy/").map_or(arn.as_str(), |(_, n)| n))
                .collect();
            let policies = if names.is_empty() {
                "the policies that people with it shall have".to_owned()
            } else {
                names.join(", ")
            };
            steps.push(format!(
                "Open Permission sets and click Create permission set. Name: {}. Policies: {policies}. Session duration: {}.",
                set.name,
                duration(set.session_seconds)
            ));
        }
        for assignment in &self.setup.assignments {
            steps.push(format!(
                "Open AWS accounts, select the account {}, click Assign users or groups, choose the group {}, click Next, choose the permission set {} and submit.",
                assignment.account_id, assignment.group, assignment.permission_set
            ));
        }
    }
}
