//! Metadata of service providers, as products write it and as they should not.

use jetway_saml::{
    KeyError, KeyPurpose, MAX_SP_METADATA, NAMEID_EMAIL, NAMEID_TRANSIENT, SpMetadata,
    SpMetadataError, SpMetadataWarning, XmlFault,
};
use time::{Duration, macros::datetime};

use crate::fixture::{
    NOW, idp, p256,
    sp::{acs, aws, bare, certificate, identity_center, mellon, samlify, shibboleth},
    stranger,
    text::{base64, replaced, without},
};

fn read(xml: &str) -> Result<SpMetadata, SpMetadataError> {
    SpMetadata::parse(xml, NOW)
}

/// Requirement I01.
#[test]
fn the_metadata_of_aws_is_read_whole() {
    let sp = read(&aws()).unwrap();
    assert_eq!(sp.entity_id, "urn:amazon:webservices");
    assert!(sp.want_assertions_signed);
    assert!(!sp.authn_requests_signed);
    assert_eq!(sp.name_id_formats, [NAMEID_TRANSIENT, NAMEID_EMAIL]);
    let [acs] = sp.assertion_consumer_services.as_slice() else {
        panic!("{sp:?}");
    };
    assert_eq!(acs.location, "https://signin.aws.amazon.com/saml");
    assert_eq!(
        (acs.index, acs.is_default, acs.usable),
        (Some(1), true, true)
    );
    assert_eq!(sp.signing_certificates.len(), 1);
    assert_eq!(
        sp.signing_certificates[0].not_after,
        NOW + Duration::days(1826)
    );
    assert!(sp.encryption_certificates.is_empty());
    assert_eq!(sp.requested_attributes.len(), 3);
    assert_eq!(
        sp.requested_attributes[0].friendly_name.as_deref(),
        Some("RoleEntitlement")
    );
    assert!(sp.requested_attributes[0].required);
    assert!(!sp.requested_attributes[2].required);
    assert_eq!(sp.warnings, []);
}

/// Requirement I01.
#[test]
fn the_metadata_of_identity_center_is_read_whole() {
    let sp = read(&identity_center()).unwrap();
    assert_eq!(
        sp.entity_id,
        "https://us-east-1.signin.aws.amazon.com/platform/saml/d-9067f4e1a2"
    );
    assert!(sp.want_assertions_signed);
    assert_eq!(sp.name_id_formats, [NAMEID_EMAIL]);
    assert!(sp.signing_certificates.is_empty());
    let acs = sp.default_assertion_consumer_service().unwrap();
    assert!(acs.location.contains("/platform/saml/acs/"));
    assert_eq!(sp.warnings, []);
}

#[test]
fn elements_out_of_the_order_of_the_schema_are_read() {
    let sp = read(&samlify()).unwrap();
    assert_eq!(sp.entity_id, "https://sp.example.org/metadata");
    assert!(!sp.want_assertions_signed);
    assert_eq!(sp.single_logout_services.len(), 1);
    assert_eq!(sp.signing_certificates.len(), 1);
    assert_eq!(
        sp.assertion_consumer_service(0).unwrap().location,
        "https://sp.example.org/sp/acs"
    );
    assert_eq!(sp.assertion_consumer_services.len(), 2);
}

#[test]
fn of_many_bindings_only_post_is_usable_and_the_others_are_kept() {
    let sp = read(&shibboleth()).unwrap();
    assert!(sp.authn_requests_signed);
    assert_eq!(sp.assertion_consumer_services.len(), 4);
    let usable: Vec<_> = sp
        .assertion_consumer_services
        .iter()
        .filter(|service| service.usable)
        .collect();
    assert_eq!(usable.len(), 1);
    assert!(usable[0].is_default);
    assert!(usable[0].location.ends_with("/SAML2/POST"));
    assert_eq!(sp.default_assertion_consumer_service(), Some(usable[0]));
    assert_eq!(sp.assertion_consumer_service(2), Some(usable[0]));
    assert_eq!(
        sp.assertion_consumer_service(1),
        None,
        "an artifact address"
    );
    assert_eq!(sp.assertion_consumer_service(9), None);
    assert_eq!(sp.single_logout_services.len(), 2);
    assert_eq!(
        sp.single_logout_services[1].response_location.as_deref(),
        Some("https://sp.example.org/Shibboleth.sso/SLO/Done")
    );
}

