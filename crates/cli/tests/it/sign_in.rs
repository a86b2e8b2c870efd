//! Signing in at the identity provider: every answer it can give, and what a person reads then.

use crate::fake::{ADMIN, Behaviour, CODE, Fake, PASSWORD, Reply, Request, page, role_value};
use crate::sandbox::{Run, Sandbox};

const TOTP: &str = r#"[{"type":"totp","status":"available"},{"type":"push","status":"unavailable"},{"type":"new","status":"available"}]"#;

fn login(fake: &Fake, password: &str, more: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.account("production", &fake.idp());
    let url = fake.url();
    let arguments = [&["login", "-a", "production", "--role", ADMIN], more].concat();
    let variables = [
        ("AWS_ENDPOINT_URL_STS", url.as_str()),
        ("SAML2AWS_PASSWORD", password),
    ];
    let run = sandbox.run_with(&arguments, &variables);
    if run.status != 0 {
        assert!(
            !sandbox.path(".aws").exists(),
            "a failed login leaves nothing behind"
        );
    }
    run
}

/// A server that answers this to requests for `path`.
fn answering(path: &'static str, reply: Reply) -> Fake {
    Fake::start(Behaviour {
        special: Some(Box::new(move |request: &Request, _| {
            (request.path == path).then(|| reply.clone())
        })),
        ..Behaviour::default()
    })
}

fn with_factors(factors: &'static str) -> Fake {
    Fake::start(Behaviour {
        factors: Some(factors),
        ..Behaviour::default()
    })
}

#[test]
fn a_wrong_password_shows_the_servers_own_words() {
    let fake = Fake::start(Behaviour::default());
    let run = login(&fake, "wrong", &[]).expect(4).says(&[
        "JumpCloud: Authentication failed.",
        "Check the e-mail address",
        "password",
    ]);
    assert!(!run.err.contains("valid SAML assertion"));
    assert_eq!(
        fake.count("/userconsole/auth"),
        1,
        "a password is never retried"
    );
}

