//! What a service provider says: its metadata, and its requests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jetway_identity::applications::{
    FillError, Filled, NewBookmark, SamlKind, Signing, UpdateApplicationError, create_bookmark,
    fill_from_metadata,
};
use jetway_identity::sso::{ReceiveError, Received, RequestRefused, Wish, receive_request};
use jetway_identity::{
    ApplicationId, AssertError, AssertRequest, EventKind, Grant, NameIdFormat, NewApplication,
    application_metadata, assert, set_application_active,
};
use jetway_saml::{
    AuthnRequest, BINDING_HTTP_POST, Inbound, NAMEID_PERSISTENT, generate_signing_key,
};
use time::Duration;
use url::Url;

use crate::applications::{get, settings};
use crate::bed::{Bed, EMAIL, on_both};

on_both!(
    the_metadata_of_a_service_provider_fills_the_settings_and_it_works,
    metadata_of_aws_encrypts_nothing,
    metadata_that_cannot_be_read_changes_nothing,
    what_is_doubtful_in_metadata_is_told,
    a_request_is_answered_once,
    an_answer_is_remembered_as_long_as_its_request_could_come_again,
    two_applications_may_be_asked_with_the_same_id,
    a_request_is_worth_nothing_after_ten_minutes,
    an_application_that_is_not_configured_takes_no_request,
);

const SLUG: &str = "wiki";
const ADDRESS: &str = "http://localhost:8700/saml2/wiki";
const SP: &str = "https://wiki.acme.example/metadata";
const ACS: &str = "https://wiki.acme.example/acs";

/// A certificate in base64 that is valid from the present time of the bed on.
fn certificate(bed: &Bed) -> String {
    let until = bed.now + Duration::days(365);
    let made = generate_signing_key("sp", bed.now, until, [3; 16]).unwrap();
    STANDARD.encode(made.certificate_der)
}

/// Metadata with two addresses, the second of which is the default.
fn metadata(certificate: &str) -> String {
    let key = |purpose: &str| {
        format!(
            "<KeyDescriptor use=\"{purpose}\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
             <ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>\
             </ds:KeyInfo></KeyDescriptor>"
        )
    };
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{SP}\">\
         <SPSSODescriptor AuthnRequestsSigned=\"true\" WantAssertionsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}{}\
         <NameIDFormat>urn:example:other</NameIDFormat>\
         <NameIDFormat>{NAMEID_PERSISTENT}</NameIDFormat>\
         <AssertionConsumerService index=\"0\" Binding=\"{BINDING_HTTP_POST}\" Location=\"{ACS}/old\"/>\
         <AssertionConsumerService index=\"7\" isDefault=\"true\" Binding=\"{BINDING_HTTP_POST}\" Location=\"{ACS}\"/>\
         </SPSSODescriptor></EntityDescriptor>",
        key("signing"),
        key("encryption"),
    )
}

fn new(kind: SamlKind, slug: &str) -> NewApplication {
    let public = Url::parse("http://localhost:8700").unwrap();
    NewApplication::of_kind(kind, slug, "Wiki", &public)
}

async fn fill(bed: &Bed, id: ApplicationId, xml: &str) -> Result<Filled, FillError> {
    fill_from_metadata(&mut bed.op(), &bed.store, id, xml).await
}

/// An active application without keys of the service provider.
async fn active(bed: &Bed, slug: &str) -> ApplicationId {
    let mut new = new(SamlKind::Custom, slug);
    SP.clone_into(&mut new.saml.audience);
    ACS.clone_into(&mut new.saml.acs_url);
    new.active = true;
    bed.application(new).await
}

fn request(bed: &Bed, id: &str) -> Inbound<AuthnRequest> {
    let request = AuthnRequest {
        id: id.to_owned(),
        issue_instant: bed.now,
        destination: None,
        issuer: SP.to_owned(),
        assertion_consumer_service_url: None,
        assertion_consumer_service_index: None,
        protocol_binding: None,
        force_authn: false,
        is_passive: false,
        name_id_policy: None,
        authn_context: None,
        has_signature: false,
    };
    Inbound::from_xml(&request.to_xml().unwrap()).unwrap()
}

