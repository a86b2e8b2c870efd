//! The decision.

use time::OffsetDateTime;

use super::authn_context::{AuthnContext, RequestedContext};
use super::decision::{Decision, Proving, Rule};
use super::demand::{Demand, FactorDemand};
use super::facts::Facts;
use super::matching::mismatches;
use super::policy::{Effect, SignInPolicy, WithoutFactor};
use super::{FactorKind, FactorKinds};

/// Decides what a sign-in needs, from the policies and the facts alone.
///
/// Where policies differ, the strictest of all that match wins, whatever their order: one that
/// refuses outweighs all others, only kinds of factors that every policy allows will do, and the
/// smallest age counts. If no kind is left, the sign-in is refused. A policy that matches can
/// therefore make a decision stricter and never laxer, but for one thing: where no policy asks for a
/// second factor, whoever has one is asked for it, unless a policy that matches says that none is
/// needed. Who has none gets in with the password.
///
/// Three rules hold besides and cannot be removed. Administrators need a second factor, except in
/// `dev`, and have no time to enrol one later. Break-glass accounts are exempt from policies, but
/// need a factor of their own, also in `dev`; without one they are refused. What a service provider
/// asks for in its RequestedAuthnContext is given or refused, never passed over.
///
/// A person without any factor is let in while the time to enrol lasts; what a policy says about
/// people without a factor holds from then on. Somebody who has a factor, but of another kind than
/// is asked for, has no such time: else the stricter policy would be the easier one.
pub fn decide(policies: &[SignInPolicy], facts: &Facts) -> Decision {
    let mut demand = built_in(facts);
    for policy in matching(policies, facts) {
        let (id, name) = (policy.id, policy.rule.name.clone());
        demand.add(Rule::Policy { id, name }, &policy.rule.effect);
    }
    if own_factor_holds(policies, facts) {
        demand.add_built_in(Rule::OwnFactor, WithoutFactor::Enrol);
    }
    judge(demand, facts)
}

fn matching<'a>(
    policies: &'a [SignInPolicy],
    facts: &Facts,
) -> impl Iterator<Item = &'a SignInPolicy> {
    let all = in_order(policies).into_iter();
    all.filter(|policy| mismatches(policy, facts).is_empty())
}

/// Whether somebody is asked for a second factor because they have one. Not where another rule says
/// whether one is needed.
pub(super) fn own_factor_holds(policies: &[SignInPolicy], facts: &Facts) -> bool {
    let says = |policy: &SignInPolicy| policy.rule.effect != Effect::Deny;
    !facts.person.enrolled.is_empty()
        && built_in_rules(facts).is_empty()
        && !matching(policies, facts).any(says)
}

/// The policies as administrators have put them in order.
pub(super) fn in_order(policies: &[SignInPolicy]) -> Vec<&SignInPolicy> {
    let mut policies: Vec<&SignInPolicy> = policies.iter().collect();
    policies.sort_by_key(|policy| policy.place());
    policies
}

/// The rules that hold without a policy.
pub(super) fn built_in_rules(facts: &Facts) -> Vec<(Rule, WithoutFactor)> {
    let account = facts.person.account;
    let mut rules = Vec::new();
    if account.is_administrator() && !facts.dev {
        rules.push((Rule::Administrators, WithoutFactor::Enrol));
    }
    if account.is_break_glass() {
        rules.push((Rule::BreakGlass, WithoutFactor::Deny));
    }
    let requested = facts.requested.as_ref();
    let weakest = requested.and_then(RequestedContext::weakest);
    if weakest == Some(AuthnContext::MultiFactor) {
        rules.push((Rule::ServiceProvider, WithoutFactor::Enrol));
    }
    rules
}

fn built_in(facts: &Facts) -> Demand {
    let mut demand = Demand::default();
    for (rule, without_factor) in built_in_rules(facts) {
        demand.add_built_in(rule, without_factor);
    }
    demand
}

