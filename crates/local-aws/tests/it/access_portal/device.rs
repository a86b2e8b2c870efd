//! The device grant (identity-center.md §1.6, §8.4).

use serde_json::{Value, json};

use super::world::{Center, Json};

const PENDING: (u16, &str, &str) = (
    400,
    "AuthorizationPendingException",
    "authorization_pending",
);
const SLOW_DOWN: (u16, &str, &str) = (400, "SlowDownException", "slow_down");

struct Waiting {
    center: Center,
    client: Value,
    begun: Value,
}

impl Waiting {
    async fn new(scopes: &[&str]) -> Self {
        let center = Center::new().await;
        let client = center.device_client(scopes).await;
        let begun = begin(&center, &client, &center.instance().start_url())
            .await
            .ok();
        Self {
            center,
            client,
            begun,
        }
    }

    fn user_code(&self) -> &str {
        self.begun["userCode"].as_str().unwrap()
    }

    async fn poll(&self) -> Json {
        let request = json!({
            "grantType": "urn:ietf:params:oauth:grant-type:device_code",
            "clientId": self.client["clientId"],
            "clientSecret": self.client["clientSecret"],
            "deviceCode": self.begun["deviceCode"],
        });
        self.center.json("/token", &request).await
    }

    /// Presses a button of the page with the code, and gives the page after it.
    async fn answer(&self, answer: &str) -> String {
        let cookie = self.center.signed_in().await;
        let path = format!("/device?user_code={}", self.user_code());
        let page = self.center.world.get(&path, &cookie).await;
        page.assert_ok();
        assert!(page.text.contains(self.user_code()) && page.text.contains("botocore-client-corp"));
        let csrf = page.field("csrf");
        let fields = [
            ("csrf", csrf.as_str()),
            ("user_code", self.user_code()),
            ("answer", answer),
        ];
        let reply = self.center.world.post("/device", &fields, &cookie).await;
        reply.assert_ok();
        reply.text
    }
}

async fn begin(center: &Center, client: &Value, start_url: &str) -> Json {
    let request = json!({
        "clientId": client["clientId"],
        "clientSecret": client["clientSecret"],
        "startUrl": start_url,
    });
    center.json("/device_authorization", &request).await
}

#[tokio::test]
async fn a_program_gets_its_token_when_its_person_has_compared_the_code() {
    let waiting = Waiting::new(&["sso:account:access"]).await;
    let begun = &waiting.begun;
    assert_eq!(
        (&begun["expiresIn"], &begun["interval"]),
        (&json!(600), &json!(1))
    );
    assert_eq!(begun["verificationUri"], "http://localhost:4566/device");
    let complete = format!(
        "http://localhost:4566/device?user_code={}",
        waiting.user_code()
    );
    assert_eq!(begun["verificationUriComplete"], complete);
    assert_eq!(waiting.poll().await.oidc_error(), PENDING);
    assert!(waiting.answer("allow").await.contains("Request approved"));
    let tokens = waiting.poll().await.ok();
    assert_eq!(
        (&tokens["tokenType"], &tokens["expiresIn"]),
        (&json!("Bearer"), &json!(28_800))
    );
    assert!(tokens["accessToken"].as_str().unwrap().starts_with("aoa"));
    assert!(tokens["refreshToken"].as_str().unwrap().starts_with("aor"));
    // A device code is used once.
    let again = waiting.poll().await;
    assert_eq!(
        again.oidc_error(),
        (400, "InvalidGrantException", "invalid_grant")
    );
}

/// Programs without an `sso-session` name no scopes and do not renew.
#[tokio::test]
async fn a_client_without_scopes_gets_no_refresh_token() {
    let waiting = Waiting::new(&[]).await;
    waiting.answer("allow").await;
    let tokens = waiting.poll().await.ok();
    assert_eq!(tokens["refreshToken"], Value::Null);
    let token = tokens["accessToken"].as_str().unwrap();
    let accounts = waiting
        .center
        .portal("GET", "/assignment/accounts", token)
        .await;
    assert_eq!(accounts.status, 200);
}

/// The command line polls twice before it waits; faster than once a second after that is too fast.
#[tokio::test]
async fn two_polls_at_once_are_not_too_fast_and_a_third_is() {
    let waiting = Waiting::new(&[]).await;
    assert_eq!(waiting.poll().await.oidc_error(), PENDING);
    assert_eq!(waiting.poll().await.oidc_error(), PENDING);
    assert_eq!(waiting.poll().await.oidc_error(), SLOW_DOWN);
    waiting.center.world.advance(1);
    assert_eq!(waiting.poll().await.oidc_error(), PENDING);
}

#[tokio::test]
async fn a_refusal_reaches_the_program() {
    let waiting = Waiting::new(&[]).await;
    assert!(waiting.answer("deny").await.contains("Request denied"));
    let refused = waiting.poll().await;
    assert_eq!(
        refused.oidc_error(),
        (400, "AccessDeniedException", "access_denied")
    );
}

#[tokio::test]
async fn a_code_expires_after_ten_minutes() {
    let waiting = Waiting::new(&[]).await;
    let cookie = waiting.center.signed_in().await;
    waiting.center.world.advance(600);
    let over = waiting.poll().await;
    assert_eq!(
        over.oidc_error(),
        (400, "ExpiredTokenException", "expired_token")
    );
    let path = format!("/device?user_code={}", waiting.user_code());
    let page = waiting.center.world.get(&path, &cookie).await;
    assert!(page.text.contains("No program waits with this code."));
}

