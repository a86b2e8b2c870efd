//! The portal's pages (identity-center.md §5).

use jetway_local_aws::identity_center::{
    PermissionSetUpdate, Target, provision_permission_set, update_permission_set,
};

use super::world::{ADA, Center};
use crate::support::{ACCOUNT, OTHER_ACCOUNT, Reply};

async fn with_roles() -> (Center, String) {
    let center = Center::new().await;
    center.assign("S3Admin", &[ACCOUNT, OTHER_ACCOUNT]);
    center.assign("Billing", &[OTHER_ACCOUNT]);
    let cookie = center.signed_in().await;
    (center, cookie)
}

async fn open_console(center: &Center, cookie: &str, role: &str) -> Reply {
    let page = center.world.get("/start", cookie).await;
    let csrf = page.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("account_id", OTHER_ACCOUNT),
        ("role_name", role),
    ];
    center.world.post("/start/console", &fields, cookie).await
}

#[tokio::test]
async fn the_portal_shows_accounts_and_what_the_person_may_be_there() {
    let (center, cookie) = with_roles().await;
    let page = center.world.get("/start", &cookie).await;
    page.assert_ok();
    for text in [
        "production",
        "staging",
        OTHER_ACCOUNT,
        "S3Admin",
        "Billing",
        "2 accounts",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    let found = center.world.get("/start?q=STAG", &cookie).await;
    assert!(found.text.contains("staging") && !found.text.contains("production"));
    let empty = Center::new().await;
    let cookie = empty.signed_in().await;
    let page = empty.world.get("/start/", &cookie).await;
    assert!(page.text.contains("You have no AWS accounts yet"));
}

#[tokio::test]
async fn management_console_opens_as_the_role() {
    let (center, cookie) = with_roles().await;
    let reply = open_console(&center, &cookie, "S3Admin").await;
    assert_eq!((reply.status, reply.header("location")), (303, "/console"));
    let console = center.world.get("/console", &reply.cookie()).await;
    console.assert_ok();
    assert!(console.text.contains("AWSReservedSSO_S3Admin_") && console.text.contains(ADA));
    let refused = open_console(&center, &cookie, "Nothing").await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("No access"));
    let forged = [("account_id", OTHER_ACCOUNT), ("role_name", "S3Admin")];
    let reply = center.world.post("/start/console", &forged, &cookie).await;
    assert_eq!(reply.status, 403);
}

/// The form of the portal may lead to our own pages only; a browser would follow no redirect from it
/// to the identity provider.
#[tokio::test]
async fn the_button_of_somebody_who_is_not_signed_in_any_more_says_so() {
    let center = Center::new().await;
    let reply = center.world.post("/start/console", &[], "").await;
    assert_eq!((reply.status, reply.header("location")), (401, ""));
    assert!(reply.text.contains("You are not signed in any more"));
    assert!(reply.text.contains("href=\"/start\""), "{}", reply.text);
}

#[tokio::test]
async fn a_deep_link_opens_the_console_and_nothing_beyond() {
    let (center, cookie) = with_roles().await;
    let link = |more: &str| format!("/start/console?account_id={OTHER_ACCOUNT}{more}");
    for (more, target) in [
        ("&role_name=S3Admin", "/console"),
        (
            "&role_name=S3Admin&destination=%2Fconsole%3Fx%3D1",
            "/console?x=1",
        ),
        (
            "&role_name=S3Admin&destination=https%3A%2F%2Fevil.example%2F",
            "/console",
        ),
        (
            "&role_name=S3Admin&destination=%2F%2Fevil.example",
            "/console",
        ),
        (
            "&role_name=S3Admin&destination=%2Fconsole%2F..%2Fstart",
            "/console",
        ),
        // Two roles: the portal asks which.
        ("", "/start?q=210987654321"),
    ] {
        let reply = center.world.get(&link(more), &cookie).await;
        assert_eq!(
            (reply.status, reply.header("location")),
            (303, target),
            "{more}"
        );
    }
    let only = format!("/start/console?account_id={ACCOUNT}");
    let reply = center.world.get(&only, &cookie).await;
    assert_eq!(reply.header("location"), "/console");
}

#[tokio::test]
async fn access_keys_are_shown_to_copy() {
    let (center, cookie) = with_roles().await;
    let path = format!("/start/keys?account_id={OTHER_ACCOUNT}&role_name=S3Admin");
    let page = center.world.get(&path, &cookie).await;
    page.assert_ok();
    for text in [
        "export AWS_ACCESS_KEY_ID=",
        "[210987654321_S3Admin]",
        &*center.instance().start_url(),
        "http://localhost:4566",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    assert_eq!(page.header("cache-control"), "no-store");
    let other = format!("/start/keys?account_id={ACCOUNT}&role_name=Billing");
    assert_eq!(center.world.get(&other, &cookie).await.status, 403);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let (center, cookie) = with_roles().await;
    let csrf = center.world.get("/start", &cookie).await.field("csrf");
    let forged = center.world.post("/start/sign-out", &[], &cookie).await;
    assert_eq!(forged.status, 403);
    let fields = [("csrf", csrf.as_str())];
    let reply = center.world.post("/start/sign-out", &fields, &cookie).await;
    reply.assert_ok();
    assert!(
        reply
            .text
            .contains("You have signed out of the AWS access portal")
    );
    assert_eq!(center.world.get("/start", &cookie).await.status, 303);
}

/// A cookie is worth nothing to whoever reads the state file, and lasts over a restart.
#[tokio::test]
async fn a_session_lasts_over_a_restart_and_is_stored_as_a_hash() {
    let (center, cookie) = with_roles().await;
    let token = cookie.split_once('=').unwrap().1.to_owned();
    let file = std::fs::read(center.world.folder().join("state.redb")).unwrap();
    let stored = file
        .windows(token.len())
        .any(|window| window == token.as_bytes());
    assert!(!stored);
    let center = center.restart();
    assert_eq!(center.world.get("/start", &cookie).await.status, 200);
}

/// identity-center.md §2.5: how long a session is, and where it opens, is what was provisioned.
#[tokio::test]
async fn session_length_and_relay_state_are_those_of_the_provisioned_role() {
    let center = Center::new().await;
    let keys = center.assign("S3Admin", &[OTHER_ACCOUNT]);
    let cookie = center.signed_in().await;
    let aws = &center.world.aws;
    let set = &keys[0].permission_set;
    let update = PermissionSetUpdate {
        session_duration: Some("PT4H".into()),
        relay_state: Some("/console/identity-center".into()),
        ..PermissionSetUpdate::default()
    };
    update_permission_set(aws, set, update).unwrap();
    let session = || {
        let state = aws.state();
        let center = state.identity_center.as_ref().unwrap();
        center.permission_sets[set]
            .session_in(OTHER_ACCOUNT)
            .duration
    };
    let before = open_console(&center, &cookie, "S3Admin").await;
    assert_eq!(before.header("location"), "/console");
    assert_eq!(session(), "PT1H");
    provision_permission_set(aws, &mut aws.op(), set, Target::AllProvisioned).unwrap();
    let after = open_console(&center, &cookie, "S3Admin").await;
    assert_eq!(after.header("location"), "/console/identity-center");
    assert_eq!(session(), "PT4H");
}
