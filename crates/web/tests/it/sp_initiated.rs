//! `GET` and `POST /saml2/{application}` with a request of the service provider (SAML profiles
//! 4.1.4).

use jetway_identity::EventKind;
use jetway_saml::{
    AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT, AuthnContextComparison, AuthnRequest,
    BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, NAMEID_EMAIL, NAMEID_PERSISTENT, NAMEID_TRANSIENT,
    NAMEID_UNSPECIFIED, NameIdPolicy, RequestedAuthnContext,
};
use time::Duration;

use crate::service_provider::{
    ACS, OTHER_ACS, PATH, ServiceProvider, carried, open, post_from_elsewhere, response, sign_in_on,
};
use crate::site::{COYOTE, ROAD_RUNNER, Site};

const STATE: &str = "https://wiki.acme.example/a?b=1&c=\"<é>";

async fn set_up() -> (Site, ServiceProvider) {
    let site = Site::start().await;
    let sp = ServiceProvider::new(&site);
    sp.register(&site, |_| ()).await;
    (site, sp)
}

/// Requirement N03.
#[tokio::test]
async fn a_request_by_either_binding_is_answered_with_its_relay_state_unchanged() {
    let (site, sp) = set_up().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    for way in ["redirect", "signed-redirect", "signed-post"] {
        let id = format!("_{way}");
        let request = ServiceProvider::request(&site, &id);
        let page = match way {
            "redirect" => {
                let link = ServiceProvider::link(&request, Some(STATE));
                open(&mut browser, &link).await
            }
            "signed-redirect" => {
                let link = sp.signed_link(&request, Some(STATE));
                open(&mut browser, &link).await
            }
            _ => {
                let form = sp.signed_form(&request);
                let fields = [("SAMLRequest", form.as_str()), ("RelayState", STATE)];
                let answer = post_from_elsewhere(&site, PATH, &fields).await;
                assert_eq!(answer.status, 303, "{}", answer.body);
                browser.get(answer.location()).await
            }
        };
        assert_eq!(page.attribute("form", None, "action").unwrap(), ACS);
        assert_eq!(page.input("RelayState").unwrap(), STATE, "{way}");
        let response = response(&site, &page).await;
        assert_eq!(response.in_response_to.as_deref(), Some(id.as_str()));
        assert_eq!(response.destination.as_deref(), Some(ACS));
        let assertion = &response.assertion;
        assert_eq!(assertion.in_response_to.as_deref(), Some(id.as_str()));
        assert_eq!(assertion.recipient, ACS);
        assert_eq!(assertion.name_id.value, ROAD_RUNNER);
        let event = site.last_event(EventKind::SsoAuth).await.unwrap();
        assert!(event.success);
        assert_eq!(event.detail["idp_initiated"], false);
    }
}

#[tokio::test]
async fn without_relay_state_none_is_sent_back() {
    let (site, _) = set_up().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let request = ServiceProvider::request(&site, "_1");
    let page = open(&mut browser, &ServiceProvider::link(&request, None)).await;
    assert_eq!(page.input("RelayState"), None);
}

/// Requirement N03. The longest RelayState there is comes through too.
#[tokio::test]
async fn the_sign_in_in_between_keeps_the_request() {
    let (site, sp) = set_up().await;
    let state = "é".repeat(512);
    let request = ServiceProvider::request(&site, "_1");
    let mut browser = site.browser();
    let answer = browser.get(&sp.signed_link(&request, Some(&state))).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let to_sign_in = browser.get(answer.location()).await;
    let page = sign_in_on(&mut browser, &to_sign_in, ROAD_RUNNER).await;
    assert_eq!(page.input("RelayState").unwrap(), state);
    let response = response(&site, &page).await;
    assert_eq!(response.in_response_to.as_deref(), Some("_1"));
}

#[tokio::test]
async fn the_sign_in_may_take_ten_minutes() {
    let (site, _) = set_up().await;
    for (minutes, status) in [(9, 200), (10, 400)] {
        let request = ServiceProvider::request(&site, &format!("_{minutes}"));
        let mut browser = site.browser();
        let answer = browser.get(&ServiceProvider::link(&request, None)).await;
        let to_sign_in = browser.get(answer.location()).await;
        site.clock.advance(Duration::minutes(minutes));
        if status == 200 {
            let page = sign_in_on(&mut browser, &to_sign_in, ROAD_RUNNER).await;
            assert_eq!(page.status, 200);
        } else {
            let mut browser = site.browser_of(ROAD_RUNNER).await;
            let page = browser.get(answer.location()).await;
            assert_eq!(page.status, 400);
            assert!(page.body.contains("took too long"));
            assert_eq!(page.input("SAMLResponse"), None);
        }
    }
}

