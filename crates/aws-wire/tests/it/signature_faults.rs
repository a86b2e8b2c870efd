//! The texts of refused signatures (aws-iam-sts reference: errors common to STS and IAM, and S3).

use jetway_aws_wire::AwsError;
use jetway_aws_wire::sigv4::{BodyHash, RequestParts, SigV4Error, parse, verify};

use crate::signer::{SECRET, form_post, now, signed};

const CREDENTIAL: &str = "Credential=AKIDFOO/20261122/us-east-1/sts/aws4_request";

fn refusal(authorization: &str, date: Option<&str>) -> SigV4Error {
    let mut headers = vec![("authorization".to_owned(), authorization.to_owned())];
    headers.extend(date.map(|date| ("x-amz-date".to_owned(), date.to_owned())));
    refusal_of(&headers, "")
}

fn refusal_of(headers: &[(String, String)], query: &str) -> SigV4Error {
    let parts = RequestParts {
        method: "POST",
        path: "/",
        query,
        headers,
        body_sha256: BodyHash::of(b""),
    };
    match parse(&parts) {
        Err(error) => error,
        Ok(found) => verify(&parts, &found.unwrap(), SECRET, now()).unwrap_err(),
    }
}

fn is(error: &AwsError, status: u16, code: &str, message: &str) {
    assert_eq!(
        (error.status, &*error.code, error.message.as_str()),
        (status, code, message)
    );
}

#[test]
fn an_authorization_header_without_its_parameters_names_each() {
    is(
        &refusal("AWS4-HMAC-SHA256", None).into_query_error(),
        400,
        "IncompleteSignature",
        "Authorization header requires 'Credential' parameter. Authorization header requires \
         'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. \
         Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
         Authorization=AWS4-HMAC-SHA256",
    );
}

#[test]
fn a_part_without_an_equals_sign_is_quoted() {
    let header = "AWS4-HMAC-SHA256 Credential";
    is(
        &refusal(header, None).into_query_error(),
        400,
        "IncompleteSignature",
        "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: \
         'AWS4-HMAC-SHA256 Credential'.",
    );
}

#[test]
fn another_algorithm_is_refused() {
    let error = refusal("AWS AKIDFOO:c2lnbmF0dXJl", None);
    is(
        &error.clone().into_query_error(),
        400,
        "IncompleteSignature",
        "Unsupported AWS 'algorithm': 'AWS'.",
    );
    is(
        &error.into_s3_error(),
        400,
        "InvalidRequest",
        "The authorization mechanism you have provided is not supported. Please use \
         AWS4-HMAC-SHA256.",
    );
}

#[test]
fn a_date_that_is_not_basic_iso_8601_is_refused() {
    let header = format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host, Signature=00");
    is(
        &refusal(&header, Some("2026-11-22T12:00:00Z")).into_query_error(),
        400,
        "IncompleteSignature",
        "Date must be in ISO-8601 'basic format'. Got '2026-11-22T12:00:00Z'. See \
         http://en.wikipedia.org/wiki/ISO_8601",
    );
}

#[test]
fn a_credential_without_five_parts_is_refused() {
    let header =
        "AWS4-HMAC-SHA256 Credential=AKIDFOO/20261122/x/y, SignedHeaders=host, Signature=00";
    is(
        &refusal(header, Some("20261122T120000Z")).into_query_error(),
        400,
        "IncompleteSignature",
        "Credential must have exactly 5 slash-delimited elements, e.g. \
         keyid/date/region/service/term, got 'AKIDFOO/20261122/x/y'",
    );
}

