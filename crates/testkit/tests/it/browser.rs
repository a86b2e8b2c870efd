use jetway_testkit::browser::{Browser, ColorScheme, PHONE};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::{counterparts, require};

const PAGE: &str = "data:text/html,<title>Gate</title><p id=p>hello";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_browser_shows_a_page_as_a_phone_in_the_dark() {
    let programs = require!(counterparts::browser());
    let browser = Browser::start(&programs).await.unwrap();
    browser.client().goto(PAGE).await.unwrap();
    assert_eq!(browser.client().title().await.unwrap(), "Gate");
    let text = browser
        .client()
        .find(Locator::Id("p"))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(text, "hello");

    browser.set_size(PHONE).await.unwrap();
    browser.set_color_scheme(ColorScheme::Dark).await.unwrap();
    let seen = browser
        .client()
        .execute(
            "return [screen.width, matchMedia('(prefers-color-scheme: dark)').matches]",
            Vec::new(),
        )
        .await
        .unwrap();
    assert_eq!(seen, serde_json::json!([PHONE.0, true]));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shots/gate.png");
    browser.screenshot(&file).await.unwrap();
    assert!(std::fs::read(file).unwrap().starts_with(b"\x89PNG"));
}
