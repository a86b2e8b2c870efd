//! `<data-dir>/dev.json`: everything that `jetwayd dev` prints, for scripts and CI.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::data_dir::write_private;

/// The document. Parts that are not built are absent from it.
#[derive(Debug, Serialize)]
pub(crate) struct DevJson {
    pub(crate) idp: IdentityProvider,
    pub(crate) people: Vec<Person>,
    pub(crate) applications: Vec<Application>,
    pub(crate) aws: Aws,
}

#[derive(Debug, Serialize)]
pub(crate) struct IdentityProvider {
    pub(crate) url: String,
    pub(crate) api_key: String,
    pub(crate) admin: Admin,
}

/// The sample administrator.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Admin {
    pub(crate) email: String,
    pub(crate) password: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) groups: Vec<String>,
    pub(crate) totp_secret: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Application {
    pub(crate) slug: String,
    pub(crate) kind: String,
    pub(crate) url: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Aws {
    pub(crate) url: String,
    pub(crate) region: String,
    pub(crate) accounts: Vec<Account>,
    pub(crate) identity_center: IdentityCenter,
}

/// IAM Identity Center of the local AWS.
#[derive(Debug, Serialize)]
pub(crate) struct IdentityCenter {
    pub(crate) region: String,
    /// What is typed into `aws configure sso`; the AWS CLI looks at its name and never goes there.
    pub(crate) start_url: String,
    /// The access portal on this machine.
    pub(crate) portal_url: String,
    pub(crate) instance_arn: String,
    pub(crate) identity_store_id: String,
    /// Absent while automatic provisioning is off.
    pub(crate) scim_endpoint: Option<String>,
    /// Absent also when there is no room for one more token.
    pub(crate) scim_token: Option<String>,
}

/// An account of the local AWS with its administrator's access key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

impl DevJson {
    /// Writes it whole, as the last step of starting: scripts wait for this file.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        write_private(&folder.join("dev.json"), &text)
    }
}

/// The SCIM token that the last start with this data folder wrote down.
pub(crate) fn scim_token_of(folder: &Path) -> Option<String> {
    identity_center_of(folder, "scim_token")
}

/// The ARN of the instance that the last start with this data folder wrote down: that start had
/// filled it.
pub(crate) fn instance_arn_of(folder: &Path) -> Option<String> {
    identity_center_of(folder, "instance_arn")
}

fn identity_center_of(folder: &Path, member: &str) -> Option<String> {
    let bytes = std::fs::read(folder.join("dev.json")).ok()?;
    let known: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    let value = known.pointer("/aws/identity_center")?.get(member)?;
    Some(value.as_str()?.to_owned())
}
