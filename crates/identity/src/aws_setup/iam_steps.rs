//! The same by hand, in the AWS console (requirements W01, W02).

use super::iam::{CheckedIamSetup, IamAccount, IamRole};

impl CheckedIamSetup {
    /// Plain sentences, to be shown with numbers.
    pub fn steps(&self) -> Vec<String> {
        let mut steps = vec![format!(
            "Download the metadata of this application ({}).",
            self.setup.metadata_url
        )];
        for account in &self.setup.accounts {
            self.account_steps(account, &mut steps);
        }
        steps.push(
            "Assign the groups that may use the application. Nobody reaches it without.".to_owned(),
        );
        steps.push(
            "Test: sign in as a member of such a group, open the tile, and see that you land in AWS with the right permissions."
                .to_owned(),
        );
        steps
    }

    fn account_steps(&self, account: &IamAccount, steps: &mut Vec<String>) {
        let provider = &self.setup.provider_name;
        let id = &account.account_id;
        steps.push(format!(
            "Log in to the AWS Management Console of account {id} and open IAM (Identity & Access Management)."
        ));
        steps.push(format!(
            "Click Identity providers, then Add provider. Provider type: SAML. Provider name: {provider}. Choose the metadata file and click Add provider."
        ));
        for role in &account.roles {
            self.role_steps(role, steps);
        }
        let pairs: Vec<_> = account
            .roles
            .iter()
            .map(|role| {
                format!(
                    "{},{}",
                    self.role_arn(id, &role.name),
                    self.provider_arn(id)
                )
            })
            .collect();
        steps.push(format!(
            "Copy the ARNs of the roles and of the identity provider back into the application, a pair a line: {}",
            pairs.join(" and ")
        ));
    }

    fn role_steps(&self, role: &IamRole, steps: &mut Vec<String>) {
        let name = &role.name;
        steps.push(format!(
            "Click Roles, then Create role. Trusted entity type: SAML 2.0 federation. SAML provider: {}. Allow programmatic and AWS Management Console access. The attribute is SAML:aud and its value {}.",
            self.setup.provider_name, self.setup.acs_url
        ));
        steps.push(if role.managed_policies.is_empty() {
            "Attach the policies that people with this role shall have.".to_owned()
        } else {
            let names: Vec<_> = role
                .managed_policies
                .iter()
                .map(|arn| arn.split_once(":policy/").map_or(arn.as_str(), |(_, n)| n))
                .collect();
            format!("Attach the policies {}.", names.join(", "))
        });
        steps.push(format!(
            "Role name: {name}. Click Create role, open it, click Edit and set the maximum session duration to {}.",
            duration(role.max_session_seconds)
        ));
        let more: Vec<_> = self.trusted_actions().into_iter().skip(1).collect();
        if !more.is_empty() {
            steps.push(format!(
                "Open Trust relationships of the role {name}, click Edit trust policy and add {} to the actions. Without, AWS answers \"Not authorized to perform sts:AssumeRoleWithSAML\".",
                more.join(" and ")
            ));
        }
    }
}

/// `1 hour`, `90 minutes`, `3601 seconds`.
pub(super) fn duration(seconds: u32) -> String {
    match seconds {
        3600 => "1 hour".to_owned(),
        s if s % 3600 == 0 => format!("{} hours", s / 3600),
        s if s % 60 == 0 => format!("{} minutes", s / 60),
        s => format!("{s} seconds"),
    }
}
