//! Checks a page that a browser shows with axe-core.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::json;

use crate::browser::Browser;

/// A rule that the page breaks.
#[derive(Debug, Clone, Deserialize)]
pub struct Violation {
    /// axe-core's name of the rule: `color-contrast`.
    pub id: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What the rule asks.
    pub help: String,
    /// The elements, as CSS selectors, with what axe-core says of them.
    pub elements: Vec<String>,
}

impl Violation {
    /// Whether people are shut out by it.
    pub fn is_serious(&self) -> bool {
        matches!(self.impact.as_str(), "serious" | "critical")
    }
}

const RUN: &str = r"
const done = arguments[arguments.length - 1];
const rules = arguments[0];
const only = rules.length ? { runOnly: rules } : {};
axe.run(document, { resultTypes: ['violations'], ...only }).then(
  (found) => done(JSON.stringify(found.violations.map((rule) => ({
    id: rule.id,
    impact: rule.impact || 'minor',
    help: rule.help,
    elements: rule.nodes.map((node) => node.target.join(' ') + ': ' + node.failureSummary),
  })))),
  (error) => done(JSON.stringify([{
    id: 'axe-core', impact: 'critical', help: String(error), elements: [],
  }])),
);";

/// What axe-core finds on the page as it is shown now. `script` is `axe.min.js`; `rules` names the
/// rules to check, all of them when it is empty.
///
/// # Errors
///
/// When the browser has gone or the script does not run.
pub async fn violations(
    browser: &Browser,
    script: &Path,
    rules: &[&str],
) -> Result<Vec<Violation>> {
    let client = browser.client();
    let source = std::fs::read_to_string(script)
        .with_context(|| format!("cannot read {}", script.display()))?;
    let mut attempts = 0;
    let found = loop {
        let known = client.execute("return Boolean(window.axe);", Vec::new());
        if known.await? != true {
            client.execute(&source, Vec::new()).await?;
        }
        attempts += 1;
        match client.execute_async(RUN, vec![json!(rules)]).await {
            // A page that was replaced meanwhile took the script along.
            Err(error) if attempts < 3 && error.to_string().contains("axe is not defined") => {}
            found => break found?,
        }
    };
    let found = found.as_str().context("axe-core gave no text")?;
    serde_json::from_str(found).context("axe-core gave something else")
}
