//! Passkeys and security keys over HTTP: the profile, both ways to sign in, the console contract. The
//! key is one in software.

use axum::body::Body;
use http::Request;
use http::header::{CONTENT_TYPE, COOKIE, HOST};
use jetway_identity::{EventKind, Role, Scope};
use jetway_testkit::security_key::{Said, SecurityKey};
use serde_json::{Value, json};
use time::Duration;

use crate::api::Api;
use crate::browser::{Answer, Browser, send};
use crate::site::{PASSWORD, ROAD_RUNNER, Site};

const ORIGIN: &str = "http://localhost:8700";

/// What an element of the page holds in this attribute.
fn data<'a>(page: &'a Answer, name: &str) -> Option<&'a str> {
    let (_, rest) = page.body.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// The question of a page.
fn question(page: &Answer) -> Value {
    let options = data(page, "data-options").expect(&page.body);
    let options = options.replace("&#34;", "\"").replace("&quot;", "\"");
    serde_json::from_str(&options).unwrap()
}

async fn own_csrf(browser: &mut Browser<'_>) -> String {
    let fields = browser.get("/profile").await.form("/profile/password");
    let found = fields.into_iter().find(|(name, _)| name == "csrf");
    found.unwrap().1
}

/// Adds the key in the profile; gives the last page.
async fn add(browser: &mut Browser<'_>, key: &SecurityKey, name: &str) -> Answer {
    let csrf = own_csrf(browser).await;
    let page = browser.post("/profile/passkeys", &[("csrf", &csrf)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let answer = key.create(&Said::to_create(&question(&page)).at(ORIGIN, "localhost"));
    let answer = answer.to_string();
    let action = "/profile/passkeys/finish";
    let typed = [("name", name), ("answer", answer.as_str())];
    browser.fill_in(&page, (action, action), &typed).await
}

/// Somebody who has a key, later on.
async fn with_key(site: &Site, key: &SecurityKey) {
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let done = add(&mut browser, key, "Blue key").await;
    assert!(done.body.contains("Recovery codes"), "{}", done.body);
    site.clock.advance(Duration::minutes(1));
}

/// What an honest key says to the question of the page.
fn said(site: &Site, page: &Answer, counter: u32) -> Said {
    let mut said = Said::to_get(&question(page), counter).at(ORIGIN, "localhost");
    said.user_handle = Some(site.road_runner.to_string().into_bytes());
    said
}

/// Sends an answer as the script does.
async fn answer(browser: &mut Browser<'_>, page: &Answer, answer: &Value) -> Answer {
    let action = data(page, "data-action").unwrap();
    let path = action.strip_prefix(ORIGIN).unwrap();
    let answer = answer.to_string();
    let fields = [
        ("csrf", data(page, "data-csrf").unwrap()),
        ("next", data(page, "data-next").unwrap_or_default()),
        ("ceremony", data(page, "data-ceremony").unwrap()),
        ("answer", answer.as_str()),
    ];
    browser.post(path, &fields).await
}

/// Requirements M01, M02.
#[tokio::test]
async fn a_person_adds_a_key_renames_it_and_removes_it() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let key = SecurityKey::new(b"blue");
    let empty = browser.get("/profile").await;
    assert!(empty.body.contains("Add a passkey or security key"));
    let done = add(&mut browser, &key, "Blue key").await;
    assert!(done.body.contains("The passkey is added."), "{}", done.body);
    assert_eq!(done.body.matches("<li><code>").count(), 10);
    let profile = browser.get("/profile").await;
    assert!(
        profile
            .body
            .contains("<strong dir=\"auto\">Blue key</strong>")
    );
    assert!(profile.body.contains("not used yet · on one device only"));
    let (_, rest) = profile.body.split_once("/profile/passkeys/").unwrap();
    let page = format!("/profile/passkeys/{}", rest.split('"').next().unwrap());
    let form = browser.get(&page).await;
    let to = (page.as_str(), page.as_str());
    let nameless = browser.fill_in(&form, to, &[("name", " ")]).await;
    assert_eq!(nameless.status, 422);
    assert!(
        nameless.body.contains("The name of the key"),
        "{}",
        nameless.body
    );
    let renamed = browser.fill_in(&form, to, &[("name", "Desk key")]).await;
    assert_eq!(renamed.location(), "/profile?done=passkey-renamed");
    let twice = add(&mut browser, &key, "Again").await;
    assert_eq!(twice.status, 422);
    assert!(
        twice.body.contains("is registered already"),
        "{}",
        twice.body
    );
    let silent = {
        let csrf = own_csrf(&mut browser).await;
        let page = browser.post("/profile/passkeys", &[("csrf", &csrf)]).await;
        let action = "/profile/passkeys/finish";
        browser
            .fill_in(&page, (action, action), &[("name", "x")])
            .await
    };
    assert!(
        silent.body.contains("did not run the script"),
        "{}",
        silent.body
    );
    let remove = format!("{page}/remove");
    let removed = browser.fill_in(&form, (&remove, &remove), &[]).await;
    assert_eq!(removed.location(), "/profile?done=passkey-removed");
    assert_eq!(browser.get(&page).await.status, 404);
    assert!(browser.get("/profile").await.body.contains("None yet."));
}

#[tokio::test]
async fn changing_keys_asks_for_a_fresh_sign_in() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    site.clock.advance(Duration::minutes(11));
    let csrf = own_csrf(&mut browser).await;
    let asked = browser.post("/profile/passkeys", &[("csrf", &csrf)]).await;
    assert_eq!(asked.location(), "/login?again&next=%2Fprofile");
    let forged = browser.post("/profile/passkeys", &[("csrf", "x")]).await;
    assert_eq!(forged.status, 403);
}

