//! An assertion signs in once; STS takes it again.

use crate::support::World;

#[tokio::test]
async fn a_repeated_assertion_is_refused_at_sign_in_and_accepted_at_sts() {
    let (world, idp) = World::federated();
    let response = idp.response();
    let fields = [("SAMLResponse", response.as_str())];
    assert_eq!(world.post("/saml", &fields, "").await.status, 303);
    let again = world.post("/saml", &fields, "").await;
    assert_eq!(again.status, 400);
    assert!(again.text.contains("was used before"));
    assert_eq!(again.header("set-cookie"), "");
    for _ in 0..2 {
        world.redeem("Engineer", &response).await.assert_ok();
    }
}

#[tokio::test]
async fn a_repeated_assertion_is_refused_after_a_restart_too() {
    let (world, idp) = World::federated();
    let response = idp.response();
    let fields = [("SAMLResponse", response.as_str())];
    assert_eq!(world.post("/saml", &fields, "").await.status, 303);
    let world = world.restart();
    assert_eq!(world.post("/saml", &fields, "").await.status, 400);
}

#[tokio::test]
async fn a_new_encoding_of_the_same_assertion_is_the_same_assertion() {
    let (world, idp) = World::federated();
    let response = idp.response();
    assert_eq!(
        world
            .post("/saml", &[("SAMLResponse", &response)], "")
            .await
            .status,
        303
    );
    let mut broken = String::new();
    for line in response.as_bytes().chunks(76) {
        broken.push_str(std::str::from_utf8(line).unwrap());
        broken.push('\n');
    }
    assert_eq!(
        world
            .post("/saml", &[("SAMLResponse", &broken)], "")
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_signed_in_console_survives_a_restart() {
    let (world, idp) = World::federated();
    let cookie = world
        .post("/saml", &[("SAMLResponse", &idp.response())], "")
        .await
        .cookie();
    let world = world.restart();
    world.get("/console", &cookie).await.assert_ok();
}

#[tokio::test]
async fn signing_in_again_ends_the_browsers_session_before() {
    let (world, idp) = World::federated();
    let first = world
        .post("/saml", &[("SAMLResponse", &idp.response())], "")
        .await
        .cookie();
    let mut draft = idp.draft();
    draft.id = "_second".into();
    let second = world
        .post("/saml", &[("SAMLResponse", &idp.sign(&draft))], &first)
        .await
        .cookie();
    assert_eq!(world.get("/console", &first).await.status, 401);
    world.get("/console", &second).await.assert_ok();
}
