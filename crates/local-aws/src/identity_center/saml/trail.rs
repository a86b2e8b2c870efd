//! What CloudTrail would get of a sign-in (identity-center.md §4.4), as events of the log.

use super::refusal::Refusal;
use crate::Op;

pub(super) fn failed(op: &Op, refusal: &Refusal) {
    tracing::warn!(
        target: "cloudtrail",
        requestID = op.request_id,
        eventSource = "signin.amazonaws.com",
        eventType = "AwsConsoleSignIn",
        eventName = "ExternalIdPDirectoryLogin",
        result = "Failure",
        errorMessage = %refusal,
        "nobody was signed in to the access portal"
    );
}

pub(super) fn succeeded(op: &Op, user_name: &str) {
    tracing::info!(
        target: "cloudtrail",
        requestID = op.request_id,
        eventSource = "signin.amazonaws.com",
        eventType = "AwsServiceEvent",
        eventName = "UserAuthentication",
        credentialType = "EXTERNAL_IDP",
        result = "Success",
        userName = user_name,
        "somebody signed in to the access portal"
    );
}