#[test]
fn a_locked_account_is_told_in_the_servers_words() {
    let reply = Reply::json(401, r#"{"message":"Account \u001b[31mlocked until noon."}"#);
    let fake = answering("/userconsole/auth", reply);
    let run = login(&fake, PASSWORD, &[])
        .expect(4)
        .says(&["JumpCloud: Account [31mlocked until"]);
    assert!(!run.err.contains('\u{1b}'));
}

/// Requirement M04.
#[test]
fn a_one_time_code_is_sent_with_the_password_once_the_server_asks() {
    let fake = with_factors(TOTP);
    login(&fake, PASSWORD, &["--mfa-token", " 555 123 "]).expect(0);
    let posts: Vec<serde_json::Value> = fake
        .requests()
        .iter()
        .filter(|request| request.path == "/userconsole/auth")
        .map(|request| serde_json::from_str(&request.body).unwrap())
        .collect();
    assert_eq!(posts.len(), 2);
    assert_eq!(
        (&posts[0]["otp"], &posts[1]["otp"]),
        (&"".into(), &CODE.into())
    );
    assert_eq!(posts[1]["redirectTo"], "saml2/acme-prod-aws-admin");
    assert_eq!(posts[1]["email"], "road.runner@acme.com");
    assert_eq!(fake.count("/userconsole/xsrf"), 1);
}

#[test]
fn a_wrong_one_time_code_has_its_own_status_and_hint() {
    login(&with_factors(TOTP), PASSWORD, &["--mfa-token", "000000"])
        .expect(5)
        .says(&["JumpCloud: Authentication failed.", "only once"]);
}

#[test]
fn a_one_time_code_that_nobody_can_be_asked_for_is_named() {
    login(&with_factors(TOTP), PASSWORD, &[]).expect(3).says(&[
        "one-time code",
        "--mfa-token",
        "JETWAY_MFA_TOKEN",
    ]);
}

#[test]
fn factors_that_cannot_be_used_are_named() {
    let key = with_factors(r#"[{"type":"webauthn","status":"available"}]"#);
    login(&key, PASSWORD, &[])
        .expect(5)
        .says(&["cannot use yet: webauthn", "(TOTP)"]);
    login(&with_factors("[]"), PASSWORD, &[])
        .expect(5)
        .says(&["none is set up"]);
    login(&with_factors("null"), PASSWORD, &[])
        .expect(5)
        .says(&["none is set up"]);
    let both = r#"[{"type":"duo","status":"available"},{"type":"totp","status":"available"}]"#;
    login(&with_factors(both), PASSWORD, &["--mfa", "DUO"])
        .expect(5)
        .says(&["cannot use yet: duo", "--mfa TOTP"]);
    login(&with_factors(TOTP), PASSWORD, &["--mfa", "FOO"])
        .expect(9)
        .says(&["Invalid MFA type: FOO for JumpCloud provider"]);
}

#[test]
fn a_configured_factor_that_is_not_available_gives_way_to_the_one_that_is() {
    let words = ["--mfa", "PUSH", "--mfa-token", CODE];
    login(&with_factors(TOTP), PASSWORD, &words).expect(0);
    let off = r#"[{"type":"push","status":"disabled"},{"type":"totp","status":"available"}]"#;
    login(&with_factors(off), PASSWORD, &words).expect(0);
}

#[test]
fn a_web_page_where_data_was_expected_is_called_that() {
    let page = "<html><head><title>Scheduled &amp; planned maintenance</title></head></html>";
    for (path, reply) in [
        ("/userconsole/xsrf", Reply::html(200, page)),
        ("/userconsole/xsrf", Reply::html(503, page)),
        ("/userconsole/auth", Reply::html(200, page)),
        ("/userconsole/auth", Reply::html(401, page)),
    ] {
        let status = format!("status {}", reply.status);
        login(&answering(path, reply), PASSWORD, &[])
            .expect(8)
            .says(&[
                "web page",
                &status,
                "Scheduled & planned maintenance",
                "--url",
            ]);
    }
}

#[test]
fn a_stale_anti_forgery_token_is_renewed_once() {
    let fake = Fake::start(Behaviour {
        special: Some(Box::new(|request: &Request, seen: &[Request]| {
            let attempts = seen
                .iter()
                .filter(|one| one.path == "/userconsole/auth")
                .count();
            (request.path == "/userconsole/auth" && attempts == 1)
                .then(|| Reply::json(403, r#"{"message":"Forbidden"}"#))
        })),
        ..Behaviour::default()
    });
    login(&fake, PASSWORD, &[]).expect(0);
    assert_eq!(fake.count("/userconsole/xsrf"), 2);
    let page = Reply::html(403, "<title>No entry</title>");
    login(&answering("/userconsole/auth", page), PASSWORD, &[])
        .expect(4)
        .says(&["No entry"]);
    let never = answering(
        "/userconsole/auth",
        Reply::json(403, r#"{"message":"Forbidden"}"#),
    );
    login(&never, PASSWORD, &[])
        .expect(4)
        .says(&["JumpCloud: Forbidden"]);
    assert_eq!(never.count("/userconsole/auth"), 2);
}

#[test]
fn a_sign_in_that_is_sent_to_a_browser_says_so() {
    let reply = Reply::html(302, "").with("Location", "https://console.example.com/login");
    login(&answering("/userconsole/auth", reply), PASSWORD, &[])
        .expect(4)
        .says(&["browser", "https://console.example.com/login"]);
}

#[test]
fn an_application_that_is_not_assigned_is_told_with_the_page() {
    let page = "<title>You have no access to this application</title>";
    let path = "/saml2/acme-prod-aws-admin";
    login(&answering(path, Reply::html(403, page)), PASSWORD, &[])
        .expect(4)
        .says(&[
            "status 403",
            "You have no access to this application",
            "assign",
        ]);
    let no_form = answering(path, Reply::html(200, "<title>Step up</title>"));
    login(&no_form, PASSWORD, &[])
        .expect(4)
        .says(&["Step up", path]);
}

#[test]
fn redirects_to_the_assertion_are_followed_but_not_for_ever() {
    let roles = vec![role_value(ADMIN)];
    let detour = Fake::start(Behaviour {
        special: Some(Box::new(move |request: &Request, _| {
            match request.path.as_str() {
                "/saml2/acme-prod-aws-admin" => {
                    Some(Reply::html(302, "").with("Location", "/step/two?x=1"))
                }
                "/step/two?x=1" => Some(Reply::html(200, &page(&roles))),
                _ => None,
            }
        })),
        ..Behaviour::default()
    });
    login(&detour, PASSWORD, &[]).expect(0);
    let path = "/saml2/acme-prod-aws-admin";
    let circle = answering(path, Reply::html(302, "").with("Location", path));
    login(&circle, PASSWORD, &[])
        .expect(8)
        .says(&["redirecting"]);
    assert_eq!(circle.count(path), 11);
}

#[test]
fn a_redirect_into_the_clear_is_not_followed() {
    let path = "/saml2/acme-prod-aws-admin";
    let reply = Reply::html(302, "").with("Location", "http://elsewhere.example.com/page?a=1");
    login(&answering(path, reply), PASSWORD, &[])
        .expect(9)
        .says(&["http://elsewhere.example.com/page is not an https address"]);
    let away = Reply::json(200, r#"{"redirectTo":"http://elsewhere.example.com/page"}"#);
    login(&answering("/userconsole/auth", away), PASSWORD, &[]).expect(9);
}

#[test]
fn an_assertion_that_cannot_be_read_is_refused() {
    let page = r#"<form><input name="SAMLResponse" value="bm90IHhtbA=="></form>"#;
    login(
        &answering("/saml2/acme-prod-aws-admin", Reply::html(200, page)),
        PASSWORD,
        &[],
    )
    .expect(6)
    .says(&["assertion cannot be read"]);
}

#[test]
fn an_application_that_does_not_exist_is_told_from_one_that_is_not_assigned() {
    let path = "/saml2/acme-prod-aws-admin";
    let page = "<title>No</title>";
    login(&answering(path, Reply::html(404, page)), PASSWORD, &[])
        .expect(4)
        .says(&["status 404", "last part of --url"]);
    login(&answering(path, Reply::html(403, page)), PASSWORD, &[])
        .expect(4)
        .says(&["status 403", "assign the application to you"]);
}

#[test]
fn answers_outside_the_contract_are_reported_as_they_are() {
    let fake = answering("/userconsole/xsrf", Reply::json(200, r#"{"token":1}"#));
    login(&fake, PASSWORD, &[])
        .expect(8)
        .says(&["status 200 to /userconsole/xsrf"]);
    let fake = answering(
        "/userconsole/auth",
        Reply::json(500, r#"{"message":"Oops"}"#),
    );
    login(&fake, PASSWORD, &[])
        .expect(8)
        .says(&["status 500 to /userconsole/auth: Oops"]);
    let fake = answering("/userconsole/auth", Reply::json(200, "{}"));
    login(&fake, PASSWORD, &[]).expect(8);
    let huge = Reply::html(200, &" ".repeat(3 * 1024 * 1024));
    login(
        &answering("/saml2/acme-prod-aws-admin", huge),
        PASSWORD,
        &[],
    )
    .expect(8);
}

#[test]
fn wrong_addresses_and_providers_get_helpful_words() {
    let sandbox = Sandbox::new();
    let login = |url: &str, provider: &str| {
        let arguments = [
            "login",
            "--url",
            url,
            "--idp-provider",
            provider,
            "--password",
            "x",
        ];
        sandbox.run(&[&arguments[..], &["--username", "a@b.c"]].concat())
    };
    let good = "https://sso.jumpcloud.com/saml2/acme";
    login("sso.jumpcloud.com/saml2/acme", "JumpCloud")
        .expect(9)
        .says(&["https://"]);
    login("https://console.jumpcloud.com/login", "JumpCloud")
        .expect(9)
        .says(&[
            "console's address",
            "IDP URL",
            "https://sso.jumpcloud.com/saml2/",
        ]);
    login("http://sso.example.com/saml2/acme", "Jetway")
        .expect(9)
        .says(&["https", "localhost"]);
    login(good, "Okta")
        .expect(9)
        .says(&["does not sign in through Okta yet", "JumpCloud"]);
    login(good, "Foo")
        .expect(9)
        .says(&["Invalid provider: Foo", "Jetway, JumpCloud"]);
}

#[test]
fn a_server_that_is_not_there_is_told_with_its_address() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let sandbox = Sandbox::new();
    sandbox.account("production", &format!("http://127.0.0.1:{port}/saml2/acme"));
    sandbox
        .run(&["login", "-a", "production", "--password", "x"])
        .expect(8)
        .says(&[&format!("127.0.0.1:{port}"), "connection refused"]);
}

#[test]
fn a_server_that_stalls_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let sandbox = Sandbox::new();
    sandbox.account("production", &format!("http://127.0.0.1:{port}/saml2/acme"));
    sandbox
        .run(&[
            "login",
            "-a",
            "production",
            "--password",
            "x",
            "--timeout",
            "1",
        ])
        .expect(8)
        .says(&["did not answer in time"]);
}
