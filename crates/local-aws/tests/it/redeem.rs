//! AssumeRoleWithSAML: the good way, the parameters, and each refusal of aws-iam-sts.md §1.9.

use time::Duration;

use crate::support::{
    ACCOUNT, OTHER_ACCOUNT, SIGN_IN, World,
    idp::{Idp, Signed, aws},
    provider_arn, role_arn, trust,
};
use jetway_local_aws::iam::NewRole;

const BROKEN: &str = "Invalid base64 SAMLResponse (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: AuthSamlInvalidSamlResponseException; Request ID: <uuid>; Proxy: null)";

#[tokio::test]
async fn a_good_assertion_becomes_credentials_with_every_member_of_the_answer() {
    let (world, idp) = World::federated();
    let reply = world.redeem("Engineer", &idp.response()).await;
    reply.assert_ok();
    assert_eq!(reply.header("content-type"), "text/xml");
    assert_eq!(reply.header("x-amzn-requestid"), reply.value("RequestId"));
    assert!(reply.text.starts_with(
        "<AssumeRoleWithSAMLResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithSAMLResult>"
    ));
    assert_eq!(reply.value("Audience"), SIGN_IN);
    assert_eq!(
        reply.value("Arn"),
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/Engineer/road.runner")
    );
    let id = reply.value("AssumedRoleId");
    assert!(id.starts_with("AROA") && id.ends_with(":road.runner") && id.len() == 21 + 12);
    assert_eq!(
        reply.value("Subject"),
        "road.runner@the-acme-corporation.com"
    );
    assert_eq!(reply.value("SubjectType"), "persistent");
    assert_eq!(reply.value("Issuer"), "https://idp.example/metadata");
    assert_eq!(reply.value("Expiration"), "2026-11-22T05:00:00Z");
    let keys = reply.keys();
    assert!(keys.access_key_id.starts_with("ASIA") && keys.access_key_id.len() == 20);
    assert_eq!(keys.secret.len(), 40);
    for absent in ["PackedPolicySize", "SourceIdentity"] {
        assert_eq!(reply.values(absent), Vec::<String>::new());
    }
    let identity = world
        .signed_sts(&keys, &[("Action", "GetCallerIdentity")])
        .await;
    assert_eq!(identity.value("Arn"), reply.value("Arn"));
    assert_eq!(identity.value("UserId"), id);
    assert_eq!(identity.value("Account"), ACCOUNT);
}

#[tokio::test]
async fn the_parameters_may_come_in_the_query_string_of_a_get() {
    let (world, idp) = World::federated();
    let (role, provider, response) = (role_arn("Engineer"), provider_arn("Idp"), idp.response());
    let query = crate::support::form(&[
        ("Action", "AssumeRoleWithSAML"),
        ("Version", "2011-06-15"),
        ("RoleArn", &role),
        ("PrincipalArn", &provider),
        ("SAMLAssertion", &response),
    ]);
    let reply = world.get(&format!("/?{query}"), "").await;
    assert_eq!(
        reply.assert_ok().value("Subject"),
        "road.runner@the-acme-corporation.com"
    );
}

#[tokio::test]
async fn a_saml_1_1_name_format_comes_back_in_full() {
    let (world, idp) = World::federated();
    let mut draft = idp.draft();
    draft.name_id_format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".into();
    let reply = world.redeem("Engineer", &idp.sign(&draft)).await;
    assert_eq!(reply.value("SubjectType"), draft.name_id_format);
}

#[tokio::test]
async fn the_same_assertion_is_accepted_again_within_its_window() {
    let (world, idp) = World::federated();
    let response = idp.response();
    let first = world.redeem("Engineer", &response).await;
    world.advance(30);
    let second = world.redeem("Engineer", &response).await;
    assert_ne!(first.value("AccessKeyId"), second.value("AccessKeyId"));
}

#[tokio::test]
async fn a_path_is_part_of_the_role_arn_but_not_of_the_session_arn() {
    let (world, idp) = World::federated();
    let new = NewRole {
        path: "/teams/blue/".into(),
        ..NewRole::new("Deep", trust(ACCOUNT, "Idp"))
    };
    world.role(ACCOUNT, new);
    let response = idp.sign(&idp.draft().roles(&["teams/blue/Deep"]));
    let reply = world.redeem("teams/blue/Deep", &response).await;
    assert_eq!(
        reply.assert_ok().value("Arn"),
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/Deep/road.runner")
    );
}

