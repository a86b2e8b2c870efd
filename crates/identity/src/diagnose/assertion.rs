//! What AWS would say to a response.

use jetway_saml::inspect::Inspected;
use jetway_saml::{MAX_BASE64, NAMEID_EMAIL, ParseError};
use time::OffsetDateTime;

use super::finding::{Finding, Severity, quoted};
use super::pasted::Response;
use super::{Expected, attributes, times};
use crate::applications::AWS_AUDIENCE;

/// What AWS calls nearly everything that is missing in a response.
const UNREADABLE: &str = "AWS answers \"Invalid base64 SAMLResponse\".";

/// Everything that is wrong with a response, or one note that nothing is.
pub(super) fn findings(
    response: &Response,
    expected: &Expected,
    now: OffsetDateTime,
) -> Vec<Finding> {
    let inspected = match &response.inspected {
        Ok(inspected) => inspected,
        Err(error) => return vec![unreadable(error)],
    };
    let center = is_identity_center(inspected);
    let mut findings = Vec::new();
    size(response.base64_length, center, &mut findings);
    structure(inspected, &mut findings);
    signature(inspected, &mut findings);
    issuer(inspected, expected, &mut findings);
    addresses(inspected, expected, &mut findings);
    audience(inspected, expected, center, &mut findings);
    name_id(inspected, center, &mut findings);
    if center {
        attributes::for_identity_center(inspected, &mut findings);
    } else {
        attributes::for_iam(inspected, &mut findings);
    }
    times::check(&inspected.times, now, &mut findings);
    if findings
        .iter()
        .all(|finding| finding.severity == Severity::Note)
    {
        findings.push(Finding::note(
            "The response keeps to the rules of AWS",
            "Whether its signature matches the metadata that AWS has, and whether the role trusts it, only AWS knows.",
            "If AWS refuses it all the same, paste its error text here.",
        ));
    }
    findings
}

/// Responses to IAM Identity Center are addressed to `…/platform/saml/acs/<tenant>`.
fn is_identity_center(inspected: &Inspected) -> bool {
    let addresses = [&inspected.destination, &inspected.recipient];
    let mut addresses = addresses.into_iter().flatten();
    addresses.any(|address| address.contains("/platform/saml/"))
}

fn unreadable(error: &ParseError) -> Finding {
    match error {
        ParseError::Encrypted { .. } => Finding::warning(
            "The assertion is encrypted",
            "It cannot be read here. AWS IAM reads it only with a private key that was uploaded to the SAML provider; IAM Identity Center never does.",
            "Application, SSO: switch encryption off, or upload the key to the SAML provider in AWS.",
        ),
        ParseError::NoAssertion => Finding::error(
            "There is no assertion in the response",
            "The identity provider refused the sign-in, and the status of the response says so.",
            "Look at the activity log of the identity provider for the reason.",
        ),
        error => Finding::error(
            "The response cannot be read",
            format!("{error}. {UNREADABLE}"),
            "Copy the whole value of SAMLResponse, from the network view of the browser. If it is whole, the identity provider made it wrong.",
        ),
    }
}

fn size(length: usize, center: bool, findings: &mut Vec<Finding>) {
    if length > MAX_BASE64 && !center {
        findings.push(Finding::warning(
            "The response is too long for command lines",
            format!("It has {length} characters of base64. AssumeRoleWithSAML takes {MAX_BASE64}; the sign-in page takes 128 KB."),
            "Send fewer attributes and roles: assign people to fewer groups, or split the application.",
        ));
    }
}

fn structure(inspected: &Inspected, findings: &mut Vec<Finding>) {
    let counts = &inspected.counts;
    let wrong = [
        (counts.assertions == 1, "exactly one assertion"),
        (counts.conditions == 1, "exactly one Conditions element"),
        (counts.confirmations == 1, "exactly one SubjectConfirmation"),
        (counts.authn_statements > 0, "an AuthnStatement"),
    ];
    for (_, what) in wrong.iter().filter(|(sound, _)| !sound) {
        findings.push(Finding::error(
            format!("There is not {what}"),
            format!("AWS wants {what} in a response. {UNREADABLE}"),
            "The identity provider that made this response has to be corrected.",
        ));
    }
}

