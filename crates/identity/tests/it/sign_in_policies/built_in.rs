//! The rules that no policy can remove.

use jetway_identity::sign_in_policies::FactorKind::{RecoveryCode, Totp, Webauthn};
use jetway_identity::sign_in_policies::{
    Decision, Effect, FactorKinds, Proved, Rule, Who, decide, simulate,
};
use time::Duration;

use super::build::{NOW, administrator, enrolled, kinds, networks, policy, proof, require, with};

/// Security.md item 28.
#[test]
fn administrators_need_a_second_factor_without_any_policy() {
    let mut facts = administrator(false);
    facts.person.enrolled = kinds(&[Totp, RecoveryCode]);
    let allowing = with(policy(1, Effect::AllowWithoutSecondFactor), |rule| {
        rule.who = Who::Administrators;
    });
    for policies in [vec![], vec![allowing]] {
        let needs = Decision::NeedFactor {
            kinds: kinds(&[Totp, RecoveryCode]),
        };
        assert_eq!(decide(&policies, &facts), needs);
    }
    facts.proofs.push(proof(Proved::Factor(Totp), 1));
    assert!(decide(&[], &facts).is_allow());
}

#[test]
fn an_administrator_without_a_factor_enrols_one_at_once_and_has_no_time_for_that() {
    let mut facts = administrator(false);
    facts.person.enrolment_ends = Some(NOW + Duration::days(7));
    let enrol = Decision::MustEnrol {
        kinds: kinds(&[Totp, Webauthn]),
        prove_first: FactorKinds::new(),
        until: None,
    };
    assert_eq!(decide(&[], &facts), enrol);
}

#[test]
fn in_dev_administrators_may_do_without_unless_a_policy_asks() {
    let mut facts = administrator(false);
    facts.dev = true;
    assert!(decide(&[], &facts).is_allow());
    facts.person.enrolled = kinds(&[Totp]);
    let needs = Decision::NeedFactor {
        kinds: kinds(&[Totp]),
    };
    assert_eq!(decide(&[policy(1, require(&[Totp]))], &facts), needs);
}

/// Nobody connects an app to be let in without it.
#[test]
fn who_has_a_factor_is_asked_for_it_unless_a_policy_says_that_none_is_needed() {
    let mut facts = enrolled(&[Totp]);
    let needs = Decision::NeedFactor {
        kinds: kinds(&[Totp]),
    };
    assert_eq!(decide(&[], &facts), needs);
    let elsewhere = with(policy(1, Effect::AllowWithoutSecondFactor), |rule| {
        rule.conditions = networks(&["198.51.100.0/24"], &[]);
    });
    assert_eq!(decide(std::slice::from_ref(&elsewhere), &facts), needs);
    let here = with(policy(2, Effect::AllowWithoutSecondFactor), |rule| {
        rule.conditions = networks(&["192.0.2.0/24"], &[]);
    });
    let policies = [elsewhere, here];
    assert!(decide(&policies, &facts).is_allow());
    facts.proofs.push(proof(Proved::Factor(Totp), 600));
    assert!(decide(&[], &facts).is_allow());
}

#[test]
fn the_simulator_says_that_somebody_is_asked_because_they_have_a_factor() {
    let explanation = simulate(&[], &enrolled(&[Totp]));
    assert_eq!(
        explanation.built_in,
        [
            "No policy says whether a second factor is needed: Road Runner has one and is asked for it."
        ]
    );
    let silent = simulate(&[policy(1, require(&[Totp]))], &enrolled(&[Totp]));
    assert_eq!(silent.built_in, Vec::<String>::new());
}

#[test]
fn an_emergency_account_is_exempt_from_policies_and_not_from_its_own_factor() {
    let policies = [policy(1, Effect::Deny), policy(2, require(&[Webauthn]))];
    let mut facts = administrator(true);
    facts.person.enrolled = kinds(&[RecoveryCode]);
    for dev in [false, true] {
        facts.dev = dev;
        let needs = Decision::NeedFactor {
            kinds: kinds(&[RecoveryCode]),
        };
        assert_eq!(decide(&policies, &facts), needs);
    }
    facts.proofs.push(proof(Proved::Factor(RecoveryCode), 1));
    assert!(decide(&policies, &facts).is_allow());
    // Any other administrator is refused.
    let mut other = administrator(false);
    other.person.enrolled = kinds(&[Webauthn]);
    assert!(matches!(decide(&policies, &other), Decision::Deny { .. }));
}

#[test]
fn an_emergency_account_without_a_factor_is_refused_since_its_password_would_be_enough_to_enrol_one()
 {
    let mut facts = administrator(true);
    facts.person.enrolment_ends = Some(NOW + Duration::days(7));
    for dev in [false, true] {
        facts.dev = dev;
        let decision = decide(&[], &facts);
        assert!(
            matches!(
                decision,
                Decision::Deny {
                    by: Rule::BreakGlass,
                    ..
                }
            ),
            "{decision:?}"
        );
    }
}
