//! Metadata of identity providers, published and trusted.

use jetway_saml::{
    IdpMetadata, IssueError, MetadataError, NAMEID_EMAIL, NAMEID_PERSISTENT, SigningCertificate,
    TrustedIdp,
};

use crate::fixture::{
    IDP, idp, p256, stranger,
    text::{base64, before, element, replaced, without},
};

fn published() -> IdpMetadata {
    IdpMetadata {
        entity_id: IDP.to_owned(),
        certificates: vec![idp().generated.certificate_der.clone()],
        sso_redirect: Some(IDP.to_owned()),
        sso_post: Some(format!("{IDP}?a=1&b=2")),
        name_id_formats: vec![NAMEID_EMAIL.to_owned(), NAMEID_PERSISTENT.to_owned()],
        ..IdpMetadata::default()
    }
}

fn xml() -> String {
    published().to_xml().unwrap()
}

fn trust(xml: &str) -> Result<TrustedIdp, MetadataError> {
    TrustedIdp::from_metadata(xml)
}

#[track_caller]
fn assert_unparsable(xml: &str) {
    assert!(
        matches!(trust(xml), Err(MetadataError::Unparsable(_))),
        "{xml}"
    );
}

/// Requirement I02.
#[test]
fn our_metadata_is_long_enough_for_aws_and_trusted_by_ourselves() {
    let xml = xml();
    assert!(xml.chars().count() > 1000, "{}", xml.len());
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<md:EntityDescriptor "));
    let trusted = trust(&xml).unwrap();
    assert_eq!(trusted.entity_id, IDP);
    assert_eq!(trusted.keys, [idp().verifying.clone()]);
}

#[test]
fn our_metadata_lists_every_certificate_format_and_endpoint() {
    let mut published = published();
    published
        .certificates
        .push(stranger().generated.certificate_der.clone());
    let xml = published.to_xml().unwrap();
    assert_eq!(trust(&xml).unwrap().keys.len(), 2);
    assert_eq!(xml.matches("<md:KeyDescriptor use=\"signing\">").count(), 2);
    assert_eq!(xml.matches("<md:NameIDFormat>").count(), 2);
    assert!(xml.contains("bindings:HTTP-Redirect\""));
    assert!(xml.contains("bindings:HTTP-POST\" Location=\"https://idp.acme.test/saml2/acme-prod-aws-admin?a=1&amp;b=2\""));
    assert!(xml.contains("WantAuthnRequestsSigned=\"false\""));
}

#[test]
fn every_endpoint_is_published_in_the_order_of_the_schema() {
    let published = IdpMetadata {
        sso_soap: Some(format!("{IDP}/soap")),
        slo_redirect: Some(format!("{IDP}/out")),
        slo_post: Some(format!("{IDP}/out/post")),
        want_authn_requests_signed: true,
        ..published()
    };
    let xml = published.to_xml().unwrap();
    let places: Vec<_> = [
        "WantAuthnRequestsSigned=\"true\"".to_owned(),
        "<md:KeyDescriptor".to_owned(),
        format!("<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"{IDP}/out\">"),
        format!("<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{IDP}/out/post\">"),
        "<md:NameIDFormat>".to_owned(),
        "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\"".to_owned(),
        format!("<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\" Location=\"{IDP}/soap\">"),
    ]
    .iter()
    .map(|piece| xml.find(piece).unwrap_or_else(|| panic!("{piece}")))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(trust(&xml).is_ok());
}

#[test]
fn metadata_without_endpoint_or_entity_id_is_not_published() {
    let mut published = published();
    published.sso_redirect = None;
    assert!(published.to_xml().is_ok());
    published.sso_post = None;
    assert_eq!(published.to_xml(), Err(IssueError::NoSingleSignOnService));
    published.sso_post = Some(IDP.to_owned());
    published.entity_id = String::new();
    assert!(published.to_xml().is_err());
}

#[test]
fn an_entities_descriptor_gives_its_first_identity_provider() {
    let descriptor = xml().split_once("?>").unwrap().1.to_owned();
    let sp = "<md:EntityDescriptor entityID=\"urn:sp\"><md:SPSSODescriptor/></md:EntityDescriptor>";
    let wrapped = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{sp}\
         <md:EntitiesDescriptor>{descriptor}</md:EntitiesDescriptor>{}</md:EntitiesDescriptor>",
        descriptor.replace(IDP, "urn:later")
    );
    assert_eq!(trust(&wrapped).unwrap().entity_id, IDP);
}

#[test]
fn encryption_keys_are_not_trusted_for_signing() {
    let xml = xml();
    let encryption = element(&xml, "md:KeyDescriptor")
        .replace("signing", "encryption")
        .replace(
            &base64(&idp().generated.certificate_der),
            &base64(&stranger().generated.certificate_der),
        );
    let both = before(&xml, "<md:KeyDescriptor", &encryption);
    assert_eq!(trust(&both).unwrap().keys, [idp().verifying.clone()]);
    let only = replaced(&xml, element(&xml, "md:KeyDescriptor"), &encryption);
    assert_eq!(trust(&only).unwrap().keys, []);
    // Not even looked at.
    let junk = replaced(
        &xml,
        element(&xml, "md:KeyDescriptor"),
        &encryption.replace("MII", "!!!"),
    );
    assert!(trust(&junk).is_ok());
}

#[test]
fn a_key_without_use_signs_too() {
    let xml = replaced(&xml(), " use=\"signing\"", "");
    assert_eq!(trust(&xml).unwrap().keys.len(), 1);
}

#[test]
fn the_same_certificate_twice_counts_once() {
    let xml = xml();
    let key = element(&xml, "md:KeyDescriptor").to_owned();
    assert_eq!(trust(&before(&xml, &key, &key)).unwrap().keys.len(), 1);
}

