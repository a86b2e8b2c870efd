//! The query codec.

use jetway_aws_wire::query::{MAX_PARAMETERS, QueryError};
use jetway_aws_wire::{AwsError, QueryRequest};
use proptest::prelude::*;

fn decode(text: &str) -> QueryRequest {
    QueryRequest::decode(text.as_bytes()).unwrap()
}

#[test]
fn parameters_are_decoded() {
    let request = decode("Action=CreateRole&Version=2010-05-08&Description=a+b%20c%2Bd&Empty=");
    assert_eq!(request.action(), Some("CreateRole"));
    assert_eq!(request.version(), Some("2010-05-08"));
    assert_eq!(request.get("Description"), Some("a b c+d"));
    assert_eq!(request.get("Empty"), Some(""));
    assert_eq!(request.get("Missing"), None);
}

#[test]
fn lists_come_in_the_order_of_their_numbers() {
    let request = decode("TagKeys.member.10=c&TagKeys.member.2=b&TagKeys.member.1=a&TagKeysX=z");
    assert_eq!(request.member_list("TagKeys"), ["a", "b", "c"]);
    assert!(decode("TagKeys=").member_list("TagKeys").is_empty());
}

#[test]
fn structures_come_with_their_members() {
    let request = decode(
        "Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a&Tags.member.1.Value=1",
    );
    let tags = request.member_structures("Tags");
    assert_eq!(tags.len(), 2);
    assert_eq!((tags[0]["Key"], tags[0]["Value"]), ("a", "1"));
    assert_eq!((tags[1]["Key"], tags[1]["Value"]), ("b", "2"));
}

#[test]
fn a_member_number_has_one_spelling() {
    assert!(
        decode("A.member.01=x&A.member.0=y&A.member.%2B1=z")
            .member_list("A")
            .is_empty()
    );
}

#[test]
fn whole_numbers_are_read_as_aws_reads_them() {
    for (text, value) in [
        ("900", 900),
        ("0900", 900),
        ("%2B900", 900),
        ("0", 0),
        ("-5", -5),
    ] {
        let request = decode(&format!("DurationSeconds={text}"));
        assert_eq!(request.integer("DurationSeconds").unwrap(), Some(value));
    }
    for text in ["+900+", "900.0", "9e2", "2147483648", "", "%2B"] {
        let error = decode(&format!("N={text}")).integer("N").unwrap_err();
        assert_eq!(
            (error.status, &*error.code),
            (400, "MalformedInput"),
            "{text}"
        );
    }
}

#[test]
fn a_parameter_given_twice_is_refused() {
    let error = QueryRequest::decode(b"RoleArn=a&%52oleArn=b").unwrap_err();
    assert_eq!(error, QueryError::Duplicate("RoleArn".to_owned()));
    assert_eq!(AwsError::from(error).code, "MalformedInput");
}

#[test]
fn broken_escapes_and_broken_text_are_refused() {
    assert_eq!(
        QueryRequest::decode(b"A=%4").unwrap_err(),
        QueryError::BrokenEscape("A".to_owned())
    );
    assert_eq!(
        QueryRequest::decode(b"A=%FF").unwrap_err(),
        QueryError::NotText("A".to_owned())
    );
}

#[test]
fn the_number_of_parameters_is_bounded() {
    let many: Vec<String> = (0..=MAX_PARAMETERS).map(|at| format!("p{at}=x")).collect();
    assert_eq!(
        QueryRequest::decode(many.join("&").as_bytes()).unwrap_err(),
        QueryError::TooManyParameters
    );
}

proptest! {
    #[test]
    fn decoding_never_fails_other_than_by_refusing(content in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(request) = QueryRequest::decode(&content) {
            request.member_list("A");
            request.member_structures("A");
        }
    }
}