fn signature(inspected: &Inspected, findings: &mut Vec<Finding>) {
    if inspected.signed.assertion {
        return;
    }
    findings.push(Finding::error(
        "The assertion is not signed",
        if inspected.signed.response {
            "Only the response is signed. AWS wants the assertion itself signed."
        } else {
            "There is no signature. AWS wants the assertion signed."
        },
        "Application, SSO, signing: choose to sign the assertion.",
    ));
}

fn issuer(inspected: &Inspected, expected: &Expected, findings: &mut Vec<Finding>) {
    let Some(issuer) = &inspected.issuer else {
        findings.push(Finding::error(
            "The issuer is missing",
            "The assertion has no Issuer, so that AWS cannot tell whose it is.",
            "Application, SSO: fill in the IdP entity ID.",
        ));
        return;
    };
    if let Some(ours) = expected.issuer.as_ref().filter(|ours| *ours != issuer) {
        findings.push(Finding::error(
            "The issuer is not this application",
            format!(
                "The response is from {}, and this application is {}. AWS compares letter for letter and answers \"Issuer not present in specified provider\".",
                quoted(issuer),
                quoted(ours)
            ),
            "Application, SSO: compare the IdP entity ID. If you changed it, upload the metadata to AWS again. Or the response is from another application.",
        ));
    }
}

fn addresses(inspected: &Inspected, expected: &Expected, findings: &mut Vec<Finding>) {
    let both = [
        ("Destination", &inspected.destination),
        ("Recipient", &inspected.recipient),
    ];
    for (name, address) in both {
        let Some(address) = address else {
            findings.push(Finding::error(
                format!("The {name} is missing"),
                format!("AWS wants to be named as {name}. {UNREADABLE}"),
                "Application, SSO: fill in the ACS URL.",
            ));
            continue;
        };
        if let Some(ours) = expected.acs_url.as_ref().filter(|ours| *ours != address) {
            findings.push(Finding::error(
                format!("The {name} is not the ACS URL of this application"),
                format!(
                    "It is {}, and the ACS URL is {}. The condition on SAML:aud in the trust policy compares with the Recipient; AWS answers \"Not authorized to perform sts:AssumeRoleWithSAML\".",
                    quoted(address),
                    quoted(ours)
                ),
                "Application, SSO: correct the ACS URL, or the trust policy of the role.",
            ));
        }
    }
}

fn audience(inspected: &Inspected, expected: &Expected, center: bool, findings: &mut Vec<Finding>) {
    let ours = match (&expected.audience, center) {
        (Some(ours), _) => ours.as_str(),
        (None, false) => AWS_AUDIENCE,
        (None, true) => return,
    };
    if inspected.audiences.iter().any(|audience| audience == ours) {
        return;
    }
    let found = match inspected.audiences.as_slice() {
        [] => "There is none".to_owned(),
        [first, ..] => format!("It is {}", quoted(first)),
    };
    let explanation = format!("{found}, and should be {}.", quoted(ours));
    let fix = "Application, SSO: correct the SP entity ID.";
    findings.push(if center {
        Finding::error("The audience is wrong", explanation, fix)
    } else {
        let more = " AWS IAM lets it pass at present, against its own documentation.";
        Finding::warning("The audience is wrong", explanation + more, fix)
    });
}

fn name_id(inspected: &Inspected, center: bool, findings: &mut Vec<Finding>) {
    let format = inspected
        .name_id
        .as_ref()
        .and_then(|name_id| name_id.format.as_deref());
    if format.is_none() {
        findings.push(Finding::error(
            "The NameID or its format is missing",
            format!("AWS wants a NameID with a Format. {UNREADABLE}"),
            "Application, SSO, NameID: choose a source and a format.",
        ));
    }
    if let (true, Some(name_id)) = (center, &inspected.name_id) {
        if format.is_some_and(|format| format != NAMEID_EMAIL) {
            findings.push(Finding::error(
                "The format of the NameID is wrong for IAM Identity Center",
                format!("It must be {NAMEID_EMAIL}."),
                "Application, SSO, NameID: choose the format emailAddress.",
            ));
        }
        findings.push(Finding::note(
            "IAM Identity Center looks for this username",
            format!(
                "The NameID is {}. There must be a user with exactly this username; the e-mail address there does not count.",
                quoted(&name_id.value)
            ),
            "Compare it with IAM Identity Center, Users.",
        ));
    }
}
