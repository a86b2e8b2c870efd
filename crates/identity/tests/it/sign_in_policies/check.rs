//! Which policies can be saved. Each problem names its field as the API does.

use std::collections::BTreeSet;

use jetway_identity::sign_in_policies::Effect::{AllowWithoutSecondFactor, Deny};
use jetway_identity::sign_in_policies::FactorKind::{RecoveryCode, Totp, Webauthn};
use jetway_identity::sign_in_policies::{
    Applications, Device, Effect, MAX_CHOSEN, MAX_NETWORKS, MAX_POLICIES, MAX_WINDOWS, PolicyRule,
    SignInPolicy, Who, check_policy,
};

use super::build::{
    application, during, group, networks, on, policy, policy_id, require, require_within, window,
    with,
};

/// Of a policy that is fine.
type Change = Box<dyn Fn(&mut PolicyRule)>;

fn fields(policy: &SignInPolicy, others: &[SignInPolicy]) -> Vec<String> {
    let problems = check_policy(policy, others).err();
    let problems = problems.into_iter().flat_map(|invalid| invalid.0);
    problems.map(|problem| problem.field).collect()
}

fn changed(change: impl FnOnce(&mut PolicyRule)) -> Vec<String> {
    fields(&with(policy(1, require(&[Totp])), change), &[])
}

#[test]
fn a_policy_that_can_work_is_accepted() {
    assert_eq!(changed(|_| {}), [""; 0]);
    assert_eq!(
        changed(|rule| rule.effect = AllowWithoutSecondFactor),
        [""; 0]
    );
    assert_eq!(
        changed(|rule| rule.effect = require_within(&[Totp, RecoveryCode], 43_200)),
        [""; 0]
    );
}

#[test]
fn what_cannot_work_is_refused_with_its_field() {
    let always = || window("monday", "08:00", "18:00", "Z");
    let mut nobody = always();
    nobody.days.clear();
    let no_days = during(vec![always(), nobody.clone()], vec![]);
    let no_days_left_out = during(vec![], vec![nobody]);
    let empty = during(vec![window("monday", "08:00", "08:00", "Z")], vec![]);
    let late = during(vec![window("monday", "24:00", "06:00", "Z")], vec![]);
    let table: Vec<(&str, Change)> = vec![
        ("name", Box::new(|rule| rule.name = "  ".to_owned())),
        ("name", Box::new(|rule| rule.name = "x".repeat(129))),
        ("name", Box::new(|rule| rule.name = "two\nlines".to_owned())),
        (
            "who.groups",
            Box::new(|rule| rule.who = Who::Groups(BTreeSet::new())),
        ),
        (
            "application.some",
            Box::new(|rule| rule.application = Applications::Some(BTreeSet::new())),
        ),
        (
            "application.some",
            Box::new(|rule| {
                rule.who = Who::Administrators;
                rule.application = Applications::Some([application(1)].into());
            }),
        ),
        (
            "conditions.times.inside.1.days",
            Box::new(move |rule| rule.conditions = no_days.clone()),
        ),
        (
            "conditions.times.outside.0.days",
            Box::new(move |rule| rule.conditions = no_days_left_out.clone()),
        ),
        (
            "conditions.times.inside.0.until",
            Box::new(move |rule| rule.conditions = empty.clone()),
        ),
        (
            "conditions.times.inside.0.from",
            Box::new(move |rule| rule.conditions = late.clone()),
        ),
        (
            "effect.require_second_factor.kinds",
            Box::new(|rule| rule.effect = require(&[])),
        ),
        (
            "effect.require_second_factor.kinds",
            Box::new(|rule| rule.effect = require(&[RecoveryCode])),
        ),
        (
            "effect.require_second_factor.max_age_minutes",
            Box::new(|rule| rule.effect = require_within(&[Totp], 0)),
        ),
        (
            "effect.require_second_factor.max_age_minutes",
            Box::new(|rule| rule.effect = require_within(&[Totp], 43_201)),
        ),
    ];
    for (field, change) in table {
        assert_eq!(changed(|rule| change(rule)), [field]);
    }
}

