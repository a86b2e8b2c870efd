//! Without a mouse: the admin portal and the user portal in Chromium.

use anyhow::Result;
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::{counterparts, require};

use crate::desk::{CONTROL_K, Desk, ENTER, ESCAPE, SHIFT_TAB, SPACE, TAB};
use crate::person::{PASSWORD, ROAD_RUNNER};

/// Requirements A01, A03, A06, B03, B04, C17 and D01.
#[tokio::test]
async fn an_administrator_finds_edits_and_suspends_a_user_by_keyboard_alone_in_a_browser() {
    let programs = require!(counterparts::browser());
    let desk = Desk::start(&programs).await.unwrap();
    sign_in(&desk).await.unwrap();
    by_the_palette(&desk).await.unwrap();
    by_the_list(&desk).await.unwrap();
}

/// The first field has the focus; enter sends the form.
async fn sign_in(desk: &Desk) -> Result<()> {
    desk.open("/admin").await?;
    let form = Locator::Css("input[name=email]");
    desk.browser.client().wait().for_element(form).await?;
    desk.press(&desk.administrator()?).await?;
    desk.press(TAB).await?;
    desk.press(PASSWORD).await?;
    desk.press(ENTER).await?;
    let nav = Locator::Css("nav.nav");
    desk.browser.client().wait().for_element(nav).await?;
    Ok(())
}

async fn by_the_palette(desk: &Desk) -> Result<()> {
    let client = desk.browser.client();
    desk.press(CONTROL_K).await?;
    desk.press("granny").await?;
    desk.press(ESCAPE).await?;
    let gone = client.find(Locator::Css("dialog[open]")).await;
    anyhow::ensure!(gone.is_err(), "escape closes the palette");
    desk.press(CONTROL_K).await?;
    desk.press("coyote").await?;
    let first = "//a[@id='palette-0'][contains(., 'Coyote')]";
    client.wait().for_element(Locator::XPath(first)).await?;
    desk.press(ENTER).await?;
    desk.shows("Security Status").await?;

    desk.tab_to("main a[href$='/details']", ENTER).await?;
    desk.shows("Creation date").await?;
    // The tab key selects what is in a field.
    desk.tab_to("input[name=firstname]", "Ernest").await?;
    desk.press(ENTER).await?;
    let saved = "//input[@name='firstname'][@value='Ernest']";
    client.wait().for_element(Locator::XPath(saved)).await?;
    Ok(())
}

async fn by_the_list(desk: &Desk) -> Result<()> {
    desk.open("/admin/users").await?;
    desk.shows("filter by").await?;
    // The search of the list, then the first row and its tick.
    desk.press("/").await?;
    desk.press("coyote").await?;
    desk.press(ENTER).await?;
    desk.shows("1 of 1 user").await?;
    desk.press("j").await?;
    desk.press("x").await?;
    desk.shows("1 of 1 users selected").await?;
    desk.tab_back_to(".bulk details:first-of-type > summary", ENTER)
        .await?;
    desk.tab_to("button[value=suspend]", ENTER).await?;
    desk.tab_to("main form button[type=submit]", SPACE).await?;
    desk.open("/admin/users?state=suspended").await?;
    desk.shows("wile.coyote@").await?;
    Ok(())
}

/// Requirements L01, L02 and L06.
#[tokio::test]
async fn a_person_signs_in_and_opens_a_tile_by_keyboard_alone_in_a_browser() {
    let programs = require!(counterparts::browser());
    let desk = Desk::start(&programs).await.unwrap();
    to_the_role_chooser(&desk).await.unwrap();
}

async fn to_the_role_chooser(desk: &Desk) -> Result<()> {
    let client = desk.browser.client();
    desk.open("/").await?;
    let form = Locator::Css("input[name=username]");
    client.wait().for_element(form).await?;
    desk.press(ROAD_RUNNER).await?;
    desk.press(TAB).await?;
    desk.press(PASSWORD).await?;
    desk.press(ENTER).await?;
    client.wait().for_element(Locator::Css("a.tile")).await?;
    desk.tab_to("a.tile[href$='/saml2/acme-prod-aws-admin']", ENTER)
        .await?;
    let role = Locator::Css("input[type=radio]");
    client.wait().for_element(role).await?;
    Ok(())
}

/// WCAG 2.2, 2.4.11: the bars above and below the page hide nothing that has the focus.
#[tokio::test]
async fn what_has_the_focus_is_never_under_the_bars_of_a_long_form_in_a_browser() {
    let programs = require!(counterparts::browser());
    let desk = Desk::start(&programs).await.unwrap();
    desk.sign_in().await.unwrap();
    focus_stays_in_sight(&desk).await.unwrap();
}

async fn focus_stays_in_sight(desk: &Desk) -> Result<()> {
    // What lies over the middle of what has the focus, when that is one of the bars.
    let script = "const one = document.activeElement;
        const box = one.getBoundingClientRect();
        const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        const bars = '.top, .save-bar';
        const hidden = !over || (over.closest(bars) && !one.closest(bars));
        return hidden && !one.matches('body, .skip') ? one.outerHTML : null;";
    desk.open("/admin/users?q=coyote").await?;
    desk.click("a.row-name").await?;
    desk.click("a[href$='/details']").await?;
    desk.shows("Creation date").await?;
    desk.click("main summary").await?;
    for step in [TAB, SHIFT_TAB] {
        for _ in 0..45 {
            desk.press(step).await?;
            let hidden = desk.browser.client().execute(script, vec![]).await?;
            anyhow::ensure!(hidden.is_null(), "hidden under a bar: {hidden}");
        }
    }
    Ok(())
}
