//! `POST /logout`.

use axum::body::Body;
use http::header::{CONTENT_TYPE, ORIGIN};
use jetway_identity::EventKind;

use crate::browser::form_body;
use crate::site::{ROAD_RUNNER, Site};

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_away() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let session = browser.session().unwrap().to_owned();
    let csrf = browser.get("/").await.input("csrf").unwrap();
    let answer = browser.post("/logout", &[("csrf", &csrf)]).await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/login?signed-out")
    );
    assert_eq!(browser.session(), None);
    assert!(
        browser
            .get("/login?signed-out")
            .await
            .body
            .contains("You are signed out")
    );
    assert!(
        site.last_event(EventKind::UserLogout)
            .await
            .unwrap()
            .success
    );

    // Whoever kept the cookie has nothing.
    browser.cookies.insert("jetway_session".to_owned(), session);
    assert_eq!(browser.get("/").await.status, 303);
    assert_eq!(browser.get("/userconsole/api/self").await.status, 401);
}

#[tokio::test]
async fn nobody_is_signed_out_by_another_site() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let mut other = site.browser_of(ROAD_RUNNER).await;
    let theirs = other.get("/").await.input("csrf").unwrap();
    for wrong in ["", "x", &theirs] {
        assert_eq!(
            browser.post("/logout", &[("csrf", wrong)]).await.status,
            403
        );
    }
    let csrf = browser.get("/").await.input("csrf").unwrap();
    let request = browser
        .request("POST", "/logout")
        .header(ORIGIN, "http://evil.example")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form_body(&[("csrf", &csrf)])))
        .unwrap();
    assert_eq!(browser.send(request).await.status, 403);
    assert_eq!(
        browser.get("/logout").await.status,
        405,
        "a link or an image does nothing"
    );
    assert_eq!(browser.get("/").await.status, 200);
}

#[tokio::test]
async fn signing_out_without_a_session_leads_to_the_sign_in() {
    let site = Site::start().await;
    let answer = site.browser().post("/logout", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/login"));
}
