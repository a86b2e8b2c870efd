//! `POST /saml2/{application}/ecp`: command lines with a SOAP envelope and HTTP Basic.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use jetway_identity::{EventKind, set_application_active};
use jetway_saml::{AUTHN_CONTEXT_UNSPECIFIED, ReceivedResponse, TrustedIdp, Unverified};
use roxmltree::{Document, Node};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, UtcOffset};

use jetway_identity::Clock as _;

use crate::authenticator_app::connect;
use crate::browser::Answer;
use crate::service_provider::ServiceProvider;
use crate::site::{ACS_URL, COYOTE, PASSWORD, ROAD_RUNNER, Site};

const PATH: &str = "/saml2/acme-prod-aws-admin/ecp";

/// An envelope as saml2aws writes it: local time, an id that begins with a digit, white space
/// around the issuer, a binding that browsers do not know.
fn envelope(at: OffsetDateTime, id: &str, acs_url: &str, issuer: &str) -> String {
    let at = at.replace_nanosecond(0).unwrap();
    let at = at.to_offset(UtcOffset::from_hms(2, 0, 0).unwrap());
    let at = at.format(&Rfc3339).unwrap();
    format!(
        "\n<S:Envelope \n  xmlns:saml2=\"urn:oasis:names:tc:SAML:2.0:assertion\"\n  \
         xmlns:saml2p=\"urn:oasis:names:tc:SAML:2.0:protocol\" \n  \
         xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"\n  \
         xmlns:ecp=\"urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp\">\n <S:Body> \n  \
         <saml2p:AuthnRequest\n\tID=\"{id}\" \n\t\
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:PAOS\"\n\t\
         AssertionConsumerServiceURL=\"{acs_url}\"\n\tIssueInstant=\"{at}\"\n\tVersion=\"2.0\">\n\t\
         <saml2:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\n\t\t{issuer}\n\t\
         </saml2:Issuer>\n  </saml2p:AuthnRequest>       \n </S:Body> \n</S:Envelope>"
    )
}

fn usual(site: &Site, id: &str) -> String {
    envelope(site.clock.now(), id, ACS_URL, "urn:amazon:webservices")
}

