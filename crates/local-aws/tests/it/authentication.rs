//! Signed requests: who is believed, and the words for who is not (aws-iam-sts.md §1.10).

use axum::{
    body::Body,
    http::{Request, header},
};
use jetway_local_aws::iam;

use crate::support::{
    ACCOUNT, ALLOW_ALL, World,
    idp::session_with,
    signing::{Keys, signed},
};

const WHO: [(&str, &str); 1] = [("Action", "GetCallerIdentity")];

fn invalid() -> (u16, String, String) {
    (
        403,
        "InvalidClientTokenId".into(),
        "The security token included in the request is invalid".into(),
    )
}

#[tokio::test]
async fn the_bootstrap_administrator_is_the_root_of_the_account() {
    let world = World::empty();
    assert!(world.admin.access_key_id.starts_with("AKIA"));
    let reply = world.signed_sts(&world.admin, &WHO).await;
    assert_eq!(
        reply.assert_ok().value("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:root")
    );
    assert_eq!(reply.value("UserId"), ACCOUNT);
}

#[tokio::test]
async fn an_unsigned_request_lacks_a_token() {
    let world = World::empty();
    let reply = world.sts(&WHO).await;
    assert_eq!(
        reply.refusal(),
        (
            403,
            "MissingAuthenticationToken".into(),
            "Request is missing Authentication Token".into()
        )
    );
    let reply = world
        .post(
            "/",
            &[("Action", "ListRoles"), ("Version", "2010-05-08")],
            "",
        )
        .await;
    assert_eq!(reply.value("Code"), "MissingAuthenticationToken");
    assert!(
        reply
            .text
            .contains("https://iam.amazonaws.com/doc/2010-05-08/")
    );
}

#[tokio::test]
async fn unknown_keys_wrong_secrets_and_foreign_tokens_are_refused() {
    let (world, idp) = World::federated();
    let keys = session_with(&world, &idp, ALLOW_ALL).await;
    let unknown = Keys {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        ..world.admin.clone()
    };
    assert_eq!(world.signed_sts(&unknown, &WHO).await.refusal(), invalid());
    let wrong = Keys {
        secret: "x".repeat(40),
        ..world.admin.clone()
    };
    assert_eq!(
        world.signed_sts(&wrong, &WHO).await.value("Code"),
        "SignatureDoesNotMatch"
    );
    let no_token = Keys {
        token: None,
        ..keys.clone()
    };
    assert_eq!(world.signed_sts(&no_token, &WHO).await.refusal(), invalid());
    let with_token = Keys {
        token: keys.token.clone(),
        ..world.admin.clone()
    };
    assert_eq!(
        world.signed_sts(&with_token, &WHO).await.refusal(),
        invalid()
    );
    let other = world.redeem("Engineer", &idp.response()).await.keys();
    let mixed = Keys {
        token: other.token,
        ..keys.clone()
    };
    assert_eq!(world.signed_sts(&mixed, &WHO).await.refusal(), invalid());
    // Also when the key's own token was seen, and is remembered, before.
    world.signed_sts(&keys, &WHO).await.assert_ok();
    let token = keys.token.clone().unwrap();
    let mut altered = token.clone();
    altered.replace_range(40..41, if &token[40..41] == "A" { "B" } else { "A" });
    let altered = Keys {
        token: Some(altered),
        ..keys.clone()
    };
    assert_eq!(world.signed_sts(&altered, &WHO).await.refusal(), invalid());
}

#[tokio::test]
async fn a_stale_signature_is_told_so() {
    let world = World::empty();
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let request = signed(&world.admin, "sts", "us-east-1", world.now(), body);
    world.advance(901);
    let reply = world.send(request).await;
    assert_eq!(reply.value("Code"), "SignatureDoesNotMatch");
    assert!(reply.value("Message").starts_with("Signature expired: "));
}

#[tokio::test]
async fn a_changed_body_breaks_the_signature() {
    let world = World::empty();
    let request = signed(
        &world.admin,
        "iam",
        "us-east-1",
        world.now(),
        "Action=ListRoles&Version=2010-05-08",
    );
    let (parts, _) = request.into_parts();
    let body = Body::from("Action=ListPolicies&Version=2010-05-08");
    let reply = world.send(Request::from_parts(parts, body)).await;
    assert_eq!(reply.value("Code"), "SignatureDoesNotMatch");
}

#[tokio::test]
async fn amazons_own_iam_host_wants_its_region() {
    let world = World::empty();
    for (region, status) in [("us-east-1", 200), ("eu-west-1", 403)] {
        let mut request = signed(
            &world.admin,
            "iam",
            region,
            world.now(),
            "Action=ListRoles&Version=2010-05-08",
        );
        // The signer signed another host, so the first is refused too, but for its signature.
        request
            .headers_mut()
            .insert(header::HOST, "iam.amazonaws.com".parse().unwrap());
        let reply = world.send(request).await;
        let text = reply.value("Message");
        let about_region = text == "Credential should be scoped to a valid region.";
        assert_eq!(about_region, status == 403, "{text}");
    }
}