/// Requirements L06, M01.
#[tokio::test]
async fn a_key_is_the_second_step_and_leads_on() {
    let site = Site::start().await;
    let key = SecurityKey::new(b"blue");
    with_key(&site, &key).await;
    let mut browser = site.browser();
    let page = browser
        .get("/login?next=%2Fsaml2%2Facme-prod-aws-admin")
        .await;
    let action = "http://localhost:8700/login";
    let fields = [("username", ROAD_RUNNER), ("password", PASSWORD)];
    let first = browser.fill_in(&page, (action, "/login"), &fields).await;
    let page = browser.get(first.location()).await;
    assert!(page.body.contains("Use your passkey or security key"));
    assert_eq!(
        question(&page)["publicKey"]["allowCredentials"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // What was signed at a false address opens nothing, and the page asks anew.
    let phished = said(&site, &page, 1).at("http://localhost:8701", "localhost");
    let refused = answer(&mut browser, &page, &key.get(&phished)).await;
    assert_eq!(refused.status, 401);
    assert!(
        refused.body.contains("look at the address bar"),
        "{}",
        refused.body
    );
    assert_eq!(browser.session(), None);
    let right = key.get(&said(&site, &refused, 2));
    let done = answer(&mut browser, &refused, &right).await;
    assert_eq!(
        (done.status, done.location()),
        (303, "/saml2/acme-prod-aws-admin")
    );
    assert!(browser.session().is_some());
    let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    assert_eq!(event.detail["mfa_meta"]["type"], "webauthn");
}

/// Requirement M01; security.md item 27: the page is the same for everybody.
#[tokio::test]
async fn a_passkey_signs_in_from_the_sign_in_page_without_a_password() {
    let site = Site::start().await;
    let key = SecurityKey::new(b"blue");
    with_key(&site, &key).await;
    let mut browser = site.browser();
    let page = browser.get("/login?next=%2Fprofile").await;
    let completes = page.attribute("input", Some("username"), "autocomplete");
    assert_eq!(completes.unwrap(), "username webauthn");
    assert_eq!(question(&page)["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(question(&page)["publicKey"]["userVerification"], "required");
    let unknown = SecurityKey::new(b"another").get(&said(&site, &page, 1));
    let refused = answer(&mut browser, &page, &unknown).await;
    assert_eq!(refused.status, 401);
    assert!(
        refused.body.contains("is not registered here"),
        "{}",
        refused.body
    );
    // The question of one browser is of no use in another.
    let mut other = site.browser();
    let foreign = other.get("/login").await;
    let csrf = data(&foreign, "data-csrf").unwrap();
    let right = key.get(&said(&site, &page, 1)).to_string();
    let fields = [
        ("csrf", csrf),
        ("ceremony", data(&page, "data-ceremony").unwrap()),
        ("answer", right.as_str()),
    ];
    let stolen = other.post("/login/passkey", &fields).await;
    assert_eq!((stolen.status, other.session()), (401, None));
    let right = key.get(&said(&site, &refused, 1));
    let done = answer(&mut browser, &refused, &right).await;
    assert_eq!((done.status, done.location()), (303, "/profile"));
    let profile = browser.get("/profile").await;
    assert!(profile.body.contains("Blue key") && !profile.body.contains("not used yet"));
    let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    assert_eq!(event.detail["auth_method"], "passkey");
}

/// Browsers make no keys for an address without a name, and those of localhost are others.
#[tokio::test]
async fn where_keys_do_not_work_the_pages_say_so() {
    let site = Site::start().await;
    let browser = site.browser_of(ROAD_RUNNER).await;
    let cookie = format!("jetway_session={}", browser.session().unwrap());
    let get = |path: &str| {
        let request = Request::get(path).header(HOST, "127.0.0.1:8700");
        request.header(COOKIE, &cookie).body(Body::empty()).unwrap()
    };
    let profile = send(&site.router, get("/profile")).await;
    assert!(
        profile.body.contains("Passkeys work at one address"),
        "{}",
        profile.body
    );
    let login = send(&site.router, get("/login?again")).await;
    assert_eq!(login.status, 200);
    assert!(!login.body.contains("data-passkey"));
}

async fn call(client: &mut Browser<'_>, path: &str, body: &Value) -> Answer {
    let token = client.get("/userconsole/xsrf").await.json()["xsrf"].clone();
    let request = client
        .request("POST", path)
        .header(CONTENT_TYPE, "application/json")
        .header("X-Xsrftoken", token.as_str().unwrap())
        .body(Body::from(body.to_string()))
        .unwrap();
    client.send(request).await
}

/// Requirements M04, T02.
#[tokio::test]
async fn a_command_line_proves_a_key_by_the_console_contract() {
    let site = Site::start().await;
    let key = SecurityKey::new(b"blue");
    with_key(&site, &key).await;
    let mut client = site.browser();
    let body = json!({
        "Context": "sso", "RedirectTo": "saml2/acme-prod-aws-admin",
        "Email": ROAD_RUNNER, "Password": PASSWORD, "OTP": "",
    });
    let early = client.get("/userconsole/auth/webauthn").await;
    assert_eq!(early.status, 400);
    let asked = call(&mut client, "/userconsole/auth", &body).await;
    let expected = json!({
        "message": "MFA required.", "factors": [{"type": "webauthn", "status": "available"}],
    });
    assert_eq!((asked.status, asked.json()), (401, expected));
    let question = client.get("/userconsole/auth/webauthn").await.json();
    let asked = &question["publicKey"];
    assert_eq!(asked["rpId"], "localhost");
    assert_eq!(asked["userVerification"], "discouraged");
    assert_eq!(asked["allowCredentials"][0]["id"], "Ymx1ZQ");
    let mut said = Said::to_get(&question, 1).at(ORIGIN, "localhost");
    // A touch is all that a command line can do.
    said.flags = jetway_testkit::security_key::PRESENT;
    let mut credential = key.get(&said);
    credential
        .as_object_mut()
        .unwrap()
        .remove("clientExtensionResults");
    let body = json!({"publicKeyCredential": credential, "token": question["token"]});
    let done = call(&mut client, "/userconsole/auth/webauthn", &body).await;
    let expected = json!({"redirectTo": "http://localhost:8700/saml2/acme-prod-aws-admin"});
    assert_eq!((done.status, done.json()), (200, expected));
    let page = client.get("/saml2/acme-prod-aws-admin").await;
    assert!(page.input("SAMLResponse").is_some());
    let again = call(&mut client, "/userconsole/auth/webauthn", &body).await;
    assert_eq!(again.status, 401);
}

/// Requirements C05, M02.
#[tokio::test]
async fn an_administrator_and_a_program_see_the_key_and_it_can_be_reset() {
    let site = Site::start().await;
    with_key(&site, &SecurityKey::new(b"blue")).await;
    let mut admin = site.browser_of_administrator(Role::HelpDesk).await;
    let path = format!("/admin/users/{}/highlights", site.road_runner);
    let page = admin.get(&path).await;
    let active = "<dt>WebAuthn</dt><dd><span class=\"badge badge-success\">Active</span>";
    assert!(page.body.contains(active), "{}", page.body);
    assert!(page.body.contains("reset-factors"));
    let api = Api::new(&site, Scope::Users).await;
    let user = api
        .get(&format!("/api/systemusers/{}", site.road_runner))
        .await
        .json();
    assert_eq!(user["mfaEnrollment"]["webAuthnStatus"], "ENROLLED");
    assert_eq!(user["mfaEnrollment"]["totpStatus"], "NOT_ENROLLED");
    let reset = format!("/api/v1/users/{}/reset-factors", site.road_runner);
    let done = api.post(&reset, &json!({"reason": "Ticket 4711"})).await;
    assert_eq!(done.status, 204, "{}", done.body);
    let signed_in = site.browser().sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(signed_in.location(), "/");
}
