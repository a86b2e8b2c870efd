//! The error texts of AWS, word for word as they are seen.

use jetway_identity::diagnose::{
    DiagnoseError, Diagnosis, Expected, MAX_PASTED, Pasted, Severity, diagnose,
};
use time::macros::datetime;

fn paste(text: &str) -> Diagnosis {
    diagnose(
        text,
        &Expected::default(),
        datetime!(2026-11-22 04:12:40 UTC),
    )
    .unwrap()
}

/// The titles for an error text, which must be recognised as one.
#[track_caller]
fn titles(text: &str) -> Vec<String> {
    let diagnosis = paste(text);
    assert_eq!(diagnosis.what, Pasted::AwsError, "{text}");
    diagnosis.findings.into_iter().map(|f| f.title).collect()
}

/// Each text has exactly the one cause beside it.
#[track_caller]
fn each_has_its_cause(texts: &[(&str, &str)]) {
    for (text, title) in texts {
        assert_eq!(titles(text), [*title], "{text}");
    }
}

/// Requirement W05: who tests and fails learns why.
#[test]
fn what_aws_says_of_a_response_has_one_cause() {
    each_has_its_cause(&[
        (
            "aws: [ERROR]: An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithSAML operation: RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}",
            "The session name has characters that AWS does not take",
        ),
        (
            "RoleSessionName is required in AuthnResponse (Service: AWSSecurityTokenService; Status Code: 400; Error Code: InvalidIdentityToken; Request ID: c6104cbe). Please try again.",
            "The session name is missing",
        ),
        (
            "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with \"aws:\"",
            "The source identity has characters that AWS does not take",
        ),
        (
            "Response signature invalid (Service: AWSSecurityTokenService; Status Code: 400; Error Code: InvalidIdentityToken)",
            "AWS has other metadata than ours",
        ),
        (
            "Response (with optional signature) must contain an assertion with a mandatory signature (Service: AWSOpenIdDiscoveryService; Status Code: 400)",
            "The assertion is not signed",
        ),
        (
            "Your request included an invalid SAML response. To logout, click here.",
            "AWS found no usable role in the response",
        ),
        (
            "Error: Failed to assume role: Issuer not present in specified provider (service: AWSOpenIdDiscoveryService; status code: 400)",
            "The issuer is not the one in AWS's copy of the metadata",
        ),
        (
            "Specified provider doesn\u{2019}t\n exist (Service: AWSOpenIdDiscoveryService; Error Code: AuthSamlManifestNotFoundException)",
            "There is no SAML provider of this name in the account",
        ),
        (
            "SAML Assertion doesn't contain the requested Role and Metadata in the attributes",
            "The assertion does not name this role",
        ),
        (
            "An error occurred (AccessDenied) when calling the AssumeRoleWithSAML operation: Not authorized to perform sts:AssumeRoleWithSAML",
            "The role does not trust this sign-in",
        ),
        (
            "Token must be redeemed within 5 minutes of issuance",
            "The assertion is older than five minutes, or the clock is wrong",
        ),
        (
            "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithSAML operation: Response has expired",
            "The assertion is over, or the clock is wrong",
        ),
    ]);
}

/// Requirement W05.
#[test]
fn what_aws_says_of_values_and_sizes_has_one_cause() {
    each_has_its_cause(&[
        (
            "Unable to validate tags",
            "A session tag has characters that AWS does not take, or is too long",
        ),
        (
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            "The session is longer than the role allows",
        ),
        (
            "1 validation error detected: Value '50000' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
            "The session length is out of bounds",
        ),
        (
            "Response did not contain a valid SAML assertion",
            "The response is too large",
        ),
        (
            "Request ARN is invalid",
            "What should be the role ARN is none",
        ),
        (
            "Principal ARN is invalid",
            "What should be the provider ARN is none",
        ),
        (
            "Invalid base64 SAMLResponse (Service: AWSOpenIdDiscoveryService; Status Code: 400)",
            "AWS cannot read the response",
        ),
    ]);
}

/// Requirement W05.
#[test]
fn what_identity_center_says_has_one_cause() {
    each_has_its_cause(&[
        (
            "Something went wrong\nLooks like this code isn't right. Please try again.",
            "IAM Identity Center does not accept the person",
        ),
        (
            "Invalid MFA credentials",
            "IAM Identity Center does not know the person",
        ),
        (
            "It's not you, it's us",
            "IAM Identity Center does not accept the signature or the times",
        ),
        (
            "Response contains invalid name id policy format",
            "The format of the NameID is wrong for IAM Identity Center",
        ),
    ]);
}

#[test]
fn a_text_that_only_says_that_it_failed_gives_way_to_a_precise_one() {
    assert_eq!(
        titles("Your request included an invalid SAML response. Response signature invalid"),
        ["AWS has other metadata than ours"]
    );
}

#[test]
fn a_page_with_an_error_text_in_it_is_no_response() {
    assert_eq!(
        titles("<!DOCTYPE html><HTML><p>Response signature invalid</p></HTML>"),
        ["AWS has other metadata than ours"]
    );
}

#[test]
fn what_is_not_known_is_said_to_be_so() {
    let diagnosis = paste("The printer is on fire.");
    assert_eq!(diagnosis.what, Pasted::Unknown);
    assert_eq!(diagnosis.findings[0].severity, Severity::Note);
}

#[test]
fn nothing_and_too_much_are_refused() {
    let now = datetime!(2026-11-22 04:12:40 UTC);
    let ask = |text: &str| diagnose(text, &Expected::default(), now);
    assert_eq!(ask(" \n"), Err(DiagnoseError::Empty));
    assert!(matches!(
        ask(&"x".repeat(MAX_PASTED + 1)),
        Err(DiagnoseError::TooLong { .. })
    ));
}
