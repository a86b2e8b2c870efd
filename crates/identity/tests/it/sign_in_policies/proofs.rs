//! What a session has proved, and whether that is enough.

use jetway_identity::sign_in_policies::FactorKind::{RecoveryCode, Totp, Webauthn};
use jetway_identity::sign_in_policies::{
    AuthnContext, Decision, FactorKind, Proof, Proved, Proving, SignInPolicy, decide,
};
use time::Duration;

use super::build::{NOW, enrolled, facts, kinds, policy, proof, require, require_within};

fn after(proofs: &[Proof], policies: &[SignInPolicy]) -> Decision {
    let mut facts = enrolled(&[Totp, Webauthn, RecoveryCode]);
    facts.proofs = proofs.to_vec();
    decide(policies, &facts)
}

fn again(kinds: &[FactorKind]) -> Decision {
    Decision::Reauthenticate {
        with: Proving::Factor(self::kinds(kinds)),
    }
}

#[test]
fn nobody_gets_in_without_a_password_or_a_passkey() {
    let sign_in = Decision::Reauthenticate {
        with: Proving::PasswordOrPasskey,
    };
    for proofs in [
        &[][..],
        &[proof(Proved::Factor(Totp), 1)],
        &[proof(Proved::Factor(Webauthn), 1)],
    ] {
        assert_eq!(after(proofs, &[]), sign_in, "{proofs:?}");
        let required = [policy(1, require(&FactorKind::ALL))];
        assert_eq!(after(proofs, &required), sign_in, "{proofs:?}");
    }
}

/// Security.md item 33: a policy for security keys alone really keeps codes out.
#[test]
fn only_a_factor_of_an_allowed_kind_will_do() {
    let only_keys = [policy(1, require(&[Webauthn]))];
    let needs_key = Decision::NeedFactor {
        kinds: kinds(&[Webauthn]),
    };
    let password = proof(Proved::Password, 1);
    for kind in [Totp, RecoveryCode] {
        let proofs = [password, proof(Proved::Factor(kind), 1)];
        assert_eq!(after(&proofs, &only_keys), needs_key, "{kind:?}");
    }
    assert!(after(&[password, proof(Proved::Factor(Webauthn), 1)], &only_keys).is_allow());
    assert!(after(&[proof(Proved::Passkey, 1)], &only_keys).is_allow());
}

#[test]
fn a_passkey_in_place_of_the_password_is_two_factors() {
    let passkey = [proof(Proved::Passkey, 1)];
    for policies in [vec![], vec![policy(1, require(&[Totp, Webauthn]))]] {
        let expected = Decision::Allow {
            authn_context: AuthnContext::MultiFactor,
            enrol_until: None,
        };
        assert_eq!(after(&passkey, &policies), expected);
    }
    let needs_code = Decision::NeedFactor {
        kinds: kinds(&[Totp]),
    };
    assert_eq!(after(&passkey, &[policy(1, require(&[Totp]))]), needs_code);
}

#[test]
fn a_factor_that_the_person_no_longer_has_does_not_count() {
    let mut facts = enrolled(&[Webauthn]);
    facts.proofs.push(proof(Proved::Factor(Totp), 1));
    let needs_key = Decision::NeedFactor {
        kinds: kinds(&[Webauthn]),
    };
    assert_eq!(
        decide(&[policy(1, require(&[Totp, Webauthn]))], &facts),
        needs_key
    );
}

#[test]
fn a_step_up_asks_again_for_a_factor_that_was_proved_too_long_ago() {
    let step_up = [policy(1, require_within(&[Totp, Webauthn], 15))];
    let proofs = |minutes| {
        [
            proof(Proved::Password, 600),
            proof(Proved::Factor(Totp), minutes),
        ]
    };
    assert!(after(&proofs(15), &step_up).is_allow());
    assert_eq!(after(&proofs(16), &step_up), again(&[Totp, Webauthn]));
    // The newest proof counts, of whatever allowed kind.
    let mut both = proofs(16).to_vec();
    both.push(proof(Proved::Factor(Webauthn), 1));
    assert!(after(&both, &step_up).is_allow());
    both[2].what = Proved::Factor(RecoveryCode);
    assert_eq!(after(&both, &step_up), again(&[Totp, Webauthn]));
}

#[test]
fn a_factor_that_was_never_proved_is_asked_for_and_not_asked_again() {
    let step_up = [policy(1, require_within(&[Totp], 15))];
    let needs_code = Decision::NeedFactor {
        kinds: kinds(&[Totp]),
    };
    assert_eq!(after(&[proof(Proved::Password, 600)], &step_up), needs_code);
}

#[test]
fn a_proof_from_the_future_does_not_count() {
    let ahead = |seconds| Proof {
        what: Proved::Password,
        at: NOW + Duration::seconds(seconds),
    };
    let mut facts = facts();
    facts.proofs = vec![ahead(61)];
    assert!(!decide(&[], &facts).is_allow());
    // The clock of another node may be a little ahead.
    facts.proofs = vec![ahead(60)];
    assert!(decide(&[], &facts).is_allow());
}
