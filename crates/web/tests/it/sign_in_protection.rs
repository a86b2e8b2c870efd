//! Forged forms, foreign redirects, planted sessions, cookies.

use axum::body::Body;
use http::header::{CONTENT_TYPE, ORIGIN};
use jetway_identity::EventKind;

use crate::browser::form_body;
use crate::site::{COYOTE, PASSWORD, ROAD_RUNNER, Site};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_without_the_token_of_this_browser_is_refused() {
    let site = Site::start().await;
    let theirs = site.browser().get("/login").await.input("csrf").unwrap();
    let mut signed_in = site.browser_of(COYOTE).await;
    let sign_out = signed_in.get("/").await.input("csrf").unwrap();
    let mut console = site.browser();
    let xsrf = console.get("/userconsole/xsrf").await.json()["xsrf"]
        .as_str()
        .unwrap()
        .to_owned();
    for wrong in ["", "x", &theirs, &sign_out, &xsrf] {
        let mut browser = site.browser();
        browser.get("/login").await;
        let fields = [
            ("csrf", wrong),
            ("username", ROAD_RUNNER),
            ("password", PASSWORD),
        ];
        let answer = browser.post("/login", &fields).await;
        assert_eq!(answer.status, 403, "{wrong}");
        assert_eq!(browser.session(), None);
        assert!(answer.body.contains("This form could not be used"));
        assert!(answer.input("csrf").is_some(), "and can be sent again");
    }
    // The token of the console, with the cookie that it belongs to.
    let fields = [
        ("csrf", xsrf.as_str()),
        ("username", ROAD_RUNNER),
        ("password", PASSWORD),
    ];
    assert_eq!(console.post("/login", &fields).await.status, 403);
    assert_eq!(
        site.count_events(EventKind::UserLoginAttempt).await,
        1,
        "only the coyote's"
    );
}

#[tokio::test]
async fn a_form_without_the_cookie_is_refused() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let csrf = browser.get("/login").await.input("csrf").unwrap();
    for cookie in [None, Some(""), Some("AAAA"), Some("not base64url!")] {
        let mut browser = site.browser();
        if let Some(value) = cookie {
            browser
                .cookies
                .insert("jetway_visitor".to_owned(), value.to_owned());
        }
        let fields = [
            ("csrf", csrf.as_str()),
            ("username", ROAD_RUNNER),
            ("password", PASSWORD),
        ];
        assert_eq!(
            browser.post("/login", &fields).await.status,
            403,
            "{cookie:?}"
        );
    }
}

#[tokio::test]
async fn a_form_sent_from_another_site_is_refused_even_with_the_right_token() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let csrf = browser.get("/login").await.input("csrf").unwrap();
    let body = form_body(&[
        ("csrf", &csrf),
        ("username", ROAD_RUNNER),
        ("password", PASSWORD),
    ]);
    let own = site.origin.clone();
    let table = [
        (vec![("origin", "http://evil.example")], 403),
        (vec![("origin", "null")], 403),
        (vec![("origin", "http://localhost:4566")], 403),
        (
            vec![("origin", own.as_str()), ("sec-fetch-site", "cross-site")],
            403,
        ),
        (
            vec![("origin", own.as_str()), ("sec-fetch-site", "same-site")],
            403,
        ),
        (vec![("referer", "http://evil.example/login")], 403),
        // Positive controls: our page in a browser, and a program.
        (
            vec![("origin", own.as_str()), ("sec-fetch-site", "same-origin")],
            303,
        ),
    ];
    for (headers, status) in table {
        let mut request = browser.request("POST", "/login").header(CONTENT_TYPE, FORM);
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let answer = browser
            .send(request.body(Body::from(body.clone())).unwrap())
            .await;
        assert_eq!(answer.status, status, "{headers:?}");
    }
    let mut program = site.browser();
    let csrf = program.get("/login").await.input("csrf").unwrap();
    let body = form_body(&[
        ("csrf", &csrf),
        ("username", ROAD_RUNNER),
        ("password", PASSWORD),
    ]);
    let request = program.request("POST", "/login").header(CONTENT_TYPE, FORM);
    let answer = program.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, 303);
}

