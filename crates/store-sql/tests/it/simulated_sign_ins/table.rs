//! Sign-ins and policies, drawn at random.

use std::collections::BTreeSet;

use jetway_identity::sign_in_policies::{
    Applications, Conditions, Day, Device, Effect, FactorKind, Network, Networks, PolicyRule,
    SecondFactor, TimeWindow, Times, Who, WithoutFactor,
};
use jetway_identity::{ApplicationId, GroupId};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use time::Duration;

pub(super) const OFFICE: &str = "192.0.2.7";
pub(super) const ELSEWHERE: &str = "2001:db8::7";
pub(super) const PEOPLE: usize = 7;

/// Somebody signs in and opens something.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) policies: Vec<PolicyRule>,
    /// Which of the people.
    pub(super) person: usize,
    /// Who has a passkey may leave the password out.
    pub(super) without_password: bool,
    pub(super) address: &'static str,
    /// In the browser that they always use.
    pub(super) own_browser: bool,
    /// Since the row before.
    pub(super) pause: Duration,
    /// Before each second factor, in which sign-ins do not run out.
    pub(super) before_factor: Duration,
    /// Between the sign-in and the application, in which sessions do not run out.
    pub(super) before_opening: Duration,
    /// Which of the two applications.
    pub(super) opens: usize,
    /// Which of the factors that are asked for.
    pub(super) choice: usize,
}

/// The same rows each time.
pub(super) fn rows(
    count: usize,
    groups: &[GroupId; 2],
    applications: &[ApplicationId; 2],
) -> Vec<Row> {
    let mut runner = TestRunner::deterministic();
    let row = any_row(*groups, *applications);
    let new = |_| row.new_tree(&mut runner).unwrap().current();
    (0..count).map(new).collect()
}

fn any_row(groups: [GroupId; 2], applications: [ApplicationId; 2]) -> impl Strategy<Value = Row> {
    let policies = vec(any_policy(groups, applications), 0..=4);
    let places = select(vec![OFFICE, ELSEWHERE]);
    let minutes = (1..5_000_i64, 0..10_i64, 0..50_i64);
    (
        (policies, 0..PEOPLE, any::<bool>(), places, any::<bool>()),
        (minutes, 0..2_usize, 0..4_usize),
    )
        .prop_map(|(who, (minutes, opens, choice))| Row {
            policies: who.0,
            person: who.1,
            without_password: who.2,
            address: who.3,
            own_browser: who.4,
            pause: Duration::minutes(minutes.0),
            before_factor: Duration::minutes(minutes.1),
            before_opening: Duration::minutes(minutes.2),
            opens,
            choice,
        })
}

fn any_policy(
    [one, other]: [GroupId; 2],
    [strict, lax]: [ApplicationId; 2],
) -> impl Strategy<Value = PolicyRule> {
    let groups = [[one].into(), [other].into(), [one, other].into()];
    let who = prop_oneof![
        3 => Just(Who::Everyone),
        3 => select(groups.map(Who::Groups).to_vec()),
        1 => Just(Who::Administrators),
    ];
    let some = [[strict].into(), [lax].into(), [strict, lax].into()];
    let application = prop_oneof![
        1 => Just(Applications::Any),
        1 => select(some.map(Applications::Some).to_vec()),
    ];
    let flags = (prop::bool::weighted(0.9), 0..4_u16);
    (flags, who, application, any_conditions(), any_effect()).prop_map(
        |((enabled, order), who, application, conditions, effect)| PolicyRule {
            name: "One of several".to_owned(),
            enabled,
            order,
            who,
            application,
            conditions,
            effect,
        },
    )
}

fn any_conditions() -> impl Strategy<Value = Conditions> {
    let networks = ["192.0.2.0/24", "2001:db8::/32", "10.0.0.0/8"];
    let networks = networks
        .map(|text| text.parse::<Network>().unwrap())
        .to_vec();
    let networks = (
        subsequence(networks.clone(), 0..=1),
        subsequence(networks, 0..=1),
    )
        .prop_map(|(inside, outside)| Networks { inside, outside });
    let window = |days: &[Day], from: &str, until: &str, offset: &str| TimeWindow {
        days: days.iter().copied().collect::<BTreeSet<_>>(),
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
        utc_offset: offset.parse().unwrap(),
    };
    let windows = vec![
        window(&Day::ALL[..5], "08:00", "18:00", "+01:00"),
        window(&Day::ALL, "22:00", "06:00", "-05:00"),
    ];
    let times = (
        subsequence(windows.clone(), 0..=1),
        subsequence(windows, 0..=1),
    )
        .prop_map(|(inside, outside)| Times { inside, outside });
    let device = select(vec![Device::Any, Device::Known, Device::New]);
    let some = (networks, times, device).prop_map(|(networks, times, device)| Conditions {
        networks,
        times,
        device,
    });
    prop_oneof![2 => Just(Conditions::default()), 1 => some]
}

fn any_effect() -> impl Strategy<Value = Effect> {
    let without = select(vec![WithoutFactor::Enrol, WithoutFactor::Deny]);
    let kinds = vec![
        FactorKind::Totp,
        FactorKind::Webauthn,
        FactorKind::Push,
        FactorKind::RecoveryCode,
    ];
    let kinds = subsequence(kinds, 1..=4);
    let factor = (kinds, of(select(vec![2, 15, 60])), without).prop_map(
        |(kinds, max_age_minutes, without_factor)| {
            Effect::RequireSecondFactor(SecondFactor {
                kinds: kinds.into_iter().collect(),
                max_age_minutes,
                without_factor,
            })
        },
    );
    prop_oneof![
        1 => Just(Effect::Deny),
        2 => Just(Effect::AllowWithoutSecondFactor),
        7 => factor,
    ]
}