#[tokio::test]
async fn a_response_goes_to_the_registered_address_that_is_named() {
    let (site, _) = set_up().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let url = |url: &str| AuthnRequest {
        assertion_consumer_service_url: Some(url.to_owned()),
        protocol_binding: Some(BINDING_HTTP_POST.to_owned()),
        ..ServiceProvider::request(&site, &format!("_{}", url.len()))
    };
    let by_index = AuthnRequest {
        assertion_consumer_service_index: Some(2),
        ..ServiceProvider::request(&site, "_index")
    };
    for (request, expected) in [
        (url(ACS), ACS),
        (url(OTHER_ACS), OTHER_ACS),
        (by_index, OTHER_ACS),
    ] {
        let link = ServiceProvider::link(&request, None);
        let page = open(&mut browser, &link).await;
        assert_eq!(page.attribute("form", None, "action").unwrap(), expected);
        let response = response(&site, &page).await;
        assert_eq!(response.destination.as_deref(), Some(expected));
        assert_eq!(response.assertion.recipient, expected);
    }
}

/// SAML core 3.4.1: `ForceAuthn`.
#[tokio::test]
async fn a_request_may_ask_for_a_sign_in_of_its_own() {
    let (site, _) = set_up().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    site.clock.advance(Duration::minutes(1));
    let request = AuthnRequest {
        force_authn: true,
        ..ServiceProvider::request(&site, "_1")
    };
    let answer = browser.get(&ServiceProvider::link(&request, None)).await;
    let wish = answer.location().to_owned();
    let again = browser.get(&wish).await;
    assert_eq!(browser.get(&wish).await.status, 303, "and again");
    site.clock.advance(Duration::minutes(1));
    let page = sign_in_on(&mut browser, &again, ROAD_RUNNER).await;
    let response = response(&site, &page).await;
    assert_eq!(response.in_response_to.as_deref(), Some("_1"));
}

/// SAML core 3.4.1: `IsPassive`.
#[tokio::test]
async fn a_passive_request_shows_nothing_and_hears_so() {
    let (site, _) = set_up().await;
    let request = |id: &str, force_authn| AuthnRequest {
        is_passive: true,
        force_authn,
        assertion_consumer_service_index: Some(2),
        ..ServiceProvider::request(&site, id)
    };
    let link = |id: &str, force| ServiceProvider::link(&request(id, force), Some(STATE));
    let mut signed_in = site.browser_of(ROAD_RUNNER).await;
    let page = open(&mut signed_in, &link("_1", false)).await;
    let answered = response(&site, &page).await;
    assert_eq!(answered.in_response_to.as_deref(), Some("_1"));
    site.clock.advance(Duration::minutes(1));
    let forced = open(&mut signed_in, &link("_2", true)).await;
    let stranger = open(&mut site.browser(), &link("_3", false)).await;
    site.clock.advance(Duration::minutes(61));
    let ended = open(&mut signed_in, &link("_4", false)).await;
    for (page, id) in [(forced, "_2"), (stranger, "_3"), (ended, "_4")] {
        assert_eq!(page.attribute("form", None, "action").unwrap(), OTHER_ACS);
        assert_eq!(page.input("RelayState").unwrap(), STATE);
        let xml = carried(&page);
        assert!(xml.contains("status:NoPassive"), "{xml}");
        assert!(xml.contains(&format!("InResponseTo=\"{id}\"")), "{xml}");
        assert!(xml.contains("<ds:Signature"), "signed");
        assert!(!xml.contains("Assertion "), "{xml}");
    }
    let event = site.last_event(EventKind::SsoAuth).await.unwrap();
    assert_eq!(event.detail["reason"], "request_unmet");
}