#[test]
fn signing_and_encryption_keys_are_told_apart() {
    let sp = read(&shibboleth()).unwrap();
    assert_eq!(sp.signing_certificates.len(), 1);
    assert_eq!(
        sp.signing_certificates[0].der,
        idp().generated.certificate_der
    );
    assert_eq!(
        sp.encryption_certificates[0].der,
        stranger().generated.certificate_der
    );
    assert_eq!(sp.encryption_methods.len(), 5);
    assert_eq!(
        sp.encryption_methods[0],
        "http://www.w3.org/2009/xmlenc11#aes128-gcm"
    );
}

#[test]
fn a_key_without_use_serves_both_purposes() {
    let sp = read(&mellon()).unwrap();
    assert_eq!(sp.signing_certificates, sp.encryption_certificates);
    assert_eq!(sp.signing_certificates.len(), 1);
    assert_eq!(sp.name_id_formats, [NAMEID_TRANSIENT]);
    assert_eq!(sp.assertion_consumer_services[0].index, Some(0));
}

/// SAML metadata 2.2.3 and 2.4.4.1.
#[test]
fn the_default_is_the_first_that_says_so_or_does_not_say_no() {
    let default_of = |services: &str| {
        let sp = read(&bare(services)).unwrap();
        let defaults = sp
            .assertion_consumer_services
            .iter()
            .filter(|s| s.is_default);
        assert_eq!(defaults.count(), 1);
        sp.default_assertion_consumer_service()
            .unwrap()
            .location
            .clone()
    };
    let [a, b] = ["https://sp.test/a", "https://sp.test/b"];
    let says = |location, default: &str| acs(location, &format!("isDefault=\"{default}\""));
    assert_eq!(default_of(&(acs(a, "") + &says(b, "true"))), b);
    assert_eq!(default_of(&(says(a, "1") + &says(b, "true"))), a);
    assert_eq!(default_of(&(says(a, "false") + &acs(b, ""))), b);
    assert_eq!(default_of(&(says(a, "false") + &says(b, "0"))), a);
    let artifact = says(a, "true").replace("HTTP-POST", "HTTP-Artifact");
    assert_eq!(default_of(&(artifact + &acs(b, ""))), b);
}

#[test]
fn an_address_that_is_no_web_address_is_never_usable() {
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "/saml/acs",
        "//sp.test/acs",
        "https://",
        "https:///acs",
        "https://sp.test/a b",
        "https://sp.test\\@evil.test/",
        "ftp://sp.test/acs",
    ] {
        assert_eq!(
            read(&bare(&acs(bad, ""))),
            Err(SpMetadataError::NoPostEndpoint),
            "{bad}"
        );
    }
}

#[test]
fn an_unencrypted_address_is_a_warning() {
    let location = "http://localhost:8080/acs".to_owned();
    let sp = read(&bare(&acs(&location, ""))).unwrap();
    assert!(sp.assertion_consumer_services[0].usable);
    assert_eq!(sp.warnings, [SpMetadataWarning::NotHttps { location }]);
    assert_eq!(
        read(&bare(&acs("HTTPS://sp.test/", ""))).unwrap().warnings,
        []
    );
}

#[test]
fn dates_in_the_past_are_warnings() {
    let later = datetime!(2040-01-01 00:00 UTC);
    let sp = SpMetadata::parse(&aws(), later).unwrap();
    assert_eq!(
        sp.warnings,
        [
            SpMetadataWarning::ValidUntilPassed {
                at: datetime!(2027-11-15 00:00 UTC)
            },
            SpMetadataWarning::CertificateExpired {
                purpose: KeyPurpose::Signing,
                number: 1,
                not_after: NOW + Duration::days(1826)
            },
        ]
    );
    assert!(sp.warnings[1].to_string().contains("expired on 2031-11-22"));
    let odd = replaced(&aws(), "2027-11-15T00:00:00Z", "soon");
    assert_eq!(
        read(&odd).unwrap().warnings,
        [SpMetadataWarning::ValidUntilUnreadable]
    );
}

