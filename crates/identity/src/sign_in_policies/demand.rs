//! What all matching rules ask together: the strictest of each.

use time::Duration;

use super::decision::Rule;
use super::policy::{Effect, SecondFactor, WithoutFactor};
use super::{FactorKind, FactorKinds};

/// The sum of what rules ask. Adding a rule only ever narrows it.
#[derive(Debug, Default)]
pub(super) struct Demand {
    /// The first rule that refuses outright.
    pub(super) denied_by: Option<Rule>,
    pub(super) factor: Option<FactorDemand>,
}

/// A second factor.
#[derive(Debug)]
pub(super) struct FactorDemand {
    /// Common to all rules.
    pub(super) kinds: FactorKinds,
    /// The last rule that left fewer kinds.
    pub(super) narrowed_by: Rule,
    /// The smallest.
    pub(super) max_age: Option<Duration>,
    /// Whether all rules let people in who still have time to enrol.
    pub(super) grace: bool,
    /// The first rule that refuses people without a factor.
    pub(super) closed_by: Option<Rule>,
}

impl Demand {
    /// Adds what a policy asks.
    pub(super) fn add(&mut self, rule: Rule, effect: &Effect) {
        match effect {
            Effect::AllowWithoutSecondFactor => {}
            Effect::Deny => {
                self.denied_by.get_or_insert(rule);
            }
            Effect::RequireSecondFactor(factor) => self.add_factor(rule, factor, true),
        }
    }

    /// Adds a rule of our own: any kind of factor, also from people who still have time to enrol.
    pub(super) fn add_built_in(&mut self, rule: Rule, without_factor: WithoutFactor) {
        let any = SecondFactor {
            kinds: FactorKind::all(),
            max_age_minutes: None,
            without_factor,
        };
        self.add_factor(rule, &any, false);
    }

    fn add_factor(&mut self, rule: Rule, asked: &SecondFactor, grace: bool) {
        let closes = asked.without_factor == WithoutFactor::Deny;
        let Some(factor) = &mut self.factor else {
            self.factor = Some(FactorDemand {
                kinds: asked.kinds.clone(),
                narrowed_by: rule.clone(),
                max_age: asked.max_age(),
                grace,
                closed_by: closes.then_some(rule),
            });
            return;
        };
        let before = factor.kinds.len();
        factor.kinds.retain(|kind| asked.kinds.contains(kind));
        if factor.kinds.len() < before {
            factor.narrowed_by = rule.clone();
        }
        factor.max_age = match (factor.max_age, asked.max_age()) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        factor.grace &= grace;
        if closes {
            factor.closed_by.get_or_insert(rule);
        }
    }
}

impl FactorDemand {
    /// The kinds that a person can enrol during a sign-in. Recovery codes and phones are no factors
    /// of their own: they come with one.
    pub(super) fn enrollable(&self) -> FactorKinds {
        let mut kinds = self.kinds.clone();
        kinds.remove(&FactorKind::RecoveryCode);
        kinds.remove(&FactorKind::Push);
        kinds
    }
}
