//! Approval on the phone: the phone, a browser and a command line at one site.

use axum::body::Body;
use http::header::CONTENT_TYPE;
use jetway_identity::sign_in_policies::{FactorKind, PolicyRule};
use jetway_identity::{Clock as _, EventKind, Role};
use serde_json::{Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use crate::browser::{Answer, Browser};
use crate::policies_at_sign_in::{from, rule, second_factor, stated};
use crate::site::{PASSWORD, ROAD_RUNNER, Site};

fn field(fields: &[(String, String)], name: &str) -> String {
    let found = fields.iter().find(|(own, _)| own == name);
    found.unwrap().1.clone()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split(before)
        .nth(1)
        .unwrap()
        .split(after)
        .next()
        .unwrap()
}

/// A phone of the road runner, who has an authenticator app.
async fn phone(site: &Site) -> Browser<'_> {
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    crate::authenticator_app::connect_in(site, &mut browser).await;
    let csrf = field(
        &browser.get("/profile").await.form("/profile/phones"),
        "csrf",
    );
    let page = browser.post("/profile/phones", &[("csrf", &csrf)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let address = between(&page.body, "<code class=\"secret\">", "</code>");
    let path = address
        .strip_prefix("http://localhost:8700")
        .unwrap()
        .to_owned();
    let mut phone = site.browser();
    let form = phone.get(&path).await;
    assert_eq!(form.status, 200, "{}", form.body);
    let csrf = field(&form.form(&path), "csrf");
    let fields = [("csrf", csrf.as_str()), ("name", "Road phone")];
    let done = phone.post(&path, &fields).await;
    assert_eq!((done.status, done.location()), (303, "/phone"));
    assert_eq!(phone.get(&path).await.status, 410, "it connects one");
    let waiting = phone.get("/phone").await;
    assert_eq!(waiting.header("refresh"), "3");
    assert!(waiting.body.contains("Nothing waits for you"));
    assert!(browser.get("/profile").await.body.contains("Road phone"));
    phone
}

async fn answer(phone: &mut Browser<'_>, says: &str) -> Answer {
    let page = phone.get("/phone").await;
    let fields = page.form("/phone/answer");
    let (csrf, id) = (field(&fields, "csrf"), field(&fields, "id"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("id", id.as_str()),
        ("answer", says),
    ];
    phone.post("/phone/answer", &fields).await
}

/// The address of the page that waits, and the number on it.
async fn ask(browser: &mut Browser<'_>) -> (String, String) {
    browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    let page = browser.get("/login/code").await;
    let csrf = field(&page.form("/login/push"), "csrf");
    let asked = browser.post("/login/push", &[("csrf", &csrf)]).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let path = asked.location().to_owned();
    let page = browser.get(&path).await;
    assert_eq!(page.header("refresh"), "2");
    let number = between(&page.body, "<code class=\"secret\">", "</code>").to_owned();
    (path, number)
}

/// Requirements M01, C04; security.md item 32.
#[tokio::test]
async fn a_browser_shows_the_number_that_the_phone_asks_for() {
    let site = Site::start().await;
    let mut phone = phone(&site).await;
    let mut browser = site.browser();
    let (path, number) = ask(&mut browser).await;
    let question = phone.get("/phone").await;
    assert!(question.body.contains(&format!("value=\"{number}\"")));
    assert_eq!(browser.get(&path).await.status, 200, "still waiting");
    assert!(answer(&mut phone, &number).await.body.contains("Approved."));
    let done = browser.get(&path).await;
    assert_eq!((done.status, done.location()), (303, "/"));
    assert_eq!(browser.get("/").await.status, 200);
    let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    assert_eq!(event.detail["mfa_meta"]["type"], "push");
    let mut administrator = site.browser_of_administrator(Role::Full).await;
    let person = format!("/admin/users/{}/highlights", site.road_runner);
    let page = administrator.get(&person).await.body;
    let protect = page.split("Jetway Protect").nth(1).unwrap();
    assert!(protect[..200].contains("Active"), "{}", &protect[..200]);
}

#[tokio::test]
async fn a_no_on_the_phone_ends_the_sign_in_and_says_what_to_do() {
    let site = Site::start().await;
    let mut phone = phone(&site).await;
    let mut browser = site.browser();
    let (path, _) = ask(&mut browser).await;
    let said = answer(&mut phone, "not-me").await;
    assert!(said.body.contains("Somebody else knows your password"));
    assert!(browser.get(&path).await.body.contains("The phone said no"));
    assert_eq!(browser.session(), None);
    let (path, _) = ask(&mut browser).await;
    site.clock.advance(Duration::seconds(60));
    assert!(
        browser
            .get(&path)
            .await
            .body
            .contains("The phone did not answer")
    );
}

/// A command line: a cookie jar and no browser headers.
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

fn credentials() -> Value {
    json!({
        "context": "sso", "redirectTo": "saml2/acme-prod-aws-admin", "email": ROAD_RUNNER,
        "password": PASSWORD, "otp": "",
    })
}

/// Requirement T02, and 5.7: the console contract to the letter, with the number beside it.
#[tokio::test]
async fn a_command_line_asks_the_phone_by_the_contract() {
    let site = Site::start().await;
    let mut phone = phone(&site).await;
    let mut client = site.browser();
    let needed = call(&mut client, "/userconsole/auth", &credentials()).await;
    assert_eq!(needed.status, 401);
    assert_eq!(
        needed.body,
        r#"{"message":"MFA required.","factors":[{"type":"totp","status":"available"},{"type":"push","status":"available"}]}"#
    );
    let body = json!({});
    let asked = call(&mut client, "/userconsole/auth/push", &body).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let asked = asked.json();
    let (id, number) = (asked["id"].as_str().unwrap(), &asked["number"]);
    let begun = site.clock.now().replace_nanosecond(0).unwrap();
    let at = |later: i64| {
        let at = begun + Duration::seconds(later);
        at.format(&Rfc3339).unwrap()
    };
    let mut object = json!({
        "id": id, "expiresAt": at(60), "initiatedAt": at(0), "status": "pending",
        "userId": site.road_runner.to_string(),
    });
    let path = format!("/userconsole/auth/push/{id}");
    assert_eq!(client.get(&path).await.json(), object);
    object["number"] = number.clone();
    assert_eq!(asked, object);
    let mut stranger = site.browser();
    assert_eq!(stranger.get(&path).await.status, 404);
    let finish = format!("{path}/login");
    assert_eq!(call(&mut client, &finish, &json!({})).await.status, 401);
    assert!(
        phone
            .get("/phone")
            .await
            .body
            .contains("acme-prod-aws-admin")
    );
    answer(&mut phone, asked["number"].as_str().unwrap()).await;
    assert_eq!(client.get(&path).await.json()["status"], "accepted");
    let done = call(&mut client, &finish, &json!({})).await;
    assert_eq!(
        (done.status, done.body.as_str()),
        (
            200,
            r#"{"redirectTo":"http://localhost:8700/saml2/acme-prod-aws-admin"}"#
        )
    );
    let posted = client.get("/saml2/acme-prod-aws-admin").await;
    assert_eq!(stated(&posted), "https://refeds.org/profile/mfa");
    assert_eq!(call(&mut client, &finish, &json!({})).await.status, 401);
}

/// 5.7: a no, and no answer, read as in the contract, and the client is told.
#[tokio::test]
async fn a_command_line_learns_of_a_no_and_of_no_answer() {
    let site = Site::start().await;
    let mut phone = phone(&site).await;
    let mut client = site.browser();
    call(&mut client, "/userconsole/auth", &credentials()).await;
    let body = json!({});
    for (status, reason) in [("denied", "push_denied"), ("expired", "push_expired")] {
        let asked = call(&mut client, "/userconsole/auth/push", &body)
            .await
            .json();
        let path = format!("/userconsole/auth/push/{}", asked["id"].as_str().unwrap());
        if status == "denied" {
            answer(&mut phone, "not-me").await;
        } else {
            site.clock.advance(Duration::seconds(60));
        }
        assert_eq!(client.get(&path).await.json()["status"], status);
        let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
        assert_eq!(
            (event.success, &event.detail["reason"]),
            (false, &reason.into())
        );
        let finished = call(&mut client, &format!("{path}/login"), &json!({})).await;
        assert_eq!(finished.status, 401);
        assert_eq!(finished.body, r#"{"message":"Authentication failed."}"#);
    }
}

/// Requirement M03: a policy can ask for the phone, and whoever has one is asked for it.
#[tokio::test]
async fn a_policy_takes_the_phone_alone_of_who_has_one() {
    let site = Site::start().await;
    let mut phone = phone(&site).await;
    let kinds = [FactorKind::Webauthn, FactorKind::Push];
    // Administrators have no phones: for everybody it would be refused.
    site.policy(PolicyRule {
        conditions: from("192.0.2.0/24"),
        ..rule(second_factor(&kinds, None))
    })
    .await;
    let mut browser = site.browser();
    browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    let page = browser.get("/login/code").await;
    assert!(page.body.contains("Ask your phone."), "{}", page.body);
    assert!(!page.body.contains("name=\"otp\""));
    let csrf = field(&page.form("/login/push"), "csrf");
    let asked = browser.post("/login/push", &[("csrf", &csrf)]).await;
    let path = asked.location().to_owned();
    let page = browser.get(&path).await;
    let number = between(&page.body, "<code class=\"secret\">", "</code>").to_owned();
    answer(&mut phone, &number).await;
    assert_eq!(browser.get(&path).await.location(), "/");
}

/// Requirements C04, M02.
#[tokio::test]
async fn the_status_of_a_person_says_whether_a_phone_is_connected() {
    let site = Site::start().await;
    let mut administrator = site.browser_of_administrator(Role::Full).await;
    let path = format!("/admin/users/{}/highlights", site.road_runner);
    for active in [false, true] {
        let page = administrator.get(&path).await.body;
        let protect = between(&page, "Jetway Protect", "</dd>");
        let word = if active { ">Active<" } else { ">Inactive<" };
        assert!(protect.contains(word), "{protect}");
        if !active {
            phone(&site).await;
        }
    }
}

#[tokio::test]
async fn the_fourth_question_in_five_minutes_is_refused() {
    let site = Site::start().await;
    let _phone = phone(&site).await;
    let mut client = site.browser();
    call(&mut client, "/userconsole/auth", &credentials()).await;
    let body = json!({});
    for _ in 0..3 {
        let asked = call(&mut client, "/userconsole/auth/push", &body).await;
        assert_eq!(asked.status, 200);
    }
    let more = call(&mut client, "/userconsole/auth/push", &body).await;
    assert_eq!((more.status, more.header("retry-after")), (429, "300"));
}

#[tokio::test]
async fn a_browser_that_is_no_phone_answers_nothing() {
    let site = Site::start().await;
    let mut phone = phone(&site).await;
    let mut browser = site.browser();
    ask(&mut browser).await;
    let page = browser.get("/phone").await;
    assert!(page.body.contains("This phone is not connected"));
    let fields = phone.get("/phone").await.form("/phone/answer");
    let (csrf, id) = (field(&fields, "csrf"), field(&fields, "id"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("id", id.as_str()),
        ("answer", "not-me"),
    ];
    assert_eq!(browser.post("/phone/answer", &fields).await.status, 403);
    let forged = [("csrf", "x"), ("id", id.as_str()), ("answer", "not-me")];
    assert_eq!(phone.post("/phone/answer", &forged).await.status, 403);
}
