//! `GET` and `POST /saml2/{application}/logout`: the service provider ends the session.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jetway_identity::applications::{LogoutBinding, SingleLogout};
use jetway_identity::{AttributeSource, Clock as _, EventKind, NameIdFormat, SamlSettings, UserId};
use jetway_saml::{
    Authenticity, Inbound, LogoutRequest, LogoutResponse, MessageParameter, NAMEID_EMAIL,
    ReceivedNameId, SigningKey, StatusCode, StatusSubcode, VerifyingKey, redirect_query,
};
use roxmltree::Document;
use time::Duration;

use crate::browser::{Answer, Browser};
use crate::service_provider::{ENTITY_ID, PATH, ServiceProvider, post_from_elsewhere, response};
use crate::site::{COYOTE, ROAD_RUNNER, Site};

const LOGOUT: &str = "/saml2/wiki/logout";
const SLO: &str = "https://wiki.acme.example/slo?x=1";
const STATE: &str = "back & forth";

fn single_logout(binding: LogoutBinding) -> SingleLogout {
    SingleLogout {
        url: "https://wiki.acme.example/slo-requests".to_owned(),
        response_url: Some(SLO.to_owned()),
        binding,
    }
}

async fn set_up_with(change: impl FnOnce(&mut SamlSettings) + Send) -> (Site, ServiceProvider) {
    let site = Site::start().await;
    let sp = ServiceProvider::new(&site);
    sp.register(&site, |saml| {
        saml.single_logout = Some(single_logout(LogoutBinding::Redirect));
        change(saml);
    })
    .await;
    (site, sp)
}

fn request(site: &Site, id: &str, name: &str) -> LogoutRequest {
    LogoutRequest {
        id: id.to_owned(),
        issue_instant: site.clock.now(),
        destination: Some(format!("{}{LOGOUT}", site.origin)),
        issuer: ENTITY_ID.to_owned(),
        not_on_or_after: Some(site.clock.now() + Duration::minutes(5)),
        reason: None,
        name_id: ReceivedNameId {
            format: Some(NAMEID_EMAIL.to_owned()),
            value: name.to_owned(),
        },
        session_indexes: Vec::new(),
    }
}

fn link(request: &LogoutRequest, key: Option<&SigningKey>) -> String {
    let xml = request.to_xml().unwrap();
    let query = redirect_query(&xml, MessageParameter::Request, Some(STATE), key).unwrap();
    format!("{LOGOUT}?{query}")
}

async fn own_keys(site: &Site) -> Vec<VerifyingKey> {
    let metadata = site.browser().get(&format!("{PATH}/metadata")).await;
    let idp = jetway_saml::TrustedIdp::from_metadata(&metadata.body).unwrap();
    idp.keys
}

/// The answer that the browser takes back by redirect, verified.
async fn redirected(site: &Site, answer: &Answer) -> LogoutResponse {
    assert_eq!(answer.status, 303, "{}", answer.body);
    let query = answer
        .location()
        .strip_prefix(SLO)
        .expect("the registered address");
    let query = query.strip_prefix('&').unwrap();
    let keys = own_keys(site).await;
    let (response, authenticity) =
        Inbound::<LogoutResponse>::verify_redirect(query, &keys).unwrap();
    assert_eq!(authenticity, Authenticity::Signed);
    assert_eq!(response.relay_state(), Some(STATE));
    response.claims().clone()
}

async fn sessions(site: &Site, user: UserId) -> usize {
    let mut read = site.store.read().await.unwrap();
    read.sessions_of(user).await.unwrap().len()
}

async fn is_signed_in(browser: &mut Browser<'_>) -> bool {
    browser.get("/").await.status == 200
}

/// SAML profiles 4.4.
#[tokio::test]
async fn a_signed_request_ends_the_session_and_is_answered_at_the_registered_address() {
    let (site, sp) = set_up_with(|_| ()).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let page = browser.get(PATH).await;
    let index = response(&site, &page).await.assertion.session_index.clone();
    let mut elsewhere = site.browser_of(ROAD_RUNNER).await;
    let request = LogoutRequest {
        session_indexes: index.into_iter().collect(),
        ..request(&site, "_1", ROAD_RUNNER)
    };
    let answer = browser.get(&link(&request, Some(&sp.key))).await;
    let response = redirected(&site, &answer).await;
    assert_eq!(response.in_response_to.as_deref(), Some("_1"));
    assert_eq!(response.destination.as_deref(), Some(SLO));
    assert_eq!(response.issuer, format!("http://localhost:8700{PATH}"));
    assert_eq!(response.status.code, StatusCode::Success);
    assert!(!is_signed_in(&mut browser).await);
    assert!(is_signed_in(&mut elsewhere).await, "another session");
    let event = site.last_event(EventKind::UserLogout).await.unwrap();
    assert!(event.success);
    assert_eq!(event.target.unwrap().label, ROAD_RUNNER);
    assert_eq!(event.detail["application"]["slug"], "wiki");
}

