//! What AWS's signer signs is accepted; the same with one thing changed is not.

use std::fmt::Write as _;
use std::time::Duration;

use jetway_aws_wire::sigv4::{BodyHash, RequestParts, SigV4Error, parse};
use proptest::prelude::*;

use crate::signer::{Plain, SECRET, Signed, form_post, now, presigned, signed};

const FORM: &[u8] = b"Action=GetCallerIdentity&Version=2011-06-15";

fn s3_get<'a>(path: &'a str, query: &'a str) -> Plain<'a> {
    Plain {
        method: "GET",
        path,
        query,
        headers: Vec::new(),
        body: b"",
    }
}

#[test]
fn a_form_post_to_sts_is_accepted() {
    signed(form_post(FORM), "sts").check(SECRET, now()).unwrap();
}

#[test]
fn a_presigned_get_to_sts_is_accepted_for_fifteen_minutes() {
    let plain = Plain {
        method: "GET",
        path: "/",
        query: "Action=GetCallerIdentity&Version=2011-06-15",
        headers: Vec::new(),
        body: b"",
    };
    let signed = presigned(plain, "sts", Duration::from_mins(1));
    signed
        .check(SECRET, now() + time::Duration::minutes(14))
        .unwrap();
    assert!(matches!(
        signed.check(SECRET, now() + time::Duration::minutes(16)),
        Err(SigV4Error::Expired { .. })
    ));
}

#[test]
fn a_presigned_s3_address_lives_as_long_as_it_says() {
    let signed = presigned(s3_get("/bucket/a%20b", ""), "s3", Duration::from_hours(1));
    signed
        .check(SECRET, now() + time::Duration::minutes(59))
        .unwrap();
    assert_eq!(
        signed.check(SECRET, now() + time::Duration::minutes(61)),
        Err(SigV4Error::PresignedExpired)
    );
}

#[test]
fn an_unsigned_request_has_no_authorization() {
    let parts = RequestParts {
        method: "POST",
        path: "/",
        query: "",
        headers: &[("host".to_owned(), "localhost".to_owned())],
        body_sha256: BodyHash::of(FORM),
    };
    assert!(parse(&parts).unwrap().is_none());
}

#[test]
fn s3_keeps_dots_and_double_slashes_in_the_path() {
    signed(s3_get("/bucket//a/../b/./c", ""), "s3")
        .check(SECRET, now())
        .unwrap();
}

#[test]
fn another_service_than_s3_normalises_the_path() {
    let plain = Plain {
        method: "GET",
        path: "/a//b/../c%20d/",
        query: "",
        headers: vec![],
        body: b"",
    };
    signed(plain, "execute-api").check(SECRET, now()).unwrap();
}

#[test]
fn s3_accepts_a_path_that_was_signed_with_reserved_characters_as_they_are() {
    signed(s3_get("/bucket/a:b@c+d(e)", ""), "s3")
        .check(SECRET, now())
        .unwrap();
}

#[test]
fn the_wrong_secret_is_refused() {
    let signed = signed(form_post(FORM), "sts");
    assert_eq!(signed.check("wrong", now()), Err(SigV4Error::Mismatch));
}

#[test]
fn a_changed_part_of_the_request_is_refused() {
    let changes: [fn(&mut Signed); 8] = [
        |signed| signed.body.push(b'x'),
        |signed| signed.method = "GET".to_owned(),
        |signed| signed.path = "/other".to_owned(),
        |signed| signed.query = "a=b".to_owned(),
        |signed| signed.header("host").push('x'),
        |signed| signed.header("content-type").push('x'),
        |signed| {
            signed
                .headers
                .push(("host".to_owned(), "second".to_owned()));
        },
        |signed| {
            let header = signed.header("authorization");
            let last = if header.ends_with('0') { "1" } else { "0" };
            header.pop();
            header.push_str(last);
        },
    ];
    for change in changes {
        let mut tampered = signed(form_post(FORM), "sts");
        change(&mut tampered);
        assert_eq!(tampered.error(), SigV4Error::Mismatch);
    }
}

