//! What a verified response must say (SAML profiles 4.1.4.3, identity-center.md §4.2), in this
//! order: issuer, audience, recipient and destination, times, name. No check looks at the state.

use jetway_saml::{NAMEID_EMAIL, ReceivedResponse};
use time::{Duration, OffsetDateTime};

use super::refusal::Refusal;
use crate::{LocalAws, identity_center::acs_url, state::center::InstanceRecord};

/// How far the clocks may differ.
const SKEW: Duration = Duration::seconds(60);

/// What the response is held against.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    pub(super) instance: &'a InstanceRecord,
    /// Entity id of the identity provider.
    pub(super) issuer: &'a str,
    pub(super) now: OffsetDateTime,
}

/// Checks everything that needs no look at the state.
pub(super) fn check(
    aws: &LocalAws,
    response: &ReceivedResponse,
    expected: &Expected<'_>,
) -> Result<(), Refusal> {
    let instance = expected.instance;
    issuer(response, expected.issuer)?;
    audience(response, &instance.issuer_url())?;
    addresses(response, &acs_addresses(aws, instance))?;
    times(response, expected.now)?;
    name_format(response)
}

fn issuer(response: &ReceivedResponse, expected: &str) -> Result<(), Refusal> {
    let stated = [Some(&response.assertion.issuer), response.issuer.as_ref()];
    match stated.into_iter().flatten().find(|is| *is != expected) {
        None => Ok(()),
        Some(found) => Err(Refusal::Issuer {
            found: found.clone(),
            expected: expected.to_owned(),
        }),
    }
}

fn audience(response: &ReceivedResponse, expected: &str) -> Result<(), Refusal> {
    let restrictions = &response.assertion.audiences;
    let meant = !restrictions.is_empty()
        && restrictions
            .iter()
            .all(|any_of| any_of.iter().any(|audience| audience == expected));
    if meant {
        return Ok(());
    }
    Err(Refusal::Audience {
        found: restrictions.concat().join(", "),
        expected: expected.to_owned(),
    })
}

/// The addresses of the assertion consumer service: the local one, and those by which AWS's is
/// known (§4.1).
fn acs_addresses(aws: &LocalAws, instance: &InstanceRecord) -> [String; 4] {
    let at = |domain: &str| {
        format!(
            "https://{}.{domain}/platform/saml/acs/{}",
            instance.region, instance.saml_tenant
        )
    };
    [
        acs_url(aws, instance),
        at("signin.aws"),
        at("sso.signin.aws"),
        at("signin.aws.amazon.com"),
    ]
}

fn addresses(response: &ReceivedResponse, ours: &[String; 4]) -> Result<(), Refusal> {
    let stated = [
        ("Recipient", Some(&response.assertion.recipient)),
        ("Destination", response.destination.as_ref()),
    ];
    for (what, address) in stated {
        if let Some(address) = address
            && !ours.contains(address)
        {
            return Err(Refusal::Address {
                what,
                found: address.clone(),
                expected: ours[0].clone(),
            });
        }
    }
    Ok(())
}

fn times(response: &ReceivedResponse, now: OffsetDateTime) -> Result<(), Refusal> {
    let assertion = &response.assertion;
    let starts = [
        Some(assertion.issue_instant),
        assertion.conditions_not_before,
        assertion.confirmation_not_before,
    ];
    if let Some(from) = starts.into_iter().flatten().find(|from| *from > now + SKEW) {
        return Err(Refusal::NotYetValid { from, now });
    }
    let ends = [
        Some(assertion.confirmation_not_on_or_after),
        assertion.conditions_not_on_or_after,
    ];
    let expired = |end: &OffsetDateTime| *end + SKEW <= now;
    if let Some(until) = ends.into_iter().flatten().find(expired) {
        return Err(Refusal::Expired { until, now });
    }
    // The end of a session is a promise about the person, not a validity with room for clocks.
    if let Some(until) = assertion.session_not_on_or_after.filter(|end| *end <= now) {
        return Err(Refusal::Expired { until, now });
    }
    Ok(())
}

fn name_format(response: &ReceivedResponse) -> Result<(), Refusal> {
    match response.assertion.name_id.format.as_deref() {
        Some(NAMEID_EMAIL) => Ok(()),
        other => Err(Refusal::NameIdFormat {
            found: other.unwrap_or_default().to_owned(),
        }),
    }
}
