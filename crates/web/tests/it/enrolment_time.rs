//! People who are let in without a second factor for some days (requirement M02).

use jetway_identity::sign_in_policies::FactorKind;
use jetway_identity::{EventKind, Role, Scope};
use serde_json::json;

use crate::admin_users::{act, assert_says};
use crate::api::Api;
use crate::authenticator_app::connect;
use crate::policies_at_sign_in::{rule, second_factor};
use crate::site::{PASSWORD, ROAD_RUNNER, Site};

async fn two_factors(site: &Site) {
    site.policy(rule(second_factor(&[FactorKind::Totp], None)))
        .await;
}

#[tokio::test]
async fn an_administrator_gives_time_and_the_person_is_reminded_and_goes_on() {
    let site = Site::start().await;
    // Signed in before the policy, which is about administrators too.
    let mut admin = site.browser_of_administrator(Role::HelpDesk).await;
    two_factors(&site).await;
    let held = site.browser().sign_in(ROAD_RUNNER, PASSWORD).await;
    assert!(held.location().starts_with("/login/enrol"));

    let person = format!("/admin/users/{}", site.road_runner);
    let form = format!("{person}/enrolment-time");
    let before = admin.get(&format!("{person}/highlights")).await;
    assert_says(&before, &[&form]);
    let page = admin.get(&form).await;
    let to = (form.as_str(), form.as_str());
    let why = ("reason", "The key is in the post");
    for wrong in [
        [("days", "91"), why],
        [("days", "a week"), why],
        [("days", "14"), ("reason", " ")],
    ] {
        assert_eq!(admin.fill_in(&page, to, &wrong).await.status, 422);
    }
    let done = admin.fill_in(&page, to, &[("days", "14"), why]).await;
    let shown = admin.get(done.location()).await;
    assert_says(
        &shown,
        &["They have time for a second factor", "enrolment ends"],
    );
    let list = admin.get("/admin/users?columns=totp").await;
    assert_says(&list, &["NOT ENROLLED, ends "]);

    let mut browser = site.browser();
    let signed_in = browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(signed_in.location(), "/login/reminder");
    let reminder = browser
        .get("/login/reminder?next=/saml2/acme-prod-aws-admin")
        .await;
    assert_says(
        &reminder,
        &["Set it up now", "href=\"/saml2/acme-prod-aws-admin\""],
    );
    assert_eq!(browser.get("/").await.status, 200);
    let elsewhere = browser
        .get("/login/reminder?next=https://evil.example")
        .await;
    assert!(!elsewhere.body.contains("evil.example"));

    let back = admin.fill_in(&page, to, &[("days", "0"), why]).await;
    let shown = admin.get(back.location()).await;
    assert_says(&shown, &["The time is taken back"]);
    assert_eq!(browser.get("/login/reminder").await.location(), "/");
    let held = site.browser().sign_in(ROAD_RUNNER, PASSWORD).await;
    assert!(held.location().starts_with("/login/enrol"));
}

#[tokio::test]
async fn those_without_a_factor_are_reminded_one_and_many() {
    let site = Site::start().await;
    connect(&site).await;
    let runner = site.road_runner.to_string();
    let new = site
        .add_user("daffy@remind.example", "Daffy", "Duck")
        .await
        .to_string();
    let mut admin = site.browser_of_administrator(Role::HelpDesk).await;
    assert_says(&admin.get("/admin/users").await, &["remind-to-enrol"]);
    let both = [
        ("id", runner.as_str()),
        ("id", &new),
        ("action", "remind-to-enrol"),
    ];
    let answer = act(&mut admin, "/admin/users/bulk", &both).await;
    let page = admin.get(answer.location()).await;
    assert_says(&page, &["1 user: The reminders are written."]);
    let one = act(
        &mut admin,
        &format!("/admin/users/{new}/remind-to-enrol"),
        &[],
    )
    .await;
    let page = admin.get(one.location()).await;
    assert_says(&page, &["it waits in the outbox"]);
    let event = site.last_event(EventKind::UserMfaReminder).await.unwrap();
    assert_eq!(event.target.unwrap().label, "daffy@remind.example");
}

#[tokio::test]
async fn a_program_gives_time_and_reminds() {
    let site = Site::start().await;
    let api = Api::new(&site, Scope::Users).await;
    let person = format!("/api/v1/users/{}", site.road_runner);
    let time = format!("{person}/enrolment-time");
    let given = api
        .post(&time, &json!({"days": 7, "reason": "Ticket 4711"}))
        .await;
    assert_eq!(given.status, 200, "{}", given.body);
    assert!(given.json()["ends_at"].is_string());
    for wrong in [
        json!({"days": 91, "reason": "x"}),
        json!({"days": 7, "reason": ""}),
    ] {
        assert_eq!(api.post(&time, &wrong).await.status, 422);
    }
    let over = api
        .post(&time, &json!({"days": 0, "reason": "Ticket 4711"}))
        .await;
    assert!(over.json()["ends_at"].is_null());
    let remind = format!("{person}/remind-to-enrol");
    assert_eq!(api.post(&remind, &json!({})).await.status, 202);
    connect(&site).await;
    assert_eq!(api.post(&remind, &json!({})).await.status, 409);
}
