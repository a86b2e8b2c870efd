//! Hosts, methods, limits, static files, health.

use axum::body::Body;
use http::Request;
use http::header::HOST;

use crate::browser::send;
use crate::site::Site;

async fn status_at_host(site: &Site, path: &str, hosts: &[&str]) -> u16 {
    let mut request = Request::builder().uri(path);
    for host in hosts {
        request = request.header(HOST, *host);
    }
    send(&site.router, request.body(Body::empty()).unwrap())
        .await
        .status
}

#[tokio::test]
async fn only_its_own_names_are_answered() {
    let site = Site::start().await;
    for good in [
        "localhost:8700",
        "LOCALHOST:8700",
        "127.0.0.1:8700",
        "[::1]:8700",
    ] {
        assert_eq!(
            status_at_host(&site, "/login", &[good]).await,
            200,
            "{good}"
        );
    }
    for foreign in [
        "evil.example",
        "localhost",
        "localhost:80",
        "localhost:8700.evil.example",
        "evil.example:8700",
        "localhost:8700@evil.example",
        "127.0.0.2:8700",
        "",
    ] {
        assert_eq!(
            status_at_host(&site, "/login", &[foreign]).await,
            421,
            "{foreign}"
        );
    }
    assert_eq!(status_at_host(&site, "/login", &[]).await, 400, "no host");
    assert_eq!(
        status_at_host(&site, "/login", &["localhost:8700", "evil.example"]).await,
        400
    );
    let absolute = "http://evil.example/login";
    assert_eq!(
        status_at_host(&site, absolute, &["localhost:8700"]).await,
        400
    );
}

#[tokio::test]
async fn a_public_host_has_no_aliases() {
    let site = Site::start_at("https://sso.acme.example").await;
    for good in ["sso.acme.example", "sso.acme.example:443"] {
        assert_eq!(
            status_at_host(&site, "/login", &[good]).await,
            200,
            "{good}"
        );
    }
    for foreign in [
        "localhost",
        "127.0.0.1",
        "sso.acme.example:8443",
        "acme.example",
    ] {
        assert_eq!(
            status_at_host(&site, "/login", &[foreign]).await,
            421,
            "{foreign}"
        );
    }
}

#[tokio::test]
async fn forwarding_headers_of_strangers_change_nothing() {
    let site = Site::start().await;
    let request = Request::builder()
        .uri("/login")
        .header(HOST, "localhost:8700")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-for", "203.0.113.9")
        .header("forwarded", "host=evil.example;proto=https")
        .header("x-original-url", "/userconsole/api/self")
        .header("x-http-method-override", "DELETE");
    let answer = send(&site.router, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("evil.example"));
    assert!(!answer.headers.contains_key("strict-transport-security"));
    assert!(answer.set_cookies()[0].starts_with("jetway_visitor="));
}

#[tokio::test]
async fn probes_are_answered_under_any_name() {
    let site = Site::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(
            status_at_host(&site, path, &["10.0.0.5:8700"]).await,
            200,
            "{path}"
        );
    }
}

#[tokio::test]
async fn unknown_pages_and_methods_get_a_page_that_says_so() {
    let site = Site::start().await;
    let mut browser = site.browser();
    for path in [
        "/nowhere",
        "/login/",
        "/saml2",
        "/saml2/",
        "/static/",
        "/static/../Cargo.toml",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("There is no such page"), "{path}");
    }
    let answer = browser.post("/healthz", &[]).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "GET,HEAD"));
    assert!(answer.body.contains("cannot be used that way"));
}

#[tokio::test]
async fn static_files_are_kept_for_ever_under_their_version_only() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let page = browser.get("/login").await;
    let link = page
        .body
        .split('"')
        .find(|text| text.starts_with("/static/jetway.css?v="))
        .unwrap();
    let named = browser.get(link).await;
    assert_eq!(named.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(
        named.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let bare = browser.get("/static/jetway.css").await;
    assert_eq!(bare.header("cache-control"), "no-cache");
    let stale = browser.get("/static/jetway.css?v=0000000000000000").await;
    assert_eq!(stale.header("cache-control"), "no-cache");
    let request = browser
        .request("GET", link)
        .header("if-none-match", bare.header("etag"));
    let again = browser.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(again.header("etag"), bare.header("etag"));
    assert_eq!(
        again.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(again.header("x-content-type-options"), "nosniff");
    assert!(!again.header("content-security-policy").is_empty());
    for missing in ["/static/tokens.css", "/static/%2e%2e%2fsrc", "/static/%00"] {
        assert_eq!(browser.get(missing).await.status, 404, "{missing}");
    }
}
