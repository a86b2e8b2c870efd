//! People who have no factor, or not the right one.

use jetway_identity::sign_in_policies::FactorKind::{Push, RecoveryCode, Totp, Webauthn};
use jetway_identity::sign_in_policies::{
    AuthnContext, Decision, Effect, FactorKind, FactorKinds, Proved, Proving, Rule, decide,
};
use time::{Duration, OffsetDateTime};

use super::build::{
    NOW, enrolled, facts_with, kinds, policy, proof, require, require_or_deny, require_within,
};

const SECOND: Duration = Duration::SECOND;

fn decide_at(ends: Option<OffsetDateTime>, effect: Effect) -> Decision {
    let facts = facts_with(|facts| facts.person.enrolment_ends = ends);
    decide(&[policy(1, effect)], &facts)
}

fn must_enrol(kinds: &[FactorKind], until: Option<OffsetDateTime>) -> Decision {
    Decision::MustEnrol {
        kinds: self::kinds(kinds),
        prove_first: FactorKinds::new(),
        until,
    }
}

#[test]
fn while_there_is_time_to_enrol_a_person_without_a_factor_is_let_in_and_reminded() {
    for effect in [require(&[Totp]), require_or_deny(&[Totp])] {
        let expected = Decision::Allow {
            authn_context: AuthnContext::PasswordProtectedTransport,
            enrol_until: Some(NOW + SECOND),
        };
        assert_eq!(decide_at(Some(NOW + SECOND), effect), expected);
    }
}

#[test]
fn after_that_time_the_person_enrols_or_is_refused_as_the_policy_says() {
    let kinds = [Totp, RecoveryCode];
    assert_eq!(
        decide_at(Some(NOW), require(&kinds)),
        must_enrol(&[Totp], Some(NOW))
    );
    assert_eq!(decide_at(None, require(&kinds)), must_enrol(&[Totp], None));
    for ends in [Some(NOW), None] {
        let Decision::Deny {
            by: Rule::Policy { .. },
            text,
        } = decide_at(ends, require_or_deny(&kinds))
        else {
            panic!("not refused");
        };
        assert!(text.contains("time to set one up"), "{text}");
    }
}

#[test]
fn a_policy_that_refuses_people_without_a_factor_outweighs_one_that_lets_them_enrol() {
    let policies = [
        policy(1, require(&[Totp])),
        policy(2, require_or_deny(&[Totp])),
    ];
    let decision = decide(&policies, &enrolled(&[]));
    assert!(matches!(decision, Decision::Deny { .. }), "{decision:?}");
    assert!(!matches!(
        decide(&policies, &enrolled(&[Totp])),
        Decision::Deny { .. }
    ));
}

#[test]
fn nobody_is_reminded_where_no_second_factor_is_asked_for() {
    let facts = facts_with(|facts| facts.person.enrolment_ends = Some(NOW + SECOND));
    let decision = decide(&[], &facts);
    assert!(
        matches!(
            decision,
            Decision::Allow {
                enrol_until: None,
                ..
            }
        ),
        "{decision:?}"
    );
}

#[test]
fn who_has_a_factor_of_another_kind_gets_no_time_and_proves_it_before_enrolling() {
    let mut facts = enrolled(&[Totp, RecoveryCode]);
    facts.person.enrolment_ends = Some(NOW + SECOND);
    let policies = [policy(1, require(&[Webauthn, Push]))];
    let enrol = |prove_first: &[FactorKind]| Decision::MustEnrol {
        // A phone is connected in the profile, beside another factor.
        kinds: kinds(&[Webauthn]),
        prove_first: kinds(prove_first),
        until: None,
    };
    assert_eq!(decide(&policies, &facts), enrol(&[Totp, RecoveryCode]));
    facts.proofs.push(proof(Proved::Factor(Totp), 1));
    assert_eq!(decide(&policies, &facts), enrol(&[]));
}

#[test]
fn without_a_factor_a_step_up_asks_for_a_fresh_password() {
    let mut facts = facts_with(|facts| facts.person.enrolment_ends = Some(NOW + SECOND));
    let policies = [policy(1, require_within(&[Totp], 15))];
    assert!(decide(&policies, &facts).is_allow());
    facts.proofs = vec![proof(Proved::Password, 16)];
    let again = Decision::Reauthenticate {
        with: Proving::PasswordOrPasskey,
    };
    assert_eq!(decide(&policies, &facts), again);
}