async fn receive(bed: &Bed, slug: &str, id: &str) -> Result<Received, ReceiveError> {
    let (mut op, request) = (bed.stranger(), request(bed, id));
    receive_request(&mut op, &bed.store, slug, ADDRESS, &request).await
}

async fn accepted(bed: &Bed, slug: &str, id: &str) -> Wish {
    match receive(bed, slug, id).await {
        Ok(Received::Accepted(wish)) => wish,
        other => panic!("{other:?}"),
    }
}

async fn answer(bed: &Bed, token: &str, slug: &str, wish: &Wish) -> Result<Grant, AssertError> {
    let request = AssertRequest {
        session_token: token,
        slug,
        wish: Some(wish),
    };
    assert(&mut bed.stranger(), &bed.store, &bed.keys, request).await
}

/// A signed-in person in a group that has these applications.
async fn person(bed: &Bed, applications: &[ApplicationId]) -> String {
    let user = bed.user(EMAIL).await;
    let group = bed.group_of(user, "writers", &[]).await;
    for application in applications {
        bed.assign(*application, group).await;
    }
    bed.signed_in(EMAIL).await
}

/// Requirements I01, I08 and N03.
async fn the_metadata_of_a_service_provider_fills_the_settings_and_it_works(bed: Bed) {
    let id = bed.application(new(SamlKind::Custom, SLUG)).await;
    let filled = fill(&bed, id, &metadata(&certificate(&bed))).await.unwrap();
    assert_eq!(filled.warnings, [""; 0]);
    let saml = settings(&*get(&bed, id).await);
    assert_eq!(saml, settings(&filled.application));
    assert_eq!((saml.audience.as_str(), saml.acs_url.as_str()), (SP, ACS));
    assert_eq!(saml.acs_index, Some(7));
    assert_eq!(saml.other_acs.len(), 1);
    assert_eq!(saml.other_acs[0].url, format!("{ACS}/old"));
    assert_eq!(saml.other_acs[0].index, Some(0));
    assert_eq!(saml.name_id.format, NameIdFormat::Persistent);
    assert_eq!(saml.request_certificates.len(), 1);
    assert!(saml.require_signed_requests && saml.encryption.is_some());
    assert_eq!(saml.signing, Signing::Assertion);
    let event = bed.last_event(EventKind::ApplicationUpdate).await;
    let changes = event.detail["changes"].as_array().unwrap();
    assert!(changes.iter().any(|one| one["field"] == "saml.acs_url"));
    // Our own metadata says that requests have to be signed, and which names are given.
    let own = application_metadata(&bed.store, SLUG, ADDRESS).await;
    let own = own.unwrap().unwrap();
    assert!(own.want_authn_requests_signed);
    assert_eq!(own.name_id_formats, [NAMEID_PERSISTENT]);
    // Nothing is missing: it can be switched on, and the assertion is encrypted.
    set_application_active(&mut bed.op(), &bed.store, id, true)
        .await
        .unwrap();
    let token = person(&bed, &[id]).await;
    let request = AssertRequest {
        session_token: &token,
        slug: SLUG,
        wish: None,
    };
    let grant = assert(&mut bed.stranger(), &bed.store, &bed.keys, request)
        .await
        .unwrap();
    let signed = grant.sign().unwrap();
    assert!(signed.as_xml().contains("EncryptedAssertion"));
    assert!(!signed.as_xml().contains(EMAIL));
    // The same file again changes nothing.
    let version = get(&bed, id).await.version;
    fill(&bed, id, &metadata(&certificate(&bed))).await.unwrap();
    assert!(get(&bed, id).await.version <= version + 1);
}

