//! Session policies and how much room they and the session tags take.

use jetway_iam::{DocumentKind, PolicyDocument};

use super::refusal::Refusal;
use crate::state::{State, Tag};

/// AWS's packed format is not published. This room makes the largest plain session policy half
/// full, so that the largest policy still goes with a dozen large tags.
const ROOM: u64 = 4096;

/// Checks session policies. `Ok(None)` when nothing had to be packed.
pub(super) fn packed_size(
    state: &State,
    account: &str,
    policy: Option<&str>,
    policy_arns: &[&str],
    tags: &[Tag],
) -> Result<Option<u64>, Refusal> {
    if let Some(text) = policy {
        PolicyDocument::parse(text, DocumentKind::Session)
            .map_err(|error| Refusal::MalformedPolicy(error.to_string()))?;
    }
    for arn in policy_arns {
        let usable = state.policy_by_arn(arn).is_some_and(|policy| {
            policy.record.account == account || policy.record.account == "aws"
        });
        if !usable {
            return Err(Refusal::NoSuchPolicy((*arn).to_owned()));
        }
    }
    if policy.is_none() && policy_arns.is_empty() && tags.is_empty() {
        return Ok(None);
    }
    let text = policy.map_or(0, |text| {
        text.chars().filter(|c| !c.is_whitespace()).count()
    });
    let arns: usize = policy_arns.iter().map(|arn| arn.len()).sum();
    let tags: usize = tags
        .iter()
        .map(|tag| tag.key.len() + tag.value.len() + 2)
        .sum();
    let bytes = u64::try_from(text + arns + tags).unwrap_or(u64::MAX);
    let percent = bytes.saturating_mul(100).div_ceil(ROOM);
    if percent > 100 {
        return Err(Refusal::PackedPolicyTooLarge(percent));
    }
    Ok(Some(percent))
}
