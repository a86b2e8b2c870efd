//! Signing in through the identity provider (identity-center.md §4, §8.8).

use jetway_local_aws::identity_center::{
    PortalSettings, change_identity_source, change_portal, create_access_control,
    delete_certificate, import_certificate, metadata_url,
};
use jetway_saml::{BINDING_HTTP_POST, NAMEID_EMAIL, SpMetadata};
use time::Duration;

use super::world::{ADA, Center, answering, settings};
use crate::support::{World, idp::Idp};

/// N03; SAML profiles 4.1.3: the request, its answer, and the page that was asked for.
#[tokio::test]
async fn who_opens_the_portal_signs_in_and_gets_there() {
    let center = Center::new().await;
    let sent = center.sent_from("/start").await;
    let request = &sent.request;
    assert!(request.id.starts_with("aws_"), "{}", request.id);
    assert!(!request.has_signature);
    assert_eq!(request.issuer, center.instance().issuer_url());
    assert_eq!(
        request.assertion_consumer_service_url.as_deref(),
        Some(&*center.acs())
    );
    assert_eq!(request.protocol_binding.as_deref(), Some(BINDING_HTTP_POST));
    let wanted = request.name_id_policy.as_ref().unwrap();
    assert_eq!(wanted.format.as_deref(), Some(NAMEID_EMAIL));

    let response = center.idp.sign(&center.answer_to(&sent));
    let reply = center.post_response(&response, &sent.relay_state).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/start"));
    let page = center.world.get("/start", &reply.cookie()).await;
    page.assert_ok();
    assert!(page.text.contains("Ada Lovelace") && page.text.contains(ADA));
}

#[tokio::test]
async fn somebody_who_was_on_the_way_elsewhere_goes_on_there() {
    let center = Center::new().await;
    for path in ["/device?user_code=BCDF-GHJK", "/start/console?account_id=1"] {
        let sent = center.sent_from(path).await;
        let mut draft = center.answer_to(&sent);
        draft.id = format!("_{}", sent.request.id);
        let response = center.idp.sign(&draft);
        let reply = center.post_response(&response, &sent.relay_state).await;
        assert_eq!((reply.status, reply.header("location")), (303, path));
    }
}

/// Some identity providers take requests by POST only.
#[tokio::test]
async fn a_request_goes_by_form_where_the_identity_provider_wants_that() {
    let center = Center::new().await;
    let aws = &center.world.aws;
    let mut by_post = settings(&center.idp);
    by_post.sign_in_by_post = true;
    change_identity_source(aws, &mut aws.op(), &by_post).unwrap();
    let page = center.world.get("/start", "").await;
    page.assert_ok();
    assert!(page.text.contains("action=\"https://idp.example/sso\""));
    assert!(!page.field("SAMLRequest").is_empty() && !page.field("RelayState").is_empty());
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' http: https:") && policy.contains("script-src 'self'")
    );
}

/// N02, and where the RelayState leads.
#[tokio::test]
async fn a_sign_in_may_begin_at_the_identity_provider() {
    let center = Center::new().await;
    let instance = center.instance();
    let deep = format!(
        "{}/#/console?account_id=123456789012&role_name=S3Admin",
        instance.start_url()
    );
    let cases = [
        ("", "/start"),
        (&*instance.start_url(), "/start"),
        (
            &*deep,
            "/start/console?account_id=123456789012&role_name=S3Admin",
        ),
        ("https://evil.example/", "/start"),
        ("//evil.example/", "/start"),
    ]
    .map(|(relay_state, target)| (relay_state.to_owned(), target));
    for (index, (relay_state, target)) in cases.iter().enumerate() {
        let mut draft = center.draft();
        draft.id = format!("_unsolicited{index}00112233445566");
        let reply = center
            .post_response(&center.idp.sign(&draft), relay_state)
            .await;
        assert_eq!(
            (reply.status, reply.header("location")),
            (303, *target),
            "{relay_state}"
        );
    }
}

/// Each request has one answer, whatever the assertion in it is called.
#[tokio::test]
async fn a_request_is_answered_once() {
    let center = Center::new().await;
    let sent = center.sent_from("/start").await;
    let first = center.idp.sign(&center.answer_to(&sent));
    let reply = center.post_response(&first, &sent.relay_state).await;
    assert_eq!(reply.status, 303);
    let mut again = center.answer_to(&sent);
    again.id = "_another00112233445566778899".into();
    let reply = center
        .post_response(&center.idp.sign(&again), &sent.relay_state)
        .await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains(&format!(
        "Not a valid response for the provided request id: {}",
        sent.request.id
    )));
}

#[tokio::test]
async fn requests_outlive_a_restart_and_end_after_half_an_hour() {
    let center = Center::new().await;
    let sent = center.sent_from("/start").await;
    let late = center.sent_from("/start").await;
    let center = center.restart();
    let response = center.idp.sign(&center.answer_to(&sent));
    let reply = center.post_response(&response, &sent.relay_state).await;
    assert_eq!(reply.status, 303, "{}", reply.text);
    center.world.advance(30 * 60);
    let response = center.idp.sign(&center.answer_to(&late));
    let reply = center.post_response(&response, &late.relay_state).await;
    assert_eq!(reply.status, 400);
    assert!(
        reply
            .text
            .contains("Not a valid response for the provided request id")
    );
}

