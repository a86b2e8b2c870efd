//! "What would happen if": sentences for the admin portal.

use jetway_identity::sign_in_policies::FactorKind::{RecoveryCode, Totp, Webauthn};
use jetway_identity::sign_in_policies::{
    Applications, Device, Effect, Facts, PolicyRule, Proved, SignInPolicy, Who, simulate,
};
use time::Duration;

use super::build::{
    NOW, administrator, application, during, enrolled, facts, facts_with, group, kinds, networks,
    on, policy, proof, require, require_or_deny, require_within, window, with,
};

fn reasons(policy: SignInPolicy, facts: &Facts) -> Vec<String> {
    let mut explanation = simulate(&[policy], facts);
    let explained = explanation.policies.remove(0);
    assert!(!explained.matched, "{explained:?}");
    explained.reasons
}

#[test]
fn the_question_says_who_opens_what_from_where_and_when() {
    let mut facts = facts();
    assert_eq!(
        simulate(&[], &facts).question,
        "What would happen if Road Runner opens AWS Production from 192.0.2.7 on a known device, 2026-11-24 10:00 UTC?"
    );
    facts.address = None;
    facts.device_known = false;
    assert!(
        simulate(&[], &facts)
            .question
            .contains("from an unknown address on a new device")
    );
}

#[test]
fn it_says_what_the_session_is_taken_to_have_proved() {
    let mut facts = enrolled(&[Totp]);
    facts.proofs.insert(0, proof(Proved::Factor(Totp), 0));
    assert_eq!(
        simulate(&[], &facts).proved,
        "Proved so far: the password one minute ago, a code of an authenticator app just now."
    );
    facts.proofs.clear();
    assert_eq!(simulate(&[], &facts).proved, "Nothing has been proved yet.");
}

#[test]
fn each_policy_says_which_condition_kept_it_from_matching() {
    let deny =
        |change: &dyn Fn(&mut PolicyRule)| with(policy(1, Effect::Deny), |rule| change(rule));
    let office = || vec![window("monday friday", "08:00", "18:00", "+05:30")];
    let table = [
        (deny(&|rule| rule.enabled = false), "It is switched off."),
        (
            deny(&|rule| rule.who = Who::Administrators),
            "It is for administrators, and Road Runner is not one.",
        ),
        (
            deny(&|rule| rule.who = Who::Groups([group(9)].into())),
            "It is for members of groups that Road Runner is not in.",
        ),
        (
            deny(&|rule| rule.application = Applications::Some([application(9)].into())),
            "It is for other applications than AWS Production.",
        ),
        (
            deny(&|rule| {
                let many = [
                    "10.0.0.0/8",
                    "11.0.0.0/8",
                    "12.0.0.0/8",
                    "13.0.0.0/8",
                    "::/8",
                ];
                rule.conditions = networks(&many, &[]);
            }),
            "It is for sign-ins from 10.0.0.0/8, 11.0.0.0/8, 12.0.0.0/8 or 2 more, and 192.0.2.7 is not in there.",
        ),
        (
            deny(&|rule| rule.conditions = networks(&[], &["192.0.2.0/24"])),
            "It leaves out 192.0.2.0/24, and 192.0.2.7 is in there.",
        ),
        (
            deny(&|rule| rule.conditions = during(office(), vec![])),
            "It holds Monday, Friday from 08:00 to 18:00 (UTC+05:30); it is Tuesday 15:30 (UTC+05:30) now.",
        ),
        (
            deny(&|rule| {
                let days = "monday tuesday wednesday thursday friday saturday sunday";
                rule.conditions = during(vec![], vec![window(days, "09:00", "11:00", "Z")]);
            }),
            "It leaves out every day from 09:00 to 11:00 (UTC+00:00); it is Tuesday 10:00 (UTC+00:00) now.",
        ),
        (
            deny(&|rule| rule.conditions = on(Device::New)),
            "It is for new devices, and this one is known.",
        ),
    ];
    for (policy, expected) in table {
        assert_eq!(reasons(policy, &facts()), [expected]);
    }
    let new = facts_with(|facts| facts.device_known = false);
    let known = with(policy(1, Effect::Deny), |rule| {
        rule.conditions = on(Device::Known);
    });
    assert_eq!(
        reasons(known, &new),
        ["It is for known devices, and this one is new."]
    );
}

#[test]
fn all_conditions_that_do_not_hold_are_said() {
    let policy = with(policy(1, Effect::Deny), |rule| {
        rule.enabled = false;
        rule.who = Who::Administrators;
        rule.conditions = on(Device::New);
    });
    assert_eq!(reasons(policy, &facts()).len(), 3);
}

