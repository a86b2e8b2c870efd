//! How long a federated session lasts (aws-iam-sts.md §1.7).

use time::OffsetDateTime;

use super::refusal::Refusal;

/// Seconds where nobody asks for something else.
const DEFAULT: i64 = 3600;

/// Where the assertion is redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// At STS, with `DurationSeconds` if given: the assertion's SessionDuration only shortens.
    Api(Option<i64>),
    /// At the sign-in page: the assertion's SessionDuration is the session's length.
    Console,
}

/// What limits the session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The role's MaxSessionDuration, seconds.
    pub(super) role_maximum: i64,
    /// The SessionDuration attribute, seconds.
    pub(super) session_duration: Option<i64>,
    /// `AuthnStatement/@SessionNotOnOrAfter`.
    pub(super) session_end: Option<OffsetDateTime>,
}

/// Seconds from `now` to the end of the session. May be less than 900 when the identity
/// provider's own session ends before.
pub(super) fn seconds(asked: Asked, limits: Limits, now: OffsetDateTime) -> Result<i64, Refusal> {
    let requested = match asked {
        Asked::Api(duration) => duration,
        Asked::Console => limits.session_duration,
    };
    if requested.is_some_and(|seconds| seconds > limits.role_maximum) {
        return Err(Refusal::DurationTooLong);
    }
    let mut seconds = requested.unwrap_or(DEFAULT);
    if let Some(shorter) = limits.session_duration {
        seconds = seconds.min(shorter);
    }
    if let Some(end) = limits.session_end {
        let left = (end - now).whole_seconds();
        if left <= 0 {
            return Err(Refusal::Expired);
        }
        seconds = seconds.min(left);
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn limits(role_maximum: i64, session_duration: Option<i64>, end: Option<i64>) -> Limits {
        Limits {
            role_maximum,
            session_duration,
            session_end: end.map(|seconds| NOW + Duration::seconds(seconds)),
        }
    }

    #[test]
    fn the_api_follows_the_rules_observed_on_aws() {
        for (asked, maximum, attribute, end, expected) in [
            (None, 3600, None, None, Ok(3600)),
            (Some(7200), 14400, None, None, Ok(7200)),
            (Some(7200), 3600, None, None, Err(Refusal::DurationTooLong)),
            (None, 3600, Some(900), None, Ok(900)),
            (None, 43200, Some(7200), None, Ok(3600)),
            (Some(3600), 43200, None, Some(598), Ok(598)),
            (None, 3600, None, Some(0), Err(Refusal::Expired)),
        ] {
            assert_eq!(
                seconds(Asked::Api(asked), limits(maximum, attribute, end), NOW),
                expected
            );
        }
    }

    #[test]
    fn the_console_session_is_as_long_as_the_attribute_says_or_fails() {
        assert_eq!(
            seconds(Asked::Console, limits(43200, Some(28800), None), NOW),
            Ok(28800)
        );
        assert_eq!(
            seconds(Asked::Console, limits(3600, Some(28800), None), NOW),
            Err(Refusal::DurationTooLong)
        );
        assert_eq!(
            seconds(Asked::Console, limits(3600, None, None), NOW),
            Ok(3600)
        );
    }
}
