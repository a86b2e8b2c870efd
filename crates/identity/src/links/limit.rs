//! How often somebody may ask for something.

use aws_lc_rs::digest::{SHA256, digest};
use time::{Duration, OffsetDateTime};

use crate::op::Op;
use crate::store::{StoreError, Write};

/// What is counted: the SHA-256 of a kind and a value, so that the counters have one size and do
/// not collect what strangers type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey(String);

impl RequestKey {
    pub(crate) fn of(kind: &str, value: &str) -> Self {
        let text = format!("{kind}\0{value}");
        Self(hex::encode(digest(&SHA256, text.as_bytes())))
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Requests since an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestCount {
    pub requests: u32,
    pub since: OffsetDateTime,
}

/// At most `requests` in `time`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) requests: u32,
    pub(crate) time: Duration,
}

/// How long to wait because there were too many requests; counts nothing.
pub(crate) async fn wait_for_request(
    write: &mut dyn Write,
    op: &Op,
    key: &RequestKey,
    limit: Limit,
) -> Result<Option<Duration>, StoreError> {
    let count = write.request_count(key).await?;
    let count = count.filter(|count| count.requests >= limit.requests);
    let left = count.map(|count| count.since + limit.time - op.now);
    Ok(left.filter(|left| left.is_positive() && *left <= limit.time))
}

/// Counts one request. `Some` says how long to wait when there were too many; then it was not
/// counted, so that asking again does not prolong the wait.
pub(crate) async fn count_request(
    write: &mut dyn Write,
    op: &Op,
    key: &RequestKey,
    limit: Limit,
) -> Result<Option<Duration>, StoreError> {
    let before = write.request_count(key).await?;
    // A counter from the future was made before the clock was set back: it begins anew.
    let running = before.filter(|count| {
        let age = op.now - count.since;
        !age.is_negative() && age < limit.time
    });
    let count = running.unwrap_or(RequestCount {
        requests: 0,
        since: op.now,
    });
    if count.requests >= limit.requests {
        return Ok(Some(count.since + limit.time - op.now));
    }
    let counted = RequestCount {
        requests: count.requests + 1,
        since: count.since,
    };
    write.put_request_count(key, &counted).await?;
    Ok(None)
}
