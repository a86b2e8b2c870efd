//! When sign-ins to the portal end, with all that came from them.

use jetway_local_aws::identity_center::{
    change_identity_source, delete_certificate, import_certificate, use_directory,
};
use jetway_local_aws::state::center::IdentitySource;
use serde_json::Value;

use super::world::{Center, settings};
use crate::support::{ACCOUNT, Reply, idp::Idp};

/// Somebody who is signed in every way there is.
struct Present {
    center: Center,
    client: Value,
    portal: String,
    console: String,
    tokens: Value,
}

impl Present {
    async fn new() -> Self {
        let center = Center::new().await;
        center.assign("S3Admin", &[ACCOUNT]);
        let client = center.client().await;
        let tokens = center.tokens(&client).await;
        let portal = center.signed_in().await;
        let link = format!("/start/console?account_id={ACCOUNT}&role_name=S3Admin");
        let console = center.world.get(&link, &portal).await.cookie();
        Self {
            center,
            client,
            portal,
            console,
            tokens,
        }
    }

    /// Portal, console, access token, refresh token: whether each still opens something.
    async fn open(&self) -> [bool; 4] {
        let world = &self.center.world;
        let token = self.tokens["accessToken"].as_str().unwrap();
        let api = self.center.portal("GET", "/assignment/accounts", token);
        let renewal = Center::renewal(&self.client, &self.tokens["refreshToken"]);
        [
            world.get("/start", &self.portal).await.status == 200,
            world.get("/console", &self.console).await.status == 200,
            api.await.status == 200,
            self.center.json("/token", &renewal).await.status == 200,
        ]
    }

    async fn sign_out(&self, cookie: &str) -> Reply {
        let world = &self.center.world;
        let csrf = world.get("/start", cookie).await.field("csrf");
        world
            .post("/start/sign-out", &[("csrf", &csrf)], cookie)
            .await
    }
}

#[tokio::test]
async fn signing_out_of_the_portal_ends_the_console_it_opened() {
    let present = Present::new().await;
    let both = format!("{}; {}", present.portal, present.console);
    let reply = present.sign_out(&both).await;
    let cleared: Vec<_> = reply.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cleared.len(), 2, "{cleared:?}");
    assert_eq!(present.open().await[..2], [false, false]);
}

/// A session of another kind in the same browser stays: the portal did not open it.
#[tokio::test]
async fn signing_out_of_the_portal_leaves_the_console_of_another_browser_alone() {
    let present = Present::new().await;
    let reply = present.sign_out(&present.portal).await;
    assert_eq!(reply.headers.get_all("set-cookie").iter().count(), 1);
    assert_eq!(present.open().await[..2], [false, true]);
}

#[tokio::test]
async fn a_console_session_ends_when_its_user_is_disabled_or_deleted() {
    for delete in [false, true] {
        let present = Present::new().await;
        let center = &present.center;
        if delete {
            center.delete(&center.ada).await;
        } else {
            center.disable(&center.ada).await;
        }
        assert_eq!(present.open().await, [false; 4], "deleted: {delete}");
    }
}

/// Nobody used them while the user was disabled, so nothing but the time tells that they are over.
#[tokio::test]
async fn what_was_idle_while_its_user_was_disabled_does_not_come_back() {
    let present = Present::new().await;
    let center = &present.center;
    center.world.advance(1);
    center.set_active(&center.ada, false).await;
    center.set_active(&center.ada, true).await;
    assert_eq!(present.open().await, [false; 4]);
    // The same second may have been before the end.
    let doubtful = center.signed_in().await;
    assert_eq!(center.world.get("/start", &doubtful).await.status, 303);
    center.world.advance(1);
    let later = center.signed_in().await;
    assert_eq!(center.world.get("/start", &later).await.status, 200);
}

/// A yes on the page of a code is part of the sign-in that gave it.
#[tokio::test]
async fn a_code_that_waits_while_its_user_is_disabled_gives_nothing() {
    let center = Center::new().await;
    let client = center.client().await;
    let code = center.code(&client).await;
    center.set_active(&center.ada, false).await;
    center.set_active(&center.ada, true).await;
    center.world.advance(1);
    let refused = center
        .json("/token", &Center::exchange(&client, &code))
        .await;
    assert_eq!(
        refused.oidc_error(),
        (400, "InvalidGrantException", "invalid_grant")
    );
}

#[tokio::test]
async fn sign_ins_end_when_their_identity_provider_is_trusted_no_longer() {
    type End = fn(&Center);
    let ends: [(&str, End); 3] = [
        ("another entity id", |center| {
            let aws = &center.world.aws;
            let other = Idp::new("https://other.example/metadata").impostor();
            change_identity_source(aws, &mut aws.op(), &settings(&other)).unwrap();
        }),
        ("another certificate", |center| {
            let aws = &center.world.aws;
            let next = center.idp.successor();
            import_certificate(aws, &mut aws.op(), &next.certificate()).unwrap();
            let IdentitySource::External(provider) = center.instance().identity_source else {
                panic!("not external")
            };
            delete_certificate(aws, &aws.op(), &provider.certificates[0].id).unwrap();
        }),
        ("the same by its metadata", |center| {
            let aws = &center.world.aws;
            change_identity_source(aws, &mut aws.op(), &settings(&center.idp.successor())).unwrap();
        }),
    ];
    for (name, end) in ends {
        let present = Present::new().await;
        end(&present.center);
        assert_eq!(present.open().await, [false; 4], "{name}");
    }
}

#[tokio::test]
async fn sign_ins_end_when_the_directory_becomes_the_identity_source() {
    let center = Center::of_directory();
    let aws = &center.world.aws;
    change_identity_source(aws, &mut aws.op(), &settings(&center.idp)).unwrap();
    assert_eq!(center.instance().trust_ended_at, None);
    use_directory(aws, &aws.op()).unwrap();
    let ended = Some(center.world.now().unix_timestamp());
    assert_eq!(center.instance().trust_ended_at, ended);
}

/// What changes nothing about who is believed ends nothing.
#[tokio::test]
async fn another_sign_in_url_or_one_certificate_more_ends_no_sign_in() {
    let present = Present::new().await;
    let aws = &present.center.world.aws;
    let mut moved = settings(&present.center.idp);
    moved.sign_in_url = "https://idp.example/elsewhere".into();
    change_identity_source(aws, &mut aws.op(), &moved).unwrap();
    let next = present.center.idp.successor().certificate();
    import_certificate(aws, &mut aws.op(), &next).unwrap();
    assert_eq!(present.open().await, [true; 4]);
}