#[tokio::test]
async fn what_is_no_saml_response_is_called_invalid_base64() {
    let (world, _) = World::federated();
    for junk in [
        "!!!!",
        "AAAA",
        "PHhtbD48L3htbD4=",
        "PD94bWwgdmVyc2lvbj0iMS4wIj8+",
    ] {
        let reply = world.redeem("Engineer", junk).await;
        assert_eq!(reply.status, 400);
        assert_eq!(reply.value("Code"), "InvalidIdentityToken");
        assert_eq!(reply.message(), BROKEN, "{junk}");
    }
}

#[tokio::test]
async fn an_unknown_provider_is_named_so() {
    let (world, idp) = World::federated();
    let reply = world
        .sts(&[
            ("Action", "AssumeRoleWithSAML"),
            ("RoleArn", &role_arn("Engineer")),
            ("PrincipalArn", &provider_arn("Nobody")),
            ("SAMLAssertion", &idp.response()),
        ])
        .await;
    assert_eq!(reply.value("Code"), "InvalidIdentityToken");
    assert_eq!(
        reply.message(),
        "Specified provider doesn't exist (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: AuthSamlManifestNotFoundException; Request ID: <uuid>; Proxy: null)"
    );
}

#[tokio::test]
async fn an_assertion_of_another_issuer_is_refused() {
    let (world, idp) = World::federated();
    let mut draft = idp.draft();
    draft.issuer = "https://other.example/metadata".into();
    let reply = world.redeem("Engineer", &idp.sign(&draft)).await;
    assert_eq!(
        reply.message(),
        "Issuer not present in specified provider (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: AuthSamlInvalidSamlResponseException; Request ID: <uuid>; Proxy: null)"
    );
}

#[tokio::test]
async fn an_assertion_that_is_not_signed_itself_is_refused() {
    let (world, idp) = World::federated();
    for signed in [Signed::Response, Signed::Neither] {
        let mut draft = idp.draft();
        draft.signed = signed;
        let reply = world.redeem("Engineer", &idp.sign(&draft)).await;
        assert_eq!(
            reply.message(),
            "Response (with optional signature) must contain an assertion with a mandatory signature (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: AuthSamlInvalidSamlResponseException; Request ID: <uuid>; Proxy: null)"
        );
    }
}

#[tokio::test]
async fn another_key_and_any_tampering_make_the_signature_invalid() {
    let (world, idp) = World::federated();
    let invalid = (
        400,
        "InvalidIdentityToken".into(),
        "Response signature invalid".into(),
    );
    let foreign = idp.impostor().response();
    assert_eq!(world.redeem("Engineer", &foreign).await.refusal(), invalid);
    let admin = idp.sign(&idp.draft().tamper("role/Engineer", "role/Admin000"));
    assert_eq!(world.redeem("Admin000", &admin).await.refusal(), invalid);
    let mut both = idp.draft().tamper("samlp:Response ", "samlp:Response ");
    both.signed = Signed::Both;
    let broken = both.clone().tamper(
        "Destination=\"https://signin",
        "Destination=\"https://Signin",
    );
    assert_eq!(world.redeem("Engineer", &idp.sign(&both)).await.status, 200);
    assert_eq!(
        world.redeem("Engineer", &idp.sign(&broken)).await.refusal(),
        invalid
    );
}

#[tokio::test]
async fn an_expired_response_is_refused() {
    let (world, idp) = World::federated();
    let expired = (
        400,
        "ExpiredTokenException".into(),
        "Response has expired".into(),
    );
    let mut draft = idp.draft();
    draft.not_on_or_after = world.now();
    assert_eq!(
        world.redeem("Engineer", &idp.sign(&draft)).await.refusal(),
        expired
    );
    let mut draft = idp.draft();
    draft.session_not_on_or_after = Some(world.now() - Duration::seconds(1));
    assert_eq!(
        world.redeem("Engineer", &idp.sign(&draft)).await.refusal(),
        expired
    );
}

#[tokio::test]
async fn an_assertion_must_be_redeemed_within_five_minutes_however_long_it_is_valid() {
    let (world, idp) = World::federated();
    let mut draft = idp.draft();
    draft.issue_instant = world.now();
    draft.not_on_or_after = world.now() + Duration::hours(8);
    let response = idp.sign(&draft);
    world.advance(300);
    world.redeem("Engineer", &response).await.assert_ok();
    world.advance(1);
    assert_eq!(
        world.redeem("Engineer", &response).await.refusal(),
        (
            400,
            "ExpiredTokenException".into(),
            "Token must be redeemed within 5 minutes of issuance".into()
        )
    );
}

