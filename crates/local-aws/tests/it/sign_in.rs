//! The sign-in endpoint and the console, as a browser and as saml2aws use them
//! (aws-iam-sts.md §2.1).

use jetway_local_aws::iam::{self, NewRole, RoleUpdate};
use time::Duration;

use crate::support::{
    ACCOUNT, ALLOW_ALL, OTHER_ACCOUNT, World, idp::Draft, provider_arn, role_arn, trust,
};

/// Requirement W05.
#[tokio::test]
async fn one_role_leads_straight_to_a_console_that_says_who_you_are() {
    let (world, idp) = World::federated();
    iam::put_role_policy(&world.aws, ACCOUNT, "Engineer", "all", ALLOW_ALL).unwrap();
    iam::create_account_alias(&world.aws, ACCOUNT, "acme").unwrap();
    jetway_local_aws::s3::create_bucket(
        &world.aws,
        &world.aws.op(),
        ACCOUNT,
        "acme-reports",
        "us-east-1",
    )
    .unwrap();
    let response = idp.sign(&idp.draft().with("PrincipalTag:Project", &["Rockets"]));
    let reply = world
        .post(
            "/saml",
            &[("SAMLResponse", &response), ("RelayState", "")],
            "",
        )
        .await;
    assert_eq!((reply.status, reply.header("location")), (303, "/console"));
    let cookie = reply.header("set-cookie");
    assert!(
        cookie.starts_with("jetway_local_aws=")
            && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax")
    );
    let page = world.get("/console", &reply.cookie()).await;
    page.assert_ok();
    for text in [
        "arn:aws:sts::123456789012:assumed-role/Engineer/road.runner",
        "acme",
        "Project",
        "Rockets",
        "1 hour",
        "acme-reports",
        "not Amazon Web Services",
    ] {
        assert!(page.text.contains(text), "{text} not in {}", page.text);
    }
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'; style-src 'self'")
    );
    assert!(!page.text.contains("<script") && !page.text.contains("style="));
}

#[tokio::test]
async fn a_role_that_may_not_list_buckets_is_told_so_on_the_console() {
    let (world, idp) = World::federated();
    let reply = world
        .post("/saml", &[("SAMLResponse", &idp.response())], "")
        .await;
    let page = world.get("/console", &reply.cookie()).await;
    assert!(page.text.contains("is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action"), "{}", page.text);
}

fn several(world: &World, idp: &crate::support::idp::Idp) -> String {
    world.role(ACCOUNT, NewRole::new("Reader", trust(ACCOUNT, "Idp")));
    world.aws.ensure_account(OTHER_ACCOUNT, "staging").unwrap();
    world.provider(OTHER_ACCOUNT, "Idp", idp);
    world.role(
        OTHER_ACCOUNT,
        NewRole::new("Engineer", trust(OTHER_ACCOUNT, "Idp")),
    );
    iam::create_account_alias(&world.aws, ACCOUNT, "account-alias").unwrap();
    let other = format!(
        "arn:aws:iam::{OTHER_ACCOUNT}:saml-provider/Idp,arn:aws:iam::{OTHER_ACCOUNT}:role/Engineer"
    );
    let pair = |role| format!("{},{}", role_arn(role), provider_arn("Idp"));
    idp.sign(
        &idp.draft()
            .without("Role")
            .with("Role", &[&pair("Engineer"), &other, &pair("Reader")]),
    )
}

#[tokio::test]
async fn several_roles_lead_to_a_chooser_with_the_markup_that_clients_read() {
    let (world, idp) = World::federated();
    let response = several(&world, &idp);
    let page = world
        .post("/saml", &[("SAMLResponse", &response)], "")
        .await;
    page.assert_ok();
    let document = page.text.split_once('\n').unwrap().1;
    let xml = roxmltree::Document::parse(document).unwrap();
    let class = |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute("class") == Some(name);
    let fieldset = xml
        .descendants()
        .find(|node| node.has_tag_name("fieldset"))
        .unwrap();
    let accounts: Vec<_> = fieldset
        .children()
        .filter(|node| node.has_tag_name("div") && class(node, "saml-account"))
        .collect();
    assert_eq!(accounts.len(), 2);
    let name = |node: roxmltree::Node<'_, '_>| {
        let name = node
            .descendants()
            .find(|child| class(child, "saml-account-name"))
            .unwrap();
        name.text().unwrap().to_owned()
    };
    assert_eq!(
        name(accounts[0]),
        format!("Account: account-alias ({ACCOUNT})")
    );
    assert_eq!(name(accounts[1]), format!("Account: {OTHER_ACCOUNT}"));
    let labels: Vec<_> = accounts[0]
        .descendants()
        .filter(|node| node.has_tag_name("label"))
        .map(|node| (node.attribute("for").unwrap(), node.text().unwrap()))
        .collect();
    assert_eq!(
        labels,
        [
            (role_arn("Engineer").as_str(), "Engineer"),
            (role_arn("Reader").as_str(), "Reader")
        ]
    );
    assert_eq!(page.field("SAMLResponse"), response);
    for hook in [
        "id=\"saml_form\" name=\"saml_form\" action=\"/saml\" method=\"post\"",
        "class=\"saml-radio\"",
        "class=\"saml-role-description\"",
        "id=\"signin_button\" type=\"submit\"",
        "<div id=\"2\" class=\"saml-account\">",
        "id=\"main_error\"",
    ] {
        assert!(page.text.contains(hook), "{hook} not in {}", page.text);
    }
}

