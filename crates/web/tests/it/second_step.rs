//! The second step of a sign-in, in a browser and on a command line. The app is `oathtool`.

use axum::body::Body;
use http::header::CONTENT_TYPE;
use jetway_identity::{Clock as _, EventKind, Role, Scope};
use serde_json::{Value, json};
use time::Duration;

use crate::api::Api;
use crate::authenticator_app::{connect, own_csrf, shown};
use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, ROAD_RUNNER, Site};

const CODE: &str = "/login/code";

const ACTION: &str = "http://localhost:8700/login/code";

async fn prove_on(browser: &mut Browser<'_>, page: &str, code: &str) -> Answer {
    let page = browser.get(page).await;
    browser
        .fill_in(&page, (ACTION, CODE), &[("otp", code)])
        .await
}

async fn prove(browser: &mut Browser<'_>, code: &str) -> Answer {
    prove_on(browser, CODE, code).await
}

/// Requirements L06, M01.
#[tokio::test]
async fn a_browser_asks_for_the_code_and_goes_on_to_where_one_wanted_to_go() {
    let site = Site::start().await;
    let (secret, _) = connect(&site).await;
    let mut browser = site.browser();
    let application = "/saml2/acme-prod-aws-admin";
    let asked = browser.get(application).await;
    let login = asked.location().to_owned();
    let fields = [("username", ROAD_RUNNER), ("password", PASSWORD)];
    let page = browser.get(&login).await;
    let action = "http://localhost:8700/login";
    let first = browser.fill_in(&page, (action, "/login"), &fields).await;
    assert_eq!(first.status, 303);
    let step = first.location().to_owned();
    assert_eq!(step, "/login/code?next=%2Fsaml2%2Facme-prod-aws-admin");
    assert_eq!(browser.session(), None, "half a sign-in is none");
    assert_eq!(browser.get("/").await.status, 303);
    let page = browser.get(&step).await;
    assert_eq!(
        page.attribute("input", Some("otp"), "autocomplete")
            .unwrap(),
        "one-time-code"
    );
    let refused = prove_on(&mut browser, &step, "000000").await;
    assert_eq!(refused.status, 401);
    assert!(refused.body.contains("This code was not taken"));
    let code = shown(&secret, site.clock.now());
    let done = prove_on(&mut browser, &step, &code).await;
    assert_eq!((done.status, done.location()), (303, application));
    let posted = browser.get(application).await;
    assert!(posted.input("SAMLResponse").is_some());
    let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    assert_eq!(event.detail["mfa_meta"]["type"], "totp");
}

#[tokio::test]
async fn a_recovery_code_stands_in_for_the_app_once() {
    let site = Site::start().await;
    let (_, codes) = connect(&site).await;
    let mut browser = site.browser();
    browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(prove(&mut browser, &codes[0]).await.location(), "/");
    let profile = browser.get("/profile").await;
    assert!(profile.body.contains("9 left"));
    let mut other = site.browser();
    other.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(prove(&mut other, &codes[0]).await.status, 401);
    assert_eq!(other.session(), None);
}

#[tokio::test]
async fn without_a_first_step_there_is_no_second() {
    let site = Site::start().await;
    connect(&site).await;
    let mut browser = site.browser();
    assert_eq!(browser.get(CODE).await.location(), "/login");
    browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    // A form of another browser, and a sign-in that took too long.
    let forged = browser
        .post(CODE, &[("csrf", "x"), ("otp", "123456")])
        .await;
    assert_eq!(forged.status, 403);
    site.clock.advance(Duration::minutes(11));
    assert_eq!(browser.get(CODE).await.location(), "/login");
}

#[tokio::test]
async fn changing_factors_asks_for_a_fresh_sign_in() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    site.clock.advance(Duration::minutes(11));
    let csrf = own_csrf(&mut browser).await;
    let asked = browser.post("/profile/totp", &[("csrf", &csrf)]).await;
    assert_eq!(asked.location(), "/login?again&next=%2Fprofile");
    let forged = browser.post("/profile/totp", &[("csrf", "x")]).await;
    assert_eq!(forged.status, 403);
}

async fn authenticate(client: &mut Browser<'_>, otp: &str) -> Answer {
    let token = client.get("/userconsole/xsrf").await.json()["xsrf"].clone();
    let body = json!({
        "Context": "sso", "RedirectTo": "saml2/acme-prod-aws-admin",
        "Email": ROAD_RUNNER, "Password": PASSWORD, "OTP": otp,
    });
    call(client, "/userconsole/auth", (&token, &body)).await
}

async fn call(client: &mut Browser<'_>, path: &str, (token, body): (&Value, &Value)) -> Answer {
    let request = client
        .request("POST", path)
        .header(CONTENT_TYPE, "application/json")
        .header("X-Xsrftoken", token.as_str().unwrap())
        .body(Body::from(body.to_string()))
        .unwrap();
    client.send(request).await
}

