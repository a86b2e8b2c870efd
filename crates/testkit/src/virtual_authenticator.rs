//! Chromium's own authenticator in software (WebAuthn §11): a passkey provider that a test holds.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::browser::Browser;

/// It checks who uses it, and says yes at once.
#[derive(Debug)]
pub struct VirtualAuthenticator {
    url: String,
}

impl VirtualAuthenticator {
    /// Built into the browser, keeps passkeys.
    ///
    /// # Errors
    ///
    /// When the browser has gone or has no such thing.
    pub fn in_browser(browser: &Browser) -> Result<Self> {
        let all = browser.endpoint("webauthn/authenticator");
        let made = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserConsenting": true, "isUserVerified": true,
        });
        let mut answer = ureq::post(&all).send_json(made)?;
        let answer: Value = answer.body_mut().read_json()?;
        let id = answer["value"].as_str().context("no authenticator")?;
        Ok(Self {
            url: format!("{all}/{id}"),
        })
    }

    /// The keys that it holds, with their private halves.
    ///
    /// # Errors
    ///
    /// When the browser has gone.
    pub fn credentials(&self) -> Result<Vec<Value>> {
        let mut answer = ureq::get(format!("{}/credentials", self.url)).call()?;
        let answer: Value = answer.body_mut().read_json()?;
        let list = answer["value"].as_array().context("no list of keys")?;
        Ok(list.clone())
    }

    /// Takes a key in, for instance a copy of an earlier state.
    ///
    /// # Errors
    ///
    /// When the browser has gone or does not take it.
    pub fn put(&self, credential: &Value) -> Result<()> {
        ureq::post(format!("{}/credential", self.url)).send_json(credential)?;
        Ok(())
    }

    /// Forgets all keys.
    ///
    /// # Errors
    ///
    /// When the browser has gone.
    pub fn clear(&self) -> Result<()> {
        ureq::delete(format!("{}/credentials", self.url)).call()?;
        Ok(())
    }
}