#[tokio::test]
async fn the_choice_signs_in_once() {
    let (world, idp) = World::federated();
    let response = several(&world, &idp);
    let page = world
        .post("/saml", &[("SAMLResponse", &response)], "")
        .await;
    let (ticket, role) = (page.field("ticket"), role_arn("Reader"));
    let choice = [
        ("SAMLResponse", response.as_str()),
        ("RelayState", ""),
        ("name", ""),
        ("roleIndex", role.as_str()),
        ("ticket", ticket.as_str()),
    ];
    let reply = world.post("/saml", &choice, "").await;
    assert_eq!(reply.status, 303, "{}", reply.text);
    let console = world.get("/console", &reply.cookie()).await;
    assert!(console.text.contains("assumed-role/Reader/road.runner"));
    assert_eq!(world.post("/saml", &choice, "").await.status, 400);
}

#[tokio::test]
async fn a_choice_without_the_choosers_ticket_is_refused_after_the_chooser_was_shown() {
    let (world, idp) = World::federated();
    let response = several(&world, &idp);
    world
        .post("/saml", &[("SAMLResponse", &response)], "")
        .await
        .assert_ok();
    let role = role_arn("Reader");
    for ticket in ["", "guess"] {
        let reply = world
            .post(
                "/saml",
                &[
                    ("SAMLResponse", &response),
                    ("roleIndex", &role),
                    ("ticket", ticket),
                ],
                "",
            )
            .await;
        assert_eq!(reply.status, 400);
    }
}

/// Clients written for AWS's page post the four fields that it has and keep cookies.
#[tokio::test]
async fn a_choice_with_the_four_fields_of_aws_and_the_choosers_cookie_signs_in_once() {
    let (world, idp) = World::federated();
    let response = several(&world, &idp);
    let cookie = world
        .post("/saml", &[("SAMLResponse", &response)], "")
        .await
        .cookie();
    let role = role_arn("Reader");
    let choice = [
        ("SAMLResponse", response.as_str()),
        ("RelayState", ""),
        ("name", ""),
        ("roleIndex", role.as_str()),
    ];
    assert_eq!(world.post("/saml", &choice, "").await.status, 400);
    assert_eq!(world.post("/saml", &choice, &cookie).await.status, 303);
    assert_eq!(world.post("/saml", &choice, &cookie).await.status, 400);
    assert_eq!(world.get("/console", &cookie).await.status, 401);
}

/// saml2aws fetches the chooser to learn account names, then redeems at STS.
#[tokio::test]
async fn the_assertion_can_still_be_redeemed_at_sts_after_the_chooser_was_fetched() {
    let (world, idp) = World::federated();
    let response = several(&world, &idp);
    world
        .post("/saml", &[("SAMLResponse", &response)], "")
        .await
        .assert_ok();
    world.redeem("Reader", &response).await.assert_ok();
}