/// Requirement M04: some clients send the code alone.
#[tokio::test]
async fn a_command_line_can_send_the_code_without_the_password() {
    let site = Site::start().await;
    let (secret, _) = connect(&site).await;
    let mut client = site.browser();
    let alone = |code: &str| json!({ "otp": code });
    let path = "/userconsole/auth/mfa";
    let token = client.get("/userconsole/xsrf").await.json()["xsrf"].clone();
    let code = shown(&secret, site.clock.now());
    let early = call(&mut client, path, (&token, &alone(&code))).await;
    assert_eq!(early.status, 401, "no password was given");
    assert_eq!(authenticate(&mut client, "").await.status, 401);
    let token = client.get("/userconsole/xsrf").await.json()["xsrf"].clone();
    let wrong = call(&mut client, path, (&token, &alone("000000"))).await;
    assert_eq!(
        (wrong.status, wrong.body.as_str()),
        (401, r#"{"message":"Authentication failed."}"#)
    );
    let forged = call(&mut client, path, (&json!("x"), &alone(&code))).await;
    assert_eq!(forged.status, 403);
    let done = call(&mut client, path, (&token, &alone(&code))).await;
    assert_eq!(
        (done.status, done.body.as_str()),
        (
            200,
            r#"{"redirectTo":"http://localhost:8700/saml2/acme-prod-aws-admin"}"#
        )
    );
    let page = client.get("/saml2/acme-prod-aws-admin").await;
    assert!(page.input("SAMLResponse").is_some());
}

/// Requirements M04, T02.
#[tokio::test]
async fn a_command_line_is_told_which_factor_and_sends_the_code() {
    let site = Site::start().await;
    let (secret, codes) = connect(&site).await;
    let mut client = site.browser();
    let asked = authenticate(&mut client, "").await;
    assert_eq!(asked.status, 401);
    let expected: Value = json!({
        "message": "MFA required.", "factors": [{"type": "totp", "status": "available"}],
    });
    assert_eq!(asked.json(), expected);
    let wrong = authenticate(&mut client, "000000").await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.json()["message"], "Authentication failed.");
    let code = shown(&secret, site.clock.now());
    assert_eq!(authenticate(&mut client, &code).await.status, 200);
    let page = client.get("/saml2/acme-prod-aws-admin").await;
    assert!(page.input("SAMLResponse").is_some());
    let mut other = site.browser();
    assert_eq!(authenticate(&mut other, &code).await.status, 401, "used");
    assert_eq!(authenticate(&mut other, &codes[9]).await.status, 200);
}

/// Requirements C03, M02.
#[tokio::test]
async fn an_administrator_sees_the_app_and_takes_it_away_with_a_reason() {
    let site = Site::start().await;
    let path = format!("/admin/users/{}", site.road_runner);
    let mut admin = site.browser_of_administrator(Role::HelpDesk).await;
    let before = admin.get(&format!("{path}/highlights")).await;
    assert!(!before.body.contains("reset-factors"));
    connect(&site).await;
    let after = admin.get(&format!("{path}/highlights")).await;
    assert!(after.body.contains("reset-factors"));
    let list = admin.get("/admin/users?columns=totp").await;
    assert_eq!(list.body.matches(">ENROLLED<").count(), 1, "{}", list.body);
    let reset = format!("{path}/reset-factors");
    let page = admin.get(&reset).await;
    let to = (reset.as_str(), reset.as_str());
    let silent = admin.fill_in(&page, to, &[("reason", " ")]).await;
    assert_eq!(silent.status, 422);
    let why = [("reason", "Called from the desk phone")];
    let done = admin.fill_in(&page, to, &why).await;
    assert!(done.location().ends_with("done=factors-reset"));
    assert_eq!(
        site.browser()
            .sign_in(ROAD_RUNNER, PASSWORD)
            .await
            .location(),
        "/"
    );
    let event = site
        .last_event(EventKind::TotpDeleteEnrollment)
        .await
        .unwrap();
    assert_eq!(event.detail["reason"], "Called from the desk phone");
}

#[tokio::test]
async fn a_program_resets_factors_with_a_reason() {
    let site = Site::start().await;
    connect(&site).await;
    let api = Api::new(&site, Scope::Users).await;
    let path = format!("/api/v1/users/{}/reset-factors", site.road_runner);
    assert_eq!(api.post(&path, &json!({"reason": ""})).await.status, 422);
    let done = api.post(&path, &json!({"reason": "Ticket 4711"})).await;
    assert_eq!(done.status, 204, "{}", done.body);
    assert_eq!(
        site.browser()
            .sign_in(ROAD_RUNNER, PASSWORD)
            .await
            .location(),
        "/"
    );
}
