//! Requests that a program may send twice and that are done once: `Idempotency-Key` of the API.
//!
//! A request with a key is claimed before it runs and its answer is kept for a day. The same
//! request again gets the kept answer; while the first still runs it is refused. When the first never
//! ended nobody knows what it did, so it is not run again for that day. An answer may hold a secret
//! that is shown once (an API key), so it is sealed.

mod claim;
mod keep;
mod prune;
mod release;

use time::{Duration, OffsetDateTime};

pub use claim::{Claim, ClaimRequestError, claim_request};
pub use keep::keep_answer;
pub use prune::prune_requests;
pub use release::release_request;

/// How long an answer is kept.
pub const KEPT_FOR: Duration = Duration::days(1);

/// A request that has no answer after this long has died with its server. Longer than any handler is
/// given: 75 seconds for large files.
const RUNS_AT_MOST: Duration = Duration::seconds(120);

/// Which request it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Who asks: two callers may use the same key.
    pub caller: String,
    /// SHA-256 of the caller's `Idempotency-Key`, as text.
    pub key: String,
    /// SHA-256 of method, address and body, as text.
    pub fingerprint: String,
}

impl RequestKey {
    fn context(&self) -> String {
        format!("api-answer/{}/{}", self.caller, self.key)
    }
}

/// A request as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    pub key: RequestKey,
    pub claimed_at: OffsetDateTime,
    /// `None` while it runs.
    pub sealed_answer: Option<Vec<u8>>,
}

/// The answer that the first request got, as the caller of this module wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer(pub Vec<u8>);
