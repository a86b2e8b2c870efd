//! Short ways to write policies and facts. The person of the facts is a user with the groups 1 and
//! 2 and a password proved a minute ago, who opens the application 1 from the office on a Tuesday.

use jetway_identity::sign_in_policies::{
    Account, Applications, Conditions, Device, Effect, FactorKind, FactorKinds, Facts, Network,
    Networks, Person, PolicyRule, Proof, Proved, SecondFactor, SignInPolicy, Target, TimeWindow,
    Times, Who, WithoutFactor,
};
use jetway_identity::{ApplicationId, GroupId, SignInPolicyId};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// A Tuesday.
pub(super) const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 UTC);

pub(super) fn group(n: u8) -> GroupId {
    format!("{n:024x}").parse().unwrap()
}

pub(super) fn application(n: u8) -> ApplicationId {
    format!("{n:024x}").parse().unwrap()
}

pub(super) fn policy_id(n: u8) -> SignInPolicyId {
    let id = format!("01900000-0000-7000-8000-0000000000{n:02x}");
    id.parse().unwrap()
}

/// For everyone and everything, always.
pub(super) fn policy(n: u8, effect: Effect) -> SignInPolicy {
    SignInPolicy {
        id: policy_id(n),
        rule: PolicyRule {
            name: format!("Policy {n}"),
            enabled: true,
            order: u16::from(n),
            who: Who::Everyone,
            application: Applications::Any,
            conditions: Conditions::default(),
            effect,
        },
    }
}

pub(super) fn with(mut policy: SignInPolicy, change: impl FnOnce(&mut PolicyRule)) -> SignInPolicy {
    change(&mut policy.rule);
    policy
}

pub(super) fn kinds(kinds: &[FactorKind]) -> FactorKinds {
    kinds.iter().copied().collect()
}

pub(super) fn require(allowed: &[FactorKind]) -> Effect {
    Effect::RequireSecondFactor(SecondFactor {
        kinds: kinds(allowed),
        max_age_minutes: None,
        without_factor: WithoutFactor::Enrol,
    })
}

pub(super) fn require_within(allowed: &[FactorKind], minutes: u32) -> Effect {
    Effect::RequireSecondFactor(SecondFactor {
        kinds: kinds(allowed),
        max_age_minutes: Some(minutes),
        without_factor: WithoutFactor::Enrol,
    })
}

pub(super) fn require_or_deny(allowed: &[FactorKind]) -> Effect {
    Effect::RequireSecondFactor(SecondFactor {
        kinds: kinds(allowed),
        max_age_minutes: None,
        without_factor: WithoutFactor::Deny,
    })
}

pub(super) fn networks(inside: &[&str], outside: &[&str]) -> Conditions {
    let read = |texts: &[&str]| -> Vec<Network> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    };
    Conditions {
        networks: Networks {
            inside: read(inside),
            outside: read(outside),
        },
        ..Conditions::default()
    }
}

pub(super) fn window(days: &str, from: &str, until: &str, utc_offset: &str) -> TimeWindow {
    let days: Vec<&str> = days.split(' ').collect();
    let json = serde_json::json!({
        "days": days, "from": from, "until": until, "utc_offset": utc_offset,
    });
    serde_json::from_value(json).unwrap()
}

pub(super) fn during(inside: Vec<TimeWindow>, outside: Vec<TimeWindow>) -> Conditions {
    Conditions {
        times: Times { inside, outside },
        ..Conditions::default()
    }
}

pub(super) fn on(device: Device) -> Conditions {
    Conditions {
        device,
        ..Conditions::default()
    }
}

pub(super) fn facts() -> Facts {
    Facts {
        person: Person {
            account: Account::User(format!("{:024x}", 7).parse().unwrap()),
            label: "Road Runner".to_owned(),
            groups: [group(1), group(2)].into(),
            enrolled: FactorKinds::new(),
            enrolment_ends: None,
        },
        target: Target::Application {
            id: application(1),
            label: "AWS Production".to_owned(),
        },
        address: Some("192.0.2.7".parse().unwrap()),
        now: NOW,
        device_known: true,
        proofs: vec![proof(Proved::Password, 1)],
        requested: None,
        dev: false,
    }
}

pub(super) fn facts_with(change: impl FnOnce(&mut Facts)) -> Facts {
    let mut facts = facts();
    change(&mut facts);
    facts
}

pub(super) fn enrolled(kinds: &[FactorKind]) -> Facts {
    facts_with(|facts| facts.person.enrolled = self::kinds(kinds))
}

pub(super) fn proof(what: Proved, minutes_ago: i64) -> Proof {
    Proof {
        what,
        at: NOW - Duration::minutes(minutes_ago),
    }
}

pub(super) fn administrator(break_glass: bool) -> Facts {
    facts_with(|facts| {
        facts.person.account = Account::Administrator {
            id: "01900000-0000-7000-8000-00000000aaaa".parse().unwrap(),
            break_glass,
        };
        facts.person.groups.clear();
        facts.target = Target::AdminPortal;
    })
}
