//! Who may assume a role: the trust policy and its condition keys (aws-iam-sts.md §1.8).

use jetway_local_aws::iam::{self, NewRole, NewSamlProvider};

use crate::support::{
    ACCOUNT, SIGN_IN, World,
    idp::{Draft, Idp},
    trust, trust_for,
};

const REDEEM: &str = r#""sts:AssumeRoleWithSAML""#;

fn denied() -> (u16, String, String) {
    (
        403,
        "AccessDenied".into(),
        "Not authorized to perform sts:AssumeRoleWithSAML".into(),
    )
}

/// Redeems `draft` for a role with the given condition in its trust policy.
async fn with_condition(condition: &str, draft: impl FnOnce(&Idp) -> Draft) -> u16 {
    let (world, idp) = World::federated();
    let document = trust_for(
        ACCOUNT,
        "Idp",
        r#"["sts:AssumeRoleWithSAML","sts:TagSession","sts:SetSourceIdentity"]"#,
        &format!(r#","Condition":{condition}"#),
    );
    iam::update_assume_role_policy(&world.aws, ACCOUNT, "Engineer", &document).unwrap();
    let reply = world.redeem("Engineer", &idp.sign(&draft(&idp))).await;
    if reply.status != 200 {
        assert_eq!(reply.refusal(), denied());
    }
    reply.status
}

#[tokio::test]
async fn the_recipient_is_the_audience_of_the_trust_policy() {
    let condition = format!(r#"{{"StringEquals":{{"SAML:aud":"{SIGN_IN}"}}}}"#);
    assert_eq!(with_condition(&condition, Idp::draft).await, 200);
    let regional = |idp: &Idp| Draft {
        recipient: "https://eu-west-1.signin.aws.amazon.com/saml".into(),
        ..idp.draft()
    };
    assert_eq!(with_condition(&condition, regional).await, 403);
}

#[tokio::test]
async fn every_key_of_the_assertion_can_be_asked_for() {
    for (key, value) in [
        ("saml:iss", "https://idp.example/metadata"),
        ("saml:sub", "road.runner@the-acme-corporation.com"),
        ("saml:sub_type", "persistent"),
        ("saml:doc", "123456789012/Idp"),
        ("sts:RoleSessionName", "road.runner"),
        ("sts:SourceIdentity", "coyote"),
        ("aws:RequestTag/Project", "Rockets"),
        ("aws:PrincipalAccount", ACCOUNT),
        ("aws:PrincipalType", "User"),
        ("aws:userid", "arn:aws:iam::123456789012:saml-provider/Idp"),
        ("aws:RequestedRegion", "us-east-1"),
        ("aws:SecureTransport", "false"),
        ("saml:mail", "road@acme.example"),
    ] {
        let draft = |idp: &Idp| {
            let mut draft = idp
                .draft()
                .with("SourceIdentity", &["coyote"])
                .with("PrincipalTag:Project", &["Rockets"]);
            draft.attributes.push((
                "0.9.2342.19200300.100.1.3".into(),
                vec!["road@acme.example".into()],
            ));
            draft
        };
        let equal = format!(r#"{{"StringEquals":{{"{key}":"{value}"}}}}"#);
        assert_eq!(with_condition(&equal, draft).await, 200, "{key}");
        let other = format!(r#"{{"StringEquals":{{"{key}":"something else"}}}}"#);
        assert_eq!(with_condition(&other, draft).await, 403, "{key}");
    }
}

#[tokio::test]
async fn keys_that_aws_leaves_out_are_absent() {
    for key in ["aws:PrincipalArn", "aws:username", "sts:DurationSeconds"] {
        let absent = format!(r#"{{"Null":{{"{key}":"true"}}}}"#);
        assert_eq!(with_condition(&absent, Idp::draft).await, 200, "{key}");
    }
}

#[tokio::test]
async fn list_keys_are_lists_also_with_one_value() {
    let one = |idp: &Idp| {
        let mut draft = idp.draft().with("PrincipalTag:Project", &["Rockets"]);
        let name = "urn:oid:1.3.6.1.4.1.5923.1.1.1.1".into();
        draft.attributes.push((name, vec!["staff".into()]));
        draft
    };
    for (condition, expected) in [
        (
            r#"{"ForAnyValue:StringEquals":{"saml:edupersonaffiliation":"staff"}}"#,
            200,
        ),
        (
            r#"{"StringEquals":{"saml:edupersonaffiliation":"staff"}}"#,
            403,
        ),
        (
            r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["Project"]}}"#,
            200,
        ),
        (
            r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["Other"]}}"#,
            403,
        ),
    ] {
        assert_eq!(
            with_condition(condition, one).await,
            expected,
            "{condition}"
        );
    }
}

#[tokio::test]
async fn tags_need_tag_session_and_a_source_identity_needs_its_action() {
    let (world, idp) = World::federated();
    let tagged = idp.sign(&idp.draft().with("PrincipalTag:Project", &["Rockets"]));
    let sourced = idp.sign(&idp.draft().with("SourceIdentity", &["coyote"]));
    let plain = idp.response();
    let only = trust_for(ACCOUNT, "Idp", REDEEM, "");
    iam::update_assume_role_policy(&world.aws, ACCOUNT, "Engineer", &only).unwrap();
    world.redeem("Engineer", &plain).await.assert_ok();
    assert_eq!(world.redeem("Engineer", &tagged).await.refusal(), denied());
    assert_eq!(world.redeem("Engineer", &sourced).await.refusal(), denied());
    let tags = trust_for(
        ACCOUNT,
        "Idp",
        r#"["sts:AssumeRoleWithSAML","sts:TagSession"]"#,
        "",
    );
    iam::update_assume_role_policy(&world.aws, ACCOUNT, "Engineer", &tags).unwrap();
    world.redeem("Engineer", &tagged).await.assert_ok();
    assert_eq!(world.redeem("Engineer", &sourced).await.refusal(), denied());
}

#[tokio::test]
async fn an_aws_star_does_not_mean_federated_callers() {
    let (world, idp) = World::federated();
    let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRoleWithSAML"}]}"#;
    iam::update_assume_role_policy(&world.aws, ACCOUNT, "Engineer", document).unwrap();
    assert_eq!(
        world.redeem("Engineer", &idp.response()).await.refusal(),
        denied()
    );
}

#[tokio::test]
async fn a_provider_that_is_created_again_is_trusted_with_its_new_key() {
    let (world, idp) = World::federated();
    let other = idp.impostor();
    iam::delete_saml_provider(&world.aws, ACCOUNT, "Idp").unwrap();
    let gone = world.redeem("Engineer", &idp.response()).await;
    assert!(
        gone.value("Message")
            .starts_with("Specified provider doesn't exist")
    );
    let new = NewSamlProvider {
        name: "Idp".into(),
        metadata: other.metadata(),
        tags: vec![],
    };
    iam::create_saml_provider(&world.aws, &mut world.aws.op(), ACCOUNT, new).unwrap();
    world
        .redeem("Engineer", &other.response())
        .await
        .assert_ok();
    let old = world.redeem("Engineer", &idp.response()).await;
    assert_eq!(old.value("Message"), "Response signature invalid");
}

#[tokio::test]
async fn wildcard_principals_are_refused_when_a_role_is_created() {
    let (world, _) = World::federated();
    for (principal, text) in [
        (
            r#""*""#,
            "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".",
        ),
        (
            r#"{"Federated":"*"}"#,
            "Federated principals must be valid domain names or SAML metadata ARNs",
        ),
    ] {
        let document = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRoleWithSAML"}}]}}"#
        );
        let reply = world
            .iam(
                &world.admin,
                &[
                    ("Action", "CreateRole"),
                    ("RoleName", "Open"),
                    ("AssumeRolePolicyDocument", &document),
                ],
            )
            .await;
        assert_eq!(
            reply.refusal(),
            (400, "MalformedPolicyDocument".into(), text.into())
        );
    }
}

