//! A real OpenID Connect provider (the npm package oidc-provider) on loopback. It signs in whoever
//! it was told to, without asking.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::free_port;

const SCRIPT: &str = include_str!("openid.mjs");

/// The one client that the provider knows.
pub const CLIENT_ID: &str = "jetway";
/// Its secret.
pub const CLIENT_SECRET: &str = "meep meep, said the road runner";

/// Where the provider tells the e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailIn {
    /// In the ID token itself.
    IdToken,
    /// Only at its user info endpoint.
    UserInfo,
}

/// A running provider. Dropping it ends it.
#[derive(Debug)]
pub struct Provider {
    child: Child,
    issuer: String,
    agent: ureq::Agent,
    /// It goes on writing notices, and ends when nobody could read them.
    output: Lines<BufReader<ChildStdout>>,
    _folder: TempDir,
}

impl Provider {
    /// Starts a provider and waits until it takes connections. `found` is what
    /// [`crate::counterparts::oidc_provider`] found.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(found: &(PathBuf, PathBuf), redirect_uri: &str, email: EmailIn) -> Result<Self> {
        let (node, packages) = found;
        let folder = tempfile::tempdir()?;
        let script = folder.path().join("openid.mjs");
        std::fs::write(&script, SCRIPT)?;
        let port = free_port();
        let mut child = Command::new(node)
            .arg(&script)
            .arg(packages.canonicalize()?)
            .arg(port.to_string())
            .args([redirect_uri, CLIENT_ID, CLIENT_SECRET])
            .arg(match email {
                EmailIn::IdToken => "id-token",
                EmailIn::UserInfo => "user-info",
            })
            .stdout(Stdio::piped())
            // It warns of keys for development, which these are.
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", node.display()))?;
        let output = child.stdout.take().context("no output")?;
        let mut provider = Self {
            child,
            issuer: format!("http://localhost:{port}"),
            agent: agent(),
            output: BufReader::new(output).lines(),
            _folder: folder,
        };
        let lines = provider.output.by_ref();
        match lines.find(|line| line.as_ref().is_ok_and(|line| line == "ready")) {
            Some(_) => Ok(provider),
            None => bail!("the OpenID Connect provider did not start"),
        }
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// From now on it signs in this person.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub fn become_person(&self, email: &str, verified: bool) -> Result<()> {
        let url = format!("{}/become", self.issuer);
        self.agent
            .get(&url)
            .query("email", email)
            .query("verified", verified.to_string())
            .call()?;
        Ok(())
    }

    /// Goes through the provider's pages as a new browser does, from the address that it is sent
    /// to up to the one at `origin` that it is sent back to: path and query.
    ///
    /// # Errors
    ///
    /// When the way does not lead back.
    pub fn sign_in(&self, authorization_url: &str, origin: &str) -> Result<String> {
        let browser = agent();
        let mut address = authorization_url.to_owned();
        for _ in 0..10 {
            if let Some(path) = address.strip_prefix(origin) {
                return Ok(path.to_owned());
            }
            let answer = browser.get(&address).call()?;
            let location = answer.headers().get("location");
            let location = location.with_context(|| format!("{} at {address}", answer.status()))?;
            let location = location.to_str()?;
            address = if location.starts_with('/') {
                format!("{}{location}", self.issuer)
            } else {
                location.to_owned()
            };
        }
        bail!("the provider sends the browser in circles: {address}")
    }
}

/// Keeps cookies, follows nothing by itself.
fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into()
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