#[test]
fn a_signature_in_upper_case_is_refused() {
    let mut tampered = signed(form_post(FORM), "sts");
    let header = tampered.header("authorization");
    let at = header.find("Signature=").unwrap() + "Signature=".len();
    let upper = header[at..].to_ascii_uppercase();
    header.replace_range(at.., &upper);
    assert_eq!(tampered.error(), SigV4Error::Mismatch);
}

#[test]
fn an_x_amz_header_added_to_a_signed_s3_request_is_refused() {
    let mut tampered = signed(s3_get("/bucket/key", ""), "s3");
    tampered
        .headers
        .push(("x-amz-copy-source".to_owned(), "/other/secret".to_owned()));
    assert_eq!(
        tampered.error(),
        SigV4Error::HeadersNotSigned(vec!["x-amz-copy-source".to_owned()])
    );
}

#[test]
fn a_query_parameter_added_to_a_presigned_address_is_refused() {
    let mut tampered = presigned(s3_get("/bucket/key", ""), "s3", Duration::from_hours(1));
    tampered.query.push_str("&versionId=1");
    assert_eq!(tampered.error(), SigV4Error::Mismatch);
}

/// A path as a client puts it on the wire: every segment percent-encoded by the S3 rules.
fn wire_path(segments: &[String]) -> String {
    segments
        .iter()
        .fold(String::new(), |path, segment| path + "/" + &encode(segment))
}

fn wire_query(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            other => write!(out, "%{other:02X}").unwrap(),
        }
        out
    })
}

proptest! {
    #[test]
    fn odd_s3_paths_queries_and_headers_are_accepted(
        segments in prop::collection::vec("\\PC{0,12}", 1..4),
        pairs in prop::collection::vec(("\\PC{1,8}", "\\PC{0,8}"), 0..4),
        metadata in "[a-zA-Z0-9]( {0,3}[a-z0-9,;=\"+/:]){0,8} {0,3}",
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let (path, query) = (wire_path(&segments), wire_query(&pairs));
        let headers = vec![("x-amz-meta-note".to_owned(), metadata)];
        let plain = Plain { method: "PUT", path: &path, query: &query, headers, body: &body };
        prop_assert_eq!(signed(plain, "s3").check(SECRET, now()), Ok(()));
    }

    #[test]
    fn odd_presigned_s3_addresses_are_accepted(
        segments in prop::collection::vec("\\PC{0,12}", 1..4),
        pairs in prop::collection::vec(("\\PC{1,8}", "\\PC{0,8}"), 0..4),
    ) {
        let (path, query) = (wire_path(&segments), wire_query(&pairs));
        let signed = presigned(s3_get(&path, &query), "s3", Duration::from_mins(5));
        prop_assert_eq!(signed.check(SECRET, now()), Ok(()));
    }

    #[test]
    fn odd_requests_to_other_services_are_accepted(
        segments in prop::collection::vec("\\PC{0,12}|\\.{1,2}", 1..5),
        pairs in prop::collection::vec(("\\PC{1,8}", "\\PC{0,8}"), 0..4),
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let (path, query) = (wire_path(&segments), wire_query(&pairs));
        let headers = Vec::new();
        let plain = Plain { method: "POST", path: &path, query: &query, headers, body: &body };
        prop_assert_eq!(signed(plain, "iam").check(SECRET, now()), Ok(()));
    }

    #[test]
    fn parsing_and_verifying_never_fail_other_than_by_refusing(
        header in "\\PC{0,80}|AWS4-HMAC-SHA256 \\PC{0,80}",
        query in "\\PC{0,80}",
        path in "\\PC{0,40}",
    ) {
        let headers = [
            ("authorization".to_owned(), header),
            ("x-amz-date".to_owned(), "20261122T120000Z".to_owned()),
        ];
        let parts = RequestParts {
            method: "GET", path: &path, query: &query, headers: &headers,
            body_sha256: BodyHash::of(b""),
        };
        prop_assert!(!matches!(parse(&parts), Ok(None)));
    }
}
