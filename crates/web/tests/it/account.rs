//! The ways into and back into an account: invitation, forgotten password, expired password.

use jetway_identity::credentials::require_password_change;
use jetway_identity::{EventKind, UserState};

use crate::browser::{Answer, Browser};
use crate::site::{COYOTE, PASSWORD, ROAD_RUNNER, Site};

const NEW: &str = "an otter plays the cello";

async fn choose(browser: &mut Browser<'_>, path: &str, password: &str, again: &str) -> Answer {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let csrf = page.input("csrf").unwrap();
    let fields = [
        ("csrf", csrf.as_str()),
        ("password", password),
        ("again", again),
    ];
    browser.post(path, &fields).await
}

async fn ask(browser: &mut Browser<'_>, email: &str) -> Answer {
    let page = browser.get("/login/forgot").await;
    let csrf = page.input("csrf").unwrap();
    let fields = [("csrf", csrf.as_str()), ("email", email)];
    browser.post("/login/forgot", &fields).await
}

/// Requirement A13.
#[tokio::test]
async fn somebody_from_outside_activates_their_account_and_signs_in() {
    let site = Site::start().await;
    let email = "daffy@contractor.example";
    let user = site.add_user_without_password(email).await;
    let path = site.invite(user).await;
    let mut browser = site.browser();
    let page = browser.get(&path).await;
    assert!(page.body.contains("Activate your account"), "{}", page.body);
    assert!(page.body.contains(email));
    let done = choose(&mut browser, &path, NEW, NEW).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(done.body.contains("Your account is active"));
    assert_eq!(browser.session(), None, "a link does not sign in");
    assert_eq!(browser.sign_in(email, NEW).await.status, 303);
    assert_eq!(browser.get(&path).await.status, 410);
    assert_eq!(site.count_events(EventKind::UserPasswordSet).await, 3);
}

/// Security.md item 35: mail scanners open links.
#[tokio::test]
async fn looking_at_a_link_does_not_use_it_up() {
    let site = Site::start().await;
    ask(&mut site.browser(), ROAD_RUNNER).await;
    let path = site.mailed_path().await;
    for _ in 0..5 {
        assert_eq!(site.browser().get(&path).await.status, 200);
        let head = site.browser().request("HEAD", &path);
        let head = head.body(axum::body::Body::empty()).unwrap();
        site.browser().send(head).await;
    }
    assert_eq!(
        choose(&mut site.browser(), &path, NEW, NEW).await.status,
        200
    );
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_every_session_ends() {
    let site = Site::start().await;
    let mut elsewhere = site.browser_of(ROAD_RUNNER).await;
    let asked = ask(&mut site.browser(), ROAD_RUNNER).await;
    assert_eq!(asked.status, 200);
    assert!(asked.body.contains(ROAD_RUNNER));
    let path = site.mailed_path().await;
    let mut browser = site.browser();
    let differs = choose(&mut browser, &path, NEW, "an otter").await;
    assert_eq!(differs.status, 422);
    assert!(differs.body.contains("The two are not the same"));
    let easy = choose(&mut browser, &path, "passwordpassword", "passwordpassword").await;
    assert_eq!(easy.status, 422);
    assert!(
        easy.body.contains("repeats the same characters"),
        "{}",
        easy.body
    );
    assert!(!easy.body.contains("passwordpassword"), "never shown again");
    assert_eq!(choose(&mut browser, &path, NEW, NEW).await.status, 200);
    assert_eq!(elsewhere.get("/").await.status, 303, "signed out");
    assert_eq!(browser.sign_in(ROAD_RUNNER, PASSWORD).await.status, 401);
    assert_eq!(browser.sign_in(ROAD_RUNNER, NEW).await.status, 303);
}

/// Security.md item 27: text, status and cookies; for the time see the tests of the use case.
#[tokio::test]
async fn asking_for_a_reset_tells_nobody_who_has_an_account() {
    let site = Site::start().await;
    site.add_user_in_state("staged@acme.com", UserState::Staged)
        .await;
    site.add_user_in_state("suspended@acme.com", UserState::Suspended)
        .await;
    let mut answers = Vec::new();
    for email in [
        COYOTE,
        "nobody@acme.com",
        "staged@acme.com",
        "suspended@acme.com",
    ] {
        let mut browser = site.browser();
        let answer = ask(&mut browser, email).await;
        let names: Vec<_> = browser.cookies.keys().cloned().collect();
        let headers: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        answers.push((
            answer.status,
            answer.body.replace(email, "somebody"),
            names,
            headers,
        ));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert_eq!(site.mails().await, 1);
    // Nor do those who ask too often learn anything.
    for email in [COYOTE, "nobody@acme.com"] {
        for _ in 0..2 {
            assert_eq!(ask(&mut site.browser(), email).await.status, 200);
        }
        let answer = ask(&mut site.browser(), email).await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), "3600");
        assert!(answer.body.contains("Try again in 60 minutes"));
    }
}

