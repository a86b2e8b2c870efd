//! The instants of an assertion against the clock.

use jetway_saml::inspect::InspectedTimes;
use time::{Duration, OffsetDateTime};

use super::finding::Finding;

/// AWS: "Token must be redeemed within 5 minutes of issuance".
const REDEEM_WITHIN: Duration = Duration::minutes(5);

/// How far two clocks may differ before it is worth a word.
const SKEW: Duration = Duration::minutes(1);

const NTP: &str = "Sign in again and use the new response at once. If it happens each time, set the clock of this server by NTP.";
const KEPT: &str =
    "That is normal for a response that was kept, and the cause only if AWS got it at this moment.";

pub(super) fn check(times: &InspectedTimes, now: OffsetDateTime, findings: &mut Vec<Finding>) {
    match times.issue_instant {
        None => findings.push(missing("IssueInstant of the assertion")),
        Some(issued) if issued - now > SKEW => findings.push(Finding::warning(
            "The response is from the future",
            format!(
                "It was issued at {issued}, and it is {now} now. The clock of the server that made it is ahead."
            ),
            "Set the clock of that server by NTP.",
        )),
        Some(issued) if now - issued > REDEEM_WITHIN => findings.push(Finding::error(
            "The response is older than five minutes",
            format!(
                "It was issued at {issued}, and it is {now} now. AWS answers \"Token must be redeemed within 5 minutes of issuance\". {KEPT}"
            ),
            NTP,
        )),
        Some(_) => {}
    }
    if times.confirmation_end.is_none() {
        findings.push(missing("NotOnOrAfter of the SubjectConfirmationData"));
    }
    let ends = [
        (times.confirmation_end, "time of the subject confirmation"),
        (times.conditions_end, "time of the conditions"),
        (
            times.session_end,
            "time of the session (SessionNotOnOrAfter)",
        ),
    ];
    for (end, of) in ends {
        let Some(end) = end else { continue };
        if times.issue_instant.is_some_and(|issued| end <= issued) {
            findings.push(Finding::error(
                format!("The {of} ended before it began"),
                format!("The end is {end}, which is not after the IssueInstant. AWS answers \"Response has expired\"."),
                "Application, SSO: look at how long assertions and sessions hold.",
            ));
        } else if end <= now {
            findings.push(Finding::error(
                format!("The {of} is over"),
                format!("It ended at {end}, and it is {now} now. AWS answers \"Response has expired\". {KEPT}"),
                NTP,
            ));
        }
    }
    if times.not_before.is_some_and(|start| start - now > SKEW) {
        findings.push(Finding::warning(
            "The conditions do not hold yet",
            "NotBefore is in the future. AWS IAM does not look at it, others do.",
            "Set the clock of the server that made the response by NTP.",
        ));
    }
}

fn missing(what: &str) -> Finding {
    Finding::error(
        format!("The {what} is missing"),
        "It is not there, or is not written as an instant of UTC such as 2026-11-22T04:12:40Z. AWS answers \"Invalid base64 SAMLResponse\".",
        "The identity provider that made this response has to be corrected.",
    )
}
