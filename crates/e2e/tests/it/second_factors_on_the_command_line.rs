//! `jetway login` with an authenticator app. The app is `oathtool`.

use anyhow::{Context, Result};
use jetway_testkit::authenticator_app::shown_now;
use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};

use crate::person::{PASSWORD, Person, READ_ONLY, ROAD_RUNNER, refused, succeeded};
use crate::session_of_a_terminal::TerminalSession;
use crate::visitor::Visitor;

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split(before).nth(1)?.split(after).next()
}

/// A person who has connected an app with the code of the step before; gives its secret.
fn connect(jetwayd: &Jetwayd) -> Result<String> {
    let visitor = Visitor::of(jetwayd);
    let credentials = [("username", ROAD_RUNNER), ("password", PASSWORD)];
    let signed_in = visitor.send("/login", &credentials);
    assert_eq!((signed_in.status, signed_in.location.as_str()), (303, "/"));
    let page = visitor.post_from("/profile", "/profile/totp", &[]);
    let secret = between(&page.body, "<code class=\"secret\">", "</code>");
    let secret = secret.context("no secret")?.to_owned();
    let code = shown_now(&secret, -1)?;
    let done = visitor.post_from("/profile", "/profile/totp/finish", &[("otp", &code)]);
    assert_eq!(done.status, 200, "{}", done.body);
    Ok(secret)
}

fn at_the_prompt(person: &Person, code: &str) -> Result<TerminalSession> {
    let mut command = person.jetway()?;
    command.args([
        "login",
        "-a",
        "production",
        "--force",
        "--password",
        PASSWORD,
    ]);
    let mut session = TerminalSession::start(command)?;
    session.sees("Authenticating as")?;
    session.sees("? MFA Token")?;
    session.types(code)?;
    session.types("\r")?;
    Ok(session)
}

/// Requirements M04 and T02: the prompt, the flag, a wrong code and a used one.
#[test]
fn a_login_takes_the_code_of_an_authenticator_app_once() {
    let aws_cli = require!(counterparts::aws_cli());
    require!(counterparts::oathtool());
    let jetwayd = Jetwayd::dev().unwrap();
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), READ_ONLY).unwrap();
    let secret = connect(&jetwayd).unwrap();

    let without = refused(&person.login(&["--no-input"]).unwrap());
    assert!(
        without.contains("The one-time code is missing"),
        "{without}"
    );

    // Apps show the digits in two groups.
    let code = shown_now(&secret, 0).unwrap();
    let mut session = at_the_prompt(&person, &format!("{} {}", &code[..3], &code[3..])).unwrap();
    session.sees("Logged in as: ").unwrap();
    assert!(session.ends().unwrap().success());

    let mut session = at_the_prompt(&person, &code).unwrap();
    session.sees("Authentication failed.").unwrap();
    session.sees("can be used only once").unwrap();
    assert_eq!(session.ends().unwrap().code(), Some(5));

    let used = person.login(&["--force", "--mfa-token", &code]).unwrap();
    assert!(refused(&used).contains("Authentication failed."));
    assert_eq!(used.status.code(), Some(5));
    let next = shown_now(&secret, 1).unwrap();
    let wrong = if next == "000000" { "000001" } else { "000000" };
    let wrong = person.login(&["--force", "--mfa-token", wrong]).unwrap();
    assert!(refused(&wrong).contains("Check the code"));
    assert_eq!(wrong.status.code(), Some(5));
    let right = person.login(&["--force", "--mfa-token", &next]).unwrap();
    succeeded(&right);
}