#[tokio::test]
async fn the_rules_of_the_browser_side_are_strict() {
    let (world, idp) = World::federated();
    let now = world.now();
    let drafts: [(&str, Draft); 7] = [
        (
            "Recipient",
            Draft {
                recipient: "https://elsewhere.example/saml".into(),
                ..idp.draft()
            },
        ),
        (
            "Recipient",
            Draft {
                recipient: "https://signin.aws.amazon.com.evil.example/saml".into(),
                ..idp.draft()
            },
        ),
        (
            "Recipient",
            Draft {
                recipient: "https://signin.aws.amazon.com/saml/acs/SAMLSPUNKNOWN".into(),
                ..idp.draft()
            },
        ),
        (
            "Destination",
            Draft {
                destination: "https://elsewhere.example/saml".into(),
                ..idp.draft()
            },
        ),
        (
            "audience",
            Draft {
                audience: Some("urn:example:somebody".into()),
                ..idp.draft()
            },
        ),
        (
            "audience",
            Draft {
                audience: None,
                ..idp.draft()
            },
        ),
        (
            "not valid before",
            Draft {
                not_before: now + Duration::seconds(61),
                ..idp.draft()
            },
        ),
    ];
    for (what, draft) in drafts {
        let reply = world
            .post("/saml", &[("SAMLResponse", &idp.sign(&draft))], "")
            .await;
        assert_eq!(reply.status, 400, "{what}");
        assert!(
            reply
                .text
                .contains("Your request included an invalid SAML response. To logout, click here.")
        );
        assert!(reply.text.contains(what), "{what} not in {}", reply.text);
        assert_eq!(reply.header("set-cookie"), "");
    }
    let skewed = Draft {
        not_before: now + Duration::seconds(60),
        ..idp.draft()
    };
    assert_eq!(
        world
            .post("/saml", &[("SAMLResponse", &idp.sign(&skewed))], "")
            .await
            .status,
        303
    );
}

#[tokio::test]
async fn every_address_of_the_endpoint_is_a_good_recipient() {
    let (world, idp) = World::federated();
    let state = world.aws.state();
    let uuid = &state
        .account(ACCOUNT)
        .unwrap()
        .provider("Idp")
        .unwrap()
        .record
        .uuid;
    for (index, recipient) in [
        "http://localhost:4566/saml".to_owned(),
        "https://signin.aws.amazon.com/saml".to_owned(),
        "https://eu-west-1.signin.aws.amazon.com/saml".to_owned(),
        format!("https://signin.aws.amazon.com/saml/acs/{uuid}"),
    ]
    .into_iter()
    .enumerate()
    {
        let draft = Draft {
            id: format!("_assertion-{index}"),
            destination: recipient.clone(),
            audience: Some(recipient.clone()),
            recipient,
            ..idp.draft()
        };
        let path = if index == 3 {
            format!("/saml/acs/{uuid}")
        } else {
            "/saml".into()
        };
        let reply = world
            .post(&path, &[("SAMLResponse", &idp.sign(&draft))], "")
            .await;
        assert_eq!(reply.status, 303, "{}", reply.text);
    }
}

#[tokio::test]
async fn refusals_of_sts_come_in_the_words_of_the_sign_in_page() {
    let (world, idp) = World::federated();
    let page = async |draft: Draft| {
        world
            .post("/saml", &[("SAMLResponse", &idp.sign(&draft))], "")
            .await
    };
    let reply = page(idp.draft().without("RoleSessionName")).await;
    let id = reply.header("x-amzn-requestid").to_owned();
    assert!(reply.text.contains(&format!("RoleSessionName is required in AuthnResponse (Service: AWSSecurityTokenService; Status Code: 400; Error Code: InvalidIdentityToken; Request ID: {id}). Please try again.")), "{}", reply.text);
    let reply = page(idp.draft().roles(&["Missing"])).await;
    assert_eq!(reply.status, 403);
    assert!(reply.text.contains("Not authorized to perform sts:AssumeRoleWithSAML (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied;"));
    let reply = page(idp.draft().without("Role")).await;
    assert!(
        reply
            .text
            .contains("Your request included an invalid SAML response. To logout, click here.")
    );
    let reply = page(idp.draft().tamper("Engineer", "Engineee")).await;
    assert!(
        reply
            .text
            .contains("Response signature invalid (Service: AWSSecurityTokenService;")
    );
    let mut foreign = idp.draft();
    foreign.issuer = "https://nobody.example".into();
    let reply = page(foreign).await;
    assert!(reply.text.contains("Error: Failed to assume role: Issuer not present in specified provider (Service: AWSOpenIdDiscoveryService;"));
}

#[tokio::test]
async fn a_response_over_128_kb_is_refused() {
    let (world, _) = World::federated();
    for length in [128 * 1024 + 4, 600 * 1024] {
        let reply = world
            .post("/saml", &[("SAMLResponse", &"A".repeat(length))], "")
            .await;
        assert_eq!(reply.status, 400);
        assert!(
            reply
                .text
                .contains("Response did not contain a valid SAML assertion")
        );
    }
    let missing = world.post("/saml", &[("RelayState", "x")], "").await;
    assert!(
        missing
            .text
            .contains("Response did not contain a valid SAML assertion")
    );
}