/// A certificate that was renewed with its key is not expired because the old one comes first.
#[test]
fn of_certificates_with_one_key_the_one_that_ends_last_is_kept() {
    let old = &idp().generated.certificate_der;
    let renewed = ending_ten_years_later(old);
    let ends = |der: &[u8]| SigningCertificate::from_der(der).unwrap().not_after;
    assert!(ends(&renewed) > ends(old));
    let xml = xml();
    let key = element(&xml, "md:KeyDescriptor").to_owned();
    let other = key.replace(&base64(old), &base64(&renewed));
    for both in [format!("{key}{other}"), format!("{other}{key}")] {
        let trusted = trust(&xml.replacen(&key, &both, 1)).unwrap();
        assert_eq!(trusted.keys, [idp().verifying.clone()]);
        assert_eq!(trusted.certificates, std::slice::from_ref(&renewed));
    }
}

/// The same certificate but for its end, the second of two UTCTimes. Nobody looks at its signature.
fn ending_ten_years_later(der: &[u8]) -> Vec<u8> {
    let mut der = der.to_vec();
    let times: Vec<usize> = (0..der.len())
        .filter(|at| der[*at..].starts_with(b"\x17\x0d") && der.get(at + 14) == Some(&b'Z'))
        .collect();
    der[times[1] + 2] += 1;
    der
}

#[test]
fn only_the_first_certificate_of_a_chain_is_trusted() {
    let xml = xml();
    let issuer = format!(
        "<ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>",
        base64(&stranger().generated.certificate_der)
    );
    let chain = replaced(&xml, "</ds:X509Data>", &issuer);
    assert_eq!(trust(&chain).unwrap().keys, [idp().verifying.clone()]);
}

#[test]
fn elliptic_curve_certificates_are_trusted() {
    let ec = p256();
    let xml = xml().replace(
        &base64(&idp().generated.certificate_der),
        &base64(&ec.certificate_der),
    );
    assert_eq!(trust(&xml).unwrap().keys, [ec.verifying]);
}

#[test]
fn metadata_without_certificate_or_endpoint_is_trusted() {
    let xml = without(&xml(), "md:KeyDescriptor");
    let xml = without(
        &without(&xml, "md:SingleSignOnService"),
        "md:SingleSignOnService",
    );
    let trusted = trust(&xml).unwrap();
    assert_eq!((trusted.entity_id.as_str(), trusted.keys.len()), (IDP, 0));
}

#[test]
fn what_people_and_products_put_into_metadata_is_tolerated() {
    let certificate = base64(&idp().generated.certificate_der);
    let wrapped = certificate
        .as_bytes()
        .chunks(64)
        .map(|c| std::str::from_utf8(c).unwrap())
        .collect::<Vec<_>>()
        .join("\r\n\t");
    let xml = xml()
        .replace(&certificate, &format!("\n{wrapped}\n"))
        .replace("<md:EntityDescriptor ", "<!-- made & kept by hand --><?xml-stylesheet href=\"x\"?><md:EntityDescriptor validUntil=\"2001-01-01T00:00:00Z\" xml:id=\"x\" ID=\"_1\" ")
        .replace("</md:IDPSSODescriptor>", "<saml:Attribute xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" Name=\"n\"/></md:IDPSSODescriptor><md:Organization><md:OrganizationName xml:lang=\"en\"><![CDATA[A & B]]></md:OrganizationName></md:Organization>");
    assert_eq!(trust(&xml).unwrap().keys, [idp().verifying.clone()]);
}

#[test]
fn a_stylesheet_at_the_very_start_is_no_xml_declaration() {
    let body = xml().split_once("?>").unwrap().1.trim_start().to_owned();
    assert!(trust(&format!("<?xml-stylesheet href=\"x\"?>{body}")).is_ok());
}

#[test]
fn metadata_of_a_service_provider_is_refused_as_such() {
    let sp = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"urn:sp\"><SPSSODescriptor/></EntityDescriptor>";
    assert_eq!(trust(sp), Err(MetadataError::NoIdpDescriptor));
    let none =
        "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"></EntitiesDescriptor>";
    assert_eq!(trust(none), Err(MetadataError::NoIdpDescriptor));
}

#[test]
fn what_is_not_metadata_is_refused() {
    for bad in [
        String::new(),
        "x".repeat(2000),
        "<a/>".to_owned(),
        format!("\u{FEFF}{}", xml()),
        xml()[..xml().len() - 10].to_owned(),
        xml().replace("SAML:2.0:metadata", "SAML:1.0:metadata"),
        replaced(&xml(), "entityID=", "entityId="),
        replaced(&xml(), &format!("entityID=\"{IDP}\""), "entityID=\"\""),
        replaced(&xml(), "<ds:X509Certificate>MII", "<ds:X509Certificate>AII"),
        replaced(&xml(), "<ds:X509Certificate>", "<ds:X509Certificate>!"),
        replaced(&xml(), "<ds:X509Certificate>", "<ds:X509Certificate><b/>"),
    ] {
        assert_unparsable(&bad);
    }
}

#[test]
fn entities_in_metadata_are_refused() {
    for subset in [
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE x SYSTEM \"http://127.0.0.1:9/x\">",
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>",
    ] {
        let body = xml().split_once("?>").unwrap().1.to_owned();
        assert_unparsable(&format!("{subset}{body}"));
    }
}

#[test]
fn oversized_and_deep_metadata_is_refused() {
    assert_unparsable(&format!(
        "{}{}",
        xml(),
        " ".repeat(jetway_saml::MAX_METADATA)
    ));
    let nested = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_unparsable(&before(&xml(), "<md:IDPSSODescriptor", &nested));
}