/// Requirements F06 and I01.
async fn metadata_of_aws_encrypts_nothing(bed: Bed) {
    let id = bed.application(new(SamlKind::IdentityCenter, SLUG)).await;
    let email = metadata(&certificate(&bed)).replace(NAMEID_PERSISTENT, jetway_saml::NAMEID_EMAIL);
    fill(&bed, id, &email).await.unwrap();
    let saml = settings(&*get(&bed, id).await);
    assert_eq!(saml.name_id.format, NameIdFormat::Email);
    assert_eq!(saml.encryption, None);
}

async fn metadata_that_cannot_be_read_changes_nothing(bed: Bed) {
    let id = bed.application(new(SamlKind::Custom, SLUG)).await;
    let good = metadata(&certificate(&bed));
    for bad in [
        "",
        "not XML",
        &good.replace("SPSSODescriptor", "IDPSSODescriptor"),
        &good.replace(BINDING_HTTP_POST, jetway_saml::BINDING_SOAP),
        &format!("<!DOCTYPE x>{good}"),
    ] {
        let refused = fill(&bed, id, bad).await;
        assert!(
            matches!(refused, Err(FillError::Metadata(_))),
            "{refused:?}"
        );
    }
    // Readable, but responses would travel in the open.
    let open = good.replace("https://wiki", "http://wiki");
    let refused = fill(&bed, id, &open).await;
    assert!(
        matches!(
            refused,
            Err(FillError::Update(UpdateApplicationError::Invalid(_)))
        ),
        "{refused:?}"
    );
    assert_eq!(get(&bed, id).await.version, 1);
    let bookmark = NewBookmark {
        slug: "link".to_owned(),
        label: "Link".to_owned(),
        description: String::new(),
        color: "#4a5568".to_owned(),
        show_in_portal: true,
        url: "https://x.example/".to_owned(),
    };
    let bookmark = create_bookmark(&mut bed.op(), &bed.store, bookmark)
        .await
        .unwrap();
    let refused = fill(&bed, bookmark, &good).await;
    assert!(matches!(refused, Err(FillError::Bookmark)));
}

async fn what_is_doubtful_in_metadata_is_told(mut bed: Bed) {
    let id = bed.application(new(SamlKind::Custom, SLUG)).await;
    let metadata = metadata(&certificate(&bed));
    bed.pass(Duration::days(366));
    let filled = fill(&bed, id, &metadata).await.unwrap();
    assert!(
        filled
            .warnings
            .iter()
            .any(|text| text.contains("expired on")),
        "{:?}",
        filled.warnings
    );
    assert_eq!(settings(&filled.application).request_certificates.len(), 1);
}

/// Requirement N03.
async fn a_request_is_answered_once(mut bed: Bed) {
    let id = active(&bed, SLUG).await;
    let token = person(&bed, &[id]).await;
    let wish = accepted(&bed, SLUG, "_1").await;
    let grant = answer(&bed, &token, SLUG, &wish).await.unwrap();
    assert_eq!(grant.response.in_response_to.as_deref(), Some("_1"));
    let assertion = &grant.response.assertion;
    assert_eq!(assertion.in_response_to.as_deref(), Some("_1"));
    let event = bed.last_event(EventKind::SsoAuth).await;
    assert_eq!(event.detail["idp_initiated"], false);
    // Neither what was sealed nor the request itself, sent anew, gets a second answer.
    let refused = answer(&bed, &token, SLUG, &wish).await;
    assert!(
        matches!(refused, Err(AssertError::Replayed { .. })),
        "{refused:?}"
    );
    bed.pass(Duration::minutes(9));
    let again = accepted(&bed, SLUG, "_1").await;
    let refused = answer(&bed, &token, SLUG, &again).await;
    assert!(matches!(refused, Err(AssertError::Replayed { .. })));
    let event = bed.last_event(EventKind::SsoAuth).await;
    assert_eq!(
        (event.success, &event.detail["reason"]),
        (false, &"replayed".into())
    );
    let other = accepted(&bed, SLUG, "_2").await;
    assert!(answer(&bed, &token, SLUG, &other).await.is_ok());
}

