//! `jetway login` with approval on the phone.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::fake::{ADMIN, Behaviour, Fake, PASSWORD, Reply, Request};
use crate::sandbox::{Run, Sandbox};

const PUSH: &str = r#"[{"type":"push","status":"available"}]"#;
const BOTH: &str = r#"[{"type":"totp","status":"available"},{"type":"push","status":"available"}]"#;

fn object(status: &str, more: &str) -> String {
    format!(
        r#"{{"id":"p1","expiresAt":"2026-01-02T03:04:05Z","initiatedAt":"2026-01-02T03:03:05Z","status":"{status}","userId":"u"{more}}}"#
    )
}

/// An identity provider whose phone answers like this, one after the other.
fn answering(factors: &'static str, asked: Reply, answers: Vec<Reply>) -> Fake {
    let turn = AtomicUsize::new(0);
    Fake::start(Behaviour {
        factors: Some(factors),
        special: Some(Box::new(move |request: &Request, _| {
            match request.path.as_str() {
                "/userconsole/auth/push" => {
                    assert_eq!(request.body, "{}");
                    Some(asked.clone())
                }
                "/userconsole/auth/push/p1" => {
                    let turn = turn.fetch_add(1, Ordering::SeqCst);
                    answers.get(turn.min(answers.len() - 1)).cloned()
                }
                "/userconsole/auth/push/p1/login" => {
                    let body = r#"{"redirectTo":"/saml2/acme-prod-aws-admin"}"#;
                    let cookie = "_jumpcloud_user_console_=authed; Path=/; HttpOnly";
                    Some(Reply::json(200, body).with("Set-Cookie", cookie))
                }
                _ => None,
            }
        })),
        ..Behaviour::default()
    })
}

fn says(status: &str) -> Reply {
    Reply::json(200, &object(status, ""))
}

fn numbered() -> Reply {
    Reply::json(200, &object("pending", r#","number":"42""#))
}

fn login(fake: &Fake, more: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.account("production", &fake.idp());
    let url = fake.url();
    let arguments = [&["login", "-a", "production", "--role", ADMIN], more].concat();
    let variables = [
        ("AWS_ENDPOINT_URL_STS", url.as_str()),
        ("SAML2AWS_PASSWORD", PASSWORD),
    ];
    sandbox.run_with(&arguments, &variables)
}

/// Requirement M04.
#[test]
fn the_number_is_shown_and_the_login_goes_on_when_the_phone_says_yes() {
    let answers = vec![says("pending"), says("accepted")];
    let fake = answering(PUSH, numbered(), answers);
    login(&fake, &["--quiet"])
        .expect(0)
        .says(&["pick the number 42"]);
    assert_eq!(fake.count("/userconsole/auth/push/p1"), 2);
}

/// As JumpCloud's own contract has it.
#[test]
fn a_server_without_numbers_works_too() {
    let fake = answering(PUSH, says("pending"), vec![says("accepted")]);
    login(&fake, &[]).expect(0).says(&["Approve the sign-in"]);
}

#[test]
fn a_no_and_no_answer_and_too_many_questions_read_like_what_they_are() {
    let denied = Reply::json(401, &object("denied", ""));
    for (answer, words) in [
        (denied, "the sign-in was denied on the phone."),
        (says("denied"), "the sign-in was denied on the phone."),
        (says("expired"), "the phone did not answer in time."),
    ] {
        let fake = answering(PUSH, numbered(), vec![answer]);
        login(&fake, &[]).expect(5).says(&[words]);
        assert_eq!(
            fake.count("/userconsole/auth/push"),
            1,
            "never again by itself"
        );
    }
    let often = Reply::json(429, r#"{"message":"Your phone was asked three times."}"#);
    let fake = answering(PUSH, often, vec![says("pending")]);
    login(&fake, &[])
        .expect(5)
        .says(&["Your phone was asked three times."]);
}

#[test]
fn without_anybody_to_choose_the_code_goes_before_the_phone() {
    let fake = answering(BOTH, numbered(), vec![says("accepted")]);
    login(&fake, &[]).expect(3).says(&["--mfa-token"]);
    login(&fake, &["--mfa", "PUSH"]).expect(0);
    login(&fake, &["--mfa", "push", "--force"]).expect(0);
}