#[tokio::test]
async fn what_is_no_address_is_marked_and_kept() {
    let site = Site::start().await;
    let answer = ask(&mut site.browser(), "road.runner").await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.input("email").unwrap(), "road.runner");
    for odd in [
        "a\u{0}b@acme.com",
        "<script>@acme.com",
        "",
        &"x".repeat(5000),
    ] {
        let answer = ask(&mut site.browser(), odd).await;
        assert!(
            matches!(answer.status, 200 | 422),
            "{odd:?}: {}",
            answer.status
        );
        assert!(!answer.body.contains("<script>@"));
    }
}

/// Security.md items 35 and 49: the host in a link is the configured one, whatever is sent.
#[tokio::test]
async fn the_host_of_a_link_comes_from_the_settings() {
    let site = Site::start_at("https://sso.acme.example").await;
    let mut browser = site.browser();
    let page = browser.get("/login/forgot").await;
    let csrf = page.input("csrf").unwrap();
    let body = crate::browser::form_body(&[("csrf", &csrf), ("email", ROAD_RUNNER)]);
    let request = browser
        .request("POST", "/login/forgot")
        .header("origin", "https://sso.acme.example")
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(body))
        .unwrap();
    assert_eq!(browser.send(request).await.status, 200);
    assert!(site.mailed_path().await.starts_with("/login/reset/"));
}

#[tokio::test]
async fn forms_from_elsewhere_use_no_link_up() {
    let site = Site::start().await;
    ask(&mut site.browser(), ROAD_RUNNER).await;
    let path = site.mailed_path().await;
    let theirs = site
        .browser()
        .get("/login/forgot")
        .await
        .input("csrf")
        .unwrap();
    for csrf in ["", "x", &theirs] {
        let mut browser = site.browser();
        browser.get("/login").await;
        let fields = [("csrf", csrf), ("password", NEW), ("again", NEW)];
        assert_eq!(browser.post(&path, &fields).await.status, 403);
        let fields = [("csrf", csrf), ("email", COYOTE)];
        assert_eq!(browser.post("/login/forgot", &fields).await.status, 403);
    }
    assert_eq!(site.mails().await, 1);
    assert_eq!(
        choose(&mut site.browser(), &path, NEW, NEW).await.status,
        200
    );
}

/// Security.md item 24.
#[tokio::test]
async fn an_expired_password_leads_to_a_form_for_another_one() {
    let site = Site::start().await;
    site.change_settings(|settings| settings.passwords.expires_after_days = Some(30))
        .await;
    site.clock.advance(time::Duration::days(30));
    let mut browser = site.browser();
    let answer = browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(answer.status, 303);
    assert_eq!(browser.session(), None, "no session yet");
    let path = answer.location().to_owned();
    assert!(path.starts_with("/login/expired/"), "{path}");
    let same = choose(&mut browser, &path, PASSWORD, PASSWORD).await;
    assert_eq!(same.status, 422);
    assert!(
        same.body.contains("This is your present password"),
        "{}",
        same.body
    );
    assert_eq!(choose(&mut browser, &path, NEW, NEW).await.status, 200);
    assert_eq!(browser.sign_in(ROAD_RUNNER, NEW).await.location(), "/");
    assert_eq!(browser.get(&path).await.status, 410);
}

/// The command line cannot show a form; it says where one is.
#[tokio::test]
async fn a_command_line_is_told_to_change_the_password_in_a_browser() {
    let site = Site::start().await;
    require_password_change(&mut site.op(), site.store.as_ref(), site.road_runner)
        .await
        .unwrap();
    let mut client = site.browser();
    let answer = crate::user_console::sign_in(&mut client, ROAD_RUNNER, PASSWORD).await;
    assert_eq!(answer.status, 401);
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("choose a new one"), "{message}");
    assert_eq!(client.session(), None);
    let wrong = crate::user_console::sign_in(&mut client, ROAD_RUNNER, "wrong").await;
    assert_eq!(wrong.json()["message"], "Authentication failed.");
}

#[tokio::test]
async fn strange_tokens_are_links_that_cannot_be_used() {
    let site = Site::start().await;
    let odd = [
        "x".to_owned(),
        "A".repeat(43),
        "A".repeat(3000),
        "%00".to_owned(),
        "..%2f..%2fetc".to_owned(),
        "%ff".to_owned(),
        "%3Cscript%3E".to_owned(),
    ];
    for way in ["/activate/", "/login/reset/", "/login/expired/"] {
        for token in &odd {
            let answer = site.browser().get(&format!("{way}{token}")).await;
            assert!(
                matches!(answer.status, 400 | 404 | 410),
                "{way}{token}: {}",
                answer.status
            );
            assert!(!answer.body.contains("<script>"));
        }
    }
}
