//! What the assertion says, and what service providers may ask for (SAML core 3.3.2.2.1).

use jetway_identity::sign_in_policies::AuthnContext::{
    self, MultiFactor, Password, PasswordProtectedTransport, Unspecified,
};
use jetway_identity::sign_in_policies::Comparison::{self, Better, Exact, Maximum, Minimum};
use jetway_identity::sign_in_policies::FactorKind::{Push, RecoveryCode, Totp, Webauthn};
use jetway_identity::sign_in_policies::{
    Decision, FactorKinds, Facts, Proved, Proving, RequestedContext, Rule, decide,
};
use time::Duration;

use super::build::{NOW, enrolled, facts, facts_with, kinds, proof};

const FOREIGN: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard";

fn asking(comparison: Comparison, classes: &[&str]) -> RequestedContext {
    let classes = classes.iter().map(|class| (*class).to_owned()).collect();
    RequestedContext {
        comparison,
        classes,
    }
}

fn two_factors() -> Facts {
    let mut facts = enrolled(&[Totp]);
    facts.proofs.push(proof(Proved::Factor(Totp), 1));
    facts
}

fn stated(facts: &Facts) -> Option<AuthnContext> {
    match decide(&[], facts) {
        Decision::Allow { authn_context, .. } => Some(authn_context),
        _ => None,
    }
}

#[test]
fn the_classes_are_those_of_saml_and_of_refeds() {
    let uris = AuthnContext::ALL.map(AuthnContext::uri);
    assert_eq!(
        uris,
        [
            "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
            "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
            "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
            "https://refeds.org/profile/mfa",
        ]
    );
    for context in AuthnContext::ALL {
        assert_eq!(AuthnContext::from_uri(context.uri()), Some(context));
    }
}

#[test]
fn a_sign_in_is_stated_as_strong_as_it_was() {
    assert_eq!(stated(&facts()), Some(PasswordProtectedTransport));
    for kind in [Totp, Webauthn, Push, RecoveryCode] {
        let mut facts = enrolled(&[kind]);
        facts.proofs.push(proof(Proved::Factor(kind), 1));
        assert_eq!(stated(&facts), Some(MultiFactor), "{kind:?}");
    }
    let passkey = facts_with(|facts| facts.proofs = vec![proof(Proved::Passkey, 1)]);
    assert_eq!(stated(&passkey), Some(MultiFactor));
}

#[test]
fn a_statement_is_compared_as_the_service_provider_says() {
    let ppt = PasswordProtectedTransport;
    let table: &[(Comparison, &[&str], &[AuthnContext])] = &[
        (Exact, &[ppt.uri()], &[ppt]),
        (
            Exact,
            &[Password.uri(), MultiFactor.uri()],
            &[Password, MultiFactor],
        ),
        (Exact, &[FOREIGN], &[]),
        (Exact, &[FOREIGN, ppt.uri()], &[ppt]),
        (Minimum, &[ppt.uri()], &[ppt, MultiFactor]),
        (
            Minimum,
            &[MultiFactor.uri(), Password.uri()],
            &[Password, ppt, MultiFactor],
        ),
        (Minimum, &[FOREIGN], &[]),
        (Better, &[Password.uri()], &[ppt, MultiFactor]),
        (Better, &[Password.uri(), ppt.uri()], &[MultiFactor]),
        (Better, &[MultiFactor.uri()], &[]),
        (Better, &[Password.uri(), FOREIGN], &[]),
        (Maximum, &[Password.uri()], &[Unspecified, Password]),
        (
            Maximum,
            &[Unspecified.uri(), ppt.uri()],
            &[Unspecified, Password, ppt],
        ),
        (Maximum, &[FOREIGN], &[]),
        (Exact, &["HTTPS://refeds.org/profile/mfa"], &[]),
        (Exact, &[], &[]),
        (Minimum, &[], &[]),
        (Better, &[], &[]),
        (Maximum, &[], &[]),
    ];
    for (comparison, classes, expected) in table {
        let asked = asking(*comparison, classes);
        let all = AuthnContext::ALL.into_iter();
        let met: Vec<_> = all.filter(|context| asked.is_met_by(*context)).collect();
        assert_eq!(&met, expected, "{asked:?}");
        assert_eq!(asked.weakest(), expected.first().copied(), "{asked:?}");
    }
}

