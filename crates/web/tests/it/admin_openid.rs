//! "Sign in with …" for administrators, against a real OpenID Connect provider.

use std::sync::Arc;

use async_trait::async_trait;
use http::{Request, Response};
use jetway_identity::settings::OidcProvider;
use jetway_identity::{EventKind, Role};
use jetway_testkit::openid::{CLIENT_ID, CLIENT_SECRET, EmailIn, Provider};
use jetway_testkit::{counterparts, require};
use jetway_web::{Outbound, OutboundError};
use time::Duration;
use url::Url;

use crate::browser::{Answer, Browser, tampered};
use crate::site::{Site, administrator_email};

const CALLBACK: &str = "http://localhost:8700/admin/oidc/callback";

async fn set_up(site: &Site, issuer: &str) {
    let secret =
        OidcProvider::seal_client_secret(site.sealing(), &mut site.op().rng, CLIENT_SECRET);
    let provider = OidcProvider {
        name: "Acme Identity".to_owned(),
        issuer: Url::parse(issuer).unwrap(),
        client_id: CLIENT_ID.to_owned(),
        sealed_client_secret: Some(secret),
    };
    site.change_settings(|sections| sections.administrator_oidc = Some(provider))
        .await;
}

/// Goes to the provider and back, up to the address that the browser comes back with.
async fn way_back(site: &Site, browser: &mut Browser<'_>, provider: &Provider) -> String {
    let start = browser.get("/admin/oidc/start").await;
    assert_eq!(start.status, 303, "{}", start.body);
    assert!(start.location().starts_with(provider.issuer()));
    provider.sign_in(start.location(), &site.origin).unwrap()
}

/// Refused with the sign-in page; the log has the reason.
async fn assert_failed(site: &Site, browser: &Browser<'_>, answer: &Answer, reason: &str) {
    assert_eq!(answer.status, 401, "{}", answer.body);
    assert!(!browser.cookies.contains_key("jetway_admin"));
    let event = site.last_event(EventKind::AdminLoginAttempt).await.unwrap();
    assert!(!event.success);
    assert_eq!(event.detail["auth_method"], "openid_connect");
    let told = event.detail["reason"].as_str().unwrap();
    assert!(told.contains(reason), "{told}");
    assert!(
        !answer.body.contains(reason),
        "the page says less than the log"
    );
}

/// Refused with the sign-in page; nobody began this, and the log does not grow by it.
async fn assert_ignored(site: &Site, browser: &mut Browser<'_>, path: &str) {
    let before = site.count_events(EventKind::AdminLoginAttempt).await;
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    assert!(!browser.cookies.contains_key("jetway_admin"));
    let after = site.count_events(EventKind::AdminLoginAttempt).await;
    assert_eq!(before, after);
}

/// Requirement A04.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_signs_in_with_the_provider() {
    let found = require!(counterparts::oidc_provider());
    for email in [EmailIn::IdToken, EmailIn::UserInfo] {
        let provider = Provider::start(&found, CALLBACK, email).unwrap();
        let site = Site::start().await;
        let admin = administrator_email(Role::HelpDesk);
        site.add_administrator(&admin, Role::HelpDesk).await;
        set_up(&site, provider.issuer()).await;
        provider.become_person(&admin, true).unwrap();
        let mut browser = site.browser();
        let page = browser.get("/admin/login?next=/admin/profile").await;
        assert!(
            page.body.contains(">Sign in with Acme Identity</a>"),
            "{}",
            page.body
        );
        assert!(page.body.contains("<span>OR</span>"));
        let start = browser
            .get("/admin/oidc/start?next=%2Fadmin%2Fprofile")
            .await;
        let back = provider.sign_in(start.location(), &site.origin).unwrap();
        let answer = browser.get(&back).await;
        assert_eq!((answer.status, answer.location()), (303, "/admin/profile"));
        assert_eq!(browser.get("/admin/profile").await.status, 200);
        assert!(
            !browser.cookies.contains_key("jetway_oidc"),
            "the attempt is over"
        );
        let event = site.last_event(EventKind::AdminLoginAttempt).await.unwrap();
        assert!(event.success);
        assert_eq!(event.detail["auth_method"], "openid_connect");
    }
}

/// Requirement A04: nobody becomes an administrator by it.
#[tokio::test(flavor = "multi_thread")]
async fn whom_the_portal_does_not_know_or_the_provider_does_not_vouch_for_stays_out() {
    let found = require!(counterparts::oidc_provider());
    let provider = Provider::start(&found, CALLBACK, EmailIn::IdToken).unwrap();
    let site = Site::start().await;
    let admin = administrator_email(Role::Full);
    site.add_administrator(&admin, Role::Full).await;
    set_up(&site, provider.issuer()).await;

    provider.become_person("stranger@acme.com", true).unwrap();
    let mut browser = site.browser();
    let back = way_back(&site, &mut browser, &provider).await;
    let answer = browser.get(&back).await;
    assert!(answer.body.contains("No administrator has this address"));
    assert_failed(&site, &browser, &answer, "unknown_administrator").await;

    provider.become_person(&admin, false).unwrap();
    let mut browser = site.browser();
    let back = way_back(&site, &mut browser, &provider).await;
    let answer = browser.get(&back).await;
    assert_failed(&site, &browser, &answer, "has not verified").await;
}

