//! How often a sign-in failed of late, by the address it came from.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

/// Failures that are free.
const FREE: u32 = 5;
/// Seconds after which failures are forgotten, counted from the first.
const WINDOW: i64 = 5 * 60;
/// How many counters are kept; when there are more, the oldest go.
const MAX_KEPT: usize = 10_000;

/// Counters of failures.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<IpAddr, Counter>>);

#[derive(Clone, Copy, Debug)]
struct Counter {
    /// Unix seconds of the first failure.
    since: i64,
    failures: u32,
}

impl Counter {
    fn is_over(&self, now: i64) -> bool {
        now - self.since >= WINDOW
    }
}

impl Attempts {
    /// Seconds to wait, when the address has failed too often; `now` in Unix seconds.
    pub(super) fn wait(&self, address: Option<IpAddr>, now: i64) -> Option<i64> {
        let counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counters
            .get(&network(address))
            .filter(|counter| counter.failures >= FREE && !counter.is_over(now))
            .map(|counter| counter.since + WINDOW - now)
    }

    /// One more failure.
    pub(super) fn failed(&self, address: Option<IpAddr>, now: i64) {
        let network = network(address);
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= MAX_KEPT && !counters.contains_key(&network) {
            counters.retain(|_, counter| !counter.is_over(now));
        }
        if counters.len() >= MAX_KEPT && !counters.contains_key(&network) {
            let oldest = counters.iter().min_by_key(|(_, counter)| counter.since);
            if let Some(oldest) = oldest.map(|(address, _)| *address) {
                counters.remove(&oldest);
            }
        }
        let fresh = Counter {
            since: now,
            failures: 0,
        };
        let counter = counters.entry(network).or_insert(fresh);
        if counter.is_over(now) {
            *counter = fresh;
        }
        counter.failures = counter.failures.saturating_add(1);
    }

    /// Somebody has signed in from there.
    pub(super) fn succeeded(&self, address: Option<IpAddr>) {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counters.remove(&network(address));
    }
}

/// What counts as one place: an IPv4 address, or the /64 that a subscriber of IPv6 has.
fn network(address: Option<IpAddr>) -> IpAddr {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        Some(address) => address,
        None => Ipv6Addr::UNSPECIFIED.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> Option<IpAddr> {
        let address = address.parse();
        assert!(address.is_ok(), "{address:?}");
        address.ok()
    }

    #[test]
    fn the_sixth_attempt_waits_until_five_minutes_after_the_first() {
        let attempts = Attempts::default();
        let here = at("192.0.2.1");
        for second in 0..5 {
            assert_eq!(attempts.wait(here, second), None);
            attempts.failed(here, second);
        }
        assert_eq!(attempts.wait(here, 5), Some(295));
        assert_eq!(attempts.wait(at("192.0.2.2"), 5), None);
        assert_eq!(attempts.wait(here, 300), None);
        attempts.failed(here, 300);
        assert_eq!(attempts.wait(here, 301), None);
    }

    #[test]
    fn a_sign_in_forgets_the_failures_before_it() {
        let attempts = Attempts::default();
        for _ in 0..5 {
            attempts.failed(None, 0);
        }
        attempts.succeeded(None);
        assert_eq!(attempts.wait(None, 1), None);
    }

    #[test]
    fn the_addresses_of_one_subscriber_count_together() {
        let attempts = Attempts::default();
        for host in 1..=5 {
            attempts.failed(at(&format!("2001:db8:1:2::{host}")), 0);
        }
        assert!(attempts.wait(at("2001:db8:1:2:ffff::1"), 1).is_some());
        assert_eq!(attempts.wait(at("2001:db8:1:3::1"), 1), None);
        for _ in 0..5 {
            attempts.failed(at("::ffff:192.0.2.1"), 0);
        }
        assert!(attempts.wait(at("192.0.2.1"), 1).is_some());
    }

    #[test]
    fn the_oldest_counter_makes_room() {
        let attempts = Attempts::default();
        let host = |index: usize| {
            let index = u32::try_from(index).unwrap();
            Some(IpAddr::from(index.to_be_bytes()))
        };
        for index in 0..=MAX_KEPT {
            for _ in 0..5 {
                attempts.failed(host(index), i64::from(index > 0));
            }
        }
        assert_eq!(attempts.0.lock().unwrap().len(), MAX_KEPT);
        assert_eq!(attempts.wait(host(0), 2), None);
        assert!(attempts.wait(host(1), 2).is_some());
    }
}