#[test]
fn the_attribute_comparison_has_four_values() {
    let names = ["exact", "minimum", "better", "maximum"];
    let read = names.map(Comparison::from_name);
    assert_eq!(read, [Exact, Minimum, Better, Maximum].map(Some));
    assert_eq!(Comparison::from_name("Exact"), None);
    assert_eq!(Comparison::default(), Exact);
}

#[test]
fn who_signed_in_with_two_factors_can_open_an_application_that_insists_on_a_password() {
    let ppt = PasswordProtectedTransport;
    let table = [
        (asking(Exact, &[ppt.uri()]), ppt),
        (
            asking(Exact, &[Password.uri(), MultiFactor.uri()]),
            Password,
        ),
        (
            asking(Exact, &[FOREIGN, MultiFactor.uri(), ppt.uri()]),
            MultiFactor,
        ),
        (asking(Maximum, &[ppt.uri()]), ppt),
        (asking(Minimum, &[Password.uri()]), MultiFactor),
        (asking(Better, &[Unspecified.uri()]), MultiFactor),
        (asking(Exact, &[Unspecified.uri()]), Unspecified),
    ];
    for (requested, expected) in table {
        let mut facts = two_factors();
        facts.requested = Some(requested.clone());
        assert_eq!(stated(&facts), Some(expected), "{requested:?}");
    }
}

#[test]
fn a_service_provider_that_asks_for_two_factors_gets_them_without_a_policy() {
    for requested in [
        asking(Exact, &[MultiFactor.uri()]),
        asking(Minimum, &[MultiFactor.uri()]),
        asking(Better, &[PasswordProtectedTransport.uri()]),
    ] {
        let mut facts = enrolled(&[Totp]);
        facts.requested = Some(requested);
        let needs = Decision::NeedFactor {
            kinds: kinds(&[Totp]),
        };
        assert_eq!(decide(&[], &facts), needs);
        facts.proofs.push(proof(Proved::Factor(Totp), 1));
        assert_eq!(stated(&facts), Some(MultiFactor));
        // Time to enrol is no reason to say what is not true.
        facts.person.enrolled.clear();
        facts.proofs.truncate(1);
        facts.person.enrolment_ends = Some(NOW + Duration::DAY);
        let enrol = Decision::MustEnrol {
            kinds: kinds(&[Totp, Webauthn]),
            prove_first: FactorKinds::new(),
            until: None,
        };
        assert_eq!(decide(&[], &facts), enrol);
    }
}

#[test]
fn one_of_several_that_will_do_is_enough() {
    let mut facts = facts();
    let either = [MultiFactor.uri(), PasswordProtectedTransport.uri()];
    facts.requested = Some(asking(Exact, &either));
    assert_eq!(stated(&facts), Some(PasswordProtectedTransport));
}

#[test]
fn an_application_that_insists_on_a_password_gets_one_from_who_came_with_a_passkey() {
    let mut facts = facts_with(|facts| facts.proofs = vec![proof(Proved::Passkey, 1)]);
    facts.requested = Some(asking(Exact, &[PasswordProtectedTransport.uri()]));
    let password = Decision::Reauthenticate {
        with: Proving::Password,
    };
    assert_eq!(decide(&[], &facts), password);
    facts.proofs.push(proof(Proved::Password, 0));
    assert_eq!(stated(&facts), Some(PasswordProtectedTransport));
}

#[test]
fn what_nobody_can_state_here_is_refused() {
    for requested in [
        asking(Exact, &[FOREIGN]),
        asking(Minimum, &[FOREIGN]),
        asking(Better, &[MultiFactor.uri()]),
        asking(
            Exact,
            &["urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken"],
        ),
    ] {
        let mut facts = two_factors();
        facts.requested = Some(requested.clone());
        let Decision::Deny { by, text } = decide(&[], &facts) else {
            panic!("not refused: {requested:?}");
        };
        assert_eq!(by, Rule::ServiceProvider);
        assert!(text.contains("AWS Production"), "{text}");
    }
}
