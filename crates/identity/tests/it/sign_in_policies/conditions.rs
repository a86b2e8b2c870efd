//! When a policy is about a sign-in. Each row puts one policy that refuses, and says whether it does.

use jetway_identity::sign_in_policies::{
    Applications, Conditions, Device, Effect, Facts, Network, PolicyRule, Target, Who,
    conditions_in_words, decide,
};
use time::OffsetDateTime;
use time::macros::datetime;

use super::build::{
    administrator, application, during, facts, facts_with, group, networks, on, policy, window,
    with,
};

fn refuses(change: impl FnOnce(&mut PolicyRule), facts: &Facts) -> bool {
    let policy = with(policy(1, Effect::Deny), change);
    // An administrator who is not refused has to enrol a factor.
    decide(&[policy], facts).strictness() == 3
}

fn refuses_when(conditions: &Conditions, facts: &Facts) -> bool {
    refuses(|rule| rule.conditions = conditions.clone(), facts)
}

#[test]
fn a_policy_is_for_everyone_for_groups_or_for_administrators() {
    let table = [
        (Who::Everyone, true, true),
        (Who::Groups([group(2), group(3)].into()), true, false),
        (Who::Groups([group(3)].into()), false, false),
        (Who::Administrators, false, true),
    ];
    for (who, user, admin) in table {
        assert_eq!(
            refuses(|rule| rule.who = who.clone(), &facts()),
            user,
            "{who:?}"
        );
        let facts = administrator(false);
        assert_eq!(
            refuses(|rule| rule.who = who.clone(), &facts),
            admin,
            "{who:?}"
        );
    }
}

#[test]
fn a_policy_for_some_applications_is_not_about_others_or_a_portal() {
    let some = Applications::Some([application(1), application(2)].into());
    let target = |n| Target::Application {
        id: application(n),
        label: "AWS".to_owned(),
    };
    let table = [
        (target(1), true),
        (target(2), true),
        (target(3), false),
        (Target::UserPortal, false),
        (Target::AdminPortal, false),
    ];
    for (target, expected) in table {
        let facts = facts_with(|facts| facts.target = target.clone());
        let applies = refuses(|rule| rule.application = some.clone(), &facts);
        assert_eq!(applies, expected, "{target:?}");
        assert!(refuses(|rule| rule.application = Applications::Any, &facts));
    }
}

#[test]
fn networks_hold_inside_any_of_them_and_outside_all_of_them() {
    let inside = networks(&["192.0.2.0/24", "2001:db8::/32", "198.51.100.9"], &[]);
    let outside = networks(&[], &["192.0.2.0/24", "2001:db8::/32", "198.51.100.9"]);
    let table = [
        ("192.0.2.0", true),
        ("192.0.2.255", true),
        ("192.0.3.0", false),
        ("192.0.1.255", false),
        ("2001:db8::1", true),
        ("2001:db9::", false),
        ("198.51.100.9", true),
        ("198.51.100.10", false),
        // IPv4 as a dual-stack socket reports it.
        ("::ffff:192.0.2.7", true),
        ("::ffff:192.0.3.7", false),
    ];
    for (address, is_inside) in table {
        let facts = facts_with(|facts| facts.address = Some(address.parse().unwrap()));
        assert_eq!(refuses_when(&inside, &facts), is_inside, "{address}");
        assert_eq!(refuses_when(&outside, &facts), !is_inside, "{address}");
    }
}

#[test]
fn a_network_can_be_left_out_of_another() {
    let conditions = networks(&["10.0.0.0/8"], &["10.1.0.0/16"]);
    for (address, expected) in [("10.0.0.1", true), ("10.1.0.1", false), ("11.0.0.1", false)] {
        let facts = facts_with(|facts| facts.address = Some(address.parse().unwrap()));
        assert_eq!(refuses_when(&conditions, &facts), expected, "{address}");
    }
}

#[test]
fn nobody_gets_out_of_a_policy_by_hiding_the_address() {
    let facts = facts_with(|facts| facts.address = None);
    for conditions in [
        networks(&["192.0.2.0/24"], &[]),
        networks(&[], &["192.0.2.0/24"]),
    ] {
        assert!(refuses_when(&conditions, &facts), "{conditions:?}");
    }
}

