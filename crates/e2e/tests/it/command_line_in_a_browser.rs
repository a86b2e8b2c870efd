//! `jetway login --browser`: the command at a terminal, its person in Chromium.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use jetway_testkit::browser::PHONE;
use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};

use crate::desk::Desk;
use crate::person::{PASSWORD, Person, READ_ONLY, ROAD_RUNNER, succeeded};
use crate::session_of_a_terminal::TerminalSession;

const CTRL_C: &str = "\u{3}";

fn login(person: &Person, more: &[&str], browser: Option<&str>) -> Result<TerminalSession> {
    let mut command = person.jetway()?;
    command
        .args(["login", "-a", "production", "--browser"])
        .args(more);
    if let Some(browser) = browser {
        command.env("BROWSER", browser);
    }
    TerminalSession::start(command)
}

/// The code that the terminal shows.
fn shown_code(session: &mut TerminalSession) -> Result<String> {
    session.sees("and type this code there: ")?;
    let code = session.sees("\r\n")?;
    session.sees("Waiting for you in the browser (")?;
    session.sees(" left, Ctrl-C ends it)")?;
    Ok(code)
}

async fn sign_in(desk: &Desk) -> Result<()> {
    desk.type_into("input[name=username]", ROAD_RUNNER).await?;
    desk.type_into("input[name=password]", PASSWORD).await?;
    desk.click("main form button[type=submit]").await
}

/// Requirements T02 and T06: the browser that the command opens.
#[tokio::test]
async fn the_command_opens_the_browser_and_goes_on_when_its_person_says_yes() {
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    let jetwayd = Rc::new(Jetwayd::dev().unwrap());
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), READ_ONLY).unwrap();
    let desk = Desk::at(&jetwayd, &programs).await.unwrap();
    opened(&person, &desk).await.unwrap();
}

async fn opened(person: &Person, desk: &Desk) -> Result<()> {
    // In place of a browser: a program that writes down what it was to open.
    let opener = person.home().join("opener");
    let opens = person.home().join("opens");
    let script = format!(
        "#!/bin/sh\nprintf %s \"$1\" > {0}.new && mv {0}.new {0}\n",
        opens.display()
    );
    std::fs::write(&opener, script)?;
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755))?;
    let mut session = login(person, &[], opener.to_str())?;
    session.sees("Your browser opens.")?;
    let code = shown_code(&mut session)?;
    let address = loop {
        if let Ok(address) = std::fs::read_to_string(&opens) {
            break address;
        }
        // Each line is a second of the countdown.
        session.sees(" left, Ctrl-C ends it)")?;
    };
    ensure!(
        address.ends_with(&format!("/device?code={code}")),
        "{address}"
    );
    desk.browser.client().goto(&address).await?;
    sign_in(desk).await?;
    desk.click_on("Next").await?;
    let consent = desk.shows(&code).await?;
    ensure!(consent.contains("jetway/"), "{consent}");
    desk.look("device-consent").await?;
    desk.click_on("Allow").await?;
    desk.shows("The command line is signing in").await?;
    session.sees(&format!("Authenticated as {ROAD_RUNNER}."))?;
    session.sees("Logged in as: ")?;
    ensure!(session.ends()?.success());
    let identity = person
        .aws()
        .args(["--profile", "production", "sts", "get-caller-identity"])
        .output()?;
    ensure!(succeeded(&identity).contains(ROAD_RUNNER));
    desk.open("/profile").await?;
    desk.shows("Command line").await?;
    Ok(())
}

/// Requirement T06: on another device, with the code typed by hand, and a no.
#[tokio::test]
async fn another_device_takes_the_code_in_a_browser_and_a_no_ends_the_command() {
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    let jetwayd = Rc::new(Jetwayd::dev().unwrap());
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), READ_ONLY).unwrap();
    let desk = Desk::at(&jetwayd, &programs).await.unwrap();
    desk.browser.set_size(PHONE).await.unwrap();
    denied(&person, &desk).await.unwrap();
    assert!(!person.home().join(".aws/credentials").exists());
}

async fn denied(person: &Person, desk: &Desk) -> Result<()> {
    let mut session = login(person, &["--no-open"], Some("/bin/false"))?;
    session.sees("Open this address in a browser, on this or on another device:")?;
    let code = shown_code(&mut session)?;
    desk.open("/device").await?;
    sign_in(desk).await?;
    desk.fill_in("Code", "BBBB-BBBB").await?;
    desk.click_on("Next").await?;
    desk.shows("No command line waits with this code").await?;
    desk.fill_in("Code", &code.replace('-', " ").to_lowercase())
        .await?;
    desk.click_on("Next").await?;
    desk.fits("the consent").await?;
    desk.click_on("Deny").await?;
    desk.shows("The command line was not let in").await?;
    session.sees("the sign-in was denied in the browser")?;
    let status = session.ends()?;
    ensure!(status.code() == Some(4), "{status:?}");
    Ok(())
}

#[test]
fn ctrl_c_ends_a_login_through_the_browser_and_leaves_nothing() {
    let aws_cli = require!(counterparts::aws_cli());
    let jetwayd = Jetwayd::dev().unwrap();
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), READ_ONLY).unwrap();
    let mut session = interrupted(&person).unwrap();
    session.types(CTRL_C).unwrap();
    let status = session.ends().unwrap();
    // A shell says 130 to both.
    assert!(
        status.code() == Some(130) || status.signal() == Some(2),
        "{status:?}"
    );
    assert!(!person.home().join(".aws").exists());
}

fn interrupted(person: &Person) -> Result<TerminalSession> {
    // Whoever runs the tests in the background may have told them to pass over Ctrl-C.
    let mut words = std::process::Command::new("env");
    let jetway = person.jetway()?;
    words.env_clear();
    words.args(["--default-signal=INT", "setsid", "--ctty"]);
    words.arg(jetway.get_program());
    for (name, value) in jetway.get_envs() {
        words.env(name, value.context("no value")?);
    }
    words.args(["login", "-a", "production", "--browser"]);
    let mut session = TerminalSession::start(words)?;
    shown_code(&mut session)?;
    Ok(session)
}
