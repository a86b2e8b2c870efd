//! The way of a person with a browser: sign in, click the tile, choose a role, land in the local
//! AWS.

use anyhow::{Context, Result};
use jetway_testkit::authenticator_app::shown_now;
use jetway_testkit::browser::{Browser, ColorScheme, DESKTOP, PHONE};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};

use crate::person::{PASSWORD, READ_ONLY, ROAD_RUNNER, WILE_COYOTE};

async fn sign_in(browser: &Browser, url: &str, email: &str) -> Result<()> {
    let client = browser.client();
    client.goto(url).await?;
    client
        .find(Locator::Css("input[name=username]"))
        .await?
        .send_keys(email)
        .await?;
    client
        .find(Locator::Css("input[name=password]"))
        .await?
        .send_keys(PASSWORD)
        .await?;
    client
        .find(Locator::Css("main form button[type=submit]"))
        .await?
        .click()
        .await?;
    Ok(())
}

async fn text(browser: &Browser) -> Result<String> {
    Ok(browser
        .client()
        .find(Locator::Css("body"))
        .await?
        .text()
        .await?)
}

/// Keeps a picture of what the person sees, at both widths and in both themes.
async fn pictures(browser: &Browser, name: &str) -> Result<()> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots");
    for (size, width) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
        for (scheme, theme) in [(ColorScheme::Light, "light"), (ColorScheme::Dark, "dark")] {
            browser.set_size(size).await?;
            browser.set_color_scheme(scheme).await?;
            browser
                .screenshot(&folder.join(format!("{name}-{width}-{theme}.png")))
                .await?;
        }
    }
    browser.set_size(DESKTOP).await?;
    browser.set_color_scheme(ColorScheme::Light).await
}

/// Requirements L01, L02, L06, J14.
#[tokio::test]
async fn a_person_signs_in_clicks_the_tile_chooses_a_role_and_lands_signed_in() {
    let programs = require!(counterparts::browser());
    let jetwayd = Jetwayd::dev().unwrap();
    let browser = Browser::start(&programs).await.unwrap();
    walk_to_the_console(&browser, &jetwayd).await.unwrap();
}

async fn walk_to_the_console(browser: &Browser, jetwayd: &Jetwayd) -> Result<()> {
    let client = browser.client();
    client.goto(&jetwayd.idp_url()).await?;
    pictures(browser, "sign-in").await?;
    sign_in(browser, &jetwayd.idp_url(), ROAD_RUNNER).await?;
    let tile = Locator::Css("a.tile[href$='/saml2/acme-prod-aws-admin']");
    let tile = client.wait().for_element(tile).await.context("no tile")?;
    pictures(browser, "portal").await?;
    tile.click().await?;

    let role = Locator::Id(READ_ONLY);
    let radio = client
        .wait()
        .for_element(role)
        .await
        .context("no role chooser")?;
    pictures(browser, "role-chooser").await?;
    radio.click().await?;
    client
        .find(Locator::Css("#saml_form button[type=submit]"))
        .await?
        .click()
        .await?;

    client
        .wait()
        .for_element(Locator::Id("assumed-role-arn"))
        .await
        .context("no console")?;
    let page = text(browser).await?;
    let arn = format!("arn:aws:sts::012345678987:assumed-role/AcmeJumpCloudAdminRO/{ROAD_RUNNER}");
    assert!(page.contains(&arn), "{page}");
    assert!(page.contains("acme-rocket-plans"), "{page}");
    pictures(browser, "console").await
}

/// Requirement K01.
#[tokio::test]
async fn a_person_outside_the_group_has_no_tile_and_is_refused_by_url() {
    let programs = require!(counterparts::browser());
    let jetwayd = Jetwayd::dev().unwrap();
    let browser = Browser::start(&programs).await.unwrap();
    outside_the_group(&browser, &jetwayd).await.unwrap();
}

async fn outside_the_group(browser: &Browser, jetwayd: &Jetwayd) -> Result<()> {
    // The deep link survives the sign-in, and is refused after it.
    let deep = format!("{}/saml2/acme-prod-aws-admin", jetwayd.idp_url());
    sign_in(browser, &deep, WILE_COYOTE).await?;
    let client = browser.client();
    // The sample person with an app, whose secret the scripts get too.
    let secret = jetwayd.dev_json()["people"][1]["totp_secret"].as_str();
    let code = client.wait().for_element(Locator::Css("input[name=otp]"));
    let code = code.await.context("no second step")?;
    code.send_keys(&shown_now(secret.context("no secret")?, 0)?)
        .await?;
    code.send_keys("\u{e007}").await?;
    let heading =
        Locator::XPath("//h1[.='You do not have access to AWS production, administration']");
    client
        .wait()
        .for_element(heading)
        .await
        .context("no refusal")?;
    assert_eq!(client.current_url().await?.as_str(), deep);
    pictures(browser, "not-assigned").await?;

    client.goto(&jetwayd.idp_url()).await?;
    let page = text(browser).await?;
    assert!(
        page.contains("AWS A") && !page.contains("AWS production"),
        "{page}"
    );
    Ok(())
}