#[test]
fn a_network_that_is_probably_a_mistake_is_refused_with_what_was_meant() {
    let table = [
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("2001:db8::1/64", "2001:db8::/64"),
        ("::ffff:192.0.2.0/120", "write it as an IPv4 network"),
        ("::ffff:192.0.2.7", "write it as an IPv4 network"),
        ("192.0.2.0/33", "not a network"),
        ("192.0.2", "not a network"),
        ("office", "not a network"),
        ("", "not a network"),
        ("192.0.2.0/24, 10.0.0.0/8", "not a network"),
    ];
    for (text, expected) in table {
        let error = text.parse::<Network>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

fn at(now: OffsetDateTime) -> Facts {
    facts_with(|facts| facts.now = now)
}

#[test]
fn times_hold_from_their_first_minute_to_before_their_end_at_their_place() {
    let days = "monday tuesday wednesday thursday friday";
    // 08:00 there is 06:00 UTC.
    let office = || vec![window(days, "08:00", "18:00", "+02:00")];
    let table = [
        (datetime!(2026-11-24 05:59:59.999 UTC), false),
        (datetime!(2026-11-24 06:00 UTC), true),
        (datetime!(2026-11-24 15:59:59.999 UTC), true),
        (datetime!(2026-11-24 16:00 UTC), false),
        // The instant counts, not the way it is written.
        (datetime!(2026-11-24 20:00 +12:00), true),
        (datetime!(2026-11-28 10:00 UTC), false),
        (datetime!(2026-11-29 10:00 UTC), false),
        (datetime!(2026-11-30 10:00 UTC), true),
    ];
    for (now, expected) in table {
        assert_eq!(
            refuses_when(&during(office(), vec![]), &at(now)),
            expected,
            "{now}"
        );
        assert_eq!(
            refuses_when(&during(vec![], office()), &at(now)),
            !expected,
            "{now}"
        );
    }
}

#[test]
fn a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
    let night = during(vec![window("sunday", "22:00", "06:00", "Z")], vec![]);
    let table = [
        (datetime!(2026-11-29 21:59 UTC), false),
        (datetime!(2026-11-29 22:00 UTC), true),
        (datetime!(2026-11-30 05:59 UTC), true),
        (datetime!(2026-11-30 06:00 UTC), false),
        (datetime!(2026-11-29 03:00 UTC), false),
    ];
    for (now, expected) in table {
        assert_eq!(refuses_when(&night, &at(now)), expected, "{now}");
    }
}

#[test]
fn the_day_of_the_week_is_the_local_one() {
    let far_east = during(vec![window("monday", "00:00", "24:00", "+14:00")], vec![]);
    let far_west = during(vec![window("sunday", "00:00", "24:00", "-12:00")], vec![]);
    let table = [
        (datetime!(2026-11-29 09:59 UTC), false, false),
        (datetime!(2026-11-29 10:00 UTC), true, false),
        (datetime!(2026-11-29 12:00 UTC), true, true),
        (datetime!(2026-11-30 09:59 UTC), true, true),
        (datetime!(2026-11-30 10:00 UTC), false, true),
        (datetime!(2026-11-30 12:00 UTC), false, false),
    ];
    for (now, east, west) in table {
        assert_eq!(refuses_when(&far_east, &at(now)), east, "east, {now}");
        assert_eq!(refuses_when(&far_west, &at(now)), west, "west, {now}");
    }
}

#[test]
fn a_policy_can_be_about_new_or_known_devices() {
    for (device, known, new) in [
        (Device::Any, true, true),
        (Device::Known, true, false),
        (Device::New, false, true),
    ] {
        for (device_known, expected) in [(true, known), (false, new)] {
            let facts = facts_with(|facts| facts.device_known = device_known);
            assert_eq!(refuses_when(&on(device), &facts), expected, "{device:?}");
        }
    }
}

#[test]
fn all_conditions_of_a_policy_must_hold() {
    let mut conditions = networks(&["192.0.2.0/24"], &[]);
    conditions.device = Device::New;
    conditions.times = during(vec![window("tuesday", "00:00", "24:00", "Z")], vec![]).times;
    let fitting = || facts_with(|facts| facts.device_known = false);
    assert!(refuses_when(&conditions, &fitting()));
    let changes: [fn(&mut Facts); 3] = [
        |facts| facts.address = Some("203.0.113.1".parse().unwrap()),
        |facts| facts.device_known = true,
        |facts| facts.now += time::Duration::DAY,
    ];
    for change in changes {
        let mut facts = fitting();
        change(&mut facts);
        assert!(!refuses_when(&conditions, &facts), "{facts:?}");
    }
}

/// What the list of policies says.
#[test]
fn conditions_are_said_in_words_and_a_long_list_stays_a_sentence() {
    assert!(conditions_in_words(&Conditions::default()).is_empty());
    let all = Conditions {
        networks: networks(
            &["192.0.2.0/24"],
            &[
                "10.0.0.0/8",
                "172.16.0.0/12",
                "192.168.0.0/16",
                "2001:db8::/32",
            ],
        )
        .networks,
        times: during(
            vec![window("friday saturday", "22:00", "06:00", "+01:00")],
            vec![window("sunday", "00:00", "24:00", "Z")],
        )
        .times,
        device: Device::New,
    };
    let words = [
        "From 192.0.2.0/24.",
        "Not from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 1 more.",
        "On Friday, Saturday from 22:00 to 06:00 (UTC+01:00).",
        "Not on Sunday from 00:00 to 24:00 (UTC+00:00).",
        "With a new browser.",
    ];
    assert_eq!(conditions_in_words(&all), words);
    assert_eq!(
        conditions_in_words(&on(Device::Known)),
        ["With a known browser."]
    );
}
