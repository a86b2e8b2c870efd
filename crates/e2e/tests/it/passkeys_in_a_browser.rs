//! Passkeys in Chromium, whose authenticator in software stands in for the person's device: adding
//! one, both ways to sign in with it, a copy of it, and removing it.

use anyhow::{Context, Result, ensure};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::virtual_authenticator::VirtualAuthenticator;
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::person::{PASSWORD, ROAD_RUNNER};

/// Requirements L06, M01, M02; security.md items 31 and 33.
#[tokio::test]
async fn a_person_in_a_browser_adds_a_passkey_and_signs_in_with_it_until_it_was_copied() {
    let programs = require!(counterparts::browser());
    let desk = Desk::start(&programs).await.unwrap();
    walk(&desk).await.unwrap();
}

async fn walk(desk: &Desk) -> Result<()> {
    let device = VirtualAuthenticator::in_browser(&desk.browser)?;
    with_password(desk).await?;
    desk.shows("Applications").await?;
    let recovery_code = add(desk).await?;
    let keys = device.credentials()?;
    ensure!(keys.len() == 1, "one key: {keys:?}");
    ensure!(keys[0]["rpId"] == "localhost" && keys[0]["isResidentCredential"] == true);

    second_step(desk, &device).await?;
    without_a_password(desk, &device).await?;
    let mut copy = leave(desk, &device).await?;
    ensure!(copy["signCount"].as_u64() > Some(1), "it counts: {copy}");

    // Somebody has copied the key before it was used.
    copy["signCount"] = json!(0);
    with_password(desk).await?;
    desk.shows("One more step").await?;
    device.put(&copy)?;
    desk.click_on("Use your passkey or security key").await?;
    desk.shows("This key may have been copied").await?;
    desk.look("second-step-copied-passkey").await?;
    device.clear()?;
    remove(desk, &recovery_code).await
}

async fn with_password(desk: &Desk) -> Result<()> {
    desk.open("/login").await?;
    desk.fill_in("E-mail address", ROAD_RUNNER).await?;
    desk.fill_in("Password", PASSWORD).await?;
    desk.click("main form button[type=submit]").await
}

async fn sign_out(desk: &Desk) -> Result<()> {
    desk.open("/profile").await?;
    desk.click("header form button[type=submit]").await?;
    desk.shows("You are signed out").await?;
    Ok(())
}

/// Takes the device away and signs out; gives the key that was on the device. With the device at
/// hand, the sign-in page would let in again at once: it answers what the field of the e-mail
/// address asks without waiting for somebody to choose.
async fn leave(desk: &Desk, device: &VirtualAuthenticator) -> Result<Value> {
    let key = device.credentials()?.pop().context("no key")?;
    device.clear()?;
    sign_out(desk).await?;
    Ok(key)
}

/// Gives a recovery code.
async fn add(desk: &Desk) -> Result<String> {
    desk.open("/profile").await?;
    desk.look("profile-without-passkeys").await?;
    desk.click_on("Add a passkey or security key").await?;
    desk.shows("Continue").await?;
    desk.look("add-passkey").await?;
    desk.fill_in("Name", "Work laptop").await?;
    desk.click_on("Continue").await?;
    desk.shows("The passkey is added.").await?;
    let code = Locator::Css("ul.codes code");
    let code = desk.browser.client().find(code).await?.text().await?;
    desk.click_on("I have kept them").await?;
    desk.shows("Work laptop").await?;
    desk.look("profile-with-passkey").await?;
    Ok(code)
}

async fn second_step(desk: &Desk, device: &VirtualAuthenticator) -> Result<()> {
    // Without the device there is the password alone, and it is not enough.
    let key = leave(desk, device).await?;
    with_password(desk).await?;
    desk.shows("One more step").await?;
    desk.look("second-step-passkey").await?;
    device.put(&key)?;
    desk.click_on("Use your passkey or security key").await?;
    desk.shows("Applications").await?;
    Ok(())
}

async fn without_a_password(desk: &Desk, device: &VirtualAuthenticator) -> Result<()> {
    let key = leave(desk, device).await?;
    desk.open("/login?next=%2Fprofile").await?;
    desk.look("sign-in-with-passkey").await?;
    device.put(&key)?;
    desk.click_on("Sign in with a passkey").await?;
    let profile = desk.shows("Work laptop").await?;
    ensure!(!profile.contains("not used yet"), "{profile}");
    // By what the field of the e-mail address asks, with nothing clicked.
    desk.click("header form button[type=submit]").await?;
    desk.shows("Applications").await?;
    // Where there is no name to make keys for, nothing is offered.
    let elsewhere = desk.idp_url().replace("localhost", "127.0.0.1");
    let client = desk.browser.client();
    client.goto(&format!("{elsewhere}/login")).await?;
    desk.shows("Sign in").await?;
    let offered = client.find_all(Locator::Css("[data-passkey]")).await?;
    ensure!(offered.is_empty(), "no passkeys at {elsewhere}");
    Ok(())
}

async fn remove(desk: &Desk, recovery_code: &str) -> Result<()> {
    desk.fill_in("Code", recovery_code).await?;
    desk.click_on("Sign in").await?;
    desk.shows("Applications").await?;
    desk.open("/profile").await?;
    desk.shows("not trusted").await?;
    desk.look("profile-with-copied-passkey").await?;
    desk.click_on("Rename or remove Work laptop").await?;
    desk.shows("Remove this passkey").await?;
    desk.look("change-passkey").await?;
    desk.click_on("Remove this passkey").await?;
    desk.shows("The passkey is removed.").await?;
    sign_out(desk).await?;
    with_password(desk).await?;
    desk.shows("Applications").await?;
    Ok(())
}