#[test]
fn lists_have_a_limit() {
    let many_networks = |count: usize| {
        let texts: Vec<String> = (0..count).map(|n| format!("10.0.{n}.0/24")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (inside, outside) = texts.split_at(1);
        networks(inside, outside)
    };
    let many_windows = |count| during(vec![window("monday", "08:00", "18:00", "Z"); count], vec![]);
    let many_groups = |count: usize| {
        let ids = (0..count).map(|n| format!("{n:024x}").parse().unwrap());
        Who::Groups(ids.collect())
    };
    let refused = |change: &dyn Fn(&mut PolicyRule)| changed(|rule| change(rule));
    assert_eq!(
        refused(&|rule| rule.conditions = many_networks(MAX_NETWORKS)),
        [""; 0]
    );
    assert_eq!(
        refused(&|rule| rule.conditions = many_networks(MAX_NETWORKS + 1)),
        ["conditions.networks"]
    );
    assert_eq!(
        refused(&|rule| rule.conditions = many_windows(MAX_WINDOWS)),
        [""; 0]
    );
    assert_eq!(
        refused(&|rule| rule.conditions = many_windows(MAX_WINDOWS + 1)),
        ["conditions.times"]
    );
    assert_eq!(refused(&|rule| rule.who = many_groups(MAX_CHOSEN)), [""; 0]);
    assert_eq!(
        refused(&|rule| rule.who = many_groups(MAX_CHOSEN + 1)),
        ["who.groups"]
    );
}

#[test]
fn an_organisation_has_a_limited_number_of_policies_with_different_names() {
    let count = u8::try_from(MAX_POLICIES).unwrap();
    let mut others: Vec<_> = (1..=count).map(|n| policy(n, require(&[Totp]))).collect();
    assert_eq!(fields(&policy(100, require(&[Totp])), &others), ["name"]);
    others.pop();
    assert_eq!(fields(&policy(100, require(&[Totp])), &others), [""; 0]);
    let named = |name: &str| {
        with(policy(100, require(&[Totp])), |rule| {
            rule.name = name.to_owned();
        })
    };
    assert_eq!(fields(&named(" POLICY 2 "), &others), ["name"]);
    // The former state of the same policy is not another one.
    let itself = with(named("Policy 2"), |rule| rule.enabled = false);
    let itself = SignInPolicy {
        id: policy_id(2),
        ..itself
    };
    assert_eq!(fields(&itself, &others), [""; 0]);
}

#[test]
fn all_problems_are_reported_at_once() {
    let found = changed(|rule| {
        rule.name.clear();
        rule.who = Who::Groups(BTreeSet::new());
        rule.effect = require(&[]);
    });
    assert_eq!(
        found,
        ["name", "who.groups", "effect.require_second_factor.kinds"]
    );
}

#[test]
fn a_policy_that_would_refuse_every_administrator_always_and_everywhere_is_refused() {
    let whole_week = "monday tuesday wednesday thursday friday saturday sunday";
    let table: Vec<(&str, Change)> = vec![
        ("everyone", Box::new(|_| {})),
        (
            "administrators",
            Box::new(|rule| rule.who = Who::Administrators),
        ),
        (
            "all networks",
            Box::new(|rule| rule.conditions = networks(&["0.0.0.0/0", "::/0"], &[])),
        ),
        (
            "halves",
            Box::new(|rule| {
                rule.conditions = networks(&["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"], &[]);
            }),
        ),
        (
            "whole week",
            Box::new(move |rule| {
                rule.conditions =
                    during(vec![window(whole_week, "00:00", "24:00", "+05:30")], vec![]);
            }),
        ),
        (
            "day and night",
            Box::new(move |rule| {
                let day = window(whole_week, "06:00", "22:00", "Z");
                let night = window(whole_week, "22:00", "06:00", "Z");
                rule.conditions = during(vec![day, night], vec![]);
            }),
        ),
    ];
    for (what, change) in table {
        let denying = with(policy(1, Deny), |rule| change(rule));
        assert_eq!(fields(&denying, &[]), ["effect"], "{what}");
        let off = with(denying, |rule| rule.enabled = false);
        assert_eq!(fields(&off, &[]), [""; 0], "{what}, off");
    }
}

#[test]
fn a_policy_that_leaves_administrators_a_way_in_is_accepted() {
    let whole_week = "monday tuesday wednesday thursday friday saturday sunday";
    let table: Vec<(&str, Change)> = vec![
        (
            "a group",
            Box::new(|rule| rule.who = Who::Groups([group(1)].into())),
        ),
        (
            "an application",
            Box::new(|rule| rule.application = Applications::Some([application(1)].into())),
        ),
        (
            "all but one address",
            Box::new(|rule| rule.conditions = networks(&[], &["192.0.2.7"])),
        ),
        (
            "IPv4 alone",
            Box::new(|rule| rule.conditions = networks(&["0.0.0.0/0"], &[])),
        ),
        (
            "the last address is free",
            Box::new(|rule| {
                rule.conditions = networks(&["::/0", "0.0.0.0/0"], &["255.255.255.255"]);
            }),
        ),
        (
            "new devices",
            Box::new(|rule| rule.conditions = on(Device::New)),
        ),
        (
            "half an hour between two windows",
            Box::new(move |rule| {
                let after = window(whole_week, "12:30", "24:00", "Z");
                let before = window(whole_week, "00:00", "12:00", "Z");
                rule.conditions = during(vec![after, before], vec![]);
            }),
        ),
        (
            "all but one minute",
            Box::new(move |rule| {
                rule.conditions =
                    during(vec![window(whole_week, "08:01", "08:00", "+01:00")], vec![]);
            }),
        ),
    ];
    for (what, change) in table {
        let denying = with(policy(1, Deny), |rule| change(rule));
        assert_eq!(fields(&denying, &[]), [""; 0], "{what}");
    }
}

#[test]
fn policies_that_shut_administrators_out_only_together_are_refused() {
    let refusing = |n, conditions| with(policy(n, Deny), |rule| rule.conditions = conditions);
    let asking = |n, effect: Effect| policy(n, effect);
    let inside = || refusing(1, networks(&["192.0.2.0/24"], &[]));
    let outside = || refusing(2, networks(&[], &["192.0.2.0/24"]));
    let table = [
        (vec![inside(), outside()], true),
        (
            vec![inside(), refusing(2, networks(&[], &["192.0.2.0/25"]))],
            true,
        ),
        (
            vec![inside(), refusing(2, networks(&[], &["192.0.2.0/23"]))],
            false,
        ),
        (
            vec![refusing(1, on(Device::New)), refusing(2, on(Device::Known))],
            true,
        ),
        (
            vec![
                refusing(1, on(Device::New)),
                refusing(2, networks(&[], &["::/0"])),
            ],
            false,
        ),
        (
            vec![asking(1, require(&[Totp])), asking(2, require(&[Webauthn]))],
            true,
        ),
        (
            vec![
                asking(1, require(&[Totp, RecoveryCode])),
                asking(2, require(&[Webauthn, RecoveryCode])),
            ],
            true,
        ),
        (
            vec![
                asking(1, require(&[Totp, Webauthn])),
                asking(2, require(&[Totp])),
            ],
            false,
        ),
        // Administrators can set up an app, and no key.
        (vec![asking(1, require(&[Webauthn]))], true),
        // Where the one asks for what the other does not allow, the second refuses anyway.
        (
            vec![
                inside(),
                asking(2, require(&[Totp])),
                with(asking(3, require(&[Webauthn])), |rule| {
                    rule.conditions = networks(&[], &["192.0.2.0/24"]);
                }),
            ],
            true,
        ),
    ];
    for (policies, shut_out) in table {
        for (index, policy) in policies.iter().enumerate() {
            let mut others = policies.clone();
            others.remove(index);
            let expected: &[&str] = if shut_out { &["effect"] } else { &[] };
            assert_eq!(fields(policy, &others), expected, "{policies:?}");
        }
    }
}

#[test]
fn a_policy_that_loosens_nothing_can_be_saved_while_others_shut_administrators_out() {
    let others = [policy(1, Deny)];
    assert_eq!(
        fields(&policy(2, AllowWithoutSecondFactor), &others),
        [""; 0]
    );
}

#[test]
fn the_largest_set_of_policies_can_be_checked() {
    let refusing = |n: u8| {
        let texts: Vec<String> = (0..MAX_NETWORKS)
            .map(|k| format!("10.{n}.{k}.0/24"))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (inside, outside) = texts.split_at(MAX_NETWORKS / 2);
        let whole_week = "monday tuesday wednesday thursday friday saturday sunday";
        let windows = (0..MAX_WINDOWS).map(|hour| {
            let at = |hour: usize| format!("{hour:02}:{n:02}");
            window(whole_week, &at(hour), &at(hour + 1), "Z")
        });
        let mut conditions = networks(inside, outside);
        conditions.times.outside = windows.collect();
        with(policy(n, Deny), |rule| rule.conditions = conditions)
    };
    let count = u8::try_from(MAX_POLICIES - 5).unwrap();
    let others: Vec<SignInPolicy> = (1..=count).map(refusing).collect();
    assert_eq!(fields(&policy(100, Deny), &others), ["effect"]);
}
