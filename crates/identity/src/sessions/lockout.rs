//! Slowing down those who guess passwords (security.md item 26).
//!
//! Failures are counted per e-mail address, whether an account has it or not. From the fifth on,
//! further attempts wait: one minute, then twice as long after each failure, at most a quarter of
//! an hour; the organisation can set both numbers. So a day gives a guesser about a hundred tries,
//! and the owner of the account never waits longer than a quarter of an hour. A correct password
//! clears the count. A browser that the owner has signed in with before has a count of its own:
//! whoever guesses elsewhere does not make the owner wait there.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::email;
use crate::events::EventKind;
use crate::op::Op;
use crate::sessions::TokenHash;
use crate::settings::LockoutPolicy;
use crate::store::{StoreError, Write};
use crate::users::User;

const FIRST_WAIT: Duration = Duration::minutes(1);
/// A count without a wait is forgotten after this long without a failure …
const FORGET_FEW: Duration = Duration::hours(1);
/// … and any other after this long.
const FORGET: Duration = Duration::hours(24);

/// Under what failures are counted: the SHA-256 of the normalised address, so that the counters
/// have one size and do not collect what strangers type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FailureKey(String);

impl FailureKey {
    pub fn of(email: &str) -> Self {
        Self(hex::encode(digest(&SHA256, email::key(email).as_bytes())))
    }

    /// The counter of the admin portal's sign-in, which is not that of the user portal's.
    pub(crate) fn of_administrator(email: &str) -> Self {
        let text = format!("administrator\n{}", email::key(email));
        Self(hex::encode(digest(&SHA256, text.as_bytes())))
    }

    /// The counter of a browser that the administrator has signed in with before.
    pub(crate) fn of_administrator_device(email: &str, device: &TokenHash) -> Self {
        let text = format!(
            "administrator device\n{}\n{}",
            device.as_str(),
            email::key(email)
        );
        Self(hex::encode(digest(&SHA256, text.as_bytes())))
    }

    /// The counter of a browser that the owner of the address has signed in with before.
    pub(crate) fn of_device(email: &str, device: &TokenHash) -> Self {
        let text = format!("device\n{}\n{}", device.as_str(), email::key(email));
        Self(hex::encode(digest(&SHA256, text.as_bytes())))
    }

    /// The counter of everybody in a network: see `network_delay`.
    pub(crate) fn of_network(network: &str) -> Self {
        let text = format!("network\n{network}");
        Self(hex::encode(digest(&SHA256, text.as_bytes())))
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FailureKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Failed sign-ins in a row for one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    pub count: u32,
    pub last_at: OffsetDateTime,
    /// Attempts before this instant are refused without looking at the password.
    pub locked_until: Option<OffsetDateTime>,
}

impl Failures {
    /// How long attempts are still refused at `now`. More than the longest wait can only be left
    /// when the clock was set back, or when the longest wait was made shorter; then nobody waits,
    /// until the next failure.
    pub(crate) fn wait(&self, policy: &LockoutPolicy, now: OffsetDateTime) -> Option<Duration> {
        let left = self.locked_until? - now;
        (left.is_positive() && left <= policy.longest_wait()).then_some(left)
    }

    /// The count after one more failure at `now`.
    pub(crate) fn after_failure(
        policy: &LockoutPolicy,
        before: Option<Self>,
        now: OffsetDateTime,
    ) -> Self {
        let remembered = before.filter(|before| now < before.last_at + before.memory(policy));
        let count = remembered
            .map_or(0, |before| before.count)
            .saturating_add(1);
        Self {
            count,
            last_at: now,
            locked_until: policy
                .wait_above(policy.attempts, count)
                .map(|wait| now + wait),
        }
    }

