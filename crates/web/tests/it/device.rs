//! A command line signs in through the browser: its calls, and the pages of its person.

use axum::body::Body;
use http::header::CONTENT_TYPE;
use jetway_identity::EventKind;
use jetway_identity::sign_in_policies::{Effect, FactorKind, PolicyRule};
use serde_json::{Value, json};
use time::Duration;

use crate::browser::{Answer, Browser};
use crate::policies_at_sign_in::{from, rule, second_factor};
use crate::site::{COYOTE, ROAD_RUNNER, Site};

const START: &str = "/userconsole/device";
const TOKEN: &str = "/userconsole/device/token";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A call of a command line, with the token that it got before.
async fn call(client: &mut Browser<'_>, path: &str, body: &Value) -> Answer {
    let xsrf = client.get("/userconsole/xsrf").await.json();
    let request = client
        .request("POST", path)
        .header(CONTENT_TYPE, "application/json")
        .header("X-Xsrftoken", xsrf["xsrf"].as_str().unwrap())
        .body(Body::from(body.to_string()))
        .unwrap();
    client.send(request).await
}

/// The device code and the user code.
async fn start(client: &mut Browser<'_>) -> (String, String) {
    let answer = call(client, START, &json!({ "machine": "mesa-4" })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    let code = text("user_code");
    assert_eq!(text("verification_uri"), "http://localhost:8700/device");
    assert_eq!(
        text("verification_uri_complete"),
        format!("http://localhost:8700/device?code={code}")
    );
    assert_eq!(body["expires_in"], 600);
    assert_eq!(body["interval"], 3);
    (text("device_code"), code)
}

async fn poll(client: &mut Browser<'_>, device_code: &str) -> Answer {
    let body = json!({ "grant_type": GRANT, "device_code": device_code });
    call(client, TOKEN, &body).await
}

async fn error_of(client: &mut Browser<'_>, device_code: &str) -> String {
    let answer = poll(client, device_code).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(answer.set_cookies(), Vec::<&str>::new());
    answer.json()["error"].as_str().unwrap().to_owned()
}

fn field(fields: &[(String, String)], name: &str) -> String {
    let found = fields.iter().find(|(own, _)| own == name);
    found.unwrap().1.clone()
}

/// Types the code into the page.
async fn type_code(browser: &mut Browser<'_>, code: &str) -> Answer {
    let fields = browser.get("/device").await.form("/device");
    let csrf = field(&fields, "csrf");
    browser
        .post("/device", &[("csrf", &csrf), ("code", code)])
        .await
}

async fn say(browser: &mut Browser<'_>, consent: &Answer, answer: &str) -> Answer {
    let fields = consent.form("/device/answer");
    let (csrf, code) = (field(&fields, "csrf"), field(&fields, "code"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("code", code.as_str()),
        ("answer", answer),
    ];
    browser.post("/device/answer", &fields).await
}

/// Requirement T06; security.md item 53.
#[tokio::test]
async fn a_person_sees_what_asks_and_lets_it_in() {
    let site = Site::start().await;
    let mut client = site.browser();
    let (device_code, code) = start(&mut client).await;
    assert_eq!(
        error_of(&mut client, &device_code).await,
        "authorization_pending"
    );

    // The address leads through the sign-in and back, with the code.
    let path = format!("/device?code={code}");
    let asked = site.browser().get(&path).await;
    assert_eq!(asked.status, 303);
    assert_eq!(
        asked.location(),
        format!("/login?next=%2Fdevice%3Fcode%3D{code}")
    );
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let page = browser.get(&path).await;
    assert_eq!(field(&page.form("/device"), "code"), code);
    let consent = type_code(&mut browser, &code.to_lowercase()).await;
    assert_eq!(consent.status, 200, "{}", consent.body);
    for shown in [&code, "mesa-4", ROAD_RUNNER] {
        assert!(consent.body.contains(shown), "{shown}: {}", consent.body);
    }
    let done = say(&mut browser, &consent, "approve").await;
    assert!(done.body.contains("The command line is signing in"));

    site.clock.advance(Duration::seconds(3));
    let signed_in = poll(&mut client, &device_code).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
    assert_eq!(signed_in.json()["email"], ROAD_RUNNER);
    let posted = client.get("/saml2/acme-prod-aws-admin").await;
    assert!(posted.input("SAMLResponse").is_some());
    let profile = browser.get("/profile").await;
    assert!(profile.body.contains("Command line"), "it is listed");
    site.clock.advance(Duration::seconds(3));
    assert_eq!(error_of(&mut client, &device_code).await, "invalid_grant");
}

#[tokio::test]
async fn a_no_lets_nobody_in() {
    let site = Site::start().await;
    let mut client = site.browser();
    let (device_code, code) = start(&mut client).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let consent = type_code(&mut browser, &code).await;
    let done = say(&mut browser, &consent, "deny").await;
    assert!(done.body.contains("The command line was not let in"));
    assert_eq!(error_of(&mut client, &device_code).await, "access_denied");
    let event = site.last_event(EventKind::UserDeviceSignIn).await.unwrap();
    assert!(!event.success);
}

/// Requirement M03; security.md item 28.
#[tokio::test]
async fn who_has_not_proved_what_a_policy_asks_for_signs_in_again_before_saying_yes() {
    let site = Site::start().await;
    let mut client = site.browser();
    let (device_code, code) = start(&mut client).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let consent = type_code(&mut browser, &code).await;
    site.policy(rule(second_factor(&[FactorKind::Totp], None)))
        .await;
    let more = say(&mut browser, &consent, "approve").await;
    let again = format!("/login?next=%2Fdevice%3Fcode%3D{code}&again");
    assert_eq!((more.status, more.location()), (303, again.as_str()));
    assert_eq!(
        error_of(&mut client, &device_code).await,
        "authorization_pending"
    );
}

/// Requirement M03.
#[tokio::test]
async fn who_is_refused_by_a_policy_is_told_so_and_lets_no_command_line_in() {
    let site = Site::start().await;
    let mut client = site.browser();
    let (device_code, code) = start(&mut client).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let consent = type_code(&mut browser, &code).await;
    site.policy(PolicyRule {
        conditions: from("192.0.2.0/24"),
        ..rule(Effect::Deny)
    })
    .await;
    let refused = say(&mut browser, &consent, "approve").await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert!(refused.body.contains("“The policy” refuses it"));
    let event = site.last_event(EventKind::UserDeviceSignIn).await.unwrap();
    assert_eq!(
        (event.success, &event.detail["reason"]),
        (false, &"denied_by_policy".into())
    );
    assert_eq!(
        error_of(&mut client, &device_code).await,
        "authorization_pending"
    );
}

#[tokio::test]
async fn codes_that_are_wrong_or_of_others_all_read_alike() {
    let site = Site::start().await;
    let mut client = site.browser();
    let (_, code) = start(&mut client).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(type_code(&mut browser, &code).await.status, 200);
    let mut coyote = site.browser_of(COYOTE).await;
    for typed in [code.as_str(), "BBBB-BBBB", "what?", ""] {
        let refused = type_code(&mut coyote, typed).await;
        assert_eq!(refused.status, 422, "{typed}");
        assert!(
            refused
                .body
                .contains("No command line waits with this code")
        );
    }
    for _ in 4..10 {
        type_code(&mut coyote, "BBBB-BBBB").await;
    }
    let locked = type_code(&mut coyote, "BBBB-BBBB").await;
    assert_eq!(locked.status, 429);
    assert_eq!(locked.header("retry-after"), "600");
}

/// Security.md item 47: the answer is a form of this session.
#[tokio::test]
async fn an_answer_from_elsewhere_is_refused() {
    let site = Site::start().await;
    let mut client = site.browser();
    let (device_code, code) = start(&mut client).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let consent = type_code(&mut browser, &code).await;
    let mut coyote = site.browser_of(COYOTE).await;
    assert_eq!(say(&mut coyote, &consent, "approve").await.status, 403);
    assert_eq!(say(&mut browser, &consent, "perhaps").await.status, 400);
    assert_eq!(
        error_of(&mut client, &device_code).await,
        "authorization_pending"
    );
}

#[tokio::test]
async fn calls_without_the_token_or_with_another_grant_get_nothing() {
    let site = Site::start().await;
    let mut client = site.browser();
    let (device_code, _) = start(&mut client).await;
    let request = client
        .request("POST", TOKEN)
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .unwrap();
    assert_eq!(client.send(request).await.status, 403);
    let body = json!({ "grant_type": "password", "device_code": device_code });
    let answer = call(&mut client, TOKEN, &body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"], "unsupported_grant_type");
    for body in [json!({}), json!([]), json!({ "grant_type": GRANT })] {
        assert_eq!(call(&mut client, TOKEN, &body).await.status, 400, "{body}");
    }
    assert_eq!(error_of(&mut client, "x").await, "invalid_grant");
}
