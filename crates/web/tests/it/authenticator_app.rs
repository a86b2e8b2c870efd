//! An authenticator app in a browser.

use jetway_identity::Clock as _;
use jetway_testkit::authenticator_app;
use time::{Duration, OffsetDateTime};

use crate::browser::Browser;
use crate::site::{ROAD_RUNNER, Site};

/// What the app shows at this time.
pub(crate) fn shown(secret: &str, at: OffsetDateTime) -> String {
    authenticator_app::shown_at(secret, at.unix_timestamp()).unwrap()
}

pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    let parts = text.split(before).skip(1);
    parts
        .map(|part| part.split(after).next().unwrap())
        .collect()
}

/// The token of the forms of the profile.
pub(crate) async fn own_csrf(browser: &mut Browser<'_>) -> String {
    let fields = browser.get("/profile").await.form("/profile/password");
    let found = fields.into_iter().find(|(name, _)| name == "csrf");
    found.unwrap().1
}

/// Connects an app in the profile; gives its secret and the recovery codes.
pub(crate) async fn connect(site: &Site) -> (String, Vec<String>) {
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    connect_in(site, &mut browser).await
}

/// The same in a browser that is signed in.
pub(crate) async fn connect_in(site: &Site, browser: &mut Browser<'_>) -> (String, Vec<String>) {
    let csrf = own_csrf(browser).await;
    let page = browser.post("/profile/totp", &[("csrf", &csrf)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("<path d=\"M4 4h1v1h-1z"), "a QR code");
    let secret = between(&page.body, "<code class=\"secret\">", "</code>")[0].to_owned();
    let wrong = [("csrf", csrf.as_str()), ("otp", "12 34")];
    let again = browser.post("/profile/totp/finish", &wrong).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains(&secret), "the same secret again");
    assert!(again.body.contains("A code has six digits"));
    let code = shown(&secret, site.clock.now());
    let right = [("csrf", csrf.as_str()), ("otp", code.as_str())];
    let done = browser.post("/profile/totp/finish", &right).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let codes = between(&done.body, "<li><code>", "</code>");
    let codes: Vec<_> = codes.into_iter().map(str::to_owned).collect();
    assert_eq!(codes.len(), 10);
    site.clock.advance(Duration::minutes(1));
    (secret, codes)
}
