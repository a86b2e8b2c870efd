//! Where policies differ, the strictest wins.

use jetway_identity::sign_in_policies::Effect::{AllowWithoutSecondFactor, Deny};
use jetway_identity::sign_in_policies::FactorKind::{Push, RecoveryCode, Totp, Webauthn};
use jetway_identity::sign_in_policies::{
    AuthnContext, Decision, Effect, FactorKind, Proved, Proving, Rule, decide,
};

use super::build::{
    enrolled, facts, kinds, policy, policy_id, proof, require, require_within, with,
};

fn needs(kinds: &[FactorKind]) -> Decision {
    Decision::NeedFactor {
        kinds: self::kinds(kinds),
    }
}

fn allow(authn_context: AuthnContext) -> Decision {
    Decision::Allow {
        authn_context,
        enrol_until: None,
    }
}

#[test]
fn without_policies_the_password_is_enough_for_who_has_no_factor() {
    let password = allow(AuthnContext::PasswordProtectedTransport);
    assert_eq!(decide(&[], &facts()), password);
}

/// Requirement M01: the kinds are totp, push and webauthn; recovery codes besides.
#[test]
fn the_strictest_of_all_matching_policies_wins_whatever_their_order() {
    let table: &[(&[Effect], Decision)] = &[
        (
            &[AllowWithoutSecondFactor],
            allow(AuthnContext::PasswordProtectedTransport),
        ),
        (&[require(&[Totp])], needs(&[Totp])),
        (
            &[require(&[Totp]), AllowWithoutSecondFactor],
            needs(&[Totp]),
        ),
        (
            &[require(&[Totp, Webauthn]), require(&[Webauthn, Push])],
            needs(&[Webauthn]),
        ),
        (&[require(&FactorKind::ALL)], needs(&[Totp, Webauthn])),
        (&[require(&[Totp, Push, RecoveryCode])], needs(&[Totp])),
    ];
    let facts = enrolled(&[Totp, Webauthn]);
    for (effects, expected) in table {
        let numbered = effects.iter().zip(1..);
        let mut policies: Vec<_> = numbered
            .map(|(effect, n)| policy(n, effect.clone()))
            .collect();
        assert_eq!(&decide(&policies, &facts), expected, "{effects:?}");
        policies.reverse();
        assert_eq!(
            &decide(&policies, &facts),
            expected,
            "{effects:?}, reversed"
        );
    }
}

#[test]
fn a_policy_that_refuses_outweighs_all_others_and_is_named() {
    let policies = [
        policy(1, require(&[Totp])),
        policy(3, Deny),
        policy(2, Deny),
        policy(4, AllowWithoutSecondFactor),
    ];
    let Decision::Deny { by, text } = decide(&policies, &enrolled(&[Totp])) else {
        panic!("not refused");
    };
    let name = "Policy 2".to_owned();
    assert_eq!(
        by,
        Rule::Policy {
            id: policy_id(2),
            name
        }
    );
    assert!(
        text.contains("AWS Production") && text.contains("“Policy 2”"),
        "{text}"
    );
}

#[test]
fn when_no_kind_of_factor_is_allowed_by_all_policies_the_sign_in_is_refused() {
    for second in [&[Webauthn][..], &[Webauthn, Push], &[RecoveryCode, Push]] {
        let policies = [
            policy(1, require(&[Totp, RecoveryCode])),
            policy(2, require(second)),
        ];
        let decision = decide(&policies, &enrolled(&[Totp, Webauthn]));
        let Decision::Deny {
            by: Rule::Policy { id, .. },
            text,
        } = decision
        else {
            panic!("not refused: {second:?}");
        };
        assert_eq!(id, policy_id(2));
        assert!(
            text.contains("no second factor that all of them allow"),
            "{text}"
        );
    }
}

#[test]
fn the_smallest_age_counts() {
    let policies = |ages: [u32; 2]| {
        let numbered = ages.into_iter().zip(1..);
        let policies = numbered.map(|(age, n)| policy(n, require_within(&[Totp], age)));
        policies.collect::<Vec<_>>()
    };
    let mut facts = enrolled(&[Totp]);
    facts.proofs.push(proof(Proved::Factor(Totp), 20));
    let again = Decision::Reauthenticate {
        with: Proving::Factor(kinds(&[Totp])),
    };
    assert_eq!(
        decide(&policies([60, 30]), &facts),
        allow(AuthnContext::MultiFactor)
    );
    assert_eq!(decide(&policies([60, 15]), &facts), again);
    assert_eq!(decide(&policies([15, 60]), &facts), again);
}

#[test]
fn a_policy_that_is_off_does_nothing() {
    let off = with(policy(1, Deny), |rule| rule.enabled = false);
    assert!(decide(&[off], &facts()).is_allow());
}
