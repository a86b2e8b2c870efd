//! Who may take on a role: the SAML provider, for assertions addressed to AWS.

use serde_json::{Value, json};

use super::iam::CheckedIamSetup;

impl CheckedIamSetup {
    /// The trust policy of every role in an account, as readable JSON: the one that the AWS console
    /// writes, with the actions that tags and a source identity need.
    pub fn trust_policy(&self, account_id: &str) -> String {
        let provider = Value::String(self.provider_arn(account_id));
        format!("{:#}", self.trust_document(&provider))
    }

    /// The same with whatever stands for the provider's ARN in a template.
    pub(super) fn trust_document(&self, provider: &Value) -> Value {
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": self.trusted_actions(),
                "Condition": {"StringEquals": {"SAML:aud": self.setup.acs_url}},
            }],
        })
    }
}
