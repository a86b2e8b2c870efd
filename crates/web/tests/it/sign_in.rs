//! `GET /login`, `POST /login`.

use jetway_identity::{EventKind, UserState, set_user_state};
use time::Duration;

use crate::site::{COYOTE, PASSWORD, ROAD_RUNNER, Site};

/// Requirement L06.
#[tokio::test]
async fn a_person_signs_in_with_email_and_password() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let page = browser.get("/login").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.attribute("form", None, "action").unwrap(),
        "http://localhost:8700/login",
        "absolute, for tools that read the form"
    );
    assert_eq!(
        page.attribute("input", Some("username"), "autocomplete")
            .unwrap(),
        "username webauthn",
        "browsers offer passkeys there"
    );
    assert_eq!(
        page.attribute("input", Some("password"), "autocomplete")
            .unwrap(),
        "current-password"
    );
    let answer = browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    let portal = browser.get("/").await;
    assert_eq!(portal.status, 200);
    assert!(portal.body.contains("Road Runner"));
    let event = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    assert!(event.success);
    assert_eq!(event.ip, Some("192.0.2.7".parse().unwrap()));
    assert_eq!(event.request_id, answer.header("x-request-id"));
}

#[tokio::test]
async fn the_email_address_is_compared_in_any_letter_case() {
    let site = Site::start().await;
    let email = ROAD_RUNNER.to_uppercase();
    assert_eq!(site.browser().sign_in(&email, PASSWORD).await.status, 303);
}

/// The question to passkeys is another one each time, and as long each time.
fn without_chance(page: &str) -> String {
    let line = |line: &str| {
        if line.contains("data-ceremony") {
            format!("{} bytes", line.len())
        } else {
            line.to_owned()
        }
    };
    page.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_refusal_looks_the_same() {
    let site = Site::start().await;
    site.add_user_in_state("staged@acme.example", UserState::Staged)
        .await;
    site.add_user_in_state("suspended@acme.example", UserState::Suspended)
        .await;
    site.add_user_without_password("pending@acme.example").await;
    let mut browser = site.browser();
    let mut seen = Vec::new();
    for (email, password) in [
        ("nobody@acme.example", PASSWORD),
        (ROAD_RUNNER, "wrong"),
        (ROAD_RUNNER, ""),
        ("staged@acme.example", PASSWORD),
        ("suspended@acme.example", PASSWORD),
        ("pending@acme.example", PASSWORD),
        ("pending@acme.example", ""),
        ("not an address\0'; --", PASSWORD),
    ] {
        let answer = browser.sign_in(email, password).await;
        assert_eq!(answer.status, 401, "{email}");
        let typed = email.replace('\0', "");
        assert_eq!(answer.input("username").unwrap(), typed, "it stays typed");
        assert_eq!(answer.input("password"), None, "the password does not");
        assert_eq!(answer.set_cookies(), Vec::<&str>::new(), "{email}");
        seen.push(without_chance(
            &answer.body.replace(&escaped(&typed), "ADDRESS"),
        ));
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:#?}");
    assert!(seen[0].contains("or this account cannot sign in"));
    assert_eq!(browser.session(), None);
}

fn escaped(text: &str) -> String {
    text.replace('\'', "&#39;")
}

#[tokio::test]
async fn after_too_many_failures_the_page_says_how_long_to_wait() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let mut answer = browser.sign_in(ROAD_RUNNER, "wrong").await;
    let mut tries = 1;
    while answer.status == 401 {
        answer = browser.sign_in(ROAD_RUNNER, "wrong").await;
        tries += 1;
        assert!(tries < 20, "no lock-out");
    }
    assert_eq!(answer.status, 429);
    let seconds: i64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&seconds), "{seconds}");
    assert!(answer.body.contains("Too many attempts"));
    assert!(answer.body.contains("Wait "));

    let locked = browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(locked.status, 429, "the right password waits too");
    assert_eq!(
        site.browser().sign_in(COYOTE, PASSWORD).await.status,
        303,
        "others do not"
    );

    site.clock.advance(Duration::seconds(seconds));
    assert_eq!(browser.sign_in(ROAD_RUNNER, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn whoever_is_signed_in_goes_straight_on() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(browser.get("/login").await.location(), "/");
    let answer = browser.get("/login?next=%2Fsaml2%2Faws-a").await;
    assert_eq!((answer.status, answer.location()), (303, "/saml2/aws-a"));
}

#[tokio::test]
async fn a_suspended_persons_live_session_is_dead_at_once() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(browser.get("/").await.status, 200);
    let user = site.road_runner;
    set_user_state(
        &mut site.op(),
        site.store.as_ref(),
        user,
        UserState::Suspended,
    )
    .await
    .unwrap();
    assert_eq!(browser.get("/").await.status, 303);
    assert_eq!(browser.get("/userconsole/api/self").await.status, 401);
    assert!(
        browser
            .get("/saml2/acme-prod-aws-admin")
            .await
            .location()
            .starts_with("/login?next=")
    );
    set_user_state(&mut site.op(), site.store.as_ref(), user, UserState::Active)
        .await
        .unwrap();
    assert_eq!(
        site.browser().sign_in(ROAD_RUNNER, PASSWORD).await.status,
        303
    );
}

#[tokio::test]
async fn a_session_ends_after_an_hour_without_use_and_after_a_day_in_any_case() {
    let site = Site::start().await;
    let mut idle = site.browser_of(ROAD_RUNNER).await;
    site.clock.advance(Duration::minutes(61));
    assert_eq!(idle.get("/").await.status, 303);

    let mut busy = site.browser_of(ROAD_RUNNER).await;
    for _ in 0..47 {
        site.clock.advance(Duration::minutes(30));
        assert_eq!(busy.get("/").await.status, 200);
    }
    site.clock.advance(Duration::minutes(30));
    assert_eq!(busy.get("/").await.status, 303);
}

#[tokio::test]
async fn names_with_markup_are_shown_as_text() {
    let site = Site::start().await;
    let name = "\"><script>alert('x')</script>";
    site.add_user("odd@acme.example", name, "<b>&amp;").await;
    let mut browser = site.browser_of("odd@acme.example").await;
    let portal = browser.get("/").await;
    assert!(!portal.body.contains("<script>"), "{}", portal.body);
    assert!(portal.body.contains("&#60;script&#62;"));
}
