//! What the browser side demands beyond STS (SAML profiles 4.1.4.3).

use jetway_saml::ReceivedResponse;
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::{state::SamlProvider, sts::is_sign_in_host};

/// How far the clocks may differ.
const SKEW: Duration = Duration::seconds(60);

/// Checks recipient, destination, audience and beginning. The error says what is wrong, for the
/// person who sets the federation up.
pub(super) fn check(
    response: &ReceivedResponse,
    providers: &[&SamlProvider],
    public_url: &Url,
    now: OffsetDateTime,
) -> Result<(), String> {
    let assertion = &response.assertion;
    let ours = |address: &str| is_own_address(address, providers, public_url);
    if !ours(&assertion.recipient) {
        return Err(format!(
            "The Recipient of the assertion is {}, but this endpoint is {}.",
            assertion.recipient,
            own_address(public_url)
        ));
    }
    if let Some(destination) = &response.destination
        && !ours(destination)
    {
        return Err(format!(
            "The Destination of the response is {destination}, but this endpoint is {}.",
            own_address(public_url)
        ));
    }
    let known = |audience: &String| audience == "urn:amazon:webservices" || ours(audience);
    let restricted = !assertion.audiences.is_empty()
        && assertion
            .audiences
            .iter()
            .all(|any_of| any_of.iter().any(known));
    if !restricted {
        return Err(
            "The assertion is not restricted to the audience urn:amazon:webservices.".into(),
        );
    }
    let starts = [
        assertion.conditions_not_before,
        assertion.confirmation_not_before,
    ];
    if let Some(start) = starts
        .into_iter()
        .flatten()
        .find(|start| *start > now + SKEW)
    {
        return Err(format!(
            "The assertion is not valid before {start}: compare the clocks of both sides."
        ));
    }
    if assertion.issue_instant > now + SKEW {
        return Err(
            "The assertion was issued in the future: compare the clocks of both sides.".into(),
        );
    }
    Ok(())
}

/// `<public URL>/saml`.
fn own_address(public_url: &Url) -> String {
    format!("{}/saml", public_url.as_str().trim_end_matches('/'))
}

/// This endpoint's own address or one of those by which AWS's is known, each also with
/// `/acs/<id of a provider>`.
fn is_own_address(address: &str, providers: &[&SamlProvider], public_url: &Url) -> bool {
    let base = match address.split_once("/acs/") {
        Some((base, id)) if providers.iter().any(|provider| provider.record.uuid == id) => base,
        Some(_) => return false,
        None => address,
    };
    base == own_address(public_url)
        || base
            .strip_prefix("https://")
            .and_then(|rest| rest.strip_suffix("/saml"))
            .is_some_and(is_sign_in_host)
}
