//! Approval on the phone: the phone is a second Chromium, as narrow as one.

use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use jetway_testkit::authenticator_app::shown_now;
use jetway_testkit::browser::PHONE;
use jetway_testkit::counterparts::BrowserPrograms;
use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};

use crate::desk::Desk;
use crate::person::{PASSWORD, Person, READ_ONLY, ROAD_RUNNER};
use crate::session_of_a_terminal::TerminalSession;

async fn sign_in(desk: &Desk, path: &str) -> Result<()> {
    desk.open(path).await?;
    desk.type_into("input[name=username]", ROAD_RUNNER).await?;
    desk.type_into("input[name=password]", PASSWORD).await?;
    desk.click("main form button[type=submit]").await
}

async fn text(desk: &Desk, css: &str) -> Result<String> {
    let css = jetway_testkit::fantoccini::Locator::Css(css);
    let element = desk.browser.client().wait().for_element(css).await?;
    Ok(element.text().await?)
}

/// A person who connects an app and then a phone.
async fn connect(programs: &BrowserPrograms, jetwayd: &Rc<Jetwayd>) -> Result<(Desk, Desk)> {
    let desk = Desk::at(jetwayd, programs).await?;
    sign_in(&desk, "/profile").await?;
    desk.click_on("Connect an authenticator app").await?;
    let secret = text(&desk, "code.secret").await?;
    desk.fill_in("Six digits", &shown_now(&secret, 0)?).await?;
    desk.click_on("Connect").await?;
    desk.shows("The authenticator app is connected").await?;
    desk.open("/profile").await?;
    desk.click_on("Connect a phone").await?;
    let address = text(&desk, "code.secret").await?;
    desk.look("phone-qr").await?;
    let phone = Desk::at(jetwayd, programs).await?;
    phone.browser.set_size(PHONE).await?;
    phone.browser.client().goto(&address).await?;
    phone.fits("connecting a phone").await?;
    phone.fill_in("What you call it", "Road phone").await?;
    phone.click_on("Connect").await?;
    phone.shows("Nothing waits for you").await?;
    phone.fits("the phone that waits").await?;
    Ok((desk, phone))
}

/// Requirements M01, M04, T02: the phone lets in a browser and a command line.
#[tokio::test]
async fn a_phone_approves_sign_ins_of_a_browser_and_of_the_command_line() {
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    require!(counterparts::oathtool());
    let jetwayd = Rc::new(Jetwayd::dev().unwrap());
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), READ_ONLY).unwrap();
    let (desk, phone) = connect(&programs, &jetwayd).await.unwrap();
    drop(desk);
    in_a_browser(&programs, &jetwayd, &phone).await.unwrap();
    on_the_command_line(&person, &phone).await.unwrap();
}

async fn in_a_browser(
    programs: &BrowserPrograms,
    jetwayd: &Rc<Jetwayd>,
    phone: &Desk,
) -> Result<()> {
    let browser = Desk::at(jetwayd, programs).await?;
    sign_in(&browser, "/").await?;
    browser.click_on("Ask my phone").await?;
    let number = text(&browser, "code.secret").await?;
    phone.shows("Are you signing in?").await?;
    phone.fits("the question on the phone").await?;
    phone.look("phone-question").await?;
    phone.browser.set_size(PHONE).await?;
    phone.click_on(&number).await?;
    phone.shows("Approved").await?;
    let tile = jetway_testkit::fantoccini::Locator::Css("a.tile");
    browser.browser.client().wait().for_element(tile).await?;
    Ok(())
}

async fn on_the_command_line(person: &Person, phone: &Desk) -> Result<()> {
    let mut command = person.jetway()?;
    command.args(["login", "-a", "production", "--mfa", "PUSH"]);
    command.args(["--password", PASSWORD]);
    let mut session = TerminalSession::start(command)?;
    session.sees("pick the number ")?;
    let number = session.sees(".")?;
    session.sees("Waiting for your phone (")?;
    phone.shows("Command line").await?;
    phone.shows("acme-prod-aws-admin").await?;
    phone.click_on(&number).await?;
    session.sees("Logged in as: ")?;
    ensure!(session.ends()?.success());
    let no = phone.shows("Approved").await.context("no word of it")?;
    ensure!(!no.contains("Are you signing in"));
    Ok(())
}
