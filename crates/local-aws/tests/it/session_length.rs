//! How long sessions last (aws-iam-sts.md §1.7).

use jetway_local_aws::iam::{self, RoleUpdate};
use time::Duration;

use crate::support::{ACCOUNT, World};

fn maximum(world: &World, seconds: u32) {
    let update = RoleUpdate {
        max_session_duration: Some(seconds),
        ..RoleUpdate::default()
    };
    iam::update_role(&world.aws, ACCOUNT, "Engineer", update).unwrap();
}

#[tokio::test]
async fn a_longer_session_needs_a_role_that_allows_it() {
    let (world, idp) = World::federated();
    let response = idp.response();
    let ask = [("DurationSeconds", "7200")];
    let reply = world.redeem_with("Engineer", &response, &ask).await;
    assert_eq!(
        reply.refusal(),
        (
            400,
            "ValidationError".into(),
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
                .into()
        )
    );
    maximum(&world, 14_400);
    let reply = world.redeem_with("Engineer", &response, &ask).await;
    assert_eq!(reply.value("Expiration"), "2026-11-22T06:00:00Z");
}

#[tokio::test]
async fn the_attribute_only_shortens() {
    let (world, idp) = World::federated();
    maximum(&world, 43_200);
    for (seconds, expected) in [
        ("900", "2026-11-22T04:15:00Z"),
        ("7200", "2026-11-22T05:00:00Z"),
    ] {
        let response = idp.sign(&idp.draft().with("SessionDuration", &[seconds]));
        let reply = world.redeem("Engineer", &response).await;
        assert_eq!(reply.value("Expiration"), expected);
    }
}

#[tokio::test]
async fn the_identity_providers_session_may_end_it_before_900_seconds() {
    let (world, idp) = World::federated();
    let mut draft = idp.draft();
    draft.session_not_on_or_after = Some(world.now() + Duration::seconds(600));
    let reply = world.redeem("Engineer", &idp.sign(&draft)).await;
    assert_eq!(reply.value("Expiration"), "2026-11-22T04:10:00Z");
}

#[tokio::test]
async fn an_expired_session_is_told_so() {
    let (world, idp) = World::federated();
    let reply = world
        .redeem_with("Engineer", &idp.response(), &[("DurationSeconds", "900")])
        .await;
    let keys = reply.keys();
    world.advance(899);
    world
        .signed_sts(&keys, &[("Action", "GetCallerIdentity")])
        .await
        .assert_ok();
    world.advance(1);
    let reply = world
        .signed_sts(&keys, &[("Action", "GetCallerIdentity")])
        .await;
    assert_eq!(
        reply.refusal(),
        (
            403,
            "ExpiredToken".into(),
            "The security token included in the request is expired".into()
        )
    );
}
