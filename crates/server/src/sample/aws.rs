//! The sample accounts of the local AWS: a SAML provider per application, made from the metadata
//! that the identity provider exports, the roles behind them, and a few buckets. What is there
//! already is left alone.

use anyhow::Context;
use jetway_identity::{Store, application_metadata};
use jetway_local_aws::LocalAws;
use jetway_local_aws::iam::{
    IamError, NewRole, NewSamlProvider, attach_role_policy, create_account_alias, create_role,
    create_saml_provider,
};
use jetway_local_aws::s3::create_bucket;
use serde_json::json;
use url::Url;

use crate::dev_json::Account;
use crate::local_aws::{account, text};
use crate::sample::{ACCOUNTS, APPLICATIONS, Application, BUCKETS, PRODUCTION};

/// Seconds that a session of a sample role may last: what the applications ask for.
const MAX_SESSION_DURATION: u32 = 14_400;

/// Makes sure that the sample accounts are there.
pub(crate) fn accounts(aws: &LocalAws) -> anyhow::Result<Vec<Account>> {
    ACCOUNTS
        .iter()
        .map(|sample| account(aws, sample.id, sample.name))
        .collect()
}

/// Completes the account that the applications of kind AWS IAM lead to.
pub(crate) async fn fill(
    aws: &LocalAws,
    store: &dyn Store,
    idp_url: &Url,
    acs_url: &str,
) -> anyhow::Result<()> {
    once(create_account_alias(aws, PRODUCTION, "acme-production"))?;
    for application in APPLICATIONS {
        let sso_url = format!("{}/saml2/{}", text(idp_url), application.slug);
        let metadata = application_metadata(store, application.slug, &sso_url)
            .await?
            .context("a sample application has no key")?
            .to_xml()?;
        provider_and_roles(aws, application, metadata, acs_url)?;
    }
    for bucket in BUCKETS {
        create_bucket(aws, &aws.op(), PRODUCTION, bucket, &aws.settings().region)?;
    }
    Ok(())
}

fn provider_and_roles(
    aws: &LocalAws,
    application: &Application,
    metadata: String,
    acs_url: &str,
) -> anyhow::Result<()> {
    let provider = NewSamlProvider {
        name: application.provider.to_owned(),
        metadata,
        tags: Vec::new(),
    };
    once(create_saml_provider(aws, &mut aws.op(), PRODUCTION, provider).map(drop))?;
    for role in application.roles {
        let trust = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": {"Federated": application.provider_arn()},
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
            // The second is what the AWS console puts there.
            "Condition": {"StringEquals":
                {"SAML:aud": [acs_url, "https://signin.aws.amazon.com/saml"]}},
        }]});
        let mut new = NewRole::new(role.name, trust.to_string());
        new.description = Some(role.description.to_owned());
        new.max_session_duration = Some(MAX_SESSION_DURATION);
        let created = create_role(aws, &mut aws.op(), PRODUCTION, new);
        // Only a new role gets its policy: one that was changed since stays as it is.
        if created.is_ok() {
            attach_role_policy(aws, PRODUCTION, role.name, role.policy_arn)?;
        }
        once(created.map(drop))?;
    }
    Ok(())
}

/// What exists already is as good as made.
fn once(outcome: Result<(), IamError>) -> Result<(), IamError> {
    match outcome {
        Err(IamError::AlreadyExists(_)) => Ok(()),
        other => other,
    }
}