    fn memory(&self, policy: &LockoutPolicy) -> Duration {
        if self.count >= policy.attempts {
            FORGET
        } else {
            FORGET_FEW
        }
    }
}

/// Writes the event of a lock-out, if the failure began or lengthened one.
pub(super) async fn note(
    op: &mut Op,
    write: &mut dyn Write,
    policy: &LockoutPolicy,
    (email, user): (Option<String>, Option<&User>),
    after: &Failures,
) -> Result<(), StoreError> {
    let Some(wait) = after.wait(policy, op.now) else {
        return Ok(());
    };
    let detail = json!({
        "email": email,
        "failures": after.count,
        "seconds": wait.whole_seconds(),
    });
    let event = op.event(EventKind::UserLockout, true, user.map(User::target), detail);
    write.insert_event(&event).await
}

/// Arguments for [`crate::store::WriteSessions::prune_failures`] at `now`.
pub(crate) fn forgettable(
    policy: &LockoutPolicy,
    now: OffsetDateTime,
) -> (u32, OffsetDateTime, OffsetDateTime) {
    (policy.attempts, now - FORGET_FEW, now - FORGET)
}

impl LockoutPolicy {
    /// How long the failure with this number makes the next one wait, if the first wait begins with
    /// number `attempts`.
    pub(super) fn wait_above(&self, attempts: u32, count: u32) -> Option<Duration> {
        let doublings = count.checked_sub(attempts)?;
        Some((FIRST_WAIT * 2_i32.pow(doublings.min(8))).min(self.longest_wait()))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const LONGEST_WAIT: Duration = Duration::minutes(15);

    fn policy() -> LockoutPolicy {
        LockoutPolicy::default()
    }

    const NOON: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

    #[test]
    fn waiting_starts_at_the_fifth_failure_doubles_and_ends_at_a_quarter_of_an_hour() {
        let waits: Vec<_> = (1..=12)
            .map(|n| policy().wait_above(5, n).map(Duration::whole_minutes))
            .collect();
        let expected = [
            None,
            None,
            None,
            None,
            Some(1),
            Some(2),
            Some(4),
            Some(8),
            Some(15),
            Some(15),
        ];
        assert_eq!(waits[..10], expected);
        assert_eq!(policy().wait_above(5, u32::MAX), Some(LONGEST_WAIT));
    }

    #[test]
    fn a_day_of_guessing_gives_fewer_than_a_hundred_and_ten_tries() {
        let (mut now, mut failures, mut tries) = (NOON, None, 0);
        while now < NOON + Duration::DAY {
            let next = Failures::after_failure(&policy(), failures, now);
            now += next.wait(&policy(), now).unwrap_or(Duration::SECOND);
            failures = Some(next);
            tries += 1;
        }
        assert!(tries < 110, "{tries}");
    }

    #[test]
    fn few_failures_are_forgotten_after_an_hour_and_many_after_a_day() {
        let few = Failures {
            count: 4,
            last_at: NOON,
            locked_until: None,
        };
        assert_eq!(
            Failures::after_failure(&policy(), Some(few), NOON + Duration::hours(1)).count,
            1
        );
        let many = Failures {
            count: 20,
            last_at: NOON,
            locked_until: None,
        };
        assert_eq!(
            Failures::after_failure(&policy(), Some(many), NOON + Duration::hours(23)).count,
            21
        );
        assert_eq!(
            Failures::after_failure(&policy(), Some(many), NOON + Duration::hours(24)).count,
            1
        );
    }

    #[test]
    fn a_clock_set_back_by_a_year_locks_nobody_out_for_a_year() {
        let locked = Failures {
            count: 9,
            last_at: NOON,
            locked_until: Some(NOON + Duration::minutes(15)),
        };
        let year_before = NOON - Duration::days(365);
        assert_eq!(locked.wait(&policy(), NOON), Some(LONGEST_WAIT));
        assert_eq!(locked.wait(&policy(), NOON + Duration::minutes(15)), None);
        assert_eq!(locked.wait(&policy(), year_before), None);
        assert_eq!(locked.wait(&policy(), NOON - Duration::SECOND), None);
        let again = Failures::after_failure(&policy(), Some(locked), year_before);
        assert_eq!(again.count, 10, "what was counted still counts");
        assert_eq!(again.wait(&policy(), year_before), Some(LONGEST_WAIT));
    }

    #[test]
    fn spellings_of_one_address_share_a_counter() {
        assert_eq!(FailureKey::of(" A@b.com"), FailureKey::of("a@B.com"));
        assert_ne!(FailureKey::of("a@b.com"), FailureKey::of("b@b.com"));
    }
}