/// §8.8, replay: also when the server was restarted in between.
#[tokio::test]
async fn an_assertion_signs_in_once_also_across_a_restart() {
    let center = Center::new().await;
    let response = center.idp.sign(&center.draft());
    assert_eq!(center.post_response(&response, "").await.status, 303);
    let center = center.restart();
    let reply = center.post_response(&response, "").await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("An unexpected error has occurred"));
    assert!(reply.text.contains("This SAML response was used before."));
}

/// §4.5: all certificates count at once; the old one goes when it is deleted.
#[tokio::test]
async fn either_of_two_certificates_will_do_until_one_is_deleted() {
    let center = Center::new().await;
    let aws = &center.world.aws;
    let next = center.idp.successor();
    let mut draft = center.draft();
    let refused = center.post_response(&next.sign(&draft), "").await;
    assert_eq!(refused.status, 400);
    import_certificate(aws, &mut aws.op(), &next.certificate()).unwrap();
    assert_eq!(
        center.post_response(&next.sign(&draft), "").await.status,
        303
    );
    draft.id = "_second00112233445566778899".into();
    assert_eq!(center.post_draft(&draft).await.status, 303);

    let state = aws.state();
    let instance = &state.identity_center.as_ref().unwrap().instance;
    let jetway_local_aws::state::center::IdentitySource::External(provider) =
        &instance.identity_source
    else {
        panic!("not external")
    };
    delete_certificate(aws, &aws.op(), &provider.certificates[0].id).unwrap();
    draft.id = "_third001122334455667788990".into();
    assert_eq!(center.post_draft(&draft).await.status, 400);
    assert_eq!(
        center.post_response(&next.sign(&draft), "").await.status,
        303
    );
}

/// §4.2: the end that the identity provider sets, or the portal's setting, whichever comes first.
#[tokio::test]
async fn a_session_ends_with_the_identity_providers_or_by_the_portals_setting() {
    let center = Center::new().await;
    let mut draft = center.draft();
    draft.session_not_on_or_after = Some(center.world.now() + Duration::hours(1));
    let short = center.post_draft(&draft).await.cookie();
    let long = center.signed_in().await;
    center.world.advance(3600 - 1);
    assert_eq!(center.world.get("/start", &short).await.status, 200);
    center.world.advance(1);
    assert_eq!(center.world.get("/start", &short).await.status, 303);
    center.world.advance(7 * 3600 - 1);
    assert_eq!(center.world.get("/start", &long).await.status, 200);
    center.world.advance(1);
    assert_eq!(center.world.get("/start", &long).await.status, 303);

    let aws = &center.world.aws;
    let setting = PortalSettings {
        session_seconds: Some(900),
        ..PortalSettings::default()
    };
    change_portal(aws, &setting).unwrap();
    let shorter = center.signed_in().await;
    center.world.advance(900);
    assert_eq!(center.world.get("/start", &shorter).await.status, 303);
}

/// §4.2: how many values attributes have matters only while they control access.
#[tokio::test]
async fn attributes_are_judged_only_while_they_control_access() {
    let center = Center::new().await;
    let named = |key: &str| format!("AccessControl:{key}");
    let many = (0..51).fold(center.draft(), |draft, index| {
        draft.with(&named(&format!("Key{index}")), &["v"])
    });
    let cases = [
        (many, "at most 50"),
        (
            center.draft().with(&named("Project"), &["Rocket", "Sled"]),
            "has 2 values",
        ),
        (
            center
                .draft()
                .with(&named("Project"), &["Rocket"])
                .with(&named("Project"), &["Rocket"]),
            "occurs twice",
        ),
        (
            center.draft().with(&named("Project"), &["Rocket"]).edit(
                "AccessControl:Project\"",
                "AccessControl:Project\" NameFormat=\"urn:example:own\"",
            ),
            "The NameFormat of the attribute",
        ),
        (
            center
                .draft()
                .with(&named("Project"), &["Rocket"])
                .edit(">Rocket<", "><saml:NameID>Rocket</saml:NameID><"),
            "A value in elements of the attribute",
        ),
    ];
    for (index, (draft, _)) in cases.iter().enumerate() {
        let mut draft = draft.clone();
        draft.id = format!("_off{index}0011223344556677889900");
        assert_eq!(center.post_draft(&draft).await.status, 303);
    }
    create_access_control(&center.world.aws, vec![]).unwrap();
    for (draft, diagnosis) in cases {
        let reply = center.post_draft(&draft).await;
        assert_eq!(reply.status, 400, "{diagnosis}");
        assert!(reply.text.contains("An unexpected error has occurred"));
        assert!(reply.text.contains(diagnosis), "{}", reply.text);
    }
    let good = center.draft().with(&named("Project"), &["Rocket"]).edit(
        "AccessControl:Project\"",
        "AccessControl:Project\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"",
    );
    assert_eq!(center.post_draft(&good).await.status, 303);
}