#[tokio::test]
async fn a_session_ends_with_its_role_and_does_not_come_back_with_the_name() {
    let (world, idp) = World::federated();
    let keys = world.redeem("Engineer", &idp.response()).await.keys();
    world.signed_sts(&keys, &WHO).await.assert_ok();
    iam::delete_role(&world.aws, ACCOUNT, "Engineer").unwrap();
    assert_eq!(world.signed_sts(&keys, &WHO).await.refusal(), invalid());
    world.role(
        ACCOUNT,
        iam::NewRole::new("Engineer", crate::support::trust(ACCOUNT, "Idp")),
    );
    assert_eq!(world.signed_sts(&keys, &WHO).await.refusal(), invalid());
}

#[tokio::test]
async fn services_that_are_not_here_are_refused_in_their_own_protocol() {
    let world = World::empty();
    let reply = world
        .send(signed(
            &world.admin,
            "ec2",
            "us-east-1",
            world.now(),
            "Action=DescribeInstances",
        ))
        .await;
    assert_eq!(
        (reply.status, reply.value("Code")),
        (404, "UnknownOperation".into())
    );
    let mut request = signed(&world.admin, "dynamodb", "us-east-1", world.now(), "{}");
    request.headers_mut().insert(
        "x-amz-target",
        "DynamoDB_20120810.ListTables".parse().unwrap(),
    );
    let reply = world.send(request).await;
    assert!(
        reply.text.contains("UnknownOperationException"),
        "{}",
        reply.text
    );
}

#[tokio::test]
async fn get_caller_identity_is_allowed_even_when_everything_is_denied() {
    let (world, idp) = World::federated();
    let deny =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
    let keys = session_with(&world, &idp, deny).await;
    world.signed_sts(&keys, &WHO).await.assert_ok();
    assert_eq!(
        world.iam(&keys, &[("Action", "ListRoles")]).await.status,
        403
    );
}

#[tokio::test]
async fn a_session_policy_narrows_what_the_role_allows() {
    let (world, idp) = World::federated();
    iam::put_role_policy(&world.aws, ACCOUNT, "Engineer", "all", ALLOW_ALL).unwrap();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ListRoles","Resource":"*"}]}"#;
    let reply = world
        .redeem_with("Engineer", &idp.response(), &[("Policy", policy)])
        .await;
    let keys = reply.keys();
    world
        .iam(&keys, &[("Action", "ListRoles")])
        .await
        .assert_ok();
    let refused = world.iam(&keys, &[("Action", "ListSAMLProviders")]).await;
    assert_eq!(
        refused.value("Message"),
        format!(
            "User: arn:aws:sts::{ACCOUNT}:assumed-role/Engineer/road.runner is not authorized to perform: iam:ListSAMLProviders on resource: arn:aws:iam::{ACCOUNT}:saml-provider/* because no session policy allows the iam:ListSAMLProviders action"
        )
    );
}

#[tokio::test]
async fn a_permissions_boundary_limits_the_role() {
    let (world, idp) = World::federated();
    let keys = session_with(&world, &idp, ALLOW_ALL).await;
    let boundary = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    iam::put_role_permissions_boundary(&world.aws, ACCOUNT, "Engineer", boundary).unwrap();
    let refused = world.iam(&keys, &[("Action", "ListRoles")]).await;
    assert!(
        refused
            .value("Message")
            .ends_with("because no permissions boundary allows the iam:ListRoles action"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn read_only_access_reads_and_changes_nothing() {
    let (world, idp) = World::federated();
    let keys = session_with(&world, &idp, ALLOW_ALL).await;
    let boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    iam::put_role_permissions_boundary(&world.aws, ACCOUNT, "Engineer", boundary).unwrap();
    for action in ["ListRoles", "ListSAMLProviders"] {
        let read = world.iam(&keys, &[("Action", action)]).await;
        read.assert_ok();
    }
    let change = [("Action", "DeleteRole"), ("RoleName", "Engineer")];
    let refused = world.iam(&keys, &change).await;
    assert!(
        refused
            .value("Message")
            .ends_with("because no permissions boundary allows the iam:DeleteRole action"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn an_unsigned_request_of_a_json_service_lacks_a_token_too() {
    let world = World::empty();
    for target in [
        "AWSOrganizationsV20161128.DescribeOrganization",
        "SWBExternalService.ListInstances",
        "AWSIdentityStore.ListUsers",
        "JetwayLocalAws.EnableInstance",
    ] {
        let request = axum::http::Request::post("/")
            .header("host", "localhost:4566")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target)
            .body(axum::body::Body::from("{}"))
            .unwrap();
        let reply = world.send(request).await;
        let answer: serde_json::Value = serde_json::from_str(&reply.text).unwrap();
        assert_eq!(answer["__type"], "MissingAuthenticationTokenException");
    }
}