#[test]
fn policies_that_match_say_what_they_ask() {
    let table = [
        (Effect::Deny, "It applies, and refuses the sign-in."),
        (
            Effect::AllowWithoutSecondFactor,
            "It applies, and asks for nothing more, also of people who have a second factor. What other policies ask still holds.",
        ),
        (
            require_within(&[Totp, Webauthn, RecoveryCode], 15),
            "It applies, and asks for a code of an authenticator app, a passkey or security key or a recovery code, proved at most 15 minutes ago. People without one have to enrol one.",
        ),
        (
            require_or_deny(&[Webauthn]),
            "It applies, and asks for a passkey or security key. People without one are refused.",
        ),
    ];
    for (effect, expected) in table {
        let explanation = simulate(&[policy(1, effect)], &facts());
        assert!(explanation.policies[0].matched);
        assert_eq!(explanation.policies[0].reasons, [expected]);
    }
}

#[test]
fn a_condition_that_holds_because_the_address_is_not_known_is_said() {
    let nowhere = facts_with(|facts| facts.address = None);
    let policy = with(policy(1, Effect::Deny), |rule| {
        rule.conditions = networks(&["10.0.0.0/8"], &[]);
    });
    let explanation = simulate(&[policy], &nowhere);
    assert_eq!(
        explanation.policies[0].reasons[1],
        "The address is not known, so that its condition on networks counts as met."
    );
}

#[test]
fn policies_are_listed_in_their_order() {
    let policies = [
        with(policy(1, Effect::Deny), |rule| rule.order = 7),
        with(policy(2, Effect::Deny), |rule| rule.order = 3),
    ];
    let explanation = simulate(&policies, &facts());
    let names: Vec<_> = explanation
        .policies
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["Policy 2", "Policy 1"]);
}

#[test]
fn the_rules_without_a_policy_are_said_where_they_apply() {
    assert!(simulate(&[], &facts()).built_in.is_empty());
    assert_eq!(
        simulate(&[], &administrator(false)).built_in,
        ["Administrators always need a second factor."]
    );
    let emergency = simulate(&[policy(1, Effect::Deny)], &administrator(true));
    assert!(emergency.built_in[1].contains("no policy applies to it"));
    assert_eq!(
        emergency.policies[0].reasons,
        ["Emergency accounts are exempt from policies."]
    );
}

#[test]
fn the_answer_is_a_sentence() {
    let with_code = || {
        let mut facts = enrolled(&[Totp]);
        facts.proofs.push(proof(Proved::Factor(Totp), 20));
        facts
    };
    let in_time = facts_with(|facts| facts.person.enrolment_ends = Some(NOW + Duration::DAY));
    let table = [
        (
            None,
            facts(),
            "Road Runner is let in to AWS Production, as signed in by password.",
        ),
        (
            None,
            with_code(),
            "Road Runner is let in to AWS Production, as signed in with two factors.",
        ),
        (
            Some(require(&[Totp])),
            in_time,
            "Road Runner is let in to AWS Production without a second factor, and is reminded to enrol one until 2026-11-25 10:00 UTC.",
        ),
        (
            Some(Effect::Deny),
            facts(),
            "Road Runner is refused: the policy “Policy 1” does not let the sign-in to AWS Production through.",
        ),
        (
            Some(require(&[Totp])),
            enrolled(&[Totp]),
            "Road Runner is asked for a code of an authenticator app.",
        ),
        (
            Some(require(&[Webauthn])),
            enrolled(&[Totp]),
            "Road Runner has to enrol a passkey or security key before opening AWS Production, after proving a code of an authenticator app.",
        ),
        (
            Some(require_within(&[Totp], 15)),
            with_code(),
            "Road Runner is asked again for a code of an authenticator app, because the last proof is too old.",
        ),
        (
            None,
            facts_with(|facts| facts.proofs.clear()),
            "Road Runner is asked to sign in with the password or a passkey.",
        ),
    ];
    for (effect, facts, expected) in table {
        let policies: Vec<_> = effect.map(|effect| policy(1, effect)).into_iter().collect();
        assert_eq!(simulate(&policies, &facts).answer, expected);
    }
    let mut emergency = administrator(true);
    emergency.person.enrolled = kinds(&[]);
    assert_eq!(
        simulate(&[], &emergency).answer,
        "Road Runner is refused: the rule that emergency accounts need their own factor does not let the sign-in to the admin portal through."
    );
}
