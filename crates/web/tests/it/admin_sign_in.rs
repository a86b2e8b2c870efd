//! The sign-in of the admin portal.

use jetway_identity::{Actor, EventKind, Role, UserState};
use time::Duration;

use crate::site::{PASSWORD, ROAD_RUNNER, Site, administrator_email};

/// Requirements A01, A02 and A03.
#[tokio::test]
async fn the_page_has_its_own_address_words_and_the_way_to_the_other_sign_in() {
    let site = Site::start().await;
    let page = site.browser().get("/admin/login").await;
    assert_eq!(page.status, 200);
    for words in [
        "Administrator Login</h1>",
        "<a href=\"/login\">User Portal Login →</a>",
        ">Email ",
        ">Password ",
        ">Administrator Login</button>",
        "Reset Administrator Password",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert_eq!(
        page.attribute("input", Some("password"), "type").unwrap(),
        "password"
    );
}

/// Requirement A04: off by default.
#[tokio::test]
async fn no_provider_is_offered_unless_one_is_set_up() {
    let site = Site::start().await;
    let page = site.browser().get("/admin/login").await;
    assert!(!page.body.contains("Sign in with"));
}

/// Requirement A01.
#[tokio::test]
async fn an_administrator_signs_in_and_out_and_the_log_says_so() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    assert!(browser.session().is_none(), "no session of the user portal");
    let home = browser.get("/admin").await;
    assert_eq!(home.status, 200);
    assert!(home.body.contains("full@the-acme-corporation.com"));
    assert_eq!(browser.get("/").await.status, 303, "not a user");
    let event = site.last_event(EventKind::AdminLoginAttempt).await.unwrap();
    assert!(event.success && matches!(event.actor, Actor::Administrator { .. }));
    assert_eq!(event.ip.unwrap().to_string(), "192.0.2.7");

    let csrf = browser.admin_csrf().await;
    let old = browser.cookies["jetway_admin"].clone();
    let answer = browser.post("/admin/logout", &[("csrf", &csrf)]).await;
    assert_eq!(answer.location(), "/admin/login?signed-out");
    assert!(!browser.cookies.contains_key("jetway_admin"));
    browser.cookies.insert("jetway_admin".to_owned(), old);
    assert_eq!(browser.get("/admin").await.status, 303);
    assert!(site.last_event(EventKind::AdminLogout).await.is_some());
}

/// Requirement A01.
#[tokio::test]
async fn a_user_is_refused_with_the_words_of_a_wrong_password() {
    let site = Site::start().await;
    site.add_administrator("admin@acme.com", Role::Full).await;
    let mut bodies = Vec::new();
    for (email, password) in [
        (ROAD_RUNNER, PASSWORD),
        ("admin@acme.com", "wrong"),
        ("nobody@acme.com", PASSWORD),
    ] {
        let mut browser = site.browser();
        let answer = browser.sign_in_as_administrator(email, password).await;
        assert_eq!(answer.status, 401);
        assert!(!browser.cookies.contains_key("jetway_admin"));
        assert_eq!(
            answer.input("email").as_deref(),
            Some(email),
            "typed is kept"
        );
        let csrf = answer.input("csrf").unwrap();
        bodies.push(answer.body.replace(email, "").replace(&csrf, ""));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "all look alike");
}

/// Requirement A06: a deep link survives the sign-in; other sites do not.
#[tokio::test]
async fn the_way_goes_on_to_the_page_that_was_asked_for() {
    let site = Site::start().await;
    let email = administrator_email(Role::Full);
    site.add_administrator(&email, Role::Full).await;
    let sent = site.browser().get("/admin?q=a%20b").await;
    assert_eq!(sent.location(), "/admin/login?next=%2Fadmin%3Fq%3Da%2520b");
    for (asked, next) in [
        ("/admin?q=a%20b", "/admin?q=a%20b"),
        ("/admin/users/0123/details", "/admin/users/0123/details"),
        ("//evil.example/admin", "/admin"),
        ("https://evil.example/admin", "/admin"),
        ("/administer", "/admin"),
        ("/", "/admin"),
        ("/admin/logout", "/admin"),
    ] {
        let mut browser = site.browser();
        let page = browser.get("/admin/login").await;
        let csrf = page.input("csrf").unwrap();
        let fields = [
            ("csrf", csrf.as_str()),
            ("next", asked),
            ("email", email.as_str()),
            ("password", PASSWORD),
        ];
        let answer = browser.post("/admin/login", &fields).await;
        assert_eq!((answer.status, answer.location()), (303, next), "{asked}");
        assert_eq!(browser.get("/admin/login").await.location(), "/admin");
    }
}