#[tokio::test]
async fn the_session_name_is_required_and_follows_its_pattern() {
    let (world, idp) = World::federated();
    let message = |reply: crate::support::Reply| {
        assert_eq!(reply.value("Code"), "InvalidIdentityToken");
        reply.value("Message")
    };
    let none = idp.sign(&idp.draft().without("RoleSessionName"));
    assert_eq!(
        message(world.redeem("Engineer", &none).await),
        "RoleSessionName is required in AuthnResponse"
    );
    for values in [
        &["a"][..],
        &["with space"],
        &["jürgen"],
        &["a", "b"],
        &["ok", "ok"],
        &[""],
    ] {
        let draft = idp
            .draft()
            .without("RoleSessionName")
            .with("RoleSessionName", values);
        assert_eq!(
            message(world.redeem("Engineer", &idp.sign(&draft)).await),
            "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}",
            "{values:?}"
        );
    }
}

#[tokio::test]
async fn a_source_identity_follows_its_pattern_and_comes_back() {
    let (world, idp) = World::federated();
    let good = idp.sign(&idp.draft().with("SourceIdentity", &["road.runner"]));
    let reply = world.redeem("Engineer", &good).await;
    assert_eq!(reply.assert_ok().value("SourceIdentity"), "road.runner");
    let bad = idp.sign(&idp.draft().with("SourceIdentity", &["aws:road"]));
    assert_eq!(
        world.redeem("Engineer", &bad).await.value("Message"),
        "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with \"aws:\""
    );
}

#[tokio::test]
async fn a_role_that_is_not_in_the_assertion_is_refused() {
    let (world, idp) = World::federated();
    world.role(ACCOUNT, NewRole::new("Admin", trust(ACCOUNT, "Idp")));
    let missing = (
        400,
        "InvalidIdentityToken".to_owned(),
        "SAML Assertion doesn't contain the requested Role and Metadata in the attributes"
            .to_owned(),
    );
    assert_eq!(
        world.redeem("Admin", &idp.response()).await.refusal(),
        missing
    );
    let none = idp.sign(&idp.draft().without("Role"));
    assert_eq!(world.redeem("Engineer", &none).await.refusal(), missing);
}

#[tokio::test]
async fn the_pair_counts_not_its_halves() {
    let (world, idp) = World::federated();
    world.provider(ACCOUNT, "Second", &idp);
    let reply = world
        .sts(&[
            ("Action", "AssumeRoleWithSAML"),
            ("RoleArn", &role_arn("Engineer")),
            ("PrincipalArn", &provider_arn("Second")),
            ("SAMLAssertion", &idp.response()),
        ])
        .await;
    assert_eq!(
        reply.value("Message"),
        "SAML Assertion doesn't contain the requested Role and Metadata in the attributes"
    );
}

/// Requirement J16: the pair may be written in either order.
#[tokio::test]
async fn the_provider_may_come_first_in_the_pair() {
    let (world, idp) = World::federated();
    for value in [
        format!("{},{}", provider_arn("Idp"), role_arn("Engineer")),
        format!("{} , {}", role_arn("Engineer"), provider_arn("Idp")),
    ] {
        let response = idp.sign(&idp.draft().without("Role").with("Role", &[&value]));
        world.redeem("Engineer", &response).await.assert_ok();
    }
}

#[tokio::test]
async fn one_value_that_is_no_pair_does_not_spoil_the_others() {
    let (world, idp) = World::federated();
    let good = format!("{},{}", role_arn("Engineer"), provider_arn("Idp"));
    let draft = idp
        .draft()
        .without("Role")
        .with("Role", &["nonsense", &good]);
    world
        .redeem("Engineer", &idp.sign(&draft))
        .await
        .assert_ok();
}

