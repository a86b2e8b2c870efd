//! An administrator at work in Chromium: people, states, groups, the log.

use anyhow::{Context, Result};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::{counterparts, require};

use crate::desk::Desk;
use crate::person::PASSWORD;

/// Requirements A01 to A03, B02 to B08, C06, C17, D03, S05, U01, U02.
#[tokio::test]
async fn an_administrator_adds_edits_suspends_and_deletes_a_user_in_a_browser() {
    let programs = require!(counterparts::browser());
    let desk = Desk::start(&programs).await.unwrap();
    desk.sign_in().await.unwrap();
    life_of_a_user(&desk).await.unwrap();
}

async fn life_of_a_user(desk: &Desk) -> Result<()> {
    desk.look("home").await?;
    desk.open("/admin/users").await?;
    desk.shows("road.runner@the-acme-corporation.com").await?;
    desk.look("users").await?;

    desk.open("/admin/users/new").await?;
    desk.type_into("input[name=email]", "tweety@the-acme-corporation.com")
        .await?;
    desk.type_into("input[name=username]", "tweety").await?;
    desk.type_into("input[name=firstname]", "Tweety").await?;
    desk.type_into("input[name=lastname]", "Bird").await?;
    desk.look("new-user").await?;
    desk.click(".save-bar button[type=submit]").await?;
    desk.shows("Tweety Bird").await?;
    desk.look("user-highlights").await?;

    desk.open("/admin/users?q=tweety").await?;
    desk.shows("tweety@the-acme-corporation.com").await?;
    desk.click("button.row-action").await?;
    desk.open("/admin/users?q=tweety&state=active").await?;
    desk.shows("Tweety Bird").await?;

    desk.click("a.row-name").await?;
    desk.shows("Security Status").await?;
    desk.click("a[href$='/details']").await?;
    desk.type_into(
        "input[name=firstname]",
        "Tweety <script>alert(1)</script> ツィ",
    )
    .await?;
    desk.look("user-details").await?;
    desk.click(".save-bar button[type=submit]").await?;
    desk.shows("Tweety <script>alert(1)</script> ツィ").await?;

    desk.open("/admin/users?q=tweety").await?;
    desk.click("input[name=id]").await?;
    desk.shows("1 of 1 users selected").await?;
    desk.click("button[name=action][value=delete]").await?;
    desk.look("delete-users").await?;
    desk.type_into("input[name=typed]", "1").await?;
    desk.click("main form button[type=submit]").await?;
    desk.open("/admin/users?q=tweety").await?;
    desk.shows("No user matches").await?;

    desk.open("/admin/activity").await?;
    desk.shows("user_delete").await?;
    desk.look("activity").await
}

/// Requirements E02, E04, E08, L01.
#[tokio::test]
async fn an_administrator_makes_a_group_and_its_member_gets_the_tile_in_a_browser() {
    let programs = require!(counterparts::browser());
    let desk = Desk::start(&programs).await.unwrap();
    desk.sign_in().await.unwrap();
    group_with_a_tile(&desk).await.unwrap();
}

async fn group_with_a_tile(desk: &Desk) -> Result<()> {
    desk.open("/admin/groups").await?;
    desk.shows("operations").await?;
    desk.look("groups").await?;
    desk.open("/admin/groups/new").await?;
    desk.type_into("input[name=name]", "auditors").await?;
    desk.click("main form button[type=submit]").await?;
    desk.shows("auditors").await?;
    desk.look("group").await?;
    desk.click("a[href$='/members']").await?;
    desk.type_into("textarea[name=list]", "marvin@martian-contracting.example")
        .await?;
    desk.click("form[action$='/members/paste'] button[type=submit]")
        .await?;
    desk.shows("marvin@martian-contracting.example").await?;
    desk.look("group-members").await?;
    desk.click("main a[href$='/applications']").await?;
    desk.click("main table input[type=checkbox]").await?;
    desk.click(".save-bar button[type=submit]").await?;
    desk.look("group-applications").await?;

    desk.open("/login").await?;
    desk.type_into("input[name=username]", "marvin@martian-contracting.example")
        .await?;
    desk.type_into("input[name=password]", PASSWORD).await?;
    desk.click("main form button[type=submit]").await?;
    let tile = desk
        .browser
        .client()
        .wait()
        .for_element(Locator::Css("a.tile"));
    tile.await.context("Marvin has no tile")?;
    desk.open("/profile").await?;
    desk.shows("marvin@martian-contracting.example").await?;
    desk.look("portal-profile").await
}
