//! "What would happen if": the decision with its reasons, for the admin portal.

use super::decide::{built_in_rules, decide, in_order, own_factor_holds};
use super::decision::{Decision, Rule};
use super::facts::Facts;
use super::matching::{Mismatch, mismatches};
use super::policy::SignInPolicy;
use super::sentences;
use crate::ids::SignInPolicyId;

/// A decision and how it came about. All texts are whole sentences; names stand in them as they
/// are and are for the page to escape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// "What would happen if … opens … from …?"
    pub question: String,
    /// What the session is taken to have proved.
    pub proved: String,
    /// The rules that hold without a policy, where they apply.
    pub built_in: Vec<String>,
    /// Every policy, in the order of the list.
    pub policies: Vec<ExplainedPolicy>,
    /// The one that [`decide`] makes.
    pub decision: Decision,
    /// The decision in words.
    pub answer: String,
}

/// A policy and whether it was about the sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedPolicy {
    pub id: SignInPolicyId,
    pub name: String,
    pub matched: bool,
    /// What it asks, if it matched; else each thing that kept it from matching.
    pub reasons: Vec<String>,
}

/// Says what [`decide`] would decide, and why.
pub fn simulate(policies: &[SignInPolicy], facts: &Facts) -> Explanation {
    let built_in = built_in_rules(facts).into_iter().map(|(rule, _)| rule);
    let own = own_factor_holds(policies, facts).then_some(Rule::OwnFactor);
    let explained = in_order(policies)
        .into_iter()
        .map(|policy| explain(policy, facts));
    let decision = decide(policies, facts);
    Explanation {
        question: sentences::question(facts),
        proved: sentences::proved(facts),
        built_in: built_in
            .chain(own)
            .map(|rule| sentences::built_in(&rule, facts))
            .collect(),
        policies: explained.collect(),
        answer: sentences::answer(&decision, facts),
        decision,
    }
}

fn explain(policy: &SignInPolicy, facts: &Facts) -> ExplainedPolicy {
    let found: Vec<Mismatch<'_>> = mismatches(policy, facts);
    let matched = found.is_empty();
    let mut reasons: Vec<String> = found
        .iter()
        .map(|mismatch| sentences::mismatch(mismatch, policy, facts))
        .collect();
    if matched {
        reasons.push(sentences::effect(&policy.rule.effect));
        if facts.address.is_none() && !policy.rule.conditions.networks.is_empty() {
            reasons.push(sentences::UNKNOWN_ADDRESS.to_owned());
        }
    }
    ExplainedPolicy {
        id: policy.id,
        name: policy.rule.name.clone(),
        matched,
        reasons,
    }
}
