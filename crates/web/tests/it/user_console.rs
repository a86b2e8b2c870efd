//! `/userconsole/…`, by the table of the console contract.

use axum::body::Body;
use http::header::CONTENT_TYPE;
use jetway_identity::{EventKind, UserState};
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};
use crate::site::{COYOTE, PASSWORD, ROAD_RUNNER, Site};

const APPLICATION_URL: &str = "http://localhost:8700/saml2/acme-prod-aws-admin";

/// A command-line client: a cookie jar and no browser headers.
async fn post(client: &mut Browser<'_>, token: &str, body: &str) -> Answer {
    let request = client
        .request("POST", "/userconsole/auth")
        .header(CONTENT_TYPE, "application/json")
        .header("X-Xsrftoken", token)
        .body(Body::from(body.to_owned()))
        .unwrap();
    client.send(request).await
}

async fn xsrf(client: &mut Browser<'_>) -> String {
    let answer = client.get("/userconsole/xsrf").await;
    assert_eq!(answer.status, 200);
    answer.json()["xsrf"].as_str().unwrap().to_owned()
}

async fn authenticate(client: &mut Browser<'_>, body: &Value) -> Answer {
    let token = xsrf(client).await;
    post(client, &token, &body.to_string()).await
}

fn credentials(email: &str, password: &str) -> Value {
    json!({
        "context": "sso", "redirectTo": "saml2/acme-prod-aws-admin",
        "email": email, "password": password, "otp": "",
    })
}

/// Signs in as a command-line client does.
pub(crate) async fn sign_in(client: &mut Browser<'_>, email: &str, password: &str) -> Answer {
    authenticate(client, &credentials(email, password)).await
}

#[tokio::test]
async fn a_client_signs_in_and_fetches_its_assertion() {
    let site = Site::start().await;
    let mut client = site.browser();
    let answer = authenticate(&mut client, &credentials(ROAD_RUNNER, PASSWORD)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        format!("{{\"redirectTo\":\"{APPLICATION_URL}\"}}")
    );
    let page = client.get("/saml2/acme-prod-aws-admin").await;
    assert!(page.input("SAMLResponse").is_some());
    let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    assert_eq!(event.detail["via"], "command_line");

    // The session is good for other applications and for the question whether it lives.
    let own = client.get("/userconsole/api/self").await;
    assert_eq!(own.status, 200);
    assert_eq!(own.json()["email"], ROAD_RUNNER);
    assert_eq!(own.json()["firstname"], "Road");
    assert_eq!(own.json()["_id"].as_str().unwrap().len(), 24);
}

#[tokio::test]
async fn keys_are_read_in_any_letter_case_and_extra_ones_are_passed_over() {
    let site = Site::start().await;
    for body in [
        // As saml2aws writes them.
        json!({"Context": "sso", "RedirectTo": "saml2/acme-prod-aws-admin",
               "Email": ROAD_RUNNER, "Password": PASSWORD, "OTP": ""}),
        json!({"EMAIL": ROAD_RUNNER, "PASSWORD": PASSWORD, "REDIRECTTO": "saml2/acme-prod-aws-admin"}),
        // Nothing that a client adds changes who it is.
        json!({"email": ROAD_RUNNER, "password": PASSWORD, "otp": null, "admin": true, "state": "x",
               "redirectTo": "/saml2/acme-prod-aws-admin", "groups": ["operations"]}),
        json!({"email": ROAD_RUNNER, "password": PASSWORD, "redirectTo": APPLICATION_URL}),
    ] {
        let answer = authenticate(&mut site.browser(), &body).await;
        assert_eq!(answer.status, 200, "{body}");
        assert_eq!(answer.json(), json!({ "redirectTo": APPLICATION_URL }));
    }
    let without = json!({"email": ROAD_RUNNER, "password": PASSWORD});
    let answer = authenticate(&mut site.browser(), &without).await;
    assert_eq!(
        answer.json(),
        json!({ "redirectTo": "http://localhost:8700/" })
    );
}

#[tokio::test]
async fn a_wrong_password_an_unknown_and_a_suspended_person_get_one_answer() {
    let site = Site::start().await;
    site.add_user_in_state("suspended@acme.example", UserState::Suspended)
        .await;
    for (email, password) in [
        (ROAD_RUNNER, "wrong"),
        ("nobody@acme.example", PASSWORD),
        ("suspended@acme.example", PASSWORD),
        ("", ""),
    ] {
        let mut client = site.browser();
        let answer = authenticate(&mut client, &credentials(email, password)).await;
        assert_eq!(answer.status, 401, "{email}");
        assert_eq!(answer.body, "{\"message\":\"Authentication failed.\"}");
        assert_eq!(client.session(), None);
    }
}