/// security.md item 47.
#[tokio::test]
async fn a_form_without_its_token_or_from_elsewhere_signs_nobody_in() {
    let site = Site::start().await;
    let email = administrator_email(Role::Full);
    site.add_administrator(&email, Role::Full).await;
    let mut browser = site.browser();
    browser.get("/admin/login").await;
    let users = browser.get("/login").await.input("csrf").unwrap();
    for csrf in ["", "x", users.as_str()] {
        let fields = [("csrf", csrf), ("email", &email), ("password", PASSWORD)];
        let answer = browser.post("/admin/login", &fields).await;
        assert_eq!(answer.status, 403, "{csrf}");
        assert!(!browser.cookies.contains_key("jetway_admin"));
    }
    assert_eq!(site.count_events(EventKind::AdminLoginAttempt).await, 0);
}

/// security.md item 26.
#[tokio::test]
async fn after_five_wrong_passwords_the_page_says_how_long_to_wait() {
    let site = Site::start().await;
    let email = administrator_email(Role::Full);
    site.add_administrator(&email, Role::Full).await;
    for _ in 0..5 {
        let answer = site
            .browser()
            .sign_in_as_administrator(&email, "wrong")
            .await;
        assert_eq!(answer.status, 401);
    }
    let answer = site
        .browser()
        .sign_in_as_administrator(&email, PASSWORD)
        .await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "60"));
    site.clock.advance(Duration::seconds(60));
    site.browser_of_administrator(Role::Full).await;
}

/// security.md item 45.
#[tokio::test]
async fn the_cookie_is_pinned_to_the_host_over_tls() {
    let site = Site::start_at("https://sso.acme.com").await;
    let email = administrator_email(Role::Full);
    site.add_administrator(&email, Role::Full).await;
    let mut browser = site.browser();
    let answer = browser.sign_in_as_administrator(&email, PASSWORD).await;
    let cookie = answer
        .set_cookies()
        .into_iter()
        .find(|cookie| cookie.starts_with("__Host-jetway_admin="))
        .unwrap()
        .to_owned();
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}

/// security.md item 38: 30 minutes without use, 12 hours in all, unless set otherwise.
#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_anyhow_after_half_a_day() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    site.clock.advance(Duration::minutes(31));
    assert_eq!(browser.get("/admin").await.status, 303);
    let mut browser = site.browser_of_administrator(Role::Full).await;
    for _ in 0..28 {
        site.clock.advance(Duration::minutes(25));
        assert_eq!(browser.get("/admin").await.status, 200);
    }
    site.clock.advance(Duration::minutes(20));
    assert_eq!(browser.get("/admin").await.status, 303);
}

/// Requirement A01: one browser, both portals, two sessions.
#[tokio::test]
async fn the_two_portals_are_signed_in_and_out_of_apart() {
    let site = Site::start().await;
    let mut browser = site.browser_of_administrator(Role::Full).await;
    assert_eq!(browser.sign_in(ROAD_RUNNER, PASSWORD).await.status, 303);
    let csrf = browser.admin_csrf().await;
    browser.post("/admin/logout", &[("csrf", &csrf)]).await;
    assert_eq!(browser.get("/").await.status, 200);
    assert_eq!(browser.get("/admin").await.status, 303);
    jetway_identity::set_user_state(
        &mut site.op(),
        site.store.as_ref(),
        site.road_runner,
        UserState::Suspended,
    )
    .await
    .unwrap();
    assert_eq!(browser.get("/").await.status, 303);
}
