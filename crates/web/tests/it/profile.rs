//! A person's own page.

use jetway_identity::{User, groups_of_user};

use crate::browser::{Answer, Browser};
use crate::site::{COYOTE, PASSWORD, ROAD_RUNNER, Site};

const NEW: &str = "an otter plays the cello";

async fn change(browser: &mut Browser<'_>, current: &str, password: &str, again: &str) -> Answer {
    let csrf = csrf(browser).await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("current", current),
        ("password", password),
        ("again", again),
    ];
    browser.post("/profile/password", &fields).await
}

/// The token of the forms of the page, not that of the sign-out button.
async fn csrf(browser: &mut Browser<'_>) -> String {
    let page = browser.get("/profile").await;
    let form = page
        .body
        .split("action=\"/profile/password\"")
        .nth(1)
        .unwrap();
    let value = form.split("name=\"csrf\" value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

fn session_ids(page: &Answer) -> Vec<String> {
    let parts = page.body.split("name=\"id\" value=\"").skip(1);
    parts
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect()
}

/// A person with the names of their groups.
async fn stored(site: &Site, email: &str) -> (User, Vec<String>) {
    let mut read = site.store.read().await.unwrap();
    let user = read.user_by_email(email).await.unwrap().unwrap();
    drop(read);
    let groups = groups_of_user(site.store.as_ref(), user.id).await;
    let groups = groups.unwrap().unwrap();
    (user, groups.into_iter().map(|group| group.name).collect())
}

/// Security.md items 34, 39 and 40.
#[tokio::test]
async fn a_person_changes_their_password_and_is_signed_out_elsewhere() {
    let site = Site::start().await;
    let mut elsewhere = site.browser_of(ROAD_RUNNER).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    for (current, password, again, expected) in [
        ("wrong", NEW, NEW, "This is not your current password"),
        (PASSWORD, NEW, "something else", "The two are not the same"),
        (
            PASSWORD,
            PASSWORD,
            PASSWORD,
            "This is your present password",
        ),
        (PASSWORD, "short", "short", "too short"),
        (PASSWORD, "", "", "Type a password"),
    ] {
        let answer = change(&mut browser, current, password, again).await;
        assert_eq!(answer.status, 422, "{expected}");
        assert!(
            answer.body.contains(expected),
            "{expected}: {}",
            answer.body
        );
    }
    assert_eq!(elsewhere.get("/").await.status, 200);
    let mails = site.mails().await;
    let done = change(&mut browser, PASSWORD, NEW, NEW).await;
    assert_eq!(
        (done.status, done.location()),
        (303, "/profile?done=password")
    );
    assert_eq!(site.mails().await, mails + 1, "and is told by mail");
    let page = browser.get("/profile?done=password").await;
    assert!(page.body.contains("Your new password is set"));
    assert_eq!(elsewhere.get("/").await.status, 303);
    assert_eq!(site.browser().sign_in(ROAD_RUNNER, NEW).await.status, 303);
}

/// Security.md item 40.
#[tokio::test]
async fn a_person_sees_and_ends_their_sessions() {
    let site = Site::start().await;
    let mut coyote = site.browser_of(COYOTE).await;
    let mut others = [
        site.browser_of(ROAD_RUNNER).await,
        site.browser_of(ROAD_RUNNER).await,
    ];
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let page = browser.get("/profile").await;
    assert!(page.body.contains("192.0.2.7"));
    let ids = session_ids(&page);
    assert_eq!(ids.len(), 2, "this one has no button");
    let token = csrf(&mut browser).await;
    let theirs = session_ids(&coyote.get("/profile").await);
    assert!(theirs.is_empty());

    let end = [("csrf", token.as_str()), ("id", ids[0].as_str())];
    // Somebody else's session cannot be ended, also by its right id.
    let foreign = csrf(&mut coyote).await;
    let answer = coyote
        .post(
            "/profile/sessions/end",
            &[("csrf", &foreign), ("id", &ids[0])],
        )
        .await;
    assert_eq!(answer.status, 303);
    let mut alive = 0;
    for other in &mut others {
        alive += usize::from(other.get("/").await.status == 200);
    }
    assert_eq!(alive, 2);

    assert_eq!(
        browser.post("/profile/sessions/end", &end).await.status,
        303
    );
    let mut alive = 0;
    for other in &mut others {
        alive += usize::from(other.get("/").await.status == 200);
    }
    assert_eq!(alive, 1);
    let others_end = [("csrf", token.as_str())];
    let answer = browser
        .post("/profile/sessions/end-others", &others_end)
        .await;
    assert_eq!(answer.location(), "/profile?done=sessions");
    for other in &mut others {
        assert_eq!(other.get("/").await.status, 303);
    }
    assert_eq!(browser.get("/profile").await.status, 200);
    assert_eq!(coyote.get("/").await.status, 200);
}

#[tokio::test]
async fn forms_of_the_profile_need_the_token_of_this_session() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let mut coyote = site.browser_of(COYOTE).await;
    let theirs = csrf(&mut coyote).await;
    let sign_out = browser.get("/").await.input("csrf").unwrap();
    for token in ["", "x", &theirs, &sign_out] {
        for path in [
            "/profile/password",
            "/profile/sessions/end",
            "/profile/sessions/end-others",
        ] {
            let fields = [
                ("csrf", token),
                ("current", PASSWORD),
                ("password", NEW),
                ("again", NEW),
            ];
            assert_eq!(browser.post(path, &fields).await.status, 403, "{path}");
        }
    }
    let odd = csrf(&mut browser).await;
    let fields = [("csrf", odd.as_str()), ("id", "' OR 1=1")];
    assert_eq!(
        browser.post("/profile/sessions/end", &fields).await.status,
        400
    );
}

/// Security.md item 42: what a form does not offer is not set by sending it.
#[tokio::test]
async fn fields_that_a_form_does_not_have_set_nothing() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let before = stored(&site, ROAD_RUNNER).await;
    let coyote = stored(&site, COYOTE).await;
    let csrf = csrf(&mut browser).await;
    let other = coyote.0.id.to_string();
    let fields = [
        ("csrf", csrf.as_str()),
        ("current", PASSWORD),
        ("password", NEW),
        ("again", NEW),
        ("id", &other),
        ("user", &other),
        ("email", "other@acme.com"),
        ("username", "administrator"),
        ("state", "staged"),
        ("role", "full"),
        ("groups", "security-admins"),
        ("department", "Security"),
        ("attributes", "{\"Project\":\"all\"}"),
        ("must_change", "false"),
        ("mfa", "off"),
    ];
    let done = browser.post("/profile/password", &fields).await;
    assert_eq!(done.location(), "/profile?done=password");
    let after = stored(&site, ROAD_RUNNER).await;
    let expected = User {
        password_changed_at: after.0.password_changed_at,
        updated_at: after.0.updated_at,
        version: after.0.version,
        ..before.0
    };
    assert_eq!(after, (expected, before.1));
    assert_eq!(stored(&site, COYOTE).await, coyote, "nobody else is meant");
    let sign_in = site.browser().sign_in(COYOTE, NEW).await;
    assert_eq!(sign_in.status, 401);
}

#[tokio::test]
async fn names_are_shown_as_they_are() {
    let site = Site::start().await;
    let name = "<script>alert(1)</script>";
    site.add_user("odd@acme.com", name, "אבג 🦤").await;
    let page = site.browser_of("odd@acme.com").await.get("/profile").await;
    assert!(page.body.contains("אבג 🦤"));
    assert!(!page.body.contains(name));
}