#[test]
fn a_request_without_a_signed_host_is_refused() {
    let header = format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=x-amz-date, Signature=00");
    is(
        &refusal(&header, Some("20261122T120000Z")).into_query_error(),
        403,
        "SignatureDoesNotMatch",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
}

#[test]
fn a_scope_of_another_day_is_refused() {
    let header = format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host, Signature=00")
        .replace("20261122", "20261121");
    is(
        &refusal(&header, Some("20261122T120000Z")).into_query_error(),
        403,
        "SignatureDoesNotMatch",
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from \
         HTTP: '20261121' != '20261122', from '20261122T120000Z'.",
    );
}

#[test]
fn the_scope_must_name_the_service() {
    let signed = signed(form_post(b"Action=GetCallerIdentity"), "sts");
    let parts = RequestParts {
        method: "POST",
        path: "/",
        query: "",
        headers: &signed.headers,
        body_sha256: BodyHash::of(&signed.body),
    };
    let authorization = parse(&parts).unwrap().unwrap();
    authorization.check_scope("sts", now()).unwrap();
    is(
        &authorization
            .check_scope("iam", now())
            .unwrap_err()
            .into_query_error(),
        403,
        "SignatureDoesNotMatch",
        "Credential should be scoped to correct service: 'iam'.",
    );
}

#[test]
fn a_stale_signature_says_by_how_much() {
    let signed = signed(form_post(b""), "sts");
    let error = signed
        .check(SECRET, now() + time::Duration::seconds(901))
        .unwrap_err();
    is(
        &error.clone().into_query_error(),
        403,
        "SignatureDoesNotMatch",
        "Signature expired: 20261122T120000Z is now earlier than 20261122T120001Z \
         (20261122T121501Z - 15 min.)",
    );
    is(
        &error.into_s3_error(),
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
    );
    signed
        .check(SECRET, now() + time::Duration::seconds(900))
        .unwrap();
}

#[test]
fn a_signature_of_the_future_is_refused() {
    let error = signed(form_post(b""), "sts")
        .check(SECRET, now() - time::Duration::seconds(901))
        .unwrap_err();
    is(
        &error.into_query_error(),
        403,
        "SignatureDoesNotMatch",
        "Signature not yet current: 20261122T120000Z is still later than 20261122T115959Z \
         (20261122T114459Z + 15 min.)",
    );
}

#[test]
fn the_wrong_secret_has_the_text_of_the_service() {
    let error = signed(form_post(b""), "sts")
        .check("wrong", now())
        .unwrap_err();
    is(
        &error.clone().into_query_error(),
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check \
         your AWS Secret Access Key and signing method. Consult the service documentation for \
         details.",
    );
    is(
        &error.into_s3_error(),
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check \
         your key and signing method.",
    );
}

#[test]
fn a_signature_in_both_places_is_refused() {
    let headers = [("authorization".to_owned(), "AWS4-HMAC-SHA256 x".to_owned())];
    let error = refusal_of(&headers, "X-Amz-Algorithm=AWS4-HMAC-SHA256");
    assert_eq!(error, SigV4Error::TwoMechanisms);
}

#[test]
fn a_signed_query_without_its_parameters_is_refused() {
    is(
        &refusal_of(
            &[],
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=x&X-Amz-Signature=y",
        )
        .into_query_error(),
        400,
        "IncompleteSignature",
        "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string \
         parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.",
    );
}

#[test]
fn a_line_break_in_a_signed_query_is_refused() {
    let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261122T120000Z&X-Amz-Signature=0\
                 &X-Amz-SignedHeaders=host&X-Amz-Credential=A/20261122/x%0Ay/sts/aws4_request";
    assert!(matches!(
        refusal_of(&[], query),
        SigV4Error::BadCredential(_)
    ));
}

#[test]
fn a_presigned_s3_address_must_say_how_long_it_lives() {
    let query = |expires: &str| {
        format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261122T120000Z&X-Amz-Signature=0\
             &X-Amz-SignedHeaders=host\
             &X-Amz-Credential=A%2F20261122%2Fus-east-1%2Fs3%2Faws4_request{expires}"
        )
    };
    let text = |expires: &str| refusal_of(&[], &query(expires)).into_s3_error();
    assert!(
        text("")
            .message
            .starts_with("Query-string authentication version 4 requires")
    );
    assert_eq!(
        text("&X-Amz-Expires=abc").message,
        "X-Amz-Expires should be a number"
    );
    assert_eq!(
        text("&X-Amz-Expires=-1").message,
        "X-Amz-Expires must be non-negative"
    );
    assert_eq!(
        text("&X-Amz-Expires=604801").code,
        "AuthorizationQueryParametersError"
    );
}