#[tokio::test]
async fn what_is_not_a_form_of_ours_is_refused() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let csrf = browser.get("/login").await.input("csrf").unwrap();
    let good = form_body(&[
        ("csrf", &csrf),
        ("username", ROAD_RUNNER),
        ("password", PASSWORD),
    ]);
    let twice = format!("{good}&username={COYOTE}");
    let many = format!("{good}{}", "&x=1".repeat(40));
    let long = format!("{good}&x={}", "a".repeat(16 * 1024));
    for (content_type, body, status) in [
        (FORM, twice, 400),
        (FORM, many, 400),
        (FORM, long, 413),
        ("application/json", good.clone(), 415),
        ("text/plain", good.clone(), 415),
        ("multipart/form-data; boundary=x", good.clone(), 415),
        (
            "application/x-www-form-urlencoded; charset=UTF-8",
            good,
            303,
        ),
    ] {
        let request = browser
            .request("POST", "/login")
            .header(ORIGIN, &site.origin)
            .header(CONTENT_TYPE, content_type)
            .body(Body::from(body))
            .unwrap();
        let answer = browser.send(request).await;
        assert_eq!(answer.status, status, "{content_type}");
    }
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() {
    let site = Site::start().await;
    for (next, expected) in [
        ("/saml2/aws-a", "/saml2/aws-a"),
        (
            "/saml2/aws-a?RelayState=https%3A%2F%2Fx",
            "/saml2/aws-a?RelayState=https%3A%2F%2Fx",
        ),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("https:evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nLocation: http://evil.example", "/"),
        ("%2F%2Fevil.example", "/"),
        ("/.//evil.example", "/"),
        ("http://localhost:8700.evil.example/", "/"),
        ("@evil.example", "/"),
    ] {
        // Through the page, as the link would come …
        let mut browser = site.browser();
        let query = form_body(&[("next", next)]);
        let page = browser.get(&format!("/login?{query}")).await;
        let carried = page.input("next").unwrap_or_default();
        assert!(
            carried.is_empty() || carried == expected,
            "{next:?} became {carried:?}"
        );
        // … and straight into the form.
        let csrf = page.input("csrf").unwrap();
        let fields = [
            ("csrf", csrf.as_str()),
            ("next", next),
            ("username", ROAD_RUNNER),
            ("password", PASSWORD),
        ];
        let answer = browser.post("/login", &fields).await;
        assert_eq!(
            (answer.status, answer.location()),
            (303, expected),
            "{next:?}"
        );
    }
}

#[tokio::test]
async fn cookies_carry_the_attributes_that_the_address_allows() {
    for (origin, session, visitor, secure) in [
        (
            "http://localhost:8700",
            "jetway_session",
            "jetway_visitor",
            false,
        ),
        (
            "https://sso.acme.example",
            "__Host-jetway_session",
            "__Host-jetway_visitor",
            true,
        ),
    ] {
        let site = Site::start_at(origin).await;
        let mut browser = site.browser();
        let page = browser.get("/login").await;
        let before: Vec<String> = page.set_cookies().into_iter().map(str::to_owned).collect();
        let answer = browser.sign_in(ROAD_RUNNER, PASSWORD).await;
        let mut all = before;
        all.extend(answer.set_cookies().into_iter().map(str::to_owned));
        assert!(
            all.iter()
                .any(|line| line.starts_with(&format!("{session}="))),
            "{all:?}"
        );
        assert!(
            all.iter()
                .any(|line| line.starts_with(&format!("{visitor}="))),
            "{all:?}"
        );
        for line in &all {
            assert!(line.contains("; Path=/;"), "{line}");
            assert!(line.contains("; HttpOnly"), "{line}");
            assert!(line.contains("; SameSite=Lax"), "{line}");
            assert!(!line.contains("Domain"), "{line}");
            assert_eq!(line.contains("; Secure"), secure, "{line}");
        }
        let hsts = answer.header("strict-transport-security");
        assert_eq!(
            hsts,
            if secure {
                "max-age=63072000; includeSubDomains"
            } else {
                ""
            }
        );
    }
}

#[tokio::test]
async fn a_session_id_that_was_there_before_sign_in_is_not_kept() {
    let site = Site::start().await;
    // Planted by somebody who knows it.
    let mut browser = site.browser();
    let planted = "A".repeat(43);
    browser
        .cookies
        .insert("jetway_session".to_owned(), planted.clone());
    browser.sign_in(ROAD_RUNNER, PASSWORD).await;
    let session = browser.session().unwrap().to_owned();
    assert_ne!(session, planted);
    assert_eq!(session.len(), 43);

    // A live session of somebody else is ended when another person signs in over it.
    let mut attacker = site.browser_of(COYOTE).await;
    let theirs = attacker.session().unwrap().to_owned();
    let mut victim = site.browser();
    let csrf = victim.get("/login").await.input("csrf").unwrap();
    victim.cookies.insert("jetway_session".to_owned(), theirs);
    let fields = [
        ("csrf", csrf.as_str()),
        ("username", ROAD_RUNNER),
        ("password", PASSWORD),
    ];
    assert_eq!(victim.post("/login", &fields).await.status, 303);
    assert_eq!(
        attacker.get("/").await.status,
        303,
        "the planted session is gone"
    );
    assert!(victim.get("/").await.body.contains("Road Runner"));
}

#[tokio::test]
async fn a_stranger_gets_no_session_cookie() {
    let site = Site::start().await;
    for path in [
        "/",
        "/login",
        "/saml2/acme-prod-aws-admin",
        "/userconsole/xsrf",
        "/nowhere",
    ] {
        let mut browser = site.browser();
        browser.get(path).await;
        assert_eq!(browser.session(), None, "{path}");
    }
}