#[test]
fn keys_that_cannot_be_used_are_reported() {
    let ec = base64(&p256().certificate_der);
    let sp = read(&mellon().replace('\n', "").replace(&certificate(), &ec)).unwrap();
    assert_eq!(sp.signing_certificates.len(), 1);
    assert_eq!(
        sp.warnings[0],
        SpMetadataWarning::EncryptionKeyUnusable {
            number: 1,
            reason: KeyError::NotRsa
        }
    );
    let nameless = without(&aws(), "ds:X509Data");
    assert_eq!(
        read(&nameless).unwrap().warnings,
        [SpMetadataWarning::KeyWithoutCertificate]
    );
}

#[test]
fn certificates_that_cannot_be_read_are_refused() {
    for bad in ["!", "AAAA", ""] {
        let xml = aws().replace(&certificate(), bad);
        assert_eq!(
            read(&xml),
            Err(SpMetadataError::Certificate {
                purpose: KeyPurpose::Signing,
                number: 1,
                reason: KeyError::Certificate
            })
        );
    }
    let armoured = format!(
        "\n-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        certificate()
    );
    assert!(read(&aws().replace(&certificate(), &armoured)).is_ok());
}

#[test]
fn a_wrapper_around_one_service_provider_is_looked_through() {
    let inner = without(&shibboleth(), "md:Extensions");
    let inner = inner.split_once("-->").unwrap().1;
    let idp = "<md:EntityDescriptor entityID=\"urn:idp\"><md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"/></md:EntityDescriptor>";
    let wrap = |inner: &str| {
        format!(
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{inner}</md:EntitiesDescriptor>"
        )
    };
    let sp = read(&wrap(&format!("{idp}{inner}"))).unwrap();
    assert_eq!(sp.entity_id, "https://sp.example.org/shibboleth");
    assert_eq!(
        read(&wrap(&format!("{inner}{inner}"))),
        Err(SpMetadataError::SeveralServiceProviders { count: 2 })
    );
    assert_eq!(read(&wrap(idp)), Err(SpMetadataError::IdentityProvider));
    assert_eq!(read(&wrap("")), Err(SpMetadataError::NoServiceProvider));
}

#[test]
fn each_unusable_document_has_its_own_error() {
    assert_eq!(
        read(&format!("\u{FEFF}{}", aws())),
        Err(SpMetadataError::ByteOrderMark)
    );
    let padding = " ".repeat(MAX_SP_METADATA);
    assert!(matches!(
        read(&format!("{}{padding}", aws())),
        Err(SpMetadataError::TooLarge { size }) if size > MAX_SP_METADATA
    ));
    let dtd = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    assert_eq!(
        read(&format!("{dtd}{}", bare(""))),
        Err(SpMetadataError::Doctype)
    );
    for text in ["", "hello", "{\"entityID\": 1}", "<a", "<a>&nope;</a>"] {
        assert!(
            matches!(read(text), Err(SpMetadataError::NotXml(_))),
            "{text}"
        );
    }
    let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
    assert!(matches!(
        read(&deep),
        Err(SpMetadataError::NotXml(XmlFault::TooDeep { .. }))
    ));
    assert_eq!(read("<html/>"), Err(SpMetadataError::NotMetadata));
    assert_eq!(read(&bare("")), Err(SpMetadataError::NoPostEndpoint));
    let saml1 =
        bare(&acs("https://sp.test/", "")).replace("SAML:2.0:protocol", "SAML:1.1:protocol");
    assert_eq!(read(&saml1), Err(SpMetadataError::NoServiceProvider));
    let nameless = replaced(&aws(), "urn:amazon:webservices", "  ");
    assert_eq!(read(&nameless), Err(SpMetadataError::NoEntityId));
}

#[test]
fn values_that_cannot_be_read_are_named() {
    for (before, after, what) in [
        (
            "index=\"1\" isDefault",
            "index=\"x\" isDefault",
            "AssertionConsumerService/@index",
        ),
        ("isDefault=\"true\"", "isDefault=\"yes\"", "isDefault"),
        (
            "WantAssertionsSigned=\"true\"",
            "WantAssertionsSigned=\"\"",
            "WantAssertionsSigned",
        ),
        ("use=\"signing\"", "use=\"both\"", "KeyDescriptor/@use"),
        (NAMEID_EMAIL, " ", "NameIDFormat"),
        (
            "Location=\"https://signin",
            "X=\"https://signin",
            "AssertionConsumerService/@Location",
        ),
    ] {
        assert_eq!(
            read(&replaced(&aws(), before, after)),
            Err(SpMetadataError::Invalid { what })
        );
    }
}
