//! Issuing and verifying a SAML response, against raw RSA-2048.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jetway_saml::{
    Assertion, Attribute, NAMEID_EMAIL, NameId, Response, SignWhat, SigningKey, TrustedIdp,
    Unverified, generate_signing_key,
};
use time::{Duration, OffsetDateTime};

use crate::limits::RawRsa;
use crate::measure::{ratio, row};

/// A fixed moment: the bench needs one, not the present one.
const NOW: i64 = 1_790_000_000;

pub(crate) fn run() -> anyhow::Result<()> {
    let now = OffsetDateTime::from_unix_timestamp(NOW)?;
    let made = generate_signing_key("bench", now, now + Duration::days(1826), [7; 16])?;
    let key = SigningKey::from_pkcs8_der(&made.pkcs8_der, &made.certificate_der)?;
    let response = response(now);
    let signed = response.sign(&key, SignWhat::Assertion)?;
    let base64 = BASE64_STANDARD.encode(signed.as_xml());
    let metadata = jetway_saml::IdpMetadata {
        entity_id: response.issuer.clone(),
        certificates: vec![made.certificate_der.clone()],
        sso_redirect: Some(response.issuer.clone()),
        sso_post: None,
        name_id_formats: vec![],
        ..jetway_saml::IdpMetadata::default()
    };
    let trusted = TrustedIdp::from_metadata(&metadata.to_xml()?)?;
    let mut raw = RawRsa::new()?;

    let issue = || {
        response.sign(&key, SignWhat::Assertion).expect("signs");
    };
    let (ours, limit, share) = ratio(issue, || raw.sign());
    row(
        "signed assertions / raw RSA-2048 signatures",
        &format!("{share:.3}"),
        ">= 0.95",
    );
    row("  per CPU second", &format!("{ours:.0}"), "");
    row(
        "  raw signatures per CPU second",
        &format!("{limit:.0}"),
        "",
    );

    let verify = || {
        Unverified::from_base64(&base64)
            .expect("parses")
            .verify(&trusted.keys)
            .expect("verifies");
    };
    let (ours, limit, share) = ratio(verify, || raw.verify());
    row(
        "verified responses / raw RSA-2048 verifications",
        &format!("{share:.3}"),
        ">= 0.4",
    );
    row("  per CPU second", &format!("{ours:.0}"), "");
    row(
        "  raw verifications per CPU second",
        &format!("{limit:.0}"),
        "",
    );
    row(
        "  size of the response",
        &format!("{} B", signed.as_xml().len()),
        "",
    );
    Ok(())
}

fn response(now: OffsetDateTime) -> Response {
    let attribute = |name: &str, values: &[&str]| Attribute {
        name: format!("https://aws.amazon.com/SAML/Attributes/{name}"),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let roles = [
        "arn:aws:iam::012345678987:role/AcmeJumpCloudAdminRO,arn:aws:iam::012345678987:saml-provider/AcmeJumpCloud",
        "arn:aws:iam::012345678987:role/AcmeJumpCloudAdmin,arn:aws:iam::012345678987:saml-provider/AcmeJumpCloud",
    ];
    let issuer = "http://localhost:8700/saml2/acme-prod-aws-admin".to_owned();
    let acs = "https://signin.aws.amazon.com/saml".to_owned();
    Response {
        id: "_0123456789abcdef0123456789abcdef".to_owned(),
        in_response_to: None,
        issue_instant: now,
        destination: acs.clone(),
        issuer: issuer.clone(),
        assertion: Assertion {
            id: "_fedcba9876543210fedcba9876543210".to_owned(),
            issue_instant: now,
            issuer,
            name_id: NameId {
                format: NAMEID_EMAIL.to_owned(),
                value: "road.runner@the-acme-corporation.com".to_owned(),
            },
            recipient: acs,
            in_response_to: None,
            confirmation_not_on_or_after: now + Duration::minutes(5),
            not_before: now - Duration::minutes(1),
            not_on_or_after: now + Duration::minutes(5),
            audience: "urn:amazon:webservices".to_owned(),
            authn_instant: now,
            session_index: "_11112222333344445555666677778888".to_owned(),
            session_not_on_or_after: None,
            authn_context_class:
                "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport".to_owned(),
            attributes: vec![
                attribute("Role", &roles),
                attribute("RoleSessionName", &["road.runner@the-acme-corporation.com"]),
                attribute("SessionDuration", &["14400"]),
                attribute("PrincipalTag:Project", &["Rockets"]),
            ],
        },
    }
}
