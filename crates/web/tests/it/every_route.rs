//! Each route of the table, called by a stranger and by a signed-in person.

use std::collections::BTreeSet;

use axum::body::Body;
use http::header::CONTENT_TYPE;
use jetway_identity::change_settings;
use jetway_web::{Audience, ROUTES, Route};

use crate::browser::{Answer, Browser};
use crate::site::{ROAD_RUNNER, Site};

fn address(route: &Route) -> String {
    route
        .path
        .replace("{application}", "acme-prod-aws-admin")
        .replace("/brand/{file}", "/brand/colours.css")
        .replace("{file}", "jetway.css")
}

/// A site whose organisation has a colour, so that every address has something to serve.
async fn branded_site() -> Site {
    let site = Site::start().await;
    change_settings(&mut site.op(), site.store.as_ref(), None, |sections| {
        sections.appearance.accent_color = Some("#2b50c4".to_owned());
    })
    .await
    .unwrap();
    site
}

async fn call(browser: &mut Browser<'_>, route: &Route) -> Answer {
    let request = browser
        .request(route.method, &address(route))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::empty())
        .unwrap();
    browser.send(request).await
}

#[tokio::test]
async fn lets_in_whom_the_table_says_and_nobody_else() {
    let site = branded_site().await;
    for route in ROUTES {
        let stranger = call(&mut site.browser(), route).await;
        let person = call(&mut site.browser_of(ROAD_RUNNER).await, route).await;
        match route.audience {
            Audience::Anyone => {
                assert_eq!(stranger.status, 200, "{route:?}");
            }
            Audience::SameSite => {
                assert_eq!((stranger.status, person.status), (403, 403), "{route:?}");
            }
            Audience::Person => {
                assert_eq!(stranger.status, 303, "{route:?}");
                assert!(stranger.location().starts_with("/login"), "{route:?}");
                let expected = if route.method == "POST" { 403 } else { 200 };
                assert_eq!(person.status, expected, "{route:?}");
            }
            Audience::PersonApi => {
                assert_eq!((stranger.status, person.status), (401, 200), "{route:?}");
            }
        }
    }
}

/// A cookie that was made up opens nothing.
#[tokio::test]
async fn takes_a_made_up_session_for_none() {
    let site = branded_site().await;
    for route in ROUTES {
        for made_up in ["A".repeat(43), "x".to_owned(), "' OR 1=1 --".to_owned()] {
            let mut browser = site.browser();
            browser.cookies.insert("jetway_session".to_owned(), made_up);
            let answer = call(&mut browser, route).await;
            let expected: &[u16] = match route.audience {
                Audience::Anyone => &[200],
                Audience::SameSite => &[403],
                Audience::Person => &[303, 403],
                Audience::PersonApi => &[401],
            };
            assert!(
                expected.contains(&answer.status),
                "{route:?}: {}",
                answer.status
            );
            assert!(!answer.body.contains(ROAD_RUNNER), "{route:?}");
        }
    }
}

#[tokio::test]
async fn answers_with_the_security_headers_whatever_happens() {
    let site = Site::start().await;
    let mut answers = Vec::new();
    for route in ROUTES {
        answers.push((format!("{route:?}"), call(&mut site.browser(), route).await));
        let mut browser = site.browser_of(ROAD_RUNNER).await;
        answers.push((
            format!("{route:?} signed in"),
            call(&mut browser, route).await,
        ));
        let request = site.browser().request("DELETE", &address(route));
        let answer = site
            .browser()
            .send(request.body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, 405, "{route:?}");
        assert!(answer.header("allow").contains(route.method), "{route:?}");
        answers.push((format!("DELETE {}", route.path), answer));
    }
    answers.push((
        "nowhere".to_owned(),
        site.browser().get("/no/such/page").await,
    ));
    for (what, answer) in answers {
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{what}: {policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{what}");
        assert!(policy.contains("base-uri 'none'"), "{what}");
        assert!(policy.contains("form-action 'self'"), "{what}");
        assert!(
            !policy.contains("unsafe") && !policy.contains('*'),
            "{what}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{what}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{what}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            "same-origin",
            "{what}"
        );
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "{what}: plain http"
        );
        assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
        if !what.contains("/static/") {
            assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        }
        assert_eq!(answer.header("server"), "", "{what}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{what}");
    }
}

/// The router is built from the table, so what is not in it does not exist. This finds a second
/// place where routes are added.
#[test]
fn is_registered_in_one_place() {
    let sources = format!("{}/src", env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![std::path::PathBuf::from(sources)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for call in [
                ".route(",
                ".route_service(",
                ".nest(",
                ".nest_service(",
                ".merge(",
            ] {
                found.extend(std::iter::repeat_n(
                    path.clone(),
                    text.matches(call).count(),
                ));
            }
        }
    }
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("routes.rs"));
    let addresses: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| (route.method, route.path))
        .collect();
    assert_eq!(addresses.len(), ROUTES.len(), "a route twice");
}
