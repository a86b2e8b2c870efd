//! Error bodies, byte for byte.

use jetway_scim::{AWS, RFC, ScimError, ScimType};
use time::macros::datetime;

/// The order, the extra `schema`, and no `scimType`.
#[test]
fn aws_sends_its_own_error_body() {
    let error = ScimError::duplicate(&AWS, "userName");
    let body = error.body(
        &AWS,
        "81abca44-0000-4000-8000-000000000000",
        datetime!(2022-03-18 12:57:08.014 +2),
    );
    assert_eq!(error.status, 409);
    assert_eq!(
        body.to_string(),
        concat!(
            r#"{"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"#,
            r#""schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"#,
            r#""detail":"Refused to create a new, duplicate resource.","status":"409","#,
            r#""exceptionRequestId":"81abca44-0000-4000-8000-000000000000","#,
            r#""timeStamp":"2022-03-18 10:57:08.014"}"#,
        )
    );
}

#[test]
fn the_rfc_body_has_the_keyword_and_nothing_of_aws() {
    let error = ScimError::duplicate(&RFC, "userName");
    assert_eq!(error.scim_type, Some(ScimType::Uniqueness));
    assert_eq!(
        error
            .body(&RFC, "r-1", datetime!(2022-03-18 10:57:08 UTC))
            .to_string(),
        concat!(
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","#,
            r#""scimType":"uniqueness","#,
            r#""detail":"Another resource has the same \"userName\". It must be unique."}"#,
        )
    );
}
