//! What holds for any policies and any sign-in.

use jetway_identity::sign_in_policies::{
    Account, Applications, AuthnContext, Comparison, Conditions, Decision, Device, Effect,
    FactorKind, FactorKinds, Facts, Person, Proof, Proved, Proving, RequestedContext, Rule,
    SecondFactor, SignInPolicy, Target, Times, Who, WithoutFactor, check_policy, decide, simulate,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use time::Duration;

use super::build::{
    NOW, administrator, application, group, networks, policy, policy_id, proof, window,
};

fn any_kinds(least: usize) -> impl Strategy<Value = FactorKinds> {
    subsequence(FactorKind::ALL.to_vec(), least..=4).prop_map(FactorKinds::from_iter)
}

fn any_effect() -> impl Strategy<Value = Effect> {
    let without = select(vec![WithoutFactor::Enrol, WithoutFactor::Deny]);
    let ages = of(select(vec![15, 60]));
    let factor =
        (any_kinds(1), ages, without).prop_map(|(kinds, max_age_minutes, without_factor)| {
            Effect::RequireSecondFactor(SecondFactor {
                kinds,
                max_age_minutes,
                without_factor,
            })
        });
    prop_oneof![
        1 => Just(Effect::Deny),
        1 => Just(Effect::AllowWithoutSecondFactor),
        14 => factor,
    ]
}

fn any_conditions() -> impl Strategy<Value = Conditions> {
    let texts = [
        "192.0.2.0/24",
        "192.0.0.0/8",
        "10.0.0.0/8",
        "::/0",
        "0.0.0.0/0",
    ]
    .to_vec();
    let places = (subsequence(texts.clone(), 0..=3), subsequence(texts, 0..=1));
    let windows = vec![
        window("tuesday wednesday", "08:00", "18:00", "Z"),
        window("monday", "18:00", "12:00", "+01:00"),
        window("sunday", "00:00", "24:00", "-05:00"),
    ];
    let times = (
        subsequence(windows.clone(), 0..=2),
        subsequence(windows, 0..=1),
    );
    let device = select(vec![Device::Any, Device::Any, Device::Known, Device::New]);
    let quiet = Just(Conditions::default());
    let some = (places, times, device).prop_map(|((inside, outside), times, device)| Conditions {
        times: Times {
            inside: times.0,
            outside: times.1,
        },
        device,
        ..networks(&inside, &outside)
    });
    prop_oneof![2 => quiet, 1 => some]
}

fn any_policy() -> impl Strategy<Value = SignInPolicy> {
    let who = prop_oneof![
        4 => Just(Who::Everyone),
        1 => Just(Who::Administrators),
        2 => (1..4_u8).prop_map(|n| Who::Groups([group(n)].into())),
    ];
    let about = prop_oneof![
        3 => Just(Applications::Any),
        1 => (1..3_u8).prop_map(|n| Applications::Some([application(n)].into())),
    ];
    let flags = (prop::bool::weighted(0.9), 0..4_u16, any::<u8>());
    let some = (flags, who, about, any_conditions(), any_effect()).prop_map(
        |((enabled, order, n), who, application, conditions, effect)| {
            let mut policy = policy(n, effect);
            let rule = &mut policy.rule;
            (rule.enabled, rule.order) = (enabled, order);
            (rule.who, rule.application) = (who, application);
            rule.conditions = conditions;
            policy
        },
    );
    let always = (any::<u8>(), any_effect()).prop_map(|(n, effect)| policy(n, effect));
    prop_oneof![1 => some, 2 => always]
}

fn any_person() -> impl Strategy<Value = Person> {
    let user = Account::User(format!("{:024x}", 7).parse().unwrap());
    let administrator = |break_glass| Account::Administrator {
        id: "01900000-0000-7000-8000-00000000aaaa".parse().unwrap(),
        break_glass,
    };
    let account = prop_oneof![
        6 => Just(user),
        2 => Just(administrator(false)),
        1 => Just(administrator(true)),
    ];
    let groups = subsequence(vec![group(1), group(2), group(3)], 0..=3);
    let ends = of(select(vec![
        NOW - Duration::DAY,
        NOW + Duration::DAY,
        NOW + Duration::WEEK,
    ]));
    let enrolled = prop_oneof![1 => Just(FactorKinds::new()), 4 => any_kinds(1)];
    (account, groups, enrolled, ends).prop_map(|(account, groups, enrolled, enrolment_ends)| {
        Person {
            account,
            label: "Road Runner".to_owned(),
            groups: groups.into_iter().collect(),
            enrolled,
            enrolment_ends,
        }
    })
}

fn any_proofs() -> impl Strategy<Value = Vec<Proof>> {
    let factors = FactorKind::ALL.map(Proved::Factor);
    let what: Vec<Proved> = [Proved::Password, Proved::Password, Proved::Passkey]
        .into_iter()
        .chain(factors)
        .collect();
    let minutes = select(vec![-5_i64, 0, 10, 30, 30, 120]);
    let other = (select(what), minutes).prop_map(|(what, minutes)| Proof {
        what,
        at: NOW - Duration::minutes(minutes),
    });
    // Most who open something have given their password a while ago.
    let password = prop::bool::weighted(0.8);
    (password, vec(other, 0..4)).prop_map(|(password, mut proofs)| {
        if password {
            proofs.push(proof(Proved::Password, 240));
        }
        proofs
    })
}

fn any_requested() -> impl Strategy<Value = Option<RequestedContext>> {
    let comparison = select(vec![
        Comparison::Exact,
        Comparison::Minimum,
        Comparison::Better,
        Comparison::Maximum,
    ]);
    let mut uris = AuthnContext::ALL.map(AuthnContext::uri).to_vec();
    uris.push("urn:x");
    let asked = (comparison, vec(select(uris), 1..3)).prop_map(|(comparison, classes)| {
        let classes = classes.into_iter().map(str::to_owned).collect();
        Some(RequestedContext {
            comparison,
            classes,
        })
    });
    prop_oneof![6 => Just(None), 1 => asked]
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let label = "AWS".to_owned();
    let targets = (1..4_u8).prop_map(move |n| Target::Application {
        id: application(n),
        label: label.clone(),
    });
    let target =
        prop_oneof![4 => targets, 1 => Just(Target::UserPortal), 1 => Just(Target::AdminPortal)];
    let address = of(select(vec![
        "192.0.2.7",
        "10.1.2.3",
        "203.0.113.9",
        "2001:db8::1",
    ]));
    let here = (
        address,
        0..168_i64,
        any::<bool>(),
        prop::bool::weighted(0.1),
    );
    (any_person(), target, here, any_proofs(), any_requested()).prop_map(
        |(person, target, (address, hours, device_known, dev), proofs, requested)| {
            let later = Duration::hours(hours);
            let move_on = |proof: Proof| Proof {
                at: proof.at + later,
                ..proof
            };
            let person = Person {
                enrolment_ends: person.enrolment_ends.map(|ends| ends + later),
                ..person
            };
            Facts {
                person,
                target,
                address: address.map(|text| text.parse().unwrap()),
                now: NOW + later,
                device_known,
                proofs: proofs.into_iter().map(move_on).collect(),
                requested,
                dev,
            }
        },
    )
}

/// The factors among which the person can choose, if it is about that.
fn choice(decision: &Decision) -> Option<&FactorKinds> {
    match decision {
        Decision::NeedFactor { kinds }
        | Decision::MustEnrol { kinds, .. }
        | Decision::Reauthenticate {
            with: Proving::Factor(kinds),
        } => Some(kinds),
        _ => None,
    }
}

/// What has the same strictness and offers more factors is laxer too.
fn is_laxer(decision: &Decision, than: &Decision) -> bool {
    if decision.strictness() != than.strictness() {
        return decision.strictness() < than.strictness();
    }
    match (choice(decision), choice(than)) {
        (Some(here), Some(there)) => !here.is_subset(there),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

    #[test]
    fn adding_a_policy_never_makes_a_decision_laxer(
        policies in vec(any_policy(), 0..5), added in any_policy(), facts in any_facts(),
    ) {
        // The one thing that a policy may loosen: that somebody proves a factor because they have one.
        prop_assume!(added.rule.effect != Effect::AllowWithoutSecondFactor);
        let before = decide(&policies, &facts);
        let mut more = policies;
        more.push(added);
        let after = decide(&more, &facts);
        prop_assert!(!is_laxer(&after, &before), "before {before:?}, after {after:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn all_policies_together_are_as_strict_as_the_strictest_alone(
        policies in vec(any_policy(), 1..5), facts in any_facts(),
    ) {
        let loosens = |policy: &SignInPolicy| policy.rule.effect == Effect::AllowWithoutSecondFactor;
        prop_assume!(!policies.iter().any(loosens));
        let together = decide(&policies, &facts);
        for policy in &policies {
            let alone = decide(std::slice::from_ref(policy), &facts);
            prop_assert!(!is_laxer(&together, &alone), "{alone:?}, together {together:?}");
        }
    }

    #[test]
    fn the_order_of_the_list_decides_nothing(
        policies in vec(any_policy(), 0..5).prop_shuffle(), facts in any_facts(),
    ) {
        let decision = decide(&policies, &facts);
        let mut other = policies;
        other.reverse();
        for (place, policy) in other.iter_mut().enumerate() {
            policy.rule.order = u16::try_from(place).unwrap();
        }
        let reordered = decide(&other, &facts);
        // Only who is named may differ.
        prop_assert_eq!(decision.strictness(), reordered.strictness());
        if decision.strictness() < 3 {
            prop_assert_eq!(decision, reordered);
        }
    }

    #[test]
    fn the_simulator_decides_as_the_engine_does(
        policies in vec(any_policy(), 0..5), facts in any_facts(),
    ) {
        let explanation = simulate(&policies, &facts);
        prop_assert_eq!(&explanation.decision, &decide(&policies, &facts));
        prop_assert_eq!(explanation.policies.len(), policies.len());
        prop_assert!(explanation.policies.iter().all(|one| !one.reasons.is_empty()));
    }

    #[test]
    fn the_simulator_says_that_a_policy_matched_exactly_if_it_has_a_say(
        policy in any_policy(), facts in any_facts(),
    ) {
        let matched = simulate(std::slice::from_ref(&policy), &facts).policies[0].matched;
        let mut refusing = policy.clone();
        refusing.rule.effect = Effect::Deny;
        let decision = decide(&[refusing], &facts);
        let refused = matches!(decision, Decision::Deny { by: Rule::Policy { id, .. }, .. } if id == policy.id);
        prop_assert_eq!(matched, refused);
    }

    /// Security.md item 28.
    #[test]
    fn no_policies_let_an_administrator_in_without_a_second_factor_outside_dev(
        policies in vec(any_policy(), 0..5), facts in any_facts(),
    ) {
        let let_in = decide(&policies, &facts).is_allow();
        let factor = |proof: &Proof| proof.what != Proved::Password;
        if let_in && facts.person.account.is_administrator() && !facts.dev {
            prop_assert!(facts.proofs.iter().any(factor));
        }
    }

    #[test]
    fn the_factors_that_are_asked_for_are_those_the_person_has_and_never_none(
        policies in vec(any_policy(), 0..5), facts in any_facts(),
    ) {
        let enrolled = &facts.person.enrolled;
        match decide(&policies, &facts) {
            Decision::NeedFactor { kinds } | Decision::Reauthenticate { with: Proving::Factor(kinds) } => {
                prop_assert!(!kinds.is_empty() && kinds.is_subset(enrolled), "{kinds:?}");
            }
            Decision::MustEnrol { kinds, prove_first, .. } => {
                prop_assert!(!kinds.is_empty() && kinds.is_disjoint(enrolled), "{kinds:?}");
                prop_assert!(prove_first.is_subset(enrolled), "{prove_first:?}");
            }
            _ => {}
        }
    }

    #[test]
    fn what_the_assertion_says_is_what_the_service_provider_asked_for(
        policies in vec(any_policy(), 0..3), facts in any_facts(),
    ) {
        if let (Decision::Allow { authn_context, .. }, Some(asked)) =
            (decide(&policies, &facts), &facts.requested)
        {
            prop_assert!(asked.is_met_by(authn_context));
        }
    }
}

/// Every address, hour and device that the conditions of [`any_policy`] can tell apart.
fn everywhere() -> impl Iterator<Item = Facts> {
    let addresses = [
        "192.0.2.7",
        "192.1.0.1",
        "10.1.2.3",
        "203.0.113.9",
        "2001:db8::1",
    ];
    let places = addresses.into_iter().flat_map(|address| {
        (0..168).flat_map(move |hour| [true, false].map(|known| (address, hour, known)))
    });
    places.map(|(address, hour, device_known)| {
        let mut facts = administrator(false);
        facts.address = Some(address.parse().unwrap());
        facts.now += Duration::hours(hour);
        facts.device_known = device_known;
        // What an administrator can set up.
        facts.person.enrolled = [FactorKind::Totp].into();
        facts
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_policy_is_refused_for_shutting_administrators_out_exactly_if_there_is_no_way_in(
        policies in vec(any_policy(), 1..5), denying in vec(any::<bool>(), 5),
    ) {
        let mut policies = policies;
        for ((policy, n), deny) in policies.iter_mut().zip(0_u8..).zip(denying) {
            policy.id = policy_id(n);
            policy.rule.name = format!("Policy {n}");
            if deny {
                policy.rule.effect = Effect::Deny;
            }
        }
        // The one that is saved has a say.
        let saved = &mut policies[0].rule;
        (saved.enabled, saved.who, saved.application) = (true, Who::Everyone, Applications::Any);
        prop_assume!(saved.effect != Effect::AllowWithoutSecondFactor);
        let problems = check_policy(&policies[0], &policies[1..]).err();
        let fields: Vec<String> = problems
            .into_iter()
            .flat_map(|invalid| invalid.0.into_iter().map(|problem| problem.field))
            .collect();
        prop_assume!(fields.iter().all(|field| field == "effect"));
        let way_in = everywhere().find(|facts| decide(&policies, facts).strictness() < 2);
        prop_assert_eq!(fields.is_empty(), way_in.is_some(), "{:?}", way_in);
    }
}
