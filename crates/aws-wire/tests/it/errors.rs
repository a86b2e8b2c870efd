//! Errors and answers as XML.

use jetway_aws_wire::xml::{XmlWriter, empty_query_response, query_response};
use jetway_aws_wire::{AwsError, Fault};

const STS: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

#[test]
fn a_query_error_has_the_envelope_of_the_service() {
    let error = AwsError::bad_request("InvalidIdentityToken", "Response signature invalid");
    assert_eq!(
        error.to_query_xml(STS, "c6104cbe"),
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
         <Type>Sender</Type><Code>InvalidIdentityToken</Code>\
         <Message>Response signature invalid</Message></Error>\
         <RequestId>c6104cbe</RequestId></ErrorResponse>"
    );
}

#[test]
fn an_internal_failure_is_the_receivers_fault() {
    assert_eq!(AwsError::internal().fault, Fault::Receiver);
    assert!(
        AwsError::internal()
            .to_query_xml(STS, "x")
            .contains("<Type>Receiver</Type>")
    );
}

#[test]
fn an_s3_error_has_no_namespace_and_both_ids() {
    let error = AwsError::sender(404, "NoSuchBucket", "The specified bucket does not exist");
    assert_eq!(
        error.to_s3_xml_with(&[("BucketName", "a&b")], "REQ", "HOST"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchBucket</Code>\
         <Message>The specified bucket does not exist</Message><BucketName>a&amp;b</BucketName>\
         <RequestId>REQ</RequestId><HostId>HOST</HostId></Error>"
    );
}

#[test]
fn answers_have_a_result_and_metadata() {
    let answer = query_response("GetCallerIdentity", STS, "r-1", |xml| {
        xml.text("Account", "012345678987");
        xml.members(
            "Names",
            ["a", "<b>"],
            jetway_aws_wire::xml::XmlWriter::characters,
        );
        xml.boolean("IsTruncated", false);
        xml.integer("Count", 2);
        xml.optional_text("Marker", None);
    });
    assert_eq!(
        answer,
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult><Account>012345678987</Account>\
         <Names><member>a</member><member>&lt;b&gt;</member></Names>\
         <IsTruncated>false</IsTruncated><Count>2</Count></GetCallerIdentityResult>\
         <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>\
         </GetCallerIdentityResponse>"
    );
}

#[test]
fn an_answer_without_a_result_has_no_result_element() {
    assert_eq!(
        empty_query_response("DeleteRole", "ns", "r-1"),
        "<DeleteRoleResponse xmlns=\"ns\"><ResponseMetadata><RequestId>r-1</RequestId>\
         </ResponseMetadata></DeleteRoleResponse>"
    );
}

#[test]
fn characters_that_xml_cannot_carry_do_not_break_an_answer() {
    let mut xml = XmlWriter::new();
    xml.element_with("a", &[("b", "\"'<\n")], |xml| {
        xml.characters("\u{1}\r]]>\u{FFFF}é");
    });
    assert_eq!(
        xml.finish(),
        "<a b=\"&quot;&apos;&lt;\n\">\u{FFFD}&#13;]]&gt;\u{FFFD}é</a>"
    );
}