#[tokio::test]
async fn session_tags_decide_what_the_session_may_do_and_override_the_tags_of_the_role() {
    let (world, idp) = World::federated();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ListRoles","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Project":"Rockets"}}}]}"#;
    iam::put_role_policy(&world.aws, ACCOUNT, "Engineer", "tagged", policy).unwrap();
    iam::tag_role(
        &world.aws,
        ACCOUNT,
        "Engineer",
        &[jetway_local_aws::state::Tag::new("project", "Rockets")],
    )
    .unwrap();
    let session = async |draft: Draft| world.redeem("Engineer", &idp.sign(&draft)).await.keys();
    let by_role_tag = session(idp.draft()).await;
    let overridden = session(idp.draft().with("PrincipalTag:Project", &["Automation"])).await;
    let list = [("Action", "ListRoles")];
    world.iam(&by_role_tag, &list).await.assert_ok();
    assert_eq!(world.iam(&overridden, &list).await.status, 403);
}

#[tokio::test]
async fn a_role_that_only_trusts_another_provider_stays_closed() {
    let (world, idp) = World::federated();
    world.role(ACCOUNT, NewRole::new("Closed", trust(ACCOUNT, "Somebody")));
    let response = idp.sign(&idp.draft().roles(&["Closed"]));
    assert_eq!(world.redeem("Closed", &response).await.refusal(), denied());
}
