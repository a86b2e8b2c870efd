//! Whether a policy is about a sign-in.

use std::net::IpAddr;

use time::OffsetDateTime;

use super::facts::{Facts, Target};
use super::network::Network;
use super::policy::{Applications, Device, Networks, SignInPolicy, Times, Who};
use super::times::TimeWindow;

/// Why a policy is not about a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mismatch<'a> {
    /// It is off.
    Off,
    /// The account is exempt from all policies.
    BreakGlass,
    /// It is for others.
    Who,
    /// Something else is opened.
    Application,
    /// The address is in none of the networks.
    NotInside(&'a [Network]),
    /// The address is in a network that it leaves out.
    Inside(Network),
    /// The instant is in none of the windows.
    NotDuring(&'a [TimeWindow]),
    /// The instant is in a window that it leaves out.
    During(&'a TimeWindow),
    /// It is for other devices.
    Device,
}

/// All that keeps the policy from being about the sign-in; empty if it is.
pub(super) fn mismatches<'a>(policy: &'a SignInPolicy, facts: &Facts) -> Vec<Mismatch<'a>> {
    let rule = &policy.rule;
    let mut found = Vec::new();
    if !rule.enabled {
        found.push(Mismatch::Off);
    }
    if facts.person.account.is_break_glass() {
        found.push(Mismatch::BreakGlass);
    }
    if !is_for(&rule.who, facts) {
        found.push(Mismatch::Who);
    }
    if !is_about(&rule.application, &facts.target) {
        found.push(Mismatch::Application);
    }
    found.extend(place(&rule.conditions.networks, facts.address));
    found.extend(time(&rule.conditions.times, facts.now));
    let fits = match rule.conditions.device {
        Device::Any => true,
        Device::Known => facts.device_known,
        Device::New => !facts.device_known,
    };
    if !fits {
        found.push(Mismatch::Device);
    }
    found
}

fn is_for(who: &Who, facts: &Facts) -> bool {
    match who {
        Who::Everyone => true,
        Who::Groups(groups) => !groups.is_disjoint(&facts.person.groups),
        Who::Administrators => facts.person.account.is_administrator(),
    }
}

fn is_about(applications: &Applications, target: &Target) -> bool {
    match (applications, target) {
        (Applications::Any, _) => true,
        (Applications::Some(ids), Target::Application { id, .. }) => ids.contains(id),
        (Applications::Some(_), Target::UserPortal | Target::AdminPortal) => false,
    }
}

/// What keeps the networks from fitting. An address that is not known fits them.
pub(super) fn place(networks: &Networks, address: Option<IpAddr>) -> Option<Mismatch<'_>> {
    let address = address?;
    let inside = &networks.inside;
    if !inside.is_empty() && !inside.iter().any(|network| network.contains(address)) {
        return Some(Mismatch::NotInside(inside));
    }
    let mut outside = networks.outside.iter();
    let left_out = outside.find(|network| network.contains(address));
    left_out.map(|network| Mismatch::Inside(*network))
}

/// What keeps the windows from fitting.
pub(super) fn time(times: &Times, now: OffsetDateTime) -> Option<Mismatch<'_>> {
    let inside = &times.inside;
    if !inside.is_empty() && !inside.iter().any(|window| window.contains(now)) {
        return Some(Mismatch::NotDuring(inside));
    }
    let mut outside = times.outside.iter();
    let left_out = outside.find(|window| window.contains(now));
    left_out.map(Mismatch::During)
}
