//! One set-up in all its forms.

use super::{DerivedIam, IdentityCenterSetup, SetupError};

/// What can be run for one SAML provider, or for the IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupTexts {
    /// The name of the SAML provider.
    pub provider: Option<String>,
    /// Or why there is nothing.
    pub forms: Result<SetupForms, SetupError>,
}

/// Each of them does the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupForms {
    /// For the console, in order.
    pub steps: Vec<String>,
    pub terraform: String,
    /// One or more templates, each with a sentence on what it is for.
    pub cloudformation: Vec<(String, String)>,
    /// For the AWS CLI. It can be run again.
    pub script: String,
}

impl DerivedIam {
    /// The set-ups of all SAML providers.
    pub fn texts(self) -> Vec<SetupTexts> {
        let texts = self.setups.into_iter().map(|setup| SetupTexts {
            provider: Some(setup.provider_name.clone()),
            forms: setup.check().map(|setup| SetupForms {
                steps: setup.steps(),
                terraform: setup.terraform(),
                cloudformation: setup
                    .cloudformation()
                    .into_iter()
                    .map(|one| (format!("For {}.", one.accounts.join(", ")), one.body))
                    .collect(),
                script: setup.cli_script(),
            }),
        });
        texts.collect()
    }
}

impl IdentityCenterSetup {
    /// The set-up, with the address of our metadata.
    pub fn texts(self, metadata_url: &str) -> SetupTexts {
        let forms = self.check().map(|setup| SetupForms {
            steps: setup.steps(metadata_url),
            terraform: setup.terraform(),
            cloudformation: vec![(
                "It asks for the id of each group, since CloudFormation cannot look them up."
                    .to_owned(),
                setup.cloudformation(),
            )],
            script: setup.cli_script(),
        });
        SetupTexts {
            provider: None,
            forms,
        }
    }
}
