//! `GET /saml2/{application}`.

use jetway_identity::{EventKind, remove_member, set_application_active};
use jetway_saml::{
    ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME, ReceivedResponse, TrustedIdp, Unverified,
};
use time::Duration;

use crate::browser::{Answer, form_body};
use crate::site::{ACS_URL, APPLICATION, COYOTE, LABEL, PASSWORD, ROAD_RUNNER, ROLE, Site};

const PATH: &str = "/saml2/acme-prod-aws-admin";

async fn trusted(site: &Site) -> TrustedIdp {
    let metadata = site
        .browser()
        .get("/saml2/acme-prod-aws-admin/metadata")
        .await;
    TrustedIdp::from_metadata(&metadata.body).unwrap()
}

fn received(page: &Answer) -> Unverified<ReceivedResponse> {
    Unverified::from_base64(&page.input("SAMLResponse").unwrap()).unwrap()
}

/// Requirements N01, N06.
#[tokio::test]
async fn the_issued_response_verifies_with_the_exported_metadata_and_names_the_person() {
    let site = Site::start().await;
    let page = site.browser_of(ROAD_RUNNER).await.get(PATH).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.attribute("form", None, "action").unwrap(), ACS_URL);
    assert_eq!(page.attribute("form", None, "method").unwrap(), "post");
    assert_eq!(page.input("RelayState"), None);
    assert_eq!(page.body.matches("<form").count(), 1);

    let idp = trusted(&site).await;
    let response = received(&page).verify(&idp.keys).unwrap();
    assert_eq!(response.destination.as_deref(), Some(ACS_URL));
    assert_eq!(response.in_response_to, None);
    let assertion = &response.assertion;
    assert_eq!(assertion.issuer, idp.entity_id);
    assert_eq!(assertion.issuer, format!("http://localhost:8700{PATH}"));
    assert_eq!(assertion.name_id.value, ROAD_RUNNER);
    assert_eq!(assertion.recipient, ACS_URL);
    let values = |name: &str| {
        let found = assertion
            .attributes
            .iter()
            .find(|attribute| attribute.name == name);
        found.unwrap().values.clone()
    };
    assert_eq!(values(ATTRIBUTE_ROLE), [ROLE]);
    assert_eq!(values(ATTRIBUTE_ROLE_SESSION_NAME), [ROAD_RUNNER]);

    let event = site.last_event(EventKind::SsoAuth).await.unwrap();
    assert!(event.success);
    assert_eq!(event.request_id, page.header("x-request-id"));
}

#[tokio::test]
async fn the_page_may_post_to_the_application_only_and_is_never_kept() {
    let site = Site::start().await;
    let page = site.browser_of(ROAD_RUNNER).await.get(PATH).await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.ends_with("form-action 'self' http://localhost:4566"),
        "{policy}"
    );
    assert!(
        policy.contains("default-src 'none'; script-src 'self'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("cache-control"), "no-store");
    let script = page.attribute("script", None, "src").unwrap();
    let mut browser = site.browser();
    let script = browser.get(&script).await;
    assert_eq!(script.status, 200);
    assert!(script.body.contains("submit()"));
}

#[tokio::test]
async fn two_responses_have_nothing_in_common_that_could_be_replayed() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let idp = trusted(&site).await;
    let first = received(&browser.get(PATH).await)
        .verify(&idp.keys)
        .unwrap();
    let second = received(&browser.get(PATH).await)
        .verify(&idp.keys)
        .unwrap();
    assert_ne!(first.assertion.id, second.assertion.id);
}

/// Requirement N04.
#[tokio::test]
async fn a_deep_link_survives_the_sign_in_with_its_relay_state() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let state = "https://console.aws.amazon.com/s3?a=1&b=\"<x>";
    let link = format!("{PATH}?{}", form_body(&[("RelayState", state)]));
    let answer = browser.get(&link).await;
    assert_eq!(answer.status, 303);
    let page = browser.get(answer.location()).await;
    let (csrf, next) = (page.input("csrf").unwrap(), page.input("next").unwrap());
    assert_eq!(next, link);

    // A mistyped password does not lose the way.
    let fields = [
        ("csrf", csrf.as_str()),
        ("next", &next),
        ("username", ROAD_RUNNER),
    ];
    let wrong = browser
        .post("/login", &[&fields[..], &[("password", "wrong")]].concat())
        .await;
    assert_eq!(wrong.input("next").unwrap(), link);

    let answer = browser
        .post("/login", &[&fields[..], &[("password", PASSWORD)]].concat())
        .await;
    assert_eq!((answer.status, answer.location()), (303, link.as_str()));
    let page = browser.get(answer.location()).await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.input("RelayState").unwrap(),
        state,
        "unchanged, and inert in the page"
    );
}