#[tokio::test]
async fn the_console_session_is_as_long_as_the_attribute_says() {
    let (world, idp) = World::federated();
    let long = idp.sign(&idp.draft().with("SessionDuration", &["28800"]));
    let reply = world.post("/saml", &[("SAMLResponse", &long)], "").await;
    assert!(reply.text.contains(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    ));
    let update = RoleUpdate {
        max_session_duration: Some(28_800),
        ..RoleUpdate::default()
    };
    iam::update_role(&world.aws, ACCOUNT, "Engineer", update).unwrap();
    // The refusal cost nothing: the same response signs in now.
    let reply = world.post("/saml", &[("SAMLResponse", &long)], "").await;
    assert_eq!(reply.status, 303);
    world.advance(28_799);
    world.get("/console", &reply.cookie()).await.assert_ok();
    world.advance(1);
    assert_eq!(world.get("/console", &reply.cookie()).await.status, 401);
}

#[tokio::test]
async fn a_relay_state_leads_only_to_a_path_of_this_endpoint() {
    let (world, idp) = World::federated();
    for (index, (relay_state, target)) in [
        ("/console?view=tags", "/console?view=tags"),
        ("//evil.example", "/console"),
        ("https://evil.example/", "/console"),
    ]
    .into_iter()
    .enumerate()
    {
        let draft = Draft {
            id: format!("_relay-{index}"),
            ..idp.draft()
        };
        let reply = world
            .post(
                "/saml",
                &[
                    ("SAMLResponse", &idp.sign(&draft)),
                    ("RelayState", relay_state),
                ],
                "",
            )
            .await;
        assert_eq!(reply.header("location"), target);
    }
}

#[tokio::test]
async fn signing_out_takes_the_consoles_own_form() {
    let (world, idp) = World::federated();
    let cookie = world
        .post("/saml", &[("SAMLResponse", &idp.response())], "")
        .await
        .cookie();
    let csrf = world.get("/console", &cookie).await.field("csrf");
    assert_eq!(
        world
            .post("/console/sign-out", &[("csrf", "guess")], &cookie)
            .await
            .status,
        403
    );
    assert_eq!(
        world.post("/console/sign-out", &[], &cookie).await.status,
        403
    );
    world.get("/console", &cookie).await.assert_ok();
    let reply = world
        .post("/console/sign-out", &[("csrf", &csrf)], &cookie)
        .await;
    assert!(
        reply
            .assert_ok()
            .header("set-cookie")
            .ends_with("Max-Age=0")
    );
    assert_eq!(world.get("/console", &cookie).await.status, 401);
}

#[tokio::test]
async fn browsers_find_the_console_and_its_files_and_clients_find_s3() {
    let world = World::empty();
    let root = world.get("/", "").await;
    assert_eq!((root.status, root.header("location")), (303, "/console"));
    assert_eq!(
        world.get("/console", "jetway_local_aws=guess").await.status,
        401
    );
    let css = world.get("/static/jetway.css", "").await;
    assert!(
        css.assert_ok()
            .header("content-type")
            .starts_with("text/css")
    );
    let metadata = world.get("/static/saml-metadata.xml", "").await;
    let text = metadata.assert_ok().text.clone();
    roxmltree::Document::parse(&text).unwrap();
    assert!(
        text.contains("entityID=\"urn:amazon:webservices\"")
            && text.contains("Location=\"http://localhost:4566/saml\"")
    );
    let anonymous = axum::http::Request::get("/")
        .header("host", "localhost:4566")
        .body(axum::body::Body::empty())
        .unwrap();
    let reply = world.send(anonymous).await;
    assert_eq!(
        (reply.status, reply.value("Code")),
        (403, "AccessDenied".into())
    );
}

/// An account of an organisation that was closed lets nobody in, with no assertion and no session.
#[tokio::test]
async fn a_closed_account_takes_no_assertion_and_ends_its_console_sessions() {
    use jetway_local_aws::organizations::{self, FeatureSet};
    let (world, idp) = World::federated();
    let aws = &world.aws;
    aws.ensure_account(OTHER_ACCOUNT, "management").unwrap();
    let op = &mut aws.op();
    organizations::create_organization(aws, op, OTHER_ACCOUNT, FeatureSet::All, None).unwrap();
    organizations::join_organization(aws, op, ACCOUNT, "a@example.com").unwrap();
    let cookie = world
        .post("/saml", &[("SAMLResponse", &idp.response())], "")
        .await
        .cookie();
    world.get("/console", &cookie).await.assert_ok();
    organizations::close_account(aws, ACCOUNT).unwrap();
    assert_ne!(world.get("/console", &cookie).await.status, 200);
    let refused = world.redeem("Engineer", &idp.response()).await;
    assert_eq!(
        (refused.status, refused.refusal().1.as_str()),
        (403, "AccessDenied")
    );
}