/// The clock of the service provider may be ahead, and the second answer may be late.
async fn an_answer_is_remembered_as_long_as_its_request_could_come_again(mut bed: Bed) {
    let id = active(&bed, SLUG).await;
    let token = person(&bed, &[id]).await;
    bed.pass(Duration::minutes(3));
    let early = request(&bed, "_1");
    bed.pass(-Duration::minutes(3));
    for minutes in [0, 12] {
        bed.pass(Duration::minutes(minutes));
        // Others are answered in between, and what is over is forgotten then.
        let other = accepted(&bed, SLUG, &format!("_other{minutes}")).await;
        answer(&bed, &token, SLUG, &other).await.unwrap();
        let mut op = bed.stranger();
        let received = receive_request(&mut op, &bed.store, SLUG, ADDRESS, &early).await;
        let Ok(Received::Accepted(wish)) = received else {
            panic!("{received:?}")
        };
        let answered = answer(&bed, &token, SLUG, &wish).await;
        assert_eq!(answered.is_ok(), minutes == 0, "{answered:?}");
    }
}

async fn two_applications_may_be_asked_with_the_same_id(bed: Bed) {
    let first = active(&bed, SLUG).await;
    let second = active(&bed, "other").await;
    let token = person(&bed, &[first, second]).await;
    for slug in [SLUG, "other"] {
        let wish = accepted(&bed, slug, "_1").await;
        assert!(answer(&bed, &token, slug, &wish).await.is_ok());
    }
}

/// What was judged goes on as a text that nobody else can write, for this application, for a while.
async fn a_request_is_worth_nothing_after_ten_minutes(mut bed: Bed) {
    active(&bed, SLUG).await;
    let wish = accepted(&bed, SLUG, "_1").await;
    let (sealing, mut op) = (bed.keys.sealing(), bed.op());
    let text = wish.seal(sealing, &mut op.rng, SLUG);
    let open = |now, slug: &str, text: &str| Wish::open(sealing, now, slug, text);
    let opened = open(bed.now, SLUG, &text).unwrap();
    assert_eq!((opened.id.as_str(), opened.acs_url.as_str()), ("_1", ACS));
    assert_eq!(open(bed.now, "other", &text), None);
    assert_eq!(open(bed.now - Duration::SECOND, SLUG, &text), None);
    assert_eq!(open(bed.now, SLUG, &text[1..]), None);
    assert_eq!(open(bed.now, SLUG, ""), None);
    let last = bed.now + Duration::minutes(10) - Duration::SECOND;
    assert!(open(last, SLUG, &text).is_some());
    assert_eq!(open(last + Duration::SECOND, SLUG, &text), None);
    // The same of the request itself, by the time that stands in it.
    let old = request(&bed, "_2");
    bed.pass(Duration::minutes(10) + Duration::SECOND);
    let refused = receive_request(&mut bed.stranger(), &bed.store, SLUG, ADDRESS, &old).await;
    assert!(
        matches!(refused, Err(ReceiveError::Refused(RequestRefused::Time(_)))),
        "{refused:?}"
    );
}

async fn an_application_that_is_not_configured_takes_no_request(bed: Bed) {
    bed.application(new(SamlKind::Custom, SLUG)).await;
    let refused = receive(&bed, SLUG, "_1").await;
    assert!(
        matches!(
            refused,
            Err(ReceiveError::Refused(RequestRefused::Unconfigured))
        ),
        "{refused:?}"
    );
    let event = bed.last_event(EventKind::SsoAuth).await;
    assert_eq!(event.detail["reason"], "request_refused");
    let unknown = receive(&bed, "no-such-application", "_1").await;
    assert!(matches!(unknown, Err(ReceiveError::NoSuchApplication)));
}
