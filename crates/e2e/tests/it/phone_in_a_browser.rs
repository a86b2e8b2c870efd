//! On a phone held upright: the admin portal and the user portal in Chromium.

use anyhow::Result;
use jetway_testkit::browser::PHONE;
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::{counterparts, require};

use crate::desk::Desk;
use crate::person::{PASSWORD, ROAD_RUNNER};

/// Requirements A06, B02, B08, C06 and D01: nothing is out of reach on a narrow screen.
#[tokio::test]
async fn an_administrator_suspends_a_user_on_a_phone_in_a_browser() {
    let programs = require!(counterparts::browser());
    let desk = Desk::start(&programs).await.unwrap();
    desk.browser.set_size(PHONE).await.unwrap();
    on_the_road(&desk).await.unwrap();
}

async fn on_the_road(desk: &Desk) -> Result<()> {
    desk.open("/admin").await?;
    desk.fits("the sign-in").await?;
    desk.type_into("input[name=email]", &desk.administrator()?)
        .await?;
    desk.type_into("input[name=password]", PASSWORD).await?;
    desk.click("main form button[type=submit]").await?;
    // The navigation is folded into the menu.
    desk.click("details.nav-fold > summary").await?;
    desk.fits("the first page with its menu").await?;
    desk.click("details.nav-fold a[href='/admin/users']")
        .await?;
    desk.shows("filter by").await?;
    desk.fits("the list").await?;
    desk.click("a[href*='state=active']").await?;
    desk.type_into("main input[name=q]", "coyote\u{e007}")
        .await?;
    desk.shows("1 of 1 user").await?;
    desk.click("a.row-name").await?;
    desk.shows("Security Status").await?;
    desk.fits("a user").await?;
    for tab in ["details", "groups", "devices", "directories"] {
        desk.click(&format!("main a[href$='/{tab}']")).await?;
        desk.fits(tab).await?;
    }
    desk.click("button[name=state][value=suspended]").await?;
    desk.shows("Suspended").await?;
    Ok(())
}

/// Requirements L01, L02 and L06.
#[tokio::test]
async fn a_person_uses_the_portal_on_a_phone_in_a_browser() {
    let programs = require!(counterparts::browser());
    let desk = Desk::start(&programs).await.unwrap();
    desk.browser.set_size(PHONE).await.unwrap();
    portal(&desk).await.unwrap();
}

async fn portal(desk: &Desk) -> Result<()> {
    desk.open("/").await?;
    desk.fits("the sign-in").await?;
    desk.type_into("input[name=username]", ROAD_RUNNER).await?;
    desk.type_into("input[name=password]", PASSWORD).await?;
    desk.click("main form button[type=submit]").await?;
    let tile = Locator::Css("a.tile");
    desk.browser.client().wait().for_element(tile).await?;
    desk.fits("the tiles").await?;
    desk.open("/profile").await?;
    desk.shows(ROAD_RUNNER).await?;
    desk.fits("the profile").await?;
    desk.open("/").await?;
    desk.click("a.tile[href$='/saml2/acme-prod-aws-admin']")
        .await?;
    let role = Locator::Css("input[type=radio]");
    desk.browser.client().wait().for_element(role).await?;
    desk.fits("the role chooser").await
}