#[tokio::test]
async fn a_grant_outlives_a_restart() {
    let mut waiting = Waiting::new(&[]).await;
    waiting.center = waiting.center.restart();
    waiting.answer("allow").await;
    waiting.center = waiting.center.restart();
    waiting.poll().await.ok();
}

/// §1.3: an instance goes by many names.
#[tokio::test]
async fn every_name_of_the_instance_begins_a_device_grant() {
    let center = Center::new().await;
    let client = center.device_client(&[]).await;
    let instance = center.instance();
    let (store, id) = (&instance.identity_store_id, &instance.id);
    for url in [
        format!("https://{store}.awsapps.com/start"),
        format!("https://{store}.awsapps.com/start/"),
        format!("https://{store}.awsapps.com/start#"),
        format!("https://{store}.awsapps.com/start/#/"),
        format!("https://{id}.portal.us-east-1.app.aws"),
        format!("https://{id}.us-east-1.portal.amazonaws.com/"),
        format!("https://identitycenter.amazonaws.com/{id}"),
        "http://localhost:4566/start".to_owned(),
    ] {
        begin(&center, &client, &url).await.ok();
    }
    for url in [
        "https://d-0000000000.awsapps.com/start",
        "https://evil.example/start",
        "no address",
    ] {
        let refused = begin(&center, &client, url).await;
        assert_eq!(
            refused.oidc_error(),
            (400, "InvalidRequestException", "invalid_request"),
            "{url}"
        );
        assert_eq!(refused.body["error_description"], Value::Null);
    }
}

/// `aws configure sso` with an address of one's own asks it first where it leads.
#[tokio::test]
async fn the_local_start_url_leads_to_the_name_that_aws_would_have() {
    let center = Center::new().await;
    let request = axum::http::Request::head("/start")
        .body(axum::body::Body::empty())
        .unwrap();
    let reply = center.world.send(request).await;
    assert_eq!(reply.status, 302);
    assert_eq!(reply.header("location"), center.instance().start_url());
}

#[tokio::test]
async fn only_the_client_that_began_gets_the_token() {
    let mut waiting = Waiting::new(&[]).await;
    waiting.answer("allow").await;
    let own = waiting.client.clone();
    waiting.client = waiting.center.device_client(&[]).await;
    assert_eq!(
        waiting.poll().await.oidc_error(),
        (400, "InvalidGrantException", "invalid_grant")
    );
    waiting.client = own;
    waiting.poll().await.ok();
}

#[tokio::test]
async fn a_client_registered_for_the_browser_gets_no_device_code() {
    let center = Center::new().await;
    let client = center.client().await;
    let refused = begin(&center, &client, &center.instance().start_url()).await;
    assert_eq!(
        refused.oidc_error(),
        (400, "UnauthorizedClientException", "unauthorized_client")
    );
}

#[tokio::test]
async fn guessing_codes_has_an_end() {
    let waiting = Waiting::new(&[]).await;
    let world = &waiting.center.world;
    let cookie = waiting.center.signed_in().await;
    for _ in 0..5 {
        let page = world.get("/device?user_code=BBBB-BBBB", &cookie).await;
        assert!(page.text.contains("No program waits with this code."));
    }
    let right = format!("/device?user_code={}", waiting.user_code());
    let page = world.get(&right, &cookie).await;
    assert!(page.text.contains("Too many wrong codes."), "{}", page.text);
    world.advance(60);
    let page = world.get(&right, &cookie).await;
    assert!(page.text.contains("Authorization requested"));
}

/// Wrong codes that come at once are all counted, and none brings a session back.
#[tokio::test]
async fn wrong_codes_count_also_at_once_and_revive_nothing() {
    let waiting = Waiting::new(&[]).await;
    let world = &waiting.center.world;
    let cookie = waiting.center.signed_in().await;
    let wrong = || world.get("/device?user_code=BBBB-BBBB", &cookie);
    tokio::join!(wrong(), wrong(), wrong(), wrong(), wrong());
    let right = format!("/device?user_code={}", waiting.user_code());
    let page = world.get(&right, &cookie).await;
    assert!(page.text.contains("Too many wrong codes."), "{}", page.text);
    let csrf = page.field("csrf");
    let fields = [("csrf", csrf.as_str())];
    world.advance(60);
    let (_, out) = tokio::join!(wrong(), world.post("/start/sign-out", &fields, &cookie));
    out.assert_ok();
    assert_eq!(world.get("/start", &cookie).await.status, 303);
}

#[tokio::test]
async fn a_code_can_be_typed() {
    let waiting = Waiting::new(&[]).await;
    let world = &waiting.center.world;
    let cookie = waiting.center.signed_in().await;
    let form = world.get("/device", &cookie).await;
    let csrf = form.field("csrf");
    let typed = waiting.user_code().to_lowercase().replace('-', " ");
    let fields = [("csrf", csrf.as_str()), ("user_code", &typed)];
    let page = world.post("/device", &fields, &cookie).await;
    assert!(
        page.text.contains("Authorization requested"),
        "{}",
        page.text
    );
    // Without the token of the form nothing happens.
    let forged = [("user_code", waiting.user_code()), ("answer", "allow")];
    assert_eq!(world.post("/device", &forged, &cookie).await.status, 403);
    assert_eq!(waiting.poll().await.oidc_error(), PENDING);
}

/// A yes is worth nothing when its user is gone before the program comes for the token.
#[tokio::test]
async fn a_user_who_was_disabled_in_between_gets_no_token() {
    let waiting = Waiting::new(&[]).await;
    waiting.answer("allow").await;
    waiting.center.disable(&waiting.center.ada).await;
    assert_eq!(
        waiting.poll().await.oidc_error(),
        (400, "InvalidGrantException", "invalid_grant")
    );
}
