//! A decision with what each statement said to it.

use crate::document::{Effect, Mismatch, Statement, Subject};
use crate::evaluate::{
    DecidingStatement, Decision, Layer, NamedPolicy, PolicySet, Request, evaluate,
};

/// A decision and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What [`evaluate`] decides.
    pub decision: Decision,
    /// Every statement of every policy, in order.
    pub statements: Vec<StatementVerdict>,
}

/// One statement and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementVerdict {
    /// The kind of policy it stands in.
    pub layer: Layer,
    /// The ARN of that policy, if it is a managed one.
    pub policy_arn: Option<String>,
    /// Which statement.
    pub statement: DecidingStatement,
    /// What it does if it applies.
    pub effect: Effect,
    /// Whether it applies, and if not, why.
    pub verdict: Verdict,
}

/// Whether a statement applies to a request; if not, the first element that keeps it from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It applies: its effect counts.
    Applies,
    /// It is addressed to others.
    OtherPrincipal,
    /// Its actions do not cover the action.
    OtherAction,
    /// Its resources do not cover the resource.
    OtherResource,
    /// A condition does not hold.
    ConditionFails {
        /// The operator, as the policy writes it.
        operator: String,
        /// The key, as the policy writes it.
        key: String,
    },
}

/// Decides as [`evaluate`] does and tells what every statement said.
pub fn explain(set: &PolicySet<'_>, request: &Request<'_>) -> Explanation {
    let subject = Subject::new(request.action, Some(request.resource), request.context);
    let mut statements = Vec::new();
    for (layer, policy) in set.policies() {
        for (index, statement) in policy.document.statements.iter().enumerate() {
            let verdict = if set.addresses_caller(layer, statement) {
                verdict(statement, &subject)
            } else {
                Verdict::OtherPrincipal
            };
            statements.push(entry(layer, policy, index, statement, verdict));
        }
    }
    Explanation {
        decision: evaluate(set, request),
        statements,
    }
}

fn entry(
    layer: Layer,
    policy: NamedPolicy<'_>,
    index: usize,
    statement: &Statement,
    verdict: Verdict,
) -> StatementVerdict {
    let sid = statement.sid.clone();
    StatementVerdict {
        layer,
        policy_arn: policy.arn.map(str::to_owned),
        statement: DecidingStatement {
            policy: policy.name.to_owned(),
            index,
            sid,
        },
        effect: statement.effect,
        verdict,
    }
}

fn verdict(statement: &Statement, subject: &Subject<'_>) -> Verdict {
    match statement.mismatch(subject) {
        None => Verdict::Applies,
        Some(Mismatch::Action) => Verdict::OtherAction,
        Some(Mismatch::Resource) => Verdict::OtherResource,
        Some(Mismatch::Condition(index)) => {
            let condition = &statement.conditions[index];
            Verdict::ConditionFails {
                operator: condition.operator_name.clone(),
                key: condition.key_name.clone(),
            }
        }
    }
}
