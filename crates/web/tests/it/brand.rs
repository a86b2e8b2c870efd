//! The organisation's name, logo and colours on its pages.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use http::header::{CONTENT_TYPE, HOST};
use http_body_util::BodyExt;
use jetway_identity::change_settings;
use jetway_identity::settings::Logo;

use tower::ServiceExt;

use crate::site::Site;

const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[tokio::test]
async fn a_change_of_name_logo_and_colour_shows_on_the_next_page_of_another_second() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let before = browser.get("/login").await;
    assert!(before.body.contains("The Acme Corporation"));
    assert!(!before.body.contains("/brand/"));

    change_settings(&mut site.op(), site.store.as_ref(), None, |sections| {
        "Roadrunner & Söhne".clone_into(&mut sections.profile.name);
        sections.appearance.accent_color = Some("#aa3300".to_owned());
        sections.appearance.logo = Some(Logo {
            media_type: "image/png".to_owned(),
            data: PIXEL.to_owned(),
        });
    })
    .await
    .unwrap();
    site.clock.advance(time::Duration::seconds(2));
    let after = browser.get("/login").await;
    assert!(
        after.body.contains("Roadrunner &#38; Söhne"),
        "{}",
        after.body
    );

    let css = address(&after.body, "/brand/colours.css");
    let css = browser.get(&css).await;
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert!(css.header("cache-control").contains("immutable"));
    let logo = address(&after.body, "/brand/logo");
    let request = Request::get(&logo).header(HOST, "localhost:8700");
    let request = request.body(Body::empty()).unwrap();
    let logo = site.router.clone().oneshot(request).await.unwrap();
    assert_eq!(logo.headers()[CONTENT_TYPE], "image/png");
    let bytes = logo.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(bytes, STANDARD.decode(PIXEL).unwrap());
}

#[tokio::test]
async fn without_logo_and_colour_there_is_nothing_to_serve() {
    let site = Site::start().await;
    let mut browser = site.browser();
    for file in ["logo", "colours.css", "other"] {
        let answer = browser.get(&format!("/brand/{file}")).await;
        assert_eq!(answer.status, 404, "{file}");
    }
}

/// The address in the page that begins so.
fn address(page: &str, beginning: &str) -> String {
    let start = page.find(beginning).expect(page);
    let rest = &page[start..];
    rest[..rest.find('"').expect(rest)].to_owned()
}
