//! Who gets into the console, and what it takes to change something.

use jetway_local_aws::iam::{self, NewRole};
use secrecy::ExposeSecret;

use super::{BASE, Visitor, attempt, sign_in};
use crate::support::{ACCOUNT, OTHER_ACCOUNT, World, idp::Idp, trust};

#[tokio::test]
async fn the_access_key_of_an_account_signs_its_administrator_in() {
    let world = World::empty();
    let reply = sign_in(&world).await;
    assert_eq!((reply.status, reply.header("location")), (303, BASE));
    let cookie = reply.header("set-cookie");
    assert!(
        cookie.starts_with("jetway_local_aws_administrator=")
            && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let page = world.get(BASE, &reply.cookie()).await;
    page.assert_ok();
    page.shows("Enable IAM Identity Center")
        .shows("production 123456789012")
        .shows("not Amazon Web Services");
}

#[tokio::test]
async fn wrong_pairs_are_all_refused_alike() {
    let world = World::empty();
    let other = world.aws.ensure_account(OTHER_ACCOUNT, "staging").unwrap();
    let own = &world.admin;
    let mut texts = Vec::new();
    for (id, secret) in [
        (own.access_key_id.as_str(), "wrong"),
        ("AKIAAAAAAAAAAAAAAAAA", own.secret.as_str()),
        (other.access_key_id.as_str(), own.secret.as_str()),
        ("", ""),
    ] {
        let reply = attempt(&world, id, secret, "").await;
        assert_eq!(reply.status, 403, "{id}");
        texts.push(reply.text.split_once("id=\"problem\"").unwrap().1[..160].to_owned());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
}

#[tokio::test]
async fn after_five_failures_a_wrong_secret_has_to_wait_and_the_right_one_signs_in() {
    let world = World::empty();
    let wrong = async || attempt(&world, &world.admin.access_key_id, "wrong", "").await;
    for _ in 0..5 {
        assert_eq!(wrong().await.status, 403);
    }
    let waiting = wrong().await;
    assert_eq!(waiting.status, 429);
    waiting.shows("Too many failed attempts. Try again in");
    assert_eq!(sign_in(&world).await.status, 303);
    assert_eq!(wrong().await.status, 403);
}

/// What cannot be the id of a key is neither counted nor written down.
#[tokio::test]
async fn ids_that_no_key_can_have_are_not_counted() {
    let world = World::empty();
    for id in ["", "akiaaaaaaaaaaaaaaaaa", "AKIA", "AKIAAAAAAAAAAAAAAAA\n"] {
        for _ in 0..2 {
            assert_eq!(attempt(&world, id, "wrong", "").await.status, 403, "{id}");
        }
    }
    let own = &world.admin.access_key_id;
    assert_eq!(attempt(&world, own, "wrong", "").await.status, 403);
}

/// Nobody is taken into an organisation who did not ask for it.
#[tokio::test]
async fn the_organisation_of_the_console_has_only_the_account_that_made_it() {
    let visitor = Visitor::new().await;
    visitor.open("").await.shows("only that account is in it");
    visitor.press("", "/organization", &[]).await;
    let members = || {
        let state = visitor.world.aws.state();
        let organization = state.organization.as_ref().unwrap();
        organization.members.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(members(), [ACCOUNT]);
    visitor.join().await;
    assert_eq!(members(), [ACCOUNT, OTHER_ACCOUNT]);
}

#[tokio::test]
async fn a_closed_account_has_no_session_of_its_administrator_and_gets_none() {
    let visitor = Visitor::with_instance().await;
    let world = &visitor.world;
    let other = world.aws.ensure_account(OTHER_ACCOUNT, "staging").unwrap();
    let enter = async || {
        let secret = other.secret_access_key.expose_secret();
        attempt(world, &other.access_key_id, secret, "").await
    };
    let cookie = enter().await.cookie();
    assert_eq!(world.get(BASE, &cookie).await.status, 403);
    jetway_local_aws::organizations::close_account(&world.aws, OTHER_ACCOUNT).unwrap();
    let sent_away = world.get(BASE, &cookie).await;
    assert_eq!(sent_away.status, 303);
    assert!(sent_away.header("location").starts_with("/console/sign-in"));
    assert_eq!(enter().await.status, 403);
}

#[tokio::test]
async fn a_delegated_administrator_works_in_the_console() {
    let visitor = Visitor::with_instance().await;
    let world = &visitor.world;
    let keys = world.aws.ensure_account(OTHER_ACCOUNT, "staging").unwrap();
    let service = "sso.amazonaws.com";
    let op = world.aws.op();
    jetway_local_aws::organizations::enable_service_access(&world.aws, &op, service).unwrap();
    jetway_local_aws::organizations::register_delegated_administrator(
        &world.aws,
        &op,
        OTHER_ACCOUNT,
        service,
    )
    .unwrap();
    let secret = keys.secret_access_key.expose_secret();
    let cookie = attempt(world, &keys.access_key_id, secret, "")
        .await
        .cookie();
    for path in ["/users", "/groups", "/accounts", "/permission-sets"] {
        let page = world.get(&format!("{BASE}{path}"), &cookie).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
    }
}

/// Whether users are managed here is none of a stranger's business.
#[tokio::test]
async fn a_form_of_somebody_without_rights_says_nothing_about_the_instance() {
    let (visitor, _) = Visitor::with_identity_provider().await;
    let enable = "/settings/provisioning";
    visitor
        .send(enable, &format!("{enable}/enable"), &[])
        .await
        .assert_ok();
    let world = &visitor.world;
    let idp = Idp::new("https://idp.example/metadata");
    world.provider(ACCOUNT, "Idp", &idp);
    world.role(ACCOUNT, NewRole::new("Engineer", trust(ACCOUNT, "Idp")));
    let reply = world
        .post("/saml", &[("SAMLResponse", &idp.response())], "")
        .await;
    let cookie = reply.cookie();
    let page = world.get("/console", &cookie).await;
    let csrf = page.field("csrf");
    for path in ["/users", "/groups"] {
        let fields = [("csrf", csrf.as_str())];
        let refused = world.post(&format!("{BASE}{path}"), &fields, &cookie).await;
        assert_eq!(refused.status, 403, "{path}");
        refused.shows("is not authorized to perform");
    }
}

#[tokio::test]
async fn a_visitor_comes_back_to_the_page_that_was_asked_for_and_nowhere_else() {
    let world = World::empty();
    let turned_away = world.get(&format!("{BASE}/users?q=a"), "").await;
    assert_eq!(
        turned_away.header("location"),
        "/console/sign-in?next=%2Fconsole%2Fidentity-center%2Fusers%3Fq%3Da"
    );
    let keys = &world.admin;
    for (next, target) in [
        (
            "/console/identity-center/users?q=a",
            "/console/identity-center/users?q=a",
        ),
        ("https://evil.example/", BASE),
        ("//evil.example/console/identity-center", BASE),
        ("/console/identity-center.evil.example", BASE),
    ] {
        let reply = attempt(&world, &keys.access_key_id, &keys.secret, next).await;
        assert_eq!(reply.header("location"), target);
    }
}

#[tokio::test]
async fn a_form_without_the_sessions_token_changes_nothing() {
    let visitor = Visitor::new().await;
    let cookie = visitor.cookie.clone();
    for csrf in ["", "guess"] {
        let reply = visitor
            .world
            .post(&format!("{BASE}/organization"), &[("csrf", csrf)], &cookie)
            .await;
        assert_eq!(reply.status, 403);
        reply.shows("The form did not come from a page of this session");
    }
    visitor.open("").await.shows("Create AWS organization");
}

#[tokio::test]
async fn a_session_lasts_eight_hours_across_a_restart_and_ends_with_sign_out() {
    let Visitor { world, cookie } = Visitor::new().await;
    let world = world.restart();
    let page = world.get(BASE, &cookie).await;
    page.assert_ok();
    let csrf = page.field("csrf");
    let out = world
        .post("/console/sign-in/out", &[("csrf", &csrf)], &cookie)
        .await;
    assert_eq!(out.header("location"), "/console/sign-in");
    assert_eq!(world.get(BASE, &cookie).await.status, 303);
    let cookie = sign_in(&world).await.cookie();
    world.advance(8 * 3600);
    assert_eq!(world.get(BASE, &cookie).await.status, 303);
}

#[tokio::test]
async fn only_the_management_account_sees_the_instance() {
    let visitor = Visitor::with_instance().await;
    let other = visitor
        .world
        .aws
        .ensure_account(OTHER_ACCOUNT, "staging")
        .unwrap();
    let secret = other.secret_access_key.expose_secret();
    let cookie = attempt(&visitor.world, &other.access_key_id, secret, "")
        .await
        .cookie();
    for path in ["", "/settings", "/users", "/accounts", "/permission-sets"] {
        let page = visitor.world.get(&format!("{BASE}{path}"), &cookie).await;
        assert_eq!(page.status, 403, "{path}");
        page.shows("is not authorized to perform");
    }
}

/// The permissions of a role decide what its session may see and change.
#[tokio::test]
async fn a_role_session_of_the_console_does_what_its_policies_allow() {
    let visitor = Visitor::with_instance().await;
    let world = &visitor.world;
    let idp = Idp::new("https://idp.example/metadata");
    world.provider(ACCOUNT, "Idp", &idp);
    world.role(ACCOUNT, NewRole::new("Engineer", trust(ACCOUNT, "Idp")));
    let reply = world
        .post("/saml", &[("SAMLResponse", &idp.response())], "")
        .await;
    let cookie = reply.cookie();
    let settings = format!("{BASE}/settings");
    assert_eq!(world.get(&settings, &cookie).await.status, 403);
    let read = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sso:Describe*","Resource":"*"}]}"#;
    iam::put_role_policy(&world.aws, ACCOUNT, "Engineer", "read", read).unwrap();
    let page = world.get(&settings, &cookie).await;
    page.assert_ok();
    page.shows("road.runner").shows("/console/sign-out");
    let csrf = page.field("csrf");
    let fields = [("csrf", csrf.as_str()), ("portal_session_hours", "12")];
    let action = format!("{settings}/portal-session");
    let refused = world.post(&action, &fields, &cookie).await;
    assert_eq!(refused.status, 400);
    refused.shows("is not authorized to perform: sso:UpdateInstance");
}

/// Every page that needs nothing but its address opens for the administrator, and for nobody else.
#[tokio::test]
async fn every_page_opens_for_the_administrator_and_for_nobody_else() {
    let visitor = Visitor::with_instance().await;
    for path in [
        "",
        "/settings",
        "/settings/identity-source",
        "/settings/identity-source/change",
        "/settings/provisioning",
        "/settings/access-control",
        "/users",
        "/users/new",
        "/groups",
        "/groups/new",
        "/accounts",
        "/accounts/123456789012",
        "/accounts/123456789012/assign",
        "/accounts/123456789012/assign?tab=users",
        "/permission-sets",
        "/permission-sets/new",
    ] {
        visitor.open(path).await.assert_ok();
        let stranger = visitor.world.get(&format!("{BASE}{path}"), "").await;
        assert_eq!(stranger.status, 303, "{path}");
    }
    for path in ["/nothing", "/users/x/y/z"] {
        assert_eq!(visitor.open(path).await.status, 404, "{path}");
    }
    for path in [
        "/users/b4c8e468-1061-7085-3c0e-5f1d2a7e9b31",
        "/groups/no-uuid",
        "/accounts/000000000000",
        "/permission-sets/ps-0000000000000000",
    ] {
        let page = visitor.open(path).await;
        assert_eq!(page.status, 404, "{path}");
        page.shows("It may have been deleted");
    }
}