/// OAuth 2.0 §10.12, RFC 7636, RFC 9207.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_good_for_the_browser_and_the_attempt_that_asked_and_once() {
    let found = require!(counterparts::oidc_provider());
    let provider = Provider::start(&found, CALLBACK, EmailIn::IdToken).unwrap();
    let site = Site::start().await;
    let admin = administrator_email(Role::Full);
    site.add_administrator(&admin, Role::Full).await;
    set_up(&site, provider.issuer()).await;
    provider.become_person(&admin, true).unwrap();

    // In another browser.
    let mut mine = site.browser();
    let back = way_back(&site, &mut mine, &provider).await;
    let mut theirs = site.browser();
    assert_ignored(&site, &mut theirs, &back).await;

    // With another state, another issuer, or a cookie that was tampered with.
    let cookie = mine.cookies["jetway_oidc"].clone();
    for (from, to, reason) in [
        ("state=", "state=x", "another sign-in"),
        (
            "iss=",
            "iss=https%3A%2F%2Fevil.example&was=",
            "another issuer",
        ),
        ("code=", "error=access_denied&was=", "access_denied"),
        ("code=", "was=", "no code"),
    ] {
        assert!(back.contains(from), "{back}");
        mine.cookies
            .insert("jetway_oidc".to_owned(), cookie.clone());
        let answer = mine.get(&back.replacen(from, to, 1)).await;
        assert_failed(&site, &mine, &answer, reason).await;
    }
    mine.cookies
        .insert("jetway_oidc".to_owned(), tampered(&cookie));
    assert_ignored(&site, &mut mine, &back).await;

    // The code of another attempt: its verifier is not that of this one.
    let other = way_back(&site, &mut site.browser(), &provider).await;
    let code_of = |path: &str| {
        let query = path.split_once('?').unwrap().1.to_owned();
        let code = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
        code.unwrap().1.into_owned()
    };
    mine.cookies
        .insert("jetway_oidc".to_owned(), cookie.clone());
    let mixed = back.replace(&code_of(&back), &code_of(&other));
    let answer = mine.get(&mixed).await;
    assert_failed(&site, &mine, &answer, "the code was not redeemed").await;

    // A second time.
    mine.cookies
        .insert("jetway_oidc".to_owned(), cookie.clone());
    assert_eq!(mine.get(&back).await.status, 303);
    let mut again = site.browser();
    again
        .cookies
        .insert("jetway_oidc".to_owned(), cookie.clone());
    let answer = again.get(&back).await;
    assert_failed(&site, &again, &answer, "the code was not redeemed").await;

    // Too late.
    let mut slow = site.browser();
    let back = way_back(&site, &mut slow, &provider).await;
    site.clock.advance(Duration::minutes(10));
    assert_ignored(&site, &mut slow, &back).await;
}

/// What a provider publishes cannot lead to what listens on this machine.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_on_another_machine_names_no_address_on_this_one() {
    let site = Site::start().await.with_outbound(Arc::new(Elsewhere));
    let admin = administrator_email(Role::Full);
    site.add_administrator(&admin, Role::Full).await;
    set_up(&site, "https://id.example.com").await;
    let mut browser = site.browser();
    let answer = browser.get("/admin/oidc/start").await;
    assert_failed(&site, &browser, &answer, "localhost is this machine").await;
}

/// `https://id.example.com`, whose keys are said to be on the machine that asks.
struct Elsewhere;

#[async_trait]
impl Outbound for Elsewhere {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutboundError> {
        assert_eq!(request.uri().host(), Some("id.example.com"));
        let document = serde_json::json!({
            "issuer": "https://id.example.com",
            "authorization_endpoint": "https://id.example.com/authorize",
            "token_endpoint": "https://id.example.com/token",
            "jwks_uri": "http://localhost:6379/",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        let response = Response::builder().header("content-type", "application/json");
        Ok(response.body(document.to_string().into_bytes()).unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_not_answer_leaves_the_password() {
    let site = Site::start().await;
    let closed = jetway_testkit::free_port();
    set_up(&site, &format!("http://localhost:{closed}")).await;
    let mut browser = site.browser();
    let answer = browser.get("/admin/oidc/start").await;
    assert_failed(&site, &browser, &answer, "discovery failed").await;
    assert!(
        answer
            .body
            .contains("Acme Identity did not answer as it should")
    );
    assert!(answer.body.contains("Administrator Login</button>"));
}

/// Requirement A04: off by default.
#[tokio::test]
async fn without_a_provider_the_addresses_do_not_exist() {
    let site = Site::start().await;
    for path in ["/admin/oidc/start", "/admin/oidc/callback?code=x&state=y"] {
        assert_eq!(site.browser().get(path).await.status, 404);
    }
}