/// SAML core 3.3.2.2.1 and 3.4.1.1.
#[tokio::test]
async fn what_cannot_be_met_is_told_to_the_service_provider() {
    let (site, _) = set_up().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let context = |classes: &[&str]| AuthnRequest {
        authn_context: (!classes.is_empty()).then(|| RequestedAuthnContext {
            comparison: AuthnContextComparison::Exact,
            classes: classes.iter().map(|class| (*class).to_owned()).collect(),
        }),
        ..ServiceProvider::request(&site, &format!("_c{}{}", classes.len(), classes[0].len()))
    };
    let format = |format: &str| AuthnRequest {
        name_id_policy: Some(NameIdPolicy {
            format: Some(format.to_owned()),
            allow_create: true,
        }),
        ..ServiceProvider::request(&site, &format!("_f{}", format.len()))
    };
    let smart_card = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI";
    let password = AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT;
    for (request, refused) in [
        (context(&[smart_card]), Some("NoAuthnContext")),
        (context(&[smart_card, password]), None),
        (context(&[password]), None),
        (format(NAMEID_PERSISTENT), Some("InvalidNameIDPolicy")),
        (format(NAMEID_TRANSIENT), Some("InvalidNameIDPolicy")),
        (format(NAMEID_EMAIL), None),
        (format(NAMEID_UNSPECIFIED), None),
    ] {
        // Events of one instant are in no order.
        site.clock.advance(Duration::seconds(1));
        let link = ServiceProvider::link(&request, Some("state"));
        let answer = browser.get(&link).await;
        let Some(code) = refused else {
            let page = browser.get(answer.location()).await;
            let response = response(&site, &page).await;
            assert_eq!(response.in_response_to, Some(request.id));
            continue;
        };
        assert_eq!(answer.attribute("form", None, "action").unwrap(), ACS);
        assert_eq!(answer.input("RelayState").unwrap(), "state");
        let xml = carried(&answer);
        assert!(xml.contains(&format!("status:{code}\"")), "{xml}");
        assert!(xml.contains("status:Requester\""), "{xml}");
        let event = site.last_event(EventKind::SsoAuth).await.unwrap();
        assert!(!event.success);
        assert_eq!(event.detail["reason"], "request_unmet");
    }
}

/// Nobody is sent anywhere: the person reads why, and the activity log has it.
async fn assert_refused(site: &Site, link: &str, reason: &str) {
    let before = site.count_events(EventKind::SsoAuth).await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let page = browser.get(link).await;
    assert_eq!(page.status, 400, "{reason}");
    assert_eq!(page.location(), "", "{reason}");
    assert_eq!(page.input("SAMLResponse"), None, "{reason}");
    assert!(page.body.contains("request was not accepted"), "{reason}");
    assert!(page.body.contains(reason), "{reason}: {}", page.body);
    assert_eq!(site.count_events(EventKind::SsoAuth).await, before + 1);
    let event = site.last_event(EventKind::SsoAuth).await.unwrap();
    assert!(!event.success, "{reason}");
    assert_eq!(event.detail["reason"], "request_refused");
    let text = event.detail["error_message"].as_str().unwrap();
    assert!(text.contains(reason), "{text}");
}

/// Security.md, attacks on requests.
#[tokio::test]
async fn a_request_that_is_not_the_service_provider_s_is_refused_on_the_spot() {
    let (site, sp) = set_up().await;
    let plain = || ServiceProvider::request(&site, "_1");
    let link = |request: AuthnRequest| ServiceProvider::link(&request, None);
    let now = plain().issue_instant;
    let refused = [
        (
            AuthnRequest {
                issuer: "https://evil.example".to_owned(),
                ..plain()
            },
            "not the service provider",
        ),
        (
            AuthnRequest {
                assertion_consumer_service_url: Some(format!("{ACS}/../evil")),
                ..plain()
            },
            "not registered",
        ),
        (
            AuthnRequest {
                assertion_consumer_service_index: Some(1),
                ..plain()
            },
            "the number 1",
        ),
        (
            AuthnRequest {
                destination: Some("http://localhost:8700/saml2/other".to_owned()),
                ..plain()
            },
            "another address",
        ),
        (
            AuthnRequest {
                issue_instant: now - Duration::seconds(601),
                ..plain()
            },
            "too long ago",
        ),
        (
            AuthnRequest {
                issue_instant: now + Duration::seconds(181),
                ..plain()
            },
            "in the future",
        ),
        (
            AuthnRequest {
                protocol_binding: Some(BINDING_HTTP_REDIRECT.to_owned()),
                ..plain()
            },
            "by the binding",
        ),
        (
            AuthnRequest {
                protocol_binding: Some("urn:oasis:names:tc:SAML:2.0:bindings:PAOS".to_owned()),
                ..plain()
            },
            "by the binding",
        ),
    ];
    for (request, reason) in refused {
        assert_refused(&site, &link(request), reason).await;
    }
    for state in ["a".repeat(1025), "a\nb".to_owned(), "\0".to_owned()] {
        let link = ServiceProvider::link(&plain(), Some(&state));
        assert_refused(&site, &link, "the RelayState").await;
    }
    // A signature that is there has to be right, also where none is required.
    let stranger = ServiceProvider::new(&site);
    let signed = sp.signed_link(&plain(), Some("state"));
    for forged in [
        stranger.signed_link(&plain(), None),
        signed.replace("RelayState=state", "RelayState=other"),
        signed.replace("RelayState=state&", ""),
    ] {
        assert_refused(&site, &forged, "signature").await;
    }
}

