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
