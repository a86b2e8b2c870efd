//! `jetway login --browser`: every answer that the identity provider can give.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::fake::{ADMIN, Behaviour, Fake, Reply, Request};
use crate::sandbox::{Run, Sandbox};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn codes(address: &str) -> Reply {
    let body = format!(
        r#"{{"device_code":"DEVICE","user_code":"BCDF-GHJK","verification_uri":"{address}","verification_uri_complete":"{address}?code=BCDF-GHJK","expires_in":600,"interval":1}}"#
    );
    Reply::json(200, &body)
}

fn oauth_error(code: &str) -> Reply {
    Reply::json(400, &format!(r#"{{"error":"{code}"}}"#))
}

fn let_in(email: &str) -> Reply {
    let body = format!(r#"{{"email":"{email}","expires_in":3600}}"#);
    let cookie = "_jumpcloud_user_console_=authed; Path=/; HttpOnly";
    Reply::json(200, &body).with("Set-Cookie", cookie)
}

/// An identity provider that answers the questions of a command line one after the other.
fn answering(address: &'static str, answers: Vec<Reply>) -> Fake {
    let asked = AtomicUsize::new(0);
    Fake::start(Behaviour {
        special: Some(Box::new(move |request: &Request, _| {
            match request.path.as_str() {
                "/userconsole/device" => Some(codes(address)),
                "/userconsole/device/token" => {
                    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
                    assert_eq!(body["device_code"], "DEVICE");
                    assert_eq!(body["grant_type"], GRANT);
                    assert_eq!(request.headers["x-xsrftoken"], "anti-forgery-token");
                    let turn = asked.fetch_add(1, Ordering::SeqCst);
                    answers.get(turn.min(answers.len() - 1)).cloned()
                }
                _ => None,
            }
        })),
        ..Behaviour::default()
    })
}

const ADDRESS: &str = "http://127.0.0.1:1/device";

fn login(fake: &Fake, more: &[&str]) -> (Sandbox, Run) {
    let sandbox = Sandbox::new();
    sandbox.account("production", &fake.idp());
    let url = fake.url();
    let words = ["login", "-a", "production", "--role", ADMIN, "--browser"];
    let arguments = [&words[..], more].concat();
    let run = sandbox.run_with(&arguments, &[("AWS_ENDPOINT_URL_STS", url.as_str())]);
    (sandbox, run)
}

/// Requirement T06: without a terminal too, since nothing is asked there.
#[test]
fn a_login_goes_on_once_its_person_has_said_yes() {
    let answers = vec![
        oauth_error("authorization_pending"),
        oauth_error("authorization_pending"),
        let_in("road.runner@acme.com"),
    ];
    let fake = answering(ADDRESS, answers);
    let (sandbox, run) = login(&fake, &["--quiet"]);
    let run = run.expect(0).says(&[ADDRESS, "BCDF-GHJK"]);
    assert!(!run.err.contains("Warning"), "{}", run.err);
    assert_eq!(fake.count("/userconsole/device/token"), 3);
    assert_eq!(fake.count("/userconsole/auth"), 0, "no password");
    let begun = fake.requests();
    let begun = begun.iter().find(|it| it.path == "/userconsole/device");
    assert!(begun.unwrap().body.starts_with(r#"{"machine":""#));
    assert!(sandbox.read(".aws/credentials").contains("ASIA"));
}

#[test]
fn somebody_else_in_the_browser_is_named_and_lets_nobody_in() {
    let fake = answering(ADDRESS, vec![let_in("wile.coyote@acme.com")]);
    let (sandbox, run) = login(&fake, &[]);
    run.expect(4).says(&[
        "is that of road.runner@acme.com, but the browser is signed in as wile.coyote@acme.com",
    ]);
    // Nothing of somebody else is kept.
    assert!(!sandbox.path(".aws").exists());
}

/// RFC 8628, 3.5.
#[test]
fn every_refusal_reads_like_what_it_is() {
    for (code, words) in [
        ("access_denied", "the sign-in was denied in the browser"),
        ("expired_token", "nobody answered in the browser in time"),
    ] {
        let fake = answering(ADDRESS, vec![oauth_error(code)]);
        let (sandbox, run) = login(&fake, &[]);
        run.expect(4).says(&[words, "Begin again"]);
        assert!(!sandbox.path(".aws").exists());
    }
    let policy = r#"{"error":"access_denied","message":"Your organisation does not let you."}"#;
    let fake = answering(ADDRESS, vec![Reply::json(400, policy)]);
    let (_, run) = login(&fake, &[]);
    run.expect(4).says(&["Your organisation does not let you."]);
    let fake = answering(ADDRESS, vec![oauth_error("invalid_grant")]);
    let (_, run) = login(&fake, &[]);
    run.expect(8)
        .says(&["status 400 to /userconsole/device/token"]);
}

#[test]
fn whoever_is_told_to_slow_down_goes_on_later() {
    let answers = vec![oauth_error("slow_down"), let_in("road.runner@acme.com")];
    let fake = answering(ADDRESS, answers);
    let (_, run) = login(&fake, &[]);
    run.expect(0);
    assert_eq!(fake.count("/userconsole/device/token"), 2);
}

#[test]
fn an_identity_provider_without_such_a_sign_in_is_named() {
    let fake = Fake::start(Behaviour::default());
    let (_, run) = login(&fake, &[]);
    run.expect(4)
        .says(&["has no sign-in through the browser", "without --browser"]);
}

#[test]
fn an_address_that_is_not_safe_is_not_shown() {
    let fake = answering("http://evil.example/device", vec![oauth_error("slow_down")]);
    let (_, run) = login(&fake, &[]);
    let run = run
        .expect(9)
        .says(&["http://evil.example/device is not an https address"]);
    assert!(!run.err.contains("BCDF-GHJK"));
}

#[test]
fn where_nobody_is_asked_nobody_is_sent_to_a_browser() {
    let fake = answering(ADDRESS, vec![oauth_error("authorization_pending")]);
    let (_, run) = login(&fake, &["--no-input"]);
    run.expect(3).says(&["--no-input forbids"]);
    assert_eq!(fake.total(), 0);
    let (_, run) = login(&fake, &["--credential-process"]);
    run.expect(2);
}