#[tokio::test]
async fn a_lock_out_is_a_401_that_says_how_long() {
    let site = Site::start().await;
    let mut client = site.browser();
    for _ in 0..10 {
        authenticate(&mut client, &credentials(COYOTE, "wrong")).await;
    }
    let answer = authenticate(&mut client, &credentials(COYOTE, PASSWORD)).await;
    assert_eq!(answer.status, 401);
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("Too many failed sign-ins. Wait "),
        "{message}"
    );
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn without_the_token_or_its_cookie_the_answer_is_403() {
    let site = Site::start().await;
    let body = credentials(ROAD_RUNNER, PASSWORD).to_string();
    let foreign = xsrf(&mut site.browser()).await;
    let mut client = site.browser();
    let form_token = client.get("/login").await.input("csrf").unwrap();
    let token = xsrf(&mut client).await;
    for wrong in ["", "x", &foreign, &form_token] {
        let answer = post(&mut client, wrong, &body).await;
        assert_eq!(answer.status, 403, "{wrong}");
        assert!(answer.json()["message"].is_string());
    }
    assert_eq!(
        post(&mut site.browser(), &token, &body).await.status,
        403,
        "no cookie"
    );
    let request = client
        .request("POST", "/userconsole/auth")
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(body.clone()))
        .unwrap();
    assert_eq!(client.send(request).await.status, 403, "no header");
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let request = client
            .request("POST", "/userconsole/auth")
            .header(CONTENT_TYPE, "application/json")
            .header("X-Xsrftoken", &token)
            .header(name, value)
            .body(Body::from(body.clone()))
            .unwrap();
        assert_eq!(client.send(request).await.status, 403, "{name}");
    }
    assert_eq!(
        post(&mut client, &token, &body).await.status,
        200,
        "positive control"
    );
}

#[tokio::test]
async fn only_applications_of_this_site_are_redirected_to() {
    let site = Site::start().await;
    let mut client = site.browser();
    for bad in [
        "https://evil.example/saml2/acme-prod-aws-admin",
        "//evil.example/saml2/x",
        "saml2/../logout",
        "logout",
        "saml2/x?RelayState=y",
    ] {
        let body = json!({"email": ROAD_RUNNER, "password": PASSWORD, "redirectTo": bad});
        let answer = authenticate(&mut client, &body).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(
            answer.json()["message"]
                .as_str()
                .unwrap()
                .starts_with("redirectTo must be")
        );
    }
    assert_eq!(site.count_events(EventKind::UserLoginAttempt).await, 0);
}

#[tokio::test]
async fn what_is_not_the_agreed_json_is_refused_as_json() {
    let site = Site::start().await;
    let mut client = site.browser();
    let token = xsrf(&mut client).await;
    for bad in [
        "",
        "{",
        "[]",
        "null",
        "{\"email\":1}",
        "{\"email\":\"a\",\"Email\":\"b\"}",
        "{\"email\":\"a\",\"email\":\"a\"}",
        "{\"email\":\"\\ud800\"}",
        "{\"email\":[\"a\"]}",
        "{\"otp\":123456}",
        &"[".repeat(10_000),
    ] {
        let answer = post(&mut client, &token, bad).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(answer.json()["message"].is_string());
    }
    let long = format!("{{\"email\":\"{}\"}}", "a".repeat(16 * 1024));
    assert_eq!(post(&mut client, &token, &long).await.status, 413);
    let request = client
        .request("POST", "/userconsole/auth")
        .header(CONTENT_TYPE, "text/plain")
        .header("X-Xsrftoken", &token)
        .body(Body::from(credentials(ROAD_RUNNER, PASSWORD).to_string()))
        .unwrap();
    assert_eq!(client.send(request).await.status, 415);
    assert_eq!(
        client.get("/userconsole/auth").await.json()["message"]
            .as_str()
            .unwrap()
            .len(),
        39
    );
    assert_eq!(client.get("/userconsole/nothing").await.status, 404);
}

#[tokio::test]
async fn an_unassigned_client_gets_the_refusal_page_and_a_stranger_the_sign_in() {
    let site = Site::start().await;
    let mut client = site.browser();
    let answer = authenticate(&mut client, &credentials(COYOTE, PASSWORD)).await;
    assert_eq!(answer.status, 200);
    let page = client.get("/saml2/acme-prod-aws-admin").await;
    assert_eq!(page.status, 403);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let stranger = site.browser().get("/saml2/acme-prod-aws-admin").await;
    assert_eq!(stranger.status, 303);
    let own = site.browser().get("/userconsole/api/self").await;
    assert_eq!(
        (own.status, own.json()),
        (401, json!({ "message": "Unauthorized" }))
    );
}

#[tokio::test]
async fn a_client_on_an_alias_of_this_machine_is_sent_on_under_that_alias() {
    let site = Site::start().await;
    let mut client = site.browser();
    let on_alias = |client: &Browser<'_>, method: &str, path: &str| {
        let mut request = client.request(method, path);
        request
            .headers_mut()
            .unwrap()
            .insert("host", "127.0.0.1:8700".parse().unwrap());
        request
    };
    let request = on_alias(&client, "GET", "/userconsole/xsrf")
        .body(Body::empty())
        .unwrap();
    let token = client.send(request).await.json()["xsrf"]
        .as_str()
        .unwrap()
        .to_owned();
    let request = on_alias(&client, "POST", "/userconsole/auth")
        .header(CONTENT_TYPE, "application/json")
        .header("X-Xsrftoken", token)
        .body(Body::from(credentials(ROAD_RUNNER, PASSWORD).to_string()))
        .unwrap();
    let answer = client.send(request).await;
    let expected = "http://127.0.0.1:8700/saml2/acme-prod-aws-admin";
    assert_eq!(
        answer.json(),
        json!({ "redirectTo": expected }),
        "where its cookies are"
    );
}