fn judge(demand: Demand, facts: &Facts) -> Decision {
    if let Some(rule) = demand.denied_by {
        return deny(rule, Refusal::Policy, facts);
    }
    let requested = facts.requested.as_ref();
    if requested.is_some_and(|asked| asked.weakest().is_none()) {
        return deny(Rule::ServiceProvider, Refusal::Context, facts);
    }
    let enrol_until = match demand.factor {
        None if facts.signed_in().is_none() => return sign_in(),
        None => None,
        Some(factor) => match second_factor(factor, facts) {
            Ok(enrol_until) => enrol_until,
            Err(decision) => return decision,
        },
    };
    let statements = AuthnContext::true_of(facts);
    let chosen = match requested {
        Some(asked) => asked.choose(&statements),
        None => statements.into_iter().max(),
    };
    match chosen {
        Some(authn_context) => Decision::Allow {
            authn_context,
            enrol_until,
        },
        // Two factors were asked for above, if they are what is wanted.
        None => Decision::Reauthenticate {
            with: Proving::Password,
        },
    }
}

fn sign_in() -> Decision {
    Decision::Reauthenticate {
        with: Proving::PasswordOrPasskey,
    }
}

/// Whether the second factor is there: then until when the person has to enrol one, if that is
/// still to come; else what is to be done.
fn second_factor(demand: FactorDemand, facts: &Facts) -> Result<Option<OffsetDateTime>, Decision> {
    let person = &facts.person;
    let usable: FactorKinds = demand
        .kinds
        .intersection(&person.enrolled)
        .copied()
        .collect();
    let enrollable = demand.enrollable();
    let ends = person.enrolment_ends;
    let grace =
        demand.grace && person.enrolled.is_empty() && ends.is_some_and(|ends| facts.now < ends);
    if usable.is_empty() {
        if enrollable.is_empty() {
            // An approval on the phone would do, of a phone that was connected before.
            let why = if demand.kinds.contains(&FactorKind::Push) {
                Refusal::NoFactor
            } else {
                Refusal::Conflict
            };
            return Err(deny(demand.narrowed_by, why, facts));
        }
        if let Some(rule) = demand.closed_by
            && !grace
        {
            return Err(deny(rule, Refusal::NoFactor, facts));
        }
    }
    let Some(signed_in) = facts.signed_in() else {
        return Err(sign_in());
    };
    if usable.is_empty() {
        return match grace {
            true if facts.is_fresh(signed_in, demand.max_age) => Ok(ends),
            true => Err(sign_in()),
            false => Err(Decision::MustEnrol {
                kinds: enrollable,
                prove_first: match facts.factor(&person.enrolled) {
                    Some(_) => FactorKinds::new(),
                    None => person.enrolled.clone(),
                },
                until: ends.filter(|ends| *ends <= facts.now),
            }),
        };
    }
    match facts.factor(&usable) {
        None => Err(Decision::NeedFactor { kinds: usable }),
        Some(at) if !facts.is_fresh(at, demand.max_age) => Err(Decision::Reauthenticate {
            with: Proving::Factor(usable),
        }),
        Some(_) => Ok(None),
    }
}

/// Why a sign-in is refused.
#[derive(Debug, Clone, Copy)]
enum Refusal {
    Policy,
    /// No kind of factor is allowed by all rules.
    Conflict,
    /// The person has no factor of the right kind.
    NoFactor,
    /// The service provider asks for what cannot be stated.
    Context,
}

fn deny(by: Rule, why: Refusal, facts: &Facts) -> Decision {
    let target = facts.target.label();
    let text = match why {
        Refusal::Policy => format!(
            "Your organisation does not let you open {target} from here and now: {by} refuses it. If you should be able to, ask an administrator and name the policy."
        ),
        Refusal::Conflict => format!(
            "You cannot open {target}: the policies of your organisation leave no second factor that all of them allow. Tell an administrator; the last one is {by}."
        ),
        Refusal::NoFactor if facts.person.account.is_break_glass() => format!(
            "This break-glass account has no printed codes left and cannot open {target}. Another full administrator can print new ones; on the server, jetwayd admin recover makes an ordinary account of it."
        ),
        Refusal::NoFactor => format!(
            "You need a second factor to open {target}, and you have none that {by} accepts. Ask an administrator for time to set one up."
        ),
        Refusal::Context => format!(
            "The application {target} asks for a kind of sign-in that does not exist here. Tell an administrator: its RequestedAuthnContext has to change."
        ),
    };
    Decision::Deny { by, text }
}