async fn call(site: &Site, authorization: Option<&str>, body: &str) -> Answer {
    let mut client = site.browser();
    let mut request = client
        .request("POST", PATH)
        .header(CONTENT_TYPE, "text/xml");
    if let Some(value) = authorization {
        request = request.header(AUTHORIZATION, value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    client.send(request).await
}

fn basic(email: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{email}:{password}")))
}

async fn ask(site: &Site, email: &str, password: &str, body: &str) -> Answer {
    call(site, Some(&basic(email, password)), body).await
}

fn find<'a, 'b>(document: &'a Document<'b>, name: &str) -> Node<'a, 'b> {
    let mut found = document.descendants();
    found
        .find(|node| node.tag_name().name() == name)
        .unwrap_or_else(|| panic!("no {name}: {}", document.input_text()))
}

/// The words of a SOAP fault.
fn fault(answer: &Answer) -> String {
    assert_eq!(answer.header("content-type"), "text/xml; charset=utf-8");
    let document = Document::parse(&answer.body).unwrap();
    find(&document, "Fault");
    find(&document, "faultstring").text().unwrap().to_owned()
}

/// SAML profiles 4.2, requirement N03.
#[tokio::test]
async fn a_client_gets_the_signed_response_for_a_password() {
    let site = Site::start().await;
    let body = usual(&site, "0e6e7bd8-2b4f-4d1f-8f59-4d0c1c5f7a11");
    let answer = ask(&site, ROAD_RUNNER, PASSWORD, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "text/xml; charset=utf-8");
    assert_eq!(answer.set_cookies(), [""; 0]);
    let document = Document::parse(&answer.body).unwrap();
    let header = document
        .descendants()
        .find(|node| {
            node.has_tag_name(("urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp", "Response"))
        })
        .unwrap();
    assert_eq!(
        header.attribute("AssertionConsumerServiceURL"),
        Some(ACS_URL)
    );
    // saml2aws looks for these names, prefix and all.
    assert!(
        answer.body.contains("<saml2p:StatusCode "),
        "{}",
        answer.body
    );
    let start = answer.body.find("<saml2p:Response ").unwrap();
    let end = answer.body.find("</S:Body>").unwrap();
    let response = STANDARD.encode(&answer.body[start..end]);

    let metadata = "/saml2/acme-prod-aws-admin/metadata";
    let metadata = site.browser().get(metadata).await;
    let idp = TrustedIdp::from_metadata(&metadata.body).unwrap();
    let response = Unverified::<ReceivedResponse>::from_base64(&response).unwrap();
    let response = response.verify(&idp.keys).unwrap();
    // AWS made no request, and refuses responses to one.
    assert_eq!(response.in_response_to, None);
    assert_eq!(response.assertion.in_response_to, None);
    assert_eq!(response.assertion.name_id.value, ROAD_RUNNER);
    assert_eq!(response.assertion.recipient, ACS_URL);

    let signed_in = site.last_event(EventKind::UserLoginAttempt).await.unwrap();
    assert!(signed_in.success);
    assert_eq!(signed_in.detail["via"], "command_line");
    let event = site.last_event(EventKind::SsoAuth).await.unwrap();
    assert!(event.success);
    assert_eq!(event.detail["idp_initiated"], false);
    // Nobody holds the session, so there is none.
    let mut read = site.store.read().await.unwrap();
    let sessions = read.sessions_of(site.road_runner).await.unwrap();
    assert!(sessions.is_empty(), "{sessions:?}");
}

#[tokio::test]
async fn the_metadata_names_the_address() {
    let site = Site::start().await;
    let metadata = site
        .browser()
        .get("/saml2/acme-prod-aws-admin/metadata")
        .await;
    let document = Document::parse(&metadata.body).unwrap();
    let soap = document.descendants().find(|node| {
        node.tag_name().name() == "SingleSignOnService"
            && node.attribute("Binding") == Some(jetway_saml::BINDING_SOAP)
    });
    assert_eq!(
        soap.unwrap().attribute("Location").unwrap(),
        format!("http://localhost:8700{PATH}")
    );
}

#[tokio::test]
async fn without_the_right_password_there_is_a_challenge_and_no_more() {
    let site = Site::start().await;
    let body = usual(&site, "_1");
    let no_colon = format!("Basic {}", STANDARD.encode(ROAD_RUNNER));
    let bearer = basic(ROAD_RUNNER, PASSWORD).replace("Basic", "Bearer");
    let wrong = basic(ROAD_RUNNER, "wrong");
    let unknown = basic("nobody@acme.com", PASSWORD);
    for authorization in [
        None,
        Some("Basic"),
        Some("Basic ???"),
        Some(no_colon.as_str()),
        Some(bearer.as_str()),
        Some(wrong.as_str()),
        Some(unknown.as_str()),
    ] {
        let answer = call(&site, authorization, &body).await;
        assert_eq!(answer.status, 401, "{authorization:?}");
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("Basic realm="), "{challenge}");
        fault(&answer);
    }
    // Both wrong ones were counted as any other attempt.
    assert_eq!(site.count_events(EventKind::UserLoginAttempt).await, 2);
    assert_eq!(site.count_events(EventKind::SsoAuth).await, 0);
    // The same words for a stranger and a wrong password.
    let texts = [wrong, unknown].map(Some);
    let first = fault(&call(&site, texts[0].as_deref(), &body).await);
    let second = fault(&call(&site, texts[1].as_deref(), &body).await);
    assert_eq!(first, second);
}

/// Security.md: the lock-out holds for every way in.
#[tokio::test]
async fn too_many_wrong_passwords_lock_this_way_in_too() {
    let site = Site::start().await;
    let body = usual(&site, "_1");
    for _ in 0..5 {
        assert_eq!(ask(&site, ROAD_RUNNER, "wrong", &body).await.status, 401);
    }
    let answer = ask(&site, ROAD_RUNNER, PASSWORD, &body).await;
    assert_eq!(answer.status, 429, "{}", answer.body);
    assert!(!answer.header("retry-after").is_empty());
    assert!(fault(&answer).starts_with("Too many failed sign-ins"));
    let browser = site.browser().sign_in(ROAD_RUNNER, PASSWORD).await;
    assert_eq!(browser.status, 429);
}

/// Security.md item 28: this way in cannot carry a code, so it is closed to who has to show one.
#[tokio::test]
async fn this_way_in_is_no_way_around_a_second_factor() {
    let site = Site::start().await;
    connect(&site).await;
    let assertions = site.count_events(EventKind::SsoAuth).await;
    let body = usual(&site, "_1");
    let answer = ask(&site, ROAD_RUNNER, PASSWORD, &body).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert!(fault(&answer).starts_with("A second factor is asked for"));
    assert!(!answer.body.contains("Assertion"), "{}", answer.body);
    assert_eq!(answer.set_cookies(), [""; 0]);
    assert_eq!(site.count_events(EventKind::SsoAuth).await, assertions);
    // Whoever does not know the password hears nothing of factors.
    let wrong = ask(&site, ROAD_RUNNER, "wrong", &body).await;
    let unknown = ask(&site, "nobody@acme.com", "wrong", &body).await;
    assert_eq!((wrong.status, fault(&wrong)), (401, fault(&unknown)));
}

#[tokio::test]
async fn a_request_that_is_not_the_service_provider_s_asks_for_no_password() {
    let site = Site::start().await;
    let now = site.clock.now();
    let urn = "urn:amazon:webservices";
    for (body, reason) in [
        (
            envelope(now, "_1", ACS_URL, "urn:evil"),
            "not the service provider",
        ),
        (
            envelope(now, "_1", "https://evil.example/", urn),
            "not registered",
        ),
        (
            envelope(now - Duration::minutes(11), "_1", ACS_URL, urn),
            "too long ago",
        ),
        (
            usual(&site, "_1").replace("bindings:PAOS", "bindings:HTTP-Artifact"),
            "by the binding",
        ),
        ("<x/>".to_owned(), "not a SOAP 1.1 envelope"),
        (String::new(), "XML"),
        (format!("<!DOCTYPE x>{}", usual(&site, "_1")), ""),
    ] {
        let answer = ask(&site, ROAD_RUNNER, PASSWORD, &body).await;
        assert_eq!(answer.status, 500, "{reason}");
        let text = fault(&answer);
        assert!(text.contains(reason), "{text}");
    }
    assert_eq!(site.count_events(EventKind::UserLoginAttempt).await, 0);
    assert_eq!(site.count_events(EventKind::SsoAuth).await, 4);
}

/// Requirement K01.
#[tokio::test]
async fn whoever_does_not_have_the_application_gets_a_fault() {
    let site = Site::start().await;
    let answer = ask(&site, COYOTE, PASSWORD, &usual(&site, "_1")).await;
    assert_eq!(answer.status, 500);
    assert!(fault(&answer).contains("do not have access"));
    let event = site.last_event(EventKind::SsoAuth).await.unwrap();
    assert_eq!(event.detail["reason"], "not_assigned");
    let store = site.store.as_ref();
    set_application_active(&mut site.op(), store, site.application, false)
        .await
        .unwrap();
    let answer = ask(&site, ROAD_RUNNER, PASSWORD, &usual(&site, "_2")).await;
    assert!(fault(&answer).contains("is switched off"));
}

#[tokio::test]
async fn a_request_is_answered_once() {
    let site = Site::start().await;
    let body = usual(&site, "_1");
    assert_eq!(ask(&site, ROAD_RUNNER, PASSWORD, &body).await.status, 200);
    let again = ask(&site, ROAD_RUNNER, PASSWORD, &body).await;
    assert_eq!(again.status, 500);
    assert!(fault(&again).contains("answered already"));
}

/// What cannot be met is told in SAML's own words, to whoever has the password.
#[tokio::test]
async fn a_request_that_cannot_be_met_gets_a_status() {
    let site = Site::start().await;
    let wants = |class: &str, id: &str| {
        usual(&site, id).replace(
            "</saml2p:AuthnRequest>",
            &format!(
                "<saml2p:RequestedAuthnContext><saml2:AuthnContextClassRef>{class}\
                 </saml2:AuthnContextClassRef></saml2p:RequestedAuthnContext></saml2p:AuthnRequest>"
            ),
        )
    };
    let body = wants("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI", "_1");
    assert_eq!(ask(&site, ROAD_RUNNER, "wrong", &body).await.status, 401);
    let answer = ask(&site, ROAD_RUNNER, PASSWORD, &body).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains("status:NoAuthnContext"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("<ds:Signature"), "{}", answer.body);
    // The same names as with an assertion, prefix and all.
    for name in ["Response", "Status", "StatusCode", "StatusMessage"] {
        let start = format!("<saml2p:{name}");
        assert!(answer.body.contains(&start), "{start}: {}", answer.body);
    }
    assert!(!answer.body.contains("samlp"), "{}", answer.body);
    let body = wants(AUTHN_CONTEXT_UNSPECIFIED, "_2");
    let answer = ask(&site, ROAD_RUNNER, PASSWORD, &body).await;
    assert!(answer.body.contains("status:Success"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_of_another_site_is_not_even_read() {
    let site = Site::start().await;
    let mut browser = site.browser();
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let request = browser
            .request("POST", PATH)
            .header(CONTENT_TYPE, media_type)
            .header(AUTHORIZATION, basic(ROAD_RUNNER, PASSWORD))
            .body(Body::from(usual(&site, "_1")))
            .unwrap();
        assert_eq!(browser.send(request).await.status, 400, "{media_type}");
    }
    let unknown = browser
        .request("POST", "/saml2/no-such-application/ecp")
        .header(CONTENT_TYPE, "text/xml; charset=utf-8")
        .header(AUTHORIZATION, basic(ROAD_RUNNER, PASSWORD))
        .body(Body::from(usual(&site, "_1")))
        .unwrap();
    assert_eq!(browser.send(unknown).await.status, 404);
}

/// A signature inside the envelope is judged like any other.
#[tokio::test]
async fn where_signatures_are_required_the_envelope_holds_one() {
    let site = Site::start().await;
    let sp = ServiceProvider::new(&site);
    sp.register(&site, |saml| saml.require_signed_requests = true)
        .await;
    let request = jetway_saml::AuthnRequest {
        destination: None,
        ..ServiceProvider::request(&site, "_1")
    };
    let wrap = |xml: &str| {
        format!(
            "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body>{xml}\
             </S:Body></S:Envelope>"
        )
    };
    let unsigned = wrap(&request.to_xml().unwrap());
    let signed = wrap(request.sign(&sp.key).unwrap().as_xml());
    for (body, status) in [(unsigned, 500), (signed, 200)] {
        let mut client = site.browser();
        let call = client
            .request("POST", "/saml2/wiki/ecp")
            .header(CONTENT_TYPE, "application/vnd.paos+xml")
            .header(AUTHORIZATION, basic(ROAD_RUNNER, PASSWORD))
            .body(Body::from(body))
            .unwrap();
        let answer = client.send(call).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        // The service provider made the request, and knows its response by it.
        let named = answer.body.matches("InResponseTo=\"_1\"").count();
        assert_eq!(named, if status == 200 { 2 } else { 0 }, "{}", answer.body);
    }
}