#[tokio::test]
async fn where_signatures_are_required_there_is_no_way_around_them() {
    let site = Site::start().await;
    let sp = ServiceProvider::new(&site);
    sp.register(&site, |saml| saml.require_signed_requests = true)
        .await;
    let request = ServiceProvider::request(&site, "_1");
    let unsigned = ServiceProvider::link(&request, None);
    assert_refused(&site, &unsigned, "not signed").await;
    // What proves to be signed may go on.
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let page = open(&mut browser, &sp.signed_link(&request, None)).await;
    assert_eq!(page.status, 200);
    let form = sp.signed_form(&ServiceProvider::request(&site, "_2"));
    let fields = [("SAMLRequest", form.as_str())];
    let answer = post_from_elsewhere(&site, PATH, &fields).await;
    assert_eq!(answer.status, 303);
    // The page that is started here stays what it was.
    assert_eq!(browser.get(PATH).await.status, 200);
}

#[tokio::test]
async fn a_request_is_answered_once() {
    let (site, _) = set_up().await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let request = ServiceProvider::request(&site, "_1");
    let link = ServiceProvider::link(&request, None);
    let wish = browser.get(&link).await.location().to_owned();
    assert_eq!(browser.get(&wish).await.status, 200);
    for link in [wish, link] {
        let mut page = browser.get(&link).await;
        if page.status == 303 {
            page = browser.get(page.location()).await;
        }
        assert_eq!(page.status, 400);
        assert_eq!(page.input("SAMLResponse"), None);
        let event = site.last_event(EventKind::SsoAuth).await.unwrap();
        assert_eq!(event.detail["reason"], "replayed");
    }
}

/// What was judged is only worth something at its own application, as it was.
#[tokio::test]
async fn nobody_can_write_a_request_that_counts_as_judged() {
    let (site, _) = set_up().await;
    site.add_assigned("aws-b", "AWS B").await;
    let mut browser = site.browser_of(ROAD_RUNNER).await;
    let request = ServiceProvider::request(&site, "_1");
    let answer = browser.get(&ServiceProvider::link(&request, None)).await;
    let wish = answer.location().to_owned();
    for link in [
        wish.replace("/saml2/wiki", "/saml2/aws-b"),
        crate::browser::tampered(&wish),
        format!("{PATH}?wish="),
        format!("{PATH}?wish=AAAA"),
    ] {
        let page = browser.get(&link).await;
        assert!([400, 404].contains(&page.status), "{link}: {}", page.status);
        assert!(!page.body.contains("SAMLResponse"), "{link}");
    }
}

/// Requirements K01 and N03.
#[tokio::test]
async fn whoever_does_not_have_the_application_gets_no_response_for_a_request_either() {
    let (site, _) = set_up().await;
    let mut browser = site.browser_of(COYOTE).await;
    let request = ServiceProvider::request(&site, "_1");
    let page = open(&mut browser, &ServiceProvider::link(&request, None)).await;
    assert_eq!(page.status, 403);
    assert_eq!(page.input("SAMLResponse"), None);
    let event = site.last_event(EventKind::SsoAuth).await.unwrap();
    assert_eq!(event.detail["reason"], "not_assigned");
    assert_eq!(event.detail["idp_initiated"], false);
}