#[tokio::test]
async fn a_request_without_index_ends_all_sessions_of_the_person_it_names() {
    let (site, sp) = set_up_with(|_| ()).await;
    let mut first = site.browser_of(ROAD_RUNNER).await;
    let mut second = site.browser_of(ROAD_RUNNER).await;
    let mut other = site.browser_of(COYOTE).await;
    let link_of = |id| link(&request(&site, id, ROAD_RUNNER), Some(&sp.key));
    let answer = site.browser().get(&link_of("_1")).await;
    let response = redirected(&site, &answer).await;
    assert_eq!(response.status.code, StatusCode::Success);
    assert!(!is_signed_in(&mut first).await && !is_signed_in(&mut second).await);
    assert!(is_signed_in(&mut other).await);
    assert_eq!(site.count_events(EventKind::UserLogout).await, 2);
    // Who is signed out already is signed out, as asked.
    let answer = site.browser().get(&link_of("_2")).await;
    let response = redirected(&site, &answer).await;
    assert_eq!(response.status.code, StatusCode::Success);
}

#[tokio::test]
async fn by_post_it_comes_without_cookie_and_is_answered_with_a_form() {
    let (site, sp) = set_up_with(|saml| {
        saml.single_logout = Some(single_logout(LogoutBinding::Post));
    })
    .await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let form = request(&site, "_1", ROAD_RUNNER)
        .sign(&sp.key)
        .unwrap()
        .to_base64();
    let fields = [("SAMLRequest", form.as_str()), ("RelayState", STATE)];
    let page = post_from_elsewhere(&site, LOGOUT, &fields).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.attribute("form", None, "action").unwrap(), SLO);
    assert_eq!(page.input("RelayState").unwrap(), STATE);
    let policy = page.header("content-security-policy");
    assert!(
        policy.ends_with("form-action 'self' https://wiki.acme.example"),
        "{policy}"
    );
    let xml = STANDARD
        .decode(page.input("SAMLResponse").unwrap())
        .unwrap();
    let response = Inbound::<LogoutResponse>::from_xml(&String::from_utf8(xml).unwrap()).unwrap();
    let authenticity = response.verify(&own_keys(&site).await).unwrap();
    assert_eq!(authenticity, Authenticity::Signed);
    assert_eq!(response.claims().in_response_to.as_deref(), Some("_1"));
    assert!(!is_signed_in(&mut browser).await);
}

/// A name that nobody can be looked up by is compared with who sits at the browser.
#[tokio::test]
async fn a_name_of_another_kind_is_that_of_the_browser_or_of_nobody() {
    let (site, sp) = set_up_with(|saml| {
        saml.name_id.source = AttributeSource::FirstName;
        saml.name_id.format = NameIdFormat::Unspecified;
    })
    .await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let link_of = |id, name| link(&request(&site, id, name), Some(&sp.key));
    let answer = browser.get(&link_of("_1", "Wile")).await;
    let response = redirected(&site, &answer).await;
    assert_eq!(response.status.code, StatusCode::Requester);
    let unknown = Some(StatusSubcode::UnknownPrincipal);
    assert_eq!(response.status.subcode, unknown);
    assert!(is_signed_in(&mut browser).await);
    let answer = browser.get(&link_of("_2", "Road")).await;
    let response = redirected(&site, &answer).await;
    assert_eq!(response.status.code, StatusCode::Success);
    assert!(!is_signed_in(&mut browser).await);
    let answer = browser.get(&link_of("_3", "Road")).await;
    assert_eq!(redirected(&site, &answer).await.status.subcode, unknown);
}

