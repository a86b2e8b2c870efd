//! A service provider with a key of its own.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, ORIGIN};
use jetway_identity::applications::{RegisteredAcs, SamlKind};
use jetway_identity::{
    ApplicationId, Clock as _, NewApplication, SamlSettings, assign_group, create_application,
};
use jetway_saml::{
    AuthnRequest, MessageParameter, ReceivedResponse, SigningKey, TrustedIdp, Unverified, Verified,
    generate_signing_key, redirect_query,
};
use time::Duration;
use url::Url;

use crate::browser::{Answer, Browser, form_body};
use crate::site::{PASSWORD, Site};

pub(crate) const SLUG: &str = "wiki";
pub(crate) const PATH: &str = "/saml2/wiki";
pub(crate) const ENTITY_ID: &str = "https://wiki.acme.example/metadata";
pub(crate) const ACS: &str = "https://wiki.acme.example/acs";
/// The second address, with the number 2.
pub(crate) const OTHER_ACS: &str = "https://wiki.acme.example/other";

pub(crate) struct ServiceProvider {
    pub(crate) key: SigningKey,
}

impl ServiceProvider {
    pub(crate) fn new(site: &Site) -> Self {
        let now = site.clock.now();
        let until = now + Duration::days(365);
        let made = generate_signing_key("sp", now, until, [5; 16]).unwrap();
        let key = SigningKey::from_pkcs8_der(&made.pkcs8_der, &made.certificate_der).unwrap();
        Self { key }
    }

    /// Registered with its certificate, for the group of the road runner.
    pub(crate) async fn register(
        &self,
        site: &Site,
        change: impl FnOnce(&mut SamlSettings) + Send,
    ) -> ApplicationId {
        let public = Url::parse(&site.origin).unwrap();
        let mut new = NewApplication::of_kind(SamlKind::Custom, SLUG, "Wiki", &public);
        new.active = true;
        ENTITY_ID.clone_into(&mut new.saml.audience);
        ACS.clone_into(&mut new.saml.acs_url);
        new.saml.other_acs = vec![RegisteredAcs {
            url: OTHER_ACS.to_owned(),
            index: Some(2),
        }];
        new.saml.request_certificates = vec![self.key.certificate_der().to_vec()];
        change(&mut new.saml);
        let (store, sealing) = (site.store.as_ref(), site.sealing());
        let id = create_application(&mut site.op(), store, sealing, new)
            .await
            .unwrap();
        assign_group(&mut site.op(), store, id, site.operations)
            .await
            .unwrap();
        id
    }

    /// One that asks for nothing in particular.
    pub(crate) fn request(site: &Site, id: &str) -> AuthnRequest {
        AuthnRequest {
            id: id.to_owned(),
            issue_instant: site.clock.now(),
            destination: Some(format!("{}{PATH}", site.origin)),
            issuer: ENTITY_ID.to_owned(),
            assertion_consumer_service_url: None,
            assertion_consumer_service_index: None,
            protocol_binding: None,
            force_authn: false,
            is_passive: false,
            name_id_policy: None,
            authn_context: None,
            has_signature: false,
        }
    }

    /// The link of an unsigned request.
    pub(crate) fn link(request: &AuthnRequest, relay_state: Option<&str>) -> String {
        link(request, relay_state, None)
    }

    pub(crate) fn signed_link(&self, request: &AuthnRequest, relay_state: Option<&str>) -> String {
        link(request, relay_state, Some(&self.key))
    }

    /// What the form of its page posts, signed.
    pub(crate) fn signed_form(&self, request: &AuthnRequest) -> String {
        request.sign(&self.key).unwrap().to_base64()
    }
}

fn link(request: &AuthnRequest, relay_state: Option<&str>, key: Option<&SigningKey>) -> String {
    let xml = request.to_xml().unwrap();
    let query = redirect_query(&xml, MessageParameter::Request, relay_state, key).unwrap();
    format!("{PATH}?{query}")
}

/// Posts a form that stands on a page of the service provider: the cookies that are ours do not
/// come along.
pub(crate) async fn post_from_elsewhere(
    site: &Site,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let mut browser = site.browser();
    let request = browser
        .request("POST", path)
        .header(ORIGIN, "https://wiki.acme.example")
        .header("sec-fetch-site", "cross-site")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form_body(fields)))
        .unwrap();
    browser.send(request).await
}

/// Opens a link, and the address that it leads on to.
pub(crate) async fn open(browser: &mut Browser<'_>, link: &str) -> Answer {
    let answer = browser.get(link).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser.get(answer.location()).await
}

/// Signs in on the page that `answer` leads to; what comes after it.
pub(crate) async fn sign_in_on(browser: &mut Browser<'_>, answer: &Answer, email: &str) -> Answer {
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(
        answer.location().starts_with("/login?next="),
        "{}",
        answer.location()
    );
    let page = browser.get(answer.location()).await;
    let (csrf, next) = (page.input("csrf").unwrap(), page.input("next").unwrap());
    let fields = [
        ("csrf", csrf.as_str()),
        ("next", next.as_str()),
        ("username", email),
        ("password", PASSWORD),
    ];
    let answer = browser.post("/login", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser.get(answer.location()).await
}

/// The verified response on a page that carries one.
pub(crate) async fn response(site: &Site, page: &Answer) -> Verified<ReceivedResponse> {
    assert_eq!(page.status, 200, "{}", page.body);
    let metadata = site.browser().get(&format!("{PATH}/metadata")).await;
    let idp = TrustedIdp::from_metadata(&metadata.body).unwrap();
    let text = page.input("SAMLResponse").unwrap();
    let response = Unverified::<ReceivedResponse>::from_base64(&text).unwrap();
    response.verify(&idp.keys).unwrap()
}

/// The XML of whatever a page carries.
pub(crate) fn carried(page: &Answer) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let text = page.input("SAMLResponse").unwrap();
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}
