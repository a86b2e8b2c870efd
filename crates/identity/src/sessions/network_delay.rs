//! Slowing down those who guess passwords of many accounts from one network (security.md item 26).
//!
//! Wrong passwords are counted per network, whatever account they were for: one IPv4 address, or the
//! first 64 bits of an IPv6 address, which is what one subscriber has. The count falls by one each
//! five minutes, so that an office in which people mistype now and then never waits. Above the limit
//! each further failure makes the whole network wait, first one minute, then twice as long each time,
//! up to the longest wait of the settings. Browsers that are known to the owner of an account are
//! neither counted nor held up. This machine itself never waits: it is where a proxy is that nobody
//! has named.

use std::net::{IpAddr, Ipv6Addr};

use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::events::EventKind;
use crate::op::Op;
use crate::sessions::{FailureKey, Failures};
use crate::settings::LockoutPolicy;
use crate::store::{Read, StoreError, Write};

/// The count falls by one after this long.
const LEAK: Duration = Duration::minutes(5);

/// The network that the attempt comes from; `None` if it is not known, or this machine.
pub(super) fn network_of(op: &Op) -> Option<String> {
    let address = op.client.ip?.to_canonical();
    if address.is_loopback() {
        return None;
    }
    Some(match address {
        IpAddr::V4(address) => format!("{address}/32"),
        IpAddr::V6(address) => {
            let first = address.to_bits() & !u128::from(u64::MAX);
            format!("{}/64", Ipv6Addr::from_bits(first))
        }
    })
}

/// How long the network of this attempt is still refused.
pub(crate) async fn network_wait(
    op: &Op,
    read: &mut dyn Read,
    policy: &LockoutPolicy,
) -> Result<Option<Duration>, StoreError> {
    let Some(network) = network_of(op) else {
        return Ok(None);
    };
    let failures = read.failures(&FailureKey::of_network(&network)).await?;
    Ok(failures.and_then(|failures| failures.wait(policy, op.now)))
}

/// Counts a wrong password against the network that it came from. Writes a `user_lockout` event that
/// names the network, if the failure began or lengthened its wait.
pub(crate) async fn count_against_network(
    op: &mut Op,
    write: &mut dyn Write,
    policy: &LockoutPolicy,
) -> Result<(), StoreError> {
    let Some(network) = network_of(op) else {
        return Ok(());
    };
    let key = FailureKey::of_network(&network);
    let after = after_failure(policy, write.failures(&key).await?, op.now);
    write.set_failures(&key, &after).await?;
    let Some(wait) = after.wait(policy, op.now) else {
        return Ok(());
    };
    let detail = json!({
        "network": network,
        "failures": after.count,
        "seconds": wait.whole_seconds(),
    });
    let event = op.event(EventKind::UserLockout, true, None, detail);
    write.insert_event(&event).await
}

fn after_failure(
    policy: &LockoutPolicy,
    before: Option<Failures>,
    now: OffsetDateTime,
) -> Failures {
    let (left, since) = before.map_or((0, now), |before| leaked(before, now));
    let count = left.saturating_add(1);
    let wait = policy.wait_above(policy.network_attempts, count);
    Failures {
        count,
        last_at: since,
        locked_until: wait.map(|wait| now + wait),
    }
}

/// What is left of a count, and since when the next one to fall is counted.
fn leaked(before: Failures, now: OffsetDateTime) -> (u32, OffsetDateTime) {
    let steps = ((now - before.last_at).whole_seconds() / LEAK.whole_seconds()).max(0);
    let steps = u32::try_from(steps).unwrap_or(u32::MAX);
    match before.count.saturating_sub(steps) {
        0 => (0, now),
        // Fewer steps than there were failures: the product is small.
        left => (left, (before.last_at + LEAK * steps).min(now)),
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use time::macros::datetime;

    use super::*;
    use crate::op::{Actor, Client};

    const NOON: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

    fn network(address: &str) -> Option<String> {
        let op = Op::new(
            NOON,
            StdRng::seed_from_u64(1),
            Actor::Anonymous,
            String::new(),
        );
        network_of(&op.from_client(Client {
            ip: Some(address.parse().unwrap()),
            user_agent: None,
        }))
    }

    fn fail(times: u32, every: Duration) -> Failures {
        let policy = LockoutPolicy::default();
        let mut failures = None;
        for number in 0..times {
            failures = Some(after_failure(&policy, failures, NOON + every * number));
        }
        failures.unwrap()
    }

    #[test]
    fn an_ipv4_address_and_half_an_ipv6_address_are_a_network() {
        assert_eq!(network("192.0.2.7").unwrap(), "192.0.2.7/32");
        assert_eq!(network("::ffff:192.0.2.7").unwrap(), "192.0.2.7/32");
        assert_eq!(
            network("2001:db8:1:2:3:4:5:6").unwrap(),
            "2001:db8:1:2::/64"
        );
        assert_eq!(network("2001:db8:1:2::9"), network("2001:db8:1:2:3:4:5:6"));
    }

    #[test]
    fn this_machine_is_no_network() {
        for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(network(address), None, "{address}");
        }
    }

    #[test]
    fn the_hundredth_failure_makes_the_network_wait_and_waits_double() {
        let waits: Vec<_> = (98..=106)
            .map(|number| {
                let wait = fail(number, Duration::ZERO).locked_until;
                wait.map(|until| (until - NOON).whole_minutes())
            })
            .collect();
        let waits_of = [1, 2, 4, 8, 15, 15, 15].map(Some);
        assert_eq!(waits, [vec![None, None], waits_of.to_vec()].concat());
    }

    #[test]
    fn an_office_in_which_somebody_mistypes_each_five_minutes_never_waits() {
        let year = 365 * 24 * 12;
        assert_eq!(fail(year, LEAK).locked_until, None);
        // Twice as often it is more than what leaks.
        assert!(fail(300, LEAK / 2).locked_until.is_some());
    }

    #[test]
    fn a_clock_set_back_neither_forgets_nor_multiplies() {
        let policy = LockoutPolicy::default();
        let before = fail(50, Duration::ZERO);
        let after = after_failure(&policy, Some(before), NOON - Duration::days(400));
        assert_eq!(after.count, 51);
        assert_eq!(after.last_at, NOON - Duration::days(400));
    }
}
