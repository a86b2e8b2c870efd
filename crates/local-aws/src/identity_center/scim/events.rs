//! One line in the log for each request, with the members of a CloudTrail record
//! (identity-center.md §3.8). Neither the token nor a value of the request is in it.

use jetway_scim::Profile;

use super::refusal::Refusal;

/// The target of the lines.
const TARGET: &str = "cloudtrail";
const SOURCE: &str = "identitystore-scim.amazonaws.com";
/// What stands for values.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// Writes the line.
pub(super) fn record(
    request_id: &str,
    event_name: &str,
    profile: &Profile,
    refusal: Option<&Refusal>,
) {
    match refusal {
        None => tracing::info!(
            target: TARGET,
            eventSource = SOURCE,
            eventName = event_name,
            requestID = request_id,
            requestParameters = HIDDEN,
        ),
        Some(refusal) => tracing::info!(
            target: TARGET,
            eventSource = SOURCE,
            eventName = event_name,
            errorCode = refusal.code(profile),
            errorMessage = refusal.logged(profile),
            requestID = request_id,
            requestParameters = HIDDEN,
        ),
    }
}