#[tokio::test]
async fn a_transient_name_is_found_by_the_index_of_the_session() {
    let (site, sp) = set_up_with(|saml| saml.name_id.format = NameIdFormat::Transient).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let page = browser.get(PATH).await;
    let assertion = response(&site, &page).await.assertion.clone();
    let with_index = |id: &str, index: Option<String>| LogoutRequest {
        session_indexes: index.into_iter().collect(),
        ..request(&site, id, &assertion.name_id.value)
    };
    for (request, ends) in [
        (with_index("_1", None), false),
        (with_index("_2", Some("_other".to_owned())), false),
        (with_index("_3", assertion.session_index.clone()), true),
    ] {
        let answer = browser.get(&link(&request, Some(&sp.key))).await;
        let code = redirected(&site, &answer).await.status.code;
        assert_eq!(code == StatusCode::Success, ends, "{}", request.id);
        assert_eq!(sessions(&site, site.road_runner).await == 0, ends);
    }
}

/// Security.md: nobody else ends a session.
#[tokio::test]
async fn what_cannot_be_believed_is_refused_with_a_page_and_an_event() {
    let (site, sp) = set_up_with(|_| ()).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let plain = || request(&site, "_1", ROAD_RUNNER);
    let now = site.clock.now();
    let stranger = ServiceProvider::new(&site);
    let signed = |request: LogoutRequest| link(&request, Some(&sp.key));
    let refused = [
        (link(&plain(), None), "has to be signed"),
        (link(&plain(), Some(&stranger.key)), "signature"),
        (
            signed(plain()).replace("RelayState=back", "RelayState=far"),
            "signature",
        ),
        (
            signed(LogoutRequest {
                issuer: "https://evil.example".to_owned(),
                ..plain()
            }),
            "not the service provider",
        ),
        (
            signed(LogoutRequest {
                destination: Some("http://localhost:8700/saml2/other/logout".to_owned()),
                ..plain()
            }),
            "another address",
        ),
        (
            signed(LogoutRequest {
                issue_instant: now - Duration::minutes(11),
                ..plain()
            }),
            "too long ago",
        ),
        (
            signed(LogoutRequest {
                not_on_or_after: Some(now),
                ..plain()
            }),
            "too long ago",
        ),
    ];
    for (number, (link, reason)) in refused.iter().enumerate() {
        let page = browser.get(link).await;
        assert_eq!((page.status, page.location()), (400, ""), "{reason}");
        assert!(page.body.contains(reason), "{reason}: {}", page.body);
        assert_eq!(site.count_events(EventKind::UserLogout).await, number + 1);
        let event = site.last_event(EventKind::UserLogout).await.unwrap();
        assert!(!event.success);
        assert_eq!(event.detail["reason"], "request_refused");
    }
    assert!(is_signed_in(&mut browser).await);
    for unreadable in [format!("{LOGOUT}?SAMLRequest=fZJN"), LOGOUT.to_owned()] {
        assert_eq!(browser.get(&unreadable).await.status, 400);
    }
    let unknown = signed(plain()).replace("/wiki/", "/no-such-application/");
    assert_eq!(browser.get(&unknown).await.status, 404);
}

#[tokio::test]
async fn a_request_is_answered_once() {
    let (site, sp) = set_up_with(|_| ()).await;
    let link = link(&request(&site, "_1", ROAD_RUNNER), Some(&sp.key));
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    assert_eq!(browser.get(&link).await.status, 303);
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    site.clock.advance(Duration::minutes(4));
    let page = browser.get(&link).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("answered already"), "{}", page.body);
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn the_metadata_names_logout_where_the_service_provider_has_it_and_can_sign() {
    for (publishes, signs) in [(true, true), (true, false), (false, true)] {
        let (site, sp) = set_up_with(|saml| {
            if !publishes {
                saml.single_logout = None;
            }
            if !signs {
                saml.request_certificates.clear();
            }
        })
        .await;
        let metadata = site.browser().get(&format!("{PATH}/metadata")).await;
        let document = Document::parse(&metadata.body).unwrap();
        let places: Vec<_> = document
            .descendants()
            .filter(|node| node.tag_name().name() == "SingleLogoutService")
            .map(|node| node.attribute("Location").unwrap())
            .collect();
        let address = format!("http://localhost:8700{LOGOUT}");
        let expected = if publishes && signs { 2 } else { 0 };
        assert_eq!(places, vec![address.as_str(); expected]);
        let link = link(&request(&site, "_1", ROAD_RUNNER), Some(&sp.key));
        let answer = site.browser().get(&link).await;
        assert_eq!(answer.status == 303, publishes && signs, "{}", answer.body);
    }
}
