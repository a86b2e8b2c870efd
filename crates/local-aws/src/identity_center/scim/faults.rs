//! Faults for tests of SCIM clients: slowness, refusals, failures before and after the change, cut
//! connections.
//!
//! A client under test that can send headers asks with `x-jetway-fault`, where the instance allows
//! it; for all others the administrator plans faults for the next requests.

use std::{
    collections::VecDeque,
    str::FromStr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::HeaderMap;
use jetway_scim::{ScimError, ScimType};

use super::refusal::Refusal;
use crate::LocalAws;

const HEADER: &str = "x-jetway-fault";
const MAX_LATENCY: u64 = 60_000;
/// The most requests that faults are planned for.
const MAX_PLANNED: u32 = 100_000;

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It takes this long, and is carried out.
    Latency(Duration),
    /// 429, and nothing is carried out.
    Throttled { retry_after: Option<u32> },
    /// 500.
    Failure(Moment),
    /// The connection is cut without an answer.
    Reset(Moment),
}

/// Whether the request was carried out when the fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Before,
    After,
}

/// The text is no fault.
#[derive(Debug, thiserror::Error)]
#[error(
    "'{0}' is not a fault: use latency=<milliseconds, up to {MAX_LATENCY}>, 429, 429;retry-after=<seconds>, 500-before, 500-after, reset-before or reset-after"
)]
pub(crate) struct FaultError(String);

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let number = |text: &str| {
            text.parse::<u64>()
                .ok()
                .filter(|number| *number <= MAX_LATENCY)
        };
        let known = match text.trim() {
            "429" => Some(Self::Throttled { retry_after: None }),
            "500-before" => Some(Self::Failure(Moment::Before)),
            "500-after" => Some(Self::Failure(Moment::After)),
            "reset-before" => Some(Self::Reset(Moment::Before)),
            "reset-after" => Some(Self::Reset(Moment::After)),
            other => {
                let latency = other.strip_prefix("latency=").and_then(number);
                let throttled = other.strip_prefix("429;retry-after=").and_then(number);
                latency
                    .map(|milliseconds| Self::Latency(Duration::from_millis(milliseconds)))
                    .or_else(|| {
                        Some(Self::Throttled {
                            retry_after: Some(u32::try_from(throttled?).ok()?),
                        })
                    })
            }
        };
        known.ok_or_else(|| FaultError(text.to_owned()))
    }
}

/// A fault for a number of requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlannedFaults {
    fault: Fault,
    count: u32,
}

impl PlannedFaults {
    /// This fault for the next `count` requests.
    pub(crate) fn new(fault: &str, count: u32) -> Result<Self, FaultError> {
        Ok(Self {
            fault: fault.parse()?,
            count: count.min(MAX_PLANNED),
        })
    }
}

/// The faults of the next requests, in memory only.
#[derive(Debug, Default)]
pub(crate) struct FaultQueue(Mutex<VecDeque<PlannedFaults>>);

impl FaultQueue {
    /// Plans these faults and forgets what was planned before.
    pub(crate) fn plan(&self, faults: impl IntoIterator<Item = PlannedFaults>) {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *queue = faults
            .into_iter()
            .filter(|planned| planned.count > 0)
            .collect();
    }

    fn take(&self) -> Option<Fault> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = queue.front_mut()?;
        let fault = first.fault;
        first.count -= 1;
        if first.count == 0 {
            queue.pop_front();
        }
        Some(fault)
    }
}

/// The fault of this request, if there is one.
pub(super) fn next(
    aws: &LocalAws,
    by_header: bool,
    headers: &HeaderMap,
) -> Result<Option<Fault>, Refusal> {
    if by_header && let Some(value) = headers.get(HEADER) {
        let text = value.to_str().unwrap_or_default();
        let fault = text.parse().map_err(|error: FaultError| {
            ScimError::bad_request(ScimType::InvalidValue, format!("{HEADER}: {error}"))
        })?;
        return Ok(Some(fault));
    }
    Ok(aws.scim_faults().take())
}

/// What happens before the request is carried out.
pub(super) async fn before(fault: Option<Fault>) -> Result<(), Refusal> {
    match fault {
        Some(Fault::Latency(latency)) => {
            tokio::time::sleep(latency).await;
            Ok(())
        }
        Some(Fault::Throttled { retry_after }) => Err(Refusal::Throttled { retry_after }),
        Some(Fault::Failure(Moment::Before)) => Err(Refusal::Internal),
        Some(Fault::Reset(Moment::Before)) => Err(Refusal::Reset),
        _ => Ok(()),
    }
}

/// What happens after it was carried out.
pub(super) fn after(fault: Option<Fault>) -> Result<(), Refusal> {
    match fault {
        Some(Fault::Failure(Moment::After)) => Err(Refusal::Internal),
        Some(Fault::Reset(Moment::After)) => Err(Refusal::Reset),
        _ => Ok(()),
    }
}