#[tokio::test]
async fn a_relay_state_of_eighty_bytes_is_the_longest() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    for (text, status) in [
        ("a".repeat(80), 200),
        ("a".repeat(81), 400),
        ("é".repeat(41), 400),
    ] {
        let query = form_body(&[("RelayState", &text)]);
        assert_eq!(
            browser.get(&format!("{PATH}?{query}")).await.status,
            status,
            "{text}"
        );
    }
    assert_eq!(
        browser
            .get(&format!("{PATH}?RelayState=a&RelayState=b"))
            .await
            .status,
        400
    );
}

/// Requirement K01.
#[tokio::test]
async fn a_person_outside_the_groups_is_refused_by_url_with_an_event() {
    let site = Site::start().await;
    let mut browser = site.browser_of(COYOTE).await;
    let page = browser.get(PATH).await;
    assert_eq!(page.status, 403);
    assert!(
        page.body
            .contains(&format!("You do not have access to {LABEL}"))
    );
    assert!(page.body.contains(COYOTE), "says who is signed in");
    assert!(page.body.contains("Ask your administrator"));
    assert_eq!(page.input("SAMLResponse"), None);
    let event = site.last_event(EventKind::SsoAuth).await.unwrap();
    assert!(!event.success);
    assert_eq!(event.target.unwrap().label, LABEL);
    // The way out works.
    let csrf = page.input("csrf").unwrap();
    assert_eq!(
        browser.post("/logout", &[("csrf", &csrf)]).await.status,
        303
    );
}

/// Requirement K05.
#[tokio::test]
async fn access_ends_with_the_membership_and_with_the_application() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let store = site.store.as_ref();
    set_application_active(&mut site.op(), store, site.application, false)
        .await
        .unwrap();
    let page = browser.get(PATH).await;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("is switched off"));
    set_application_active(&mut site.op(), store, site.application, true)
        .await
        .unwrap();
    assert_eq!(browser.get(PATH).await.status, 200);
    remove_member(&mut site.op(), store, site.operations, site.road_runner)
        .await
        .unwrap();
    assert_eq!(browser.get(PATH).await.status, 403);
}

#[tokio::test]
async fn a_stranger_learns_nothing_about_applications() {
    let site = Site::start().await;
    for slug in [
        APPLICATION,
        "no-such-application",
        "%00",
        "UPPER",
        &"x".repeat(200),
    ] {
        let answer = site.browser().get(&format!("/saml2/{slug}")).await;
        assert_eq!(answer.status, 303, "{slug}");
        let expected = format!(
            "/login?{}",
            form_body(&[("next", &format!("/saml2/{slug}"))])
        );
        assert_eq!(answer.location(), expected);
        let page = site.browser().get(answer.location()).await;
        assert!(!page.body.contains(LABEL));
    }
}

#[tokio::test]
async fn an_unknown_application_is_not_found_for_whoever_is_signed_in() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    for slug in [
        "no-such-application",
        "%00",
        "UPPER",
        "..%2F",
        &"x".repeat(200),
        "%ff",
    ] {
        let answer = browser.get(&format!("/saml2/{slug}")).await;
        assert_eq!(answer.status, 404, "{slug}");
        assert!(answer.body.contains("There is no such page"));
    }
}

#[tokio::test]
async fn an_expired_session_signs_in_again_and_loses_its_cookie() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    site.clock.advance(Duration::minutes(61));
    let answer = browser.get(PATH).await;
    assert_eq!(answer.status, 303);
    assert!(answer.location().starts_with("/login?next="));
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_refused_with_a_page() {
    let site = Site::start().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let page = browser
        .get(&format!("{PATH}?SAMLRequest=fZJN&RelayState=x"))
        .await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("request was not accepted"));
    assert_eq!(page.input("SAMLResponse"), None);
    let posted = browser.post(PATH, &[("SAMLRequest", "x")]).await;
    assert_eq!(posted.status, 400);
    assert_eq!(posted.input("SAMLResponse"), None);
}

#[tokio::test]
async fn a_label_with_markup_is_shown_as_text_on_every_page() {
    let site = Site::start().await;
    let label = "\"><script>alert('x')</script>";
    let id = site.add_assigned("odd", label).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    for path in ["/", "/saml2/odd"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("<script>"), "{path}");
        assert!(page.body.contains("&#60;script&#62;"), "{path}");
    }
    set_application_active(&mut site.op(), site.store.as_ref(), id, false)
        .await
        .unwrap();
    let page = browser.get("/saml2/odd").await;
    assert_eq!(page.status, 403);
    assert!(!page.body.contains("<script>"));
}