#[tokio::test]
async fn a_provider_of_another_account_opens_no_role_here() {
    let (world, idp) = World::federated();
    world.aws.ensure_account(OTHER_ACCOUNT, "other").unwrap();
    world.provider(OTHER_ACCOUNT, "Idp", &idp);
    let foreign = format!("arn:aws:iam::{OTHER_ACCOUNT}:saml-provider/Idp");
    world.role(ACCOUNT, NewRole::new("Lent", trust(OTHER_ACCOUNT, "Idp")));
    let pair = format!("{},{foreign}", role_arn("Lent"));
    let response = idp.sign(&idp.draft().without("Role").with("Role", &[&pair]));
    let reply = world
        .sts(&[
            ("Action", "AssumeRoleWithSAML"),
            ("RoleArn", &role_arn("Lent")),
            ("PrincipalArn", &foreign),
            ("SAMLAssertion", &response),
        ])
        .await;
    assert_eq!(
        reply.refusal(),
        (
            403,
            "AccessDenied".into(),
            "Not authorized to perform sts:AssumeRoleWithSAML".into()
        )
    );
}

#[tokio::test]
async fn missing_roles_and_reserved_roles_look_like_untrusted_ones() {
    let (world, idp) = World::federated();
    let reserved = "AWSReservedSSO_Admin_0123456789abcdef";
    world.role(ACCOUNT, NewRole::new(reserved, trust(ACCOUNT, "Idp")));
    world.role(ACCOUNT, NewRole::new("Elsewhere", trust(ACCOUNT, "Other")));
    let response = idp.sign(&idp.draft().roles(&["Missing", reserved, "Elsewhere"]));
    for role in ["Missing", reserved, "Elsewhere"] {
        assert_eq!(
            world.redeem(role, &response).await.refusal(),
            (
                403,
                "AccessDenied".into(),
                "Not authorized to perform sts:AssumeRoleWithSAML".into()
            ),
            "{role}"
        );
    }
}

#[tokio::test]
async fn swapped_arns_are_told_apart() {
    let (world, idp) = World::federated();
    let response = idp.response();
    let call = async |role: &str, provider: &str| {
        world
            .sts(&[
                ("Action", "AssumeRoleWithSAML"),
                ("RoleArn", role),
                ("PrincipalArn", provider),
                ("SAMLAssertion", &response),
            ])
            .await
            .refusal()
    };
    let (role, provider) = (role_arn("Engineer"), provider_arn("Idp"));
    let refused = |text: &str| (400, "ValidationError".to_owned(), text.to_owned());
    assert_eq!(
        call(&provider, &role).await,
        refused("Request ARN is invalid")
    );
    assert_eq!(
        call(&role, &role).await,
        refused("Principal ARN is invalid")
    );
    assert_eq!(
        call(&role, &format!(" {provider}")).await,
        refused("Principal ARN is invalid")
    );
}

#[tokio::test]
async fn violated_constraints_are_collected_into_one_text() {
    let (world, idp) = World::federated();
    let reply = world
        .redeem_with("Engineer", &idp.response(), &[("DurationSeconds", "50000")])
        .await;
    assert_eq!(reply.refusal(), (400, "ValidationError".into(), "1 validation error detected: Value '50000' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200".into()));
    let reply = world
        .sts(&[
            ("Action", "AssumeRoleWithSAML"),
            ("RoleArn", "abc"),
            ("SAMLAssertion", "abcd"),
            ("DurationSeconds", "899"),
        ])
        .await;
    assert_eq!(
        reply.value("Message"),
        "3 validation errors detected: Value 'abc' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20; Value null at 'principalArn' failed to satisfy constraint: Member must not be null; Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"
    );
}

#[tokio::test]
async fn an_assertion_of_more_than_100_000_characters_is_refused_without_repeating_it() {
    let (world, _) = World::federated();
    let reply = world.redeem("Engineer", &"A".repeat(100_004)).await;
    assert_eq!(
        reply.value("Message"),
        "1 validation error detected: Value at 'sAMLAssertion' failed to satisfy constraint: Member must have length less than or equal to 100000"
    );
    let reply = world.redeem("Engineer", &"A".repeat(2_000_000)).await;
    assert_eq!(
        (reply.status, reply.value("Code")),
        (413, "RequestEntityTooLarge".into())
    );
}

#[tokio::test]
async fn durations_are_read_as_aws_reads_numbers() {
    let (world, idp) = World::federated();
    let response = idp.response();
    for (text, code) in [
        ("0900", ""),
        ("+900", ""),
        (" 900 ", "MalformedInput"),
        ("900.0", "MalformedInput"),
        ("9e2", "MalformedInput"),
        ("2147483648", "MalformedInput"),
        ("0", "ValidationError"),
    ] {
        let reply = world
            .redeem_with("Engineer", &response, &[("DurationSeconds", text)])
            .await;
        match code {
            "" => assert_eq!(reply.status, 200, "{text}"),
            code => assert_eq!(reply.value("Code"), code, "{text}"),
        }
    }
}

