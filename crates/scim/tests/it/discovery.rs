//! What the server says about itself.

use jetway_scim::{AWS, RFC, resource_types, schemas, service_provider_config};
use serde_json::Value;

const BASE: &str = "http://127.0.0.1/scim/v2";

#[test]
fn the_configuration_of_aws_is_its_documented_one() {
    assert_eq!(
        service_provider_config(&AWS, BASE).to_string(),
        concat!(
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"#,
            r#""documentationUri":"https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source-idp.html","#,
            r#""authenticationSchemes":[{"type":"oauthbearertoken","name":"OAuth Bearer Token","#,
            r#""description":"Authentication scheme using the OAuth Bearer Token Standard","#,
            r#""specUri":"https://www.rfc-editor.org/info/rfc6750","#,
            r#""documentationUri":"https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html","#,
            r#""primary":true}],"patch":{"supported":true},"#,
            r#""bulk":{"supported":false,"maxOperations":1,"maxPayloadSize":1048576},"#,
            r#""filter":{"supported":true,"maxResults":50},"changePassword":{"supported":false},"#,
            r#""sort":{"supported":false},"etag":{"supported":false}}"#,
        )
    );
}

#[test]
fn the_extension_is_required_by_aws_only() {
    let required = |types: Vec<Value>| types[0]["schemaExtensions"][0]["required"].clone();
    assert_eq!(required(resource_types(&AWS, BASE)), true);
    assert_eq!(required(resource_types(&RFC, BASE)), false);
}

#[test]
fn schemas_leave_out_what_the_dialect_refuses() {
    let names = |all: &[Value]| -> Vec<String> {
        let attributes = all[0]["attributes"].as_array().expect("a list");
        attributes
            .iter()
            .filter_map(|one| one["name"].as_str().map(str::to_owned))
            .collect()
    };
    let (aws, rfc) = (names(&schemas(&AWS, BASE)), names(&schemas(&RFC, BASE)));
    assert!(rfc.contains(&"photos".to_owned()) && !aws.contains(&"photos".to_owned()));
    assert!(aws.contains(&"emails".to_owned()));
}
