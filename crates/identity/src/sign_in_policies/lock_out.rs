//! Whether policies leave administrators any way in.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use time::OffsetDateTime;
use time::macros::date;

use super::FactorKind;
use super::decision::Rule;
use super::demand::Demand;
use super::matching::{place, time};
use super::network::Network;
use super::policy::{Applications, Device, Effect, SignInPolicy, Who};

/// Most combinations of place, time and device that are looked at. Policies that people write have
/// a handful.
const MOST: usize = 100_000;

/// Whether `policy` together with `others` refuses administrators the admin portal from every
/// address, at every time and on every device. Never if `policy` adds nothing to that.
///
/// Conditions only change at the ends of networks and windows, so looking there is looking
/// everywhere. An address, a time and a device are each one bit mask: the policies that fit. Fewer
/// policies are never stricter, so the smallest masks will do. Whoever has more than [`MOST`]
/// combinations of those, and no way in among the first, is told that there is none.
pub(super) fn locks_administrators_out(policy: &SignInPolicy, others: &[&SignInPolicy]) -> bool {
    if !concerns_administrators(policy) {
        return false;
    }
    let others = others.iter().copied();
    let mut policies: Vec<&SignInPolicy> = others
        .filter(|other| concerns_administrators(other))
        .collect();
    policies.push(policy);
    let by_address = masks(&policies, addresses(&policies), |policy, address| {
        place(&policy.rule.conditions.networks, Some(address)).is_none()
    });
    let by_time = masks(&policies, instants(&policies), |policy, now| {
        time(&policy.rule.conditions.times, now).is_none()
    });
    let by_device = masks(&policies, [Device::Known, Device::New], |policy, device| {
        let wanted = policy.rule.conditions.device;
        wanted == Device::Any || wanted == device
    });
    let places = by_address
        .iter()
        .flat_map(|address| by_time.iter().map(move |time| address & time));
    let all = places.flat_map(|place| by_device.iter().map(move |device| place & device));
    let mut tried = BTreeSet::new();
    !all.take(MOST)
        .any(|matching| tried.insert(matching) && admits(&policies, matching))
}

fn concerns_administrators(policy: &SignInPolicy) -> bool {
    let rule = &policy.rule;
    rule.enabled
        && rule.application == Applications::Any
        && matches!(rule.who, Who::Everyone | Who::Administrators)
        && rule.effect != Effect::AllowWithoutSecondFactor
}

/// The smallest sets of policies that fit at the places.
fn masks<T: Copy>(
    policies: &[&SignInPolicy],
    places: impl IntoIterator<Item = T>,
    fits: impl Fn(&SignInPolicy, T) -> bool,
) -> Vec<u128> {
    let mask = |place| {
        let bits = policies.iter().enumerate();
        bits.filter(|(_, policy)| fits(policy, place))
            .fold(0, |mask, (index, _)| mask | 1_u128 << index)
    };
    let masks: BTreeSet<u128> = places.into_iter().map(mask).collect();
    let contains_another = |mask: u128| masks.iter().any(|one| *one != mask && one & mask == *one);
    let smallest = masks.iter().filter(|mask| !contains_another(**mask));
    smallest.copied().collect()
}

/// Every address at which a condition can begin or cease to hold.
fn addresses(policies: &[&SignInPolicy]) -> BTreeSet<IpAddr> {
    let networks = policies.iter().flat_map(|policy| {
        let networks = &policy.rule.conditions.networks;
        networks.inside.iter().chain(&networks.outside)
    });
    let lowest = [
        IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    ];
    networks.flat_map(Network::edges).chain(lowest).collect()
}

/// Every time of the week at which a condition can begin or cease to hold, in some week.
fn instants(policies: &[&SignInPolicy]) -> BTreeSet<OffsetDateTime> {
    let week = date!(2026 - 01 - 05);
    let windows = policies.iter().flat_map(|policy| {
        let times = &policy.rule.conditions.times;
        times.inside.iter().chain(&times.outside)
    });
    let edges = windows.flat_map(|window| window.edges(week));
    edges.chain([week.midnight().assume_utc()]).collect()
}

/// Whether an administrator gets in where these policies match, with an authenticator app: the only
/// factor that an administrator can set up.
fn admits(policies: &[&SignInPolicy], matching: u128) -> bool {
    let mut demand = Demand::default();
    for (index, policy) in policies.iter().enumerate() {
        if matching >> index & 1 == 1 {
            demand.add(Rule::Administrators, &policy.rule.effect);
        }
    }
    let possible = demand
        .factor
        .is_none_or(|factor| factor.kinds.contains(&FactorKind::Totp));
    demand.denied_by.is_none() && possible
}
