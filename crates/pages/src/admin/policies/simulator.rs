//! "What would happen if X opens Y from Z."
//!
//! Sends, with GET, `q` (who, as typed), `person` (one of those who were found), `target`,
//! `address`, `at`, `device`, `proved` for each thing that was proved, and `minutes` ago.

use askama::Template;

use super::TickedChoice;
use crate::Body;
use crate::admin::parts::{Badge, Field, Select};

/// Somebody whom the typed text fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPerson {
    /// `user:…` or `administrator:…`.
    pub value: String,
    pub name: String,
    /// The e-mail address.
    pub detail: String,
    pub administrator: bool,
    pub chosen: bool,
}

/// A policy and whether it was about the sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedPolicy {
    pub id: String,
    pub name: String,
    pub matched: bool,
    /// Sentences.
    pub reasons: Vec<String>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulationResult {
    /// `let in`, `refused`, `second factor`.
    pub badge: Badge,
    pub question: String,
    pub answer: String,
    pub proved: String,
    /// What the person reads when refused.
    pub told: Option<String>,
    /// What keeps the person out besides policies.
    pub besides: Vec<String>,
    /// The rules that hold without a policy.
    pub built_in: Vec<String>,
    pub policies: Vec<SimulatedPolicy>,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/policies/simulator.html")]
pub struct Simulator {
    pub query: Field,
    /// Those who were found; to choose from.
    pub found: Vec<FoundPerson>,
    pub target: Select,
    pub address: Field,
    /// `2026-03-14T09:12`, in UTC.
    pub at: Field,
    pub device: Select,
    pub proved: Vec<TickedChoice>,
    pub minutes: Field,
    pub result: Option<SimulationResult>,
}

impl Body for Simulator {
    fn title(&self) -> &'static str {
        "What would happen if"
    }
}