#[tokio::test]
async fn unknown_actions_and_versions_are_named() {
    let (world, _) = World::federated();
    let reply = world.sts(&[("Action", "AssumeRoleWithMagic")]).await;
    assert_eq!(
        reply.refusal(),
        (
            400,
            "InvalidAction".into(),
            "Could not find operation AssumeRoleWithMagic for version 2011-06-15".into()
        )
    );
    let reply = world
        .post(
            "/",
            &[("Action", "AssumeRoleWithSAML"), ("Version", "2010-01-01")],
            "",
        )
        .await;
    assert_eq!(
        reply.value("Message"),
        "Could not find operation AssumeRoleWithSAML for version 2010-01-01"
    );
}

#[tokio::test]
async fn session_policies_are_checked_and_packed() {
    let (world, idp) = World::federated();
    let response = idp.response();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}"#;
    let reply = world
        .redeem_with("Engineer", &response, &[("Policy", policy)])
        .await;
    let percent: u32 = reply.assert_ok().value("PackedPolicySize").parse().unwrap();
    assert!((1..=100).contains(&percent));
    let reply = world
        .redeem_with("Engineer", &response, &[("Policy", "{}")])
        .await;
    assert_eq!(
        (reply.status, reply.value("Code")),
        (400, "MalformedPolicyDocument".into())
    );
    let arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    world
        .redeem_with("Engineer", &response, &[("PolicyArns.member.1.arn", arn)])
        .await
        .assert_ok();
    let reply = world
        .redeem_with(
            "Engineer",
            &response,
            &[(
                "PolicyArns.member.1.arn",
                "arn:aws:iam::aws:policy/Nonsense",
            )],
        )
        .await;
    assert_eq!(reply.value("Code"), "ValidationError");
}

#[tokio::test]
async fn session_tags_have_rules() {
    let (world, idp) = World::federated();
    for (draft, contains) in [
        (
            idp.draft().with("PrincipalTag:Project", &["a", "b"]),
            "exactly one value",
        ),
        (
            idp.draft()
                .with("PrincipalTag:Case", &["a"])
                .with("PrincipalTag:case", &["b"]),
            "Duplicate tag keys",
        ),
        (idp.draft().with("PrincipalTag:aws:x", &["a"]), "reserved"),
        (
            idp.draft().with("PrincipalTag:x", &["a;b"]),
            "regular expression",
        ),
        (
            idp.draft().with("TransitiveTagKeys", &["Nope"]),
            "transitive tag key",
        ),
        (
            idp.draft().with("SessionDuration", &["600"]),
            "SessionDuration",
        ),
    ] {
        let reply = world.redeem("Engineer", &idp.sign(&draft)).await;
        assert_eq!(
            (reply.status, reply.value("Code")),
            (400, "InvalidIdentityToken".into())
        );
        assert!(reply.value("Message").contains(contains), "{}", reply.text);
    }
}

#[tokio::test]
async fn an_assertion_that_answers_a_request_nobody_made_is_refused() {
    let (world, idp) = World::federated();
    let draft = idp
        .draft()
        .edit("NotOnOrAfter=", "InResponseTo=\"_unknown\" NotOnOrAfter=");
    let reply = world.redeem("Engineer", &idp.sign(&draft)).await;
    assert_eq!(reply.message(), BROKEN);
}

#[tokio::test]
async fn identity_center_attributes_mean_nothing_to_plain_iam() {
    let (world, idp) = World::federated();
    let mut draft = idp.draft();
    draft
        .attributes
        .push((aws("AccessControl:Project"), vec!["x".into()]));
    let reply = world.redeem("Engineer", &idp.sign(&draft)).await;
    assert_eq!(
        reply.assert_ok().values("PackedPolicySize"),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn another_provider_of_the_same_name_but_other_key_does_not_verify() {
    let (world, _) = World::federated();
    let stranger = Idp::new("https://idp.example/metadata").impostor();
    let reply = world.redeem("Engineer", &stranger.response()).await;
    assert_eq!(reply.value("Message"), "Response signature invalid");
}