/// What the identity provider is given, read as identity providers read it.
#[tokio::test]
async fn the_metadata_describes_the_service_provider() {
    let center = Center::new().await;
    let instance = center.instance();
    let path = metadata_url(&center.world.aws, &instance).replace("http://localhost:4566", "");
    let reply = center.world.get(&path, "").await;
    reply.assert_ok();
    assert_eq!(reply.header("content-type"), "application/samlmetadata+xml");
    let metadata = SpMetadata::parse(&reply.text, center.world.now()).unwrap();
    assert_eq!(metadata.entity_id, instance.issuer_url());
    assert_eq!(metadata.name_id_formats, [NAMEID_EMAIL]);
    assert!(metadata.want_assertions_signed && !metadata.authn_requests_signed);
    let [service] = metadata.assertion_consumer_services.as_slice() else {
        panic!("{metadata:?}")
    };
    assert_eq!(service.location, center.acs());
    let other = center
        .world
        .get("/platform/saml/metadata/d-0000000000", "")
        .await;
    assert_eq!(other.status, 404);
}

#[tokio::test]
async fn without_an_identity_provider_the_page_says_what_to_do() {
    let world = World::empty();
    let page = world.get("/start", "").await;
    assert_eq!(page.status, 404);
    assert!(
        page.text
            .contains("IAM Identity Center is not enabled here")
    );

    let center = Center::of_directory();
    let page = center.world.get("/start", "").await;
    assert_eq!(page.status, 409);
    assert!(page.text.contains("Nobody can sign in here yet"));
    assert!(page.text.contains("Change identity source"));
    assert_eq!(center.post_draft(&center.draft()).await.status, 400);
}

/// A session ends for good when its user is disabled or deleted.
#[tokio::test]
async fn nobody_stays_signed_in_who_was_disabled_or_deleted() {
    let center = Center::new().await;
    let cookie = center.signed_in().await;
    center.disable(&center.ada).await;
    assert_eq!(center.world.get("/start", &cookie).await.status, 303);

    let center = Center::new().await;
    let cookie = center.signed_in().await;
    center.delete(&center.ada).await;
    center.provision(ADA, "Ada the Second").await;
    assert_eq!(center.world.get("/start", &cookie).await.status, 303);
}

/// A signature decides before a path: a bucket may be called `start`.
#[tokio::test]
async fn the_paths_of_the_portal_do_not_take_buckets_away() {
    let center = Center::new().await;
    let keys = center.world.admin.clone();
    let signed = crate::support::signing::signed(
        &keys,
        "sts",
        "us-east-1",
        center.world.now(),
        "Action=GetCallerIdentity&Version=2011-06-15",
    );
    assert_eq!(center.world.send(signed).await.status, 200);
    for path in ["/starter", "/start/files/a", "/tokens", "/authorized/x"] {
        let reply = center.world.get(path, "").await;
        assert!(
            reply.text.contains("<Code>AccessDenied</Code>"),
            "{path}: {}",
            reply.text
        );
    }
}

/// Whoever answers must know the RelayState, and the assertion must be the one that answers.
#[tokio::test]
async fn an_answer_is_bound_to_its_request() {
    let center = Center::new().await;
    let sent = center.sent_from("/start").await;
    let response = center.idp.sign(&center.answer_to(&sent));
    let reply = center.post_response(&response, "another").await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("RelayState"));
    // The response says it answers, the assertion does not.
    let loose = center.draft().tamper(
        "ID=\"_response0011223344556677889900\"",
        &format!(
            "ID=\"_response0011223344556677889900\" InResponseTo=\"{}\"",
            sent.request.id
        ),
    );
    let reply = center
        .post_response(&center.idp.sign(&loose), &sent.relay_state)
        .await;
    assert_eq!(reply.status, 400);
    // An answer to nothing.
    let stray = answering(center.draft(), "aws_0000");
    assert_eq!(center.post_draft(&stray).await.status, 400);
    // The refusals cost nothing.
    let reply = center.post_response(&response, &sent.relay_state).await;
    assert_eq!(reply.status, 303, "{}", reply.text);
}

/// An expired certificate is told from a wrong one (§4.4).
#[tokio::test]
async fn an_expired_certificate_is_named() {
    let center = Center::new().await;
    let aws = &center.world.aws;
    let expired = Idp::new(super::world::ISSUER);
    change_identity_source(aws, &mut aws.op(), &settings(&expired)).unwrap();
    let reply = center
        .post_response(&expired.sign(&center.draft()), "")
        .await;
    assert_eq!(reply.status, 400);
    assert!(
        reply.text.contains("It&#39;s not you, it is us"),
        "{}",
        reply.text
    );
    assert!(reply.text.contains("expired on 2016-01-01T00:00:00Z"));
}
