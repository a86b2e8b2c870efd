//! Whatever comes in from outside, reading it ends with a value or an error, never with a panic,
//! and nothing that was changed is called signed.

use jetway_saml::{
    Authenticity, AuthnRequest, Inbound, LogoutRequest, LogoutResponse, MessageParameter,
    SpMetadata, read_uploaded_key, redirect_query,
};
use proptest::prelude::*;

use crate::fixture::{ACS, IDP, NOW, idp, sp, text::base64};

fn request() -> AuthnRequest {
    AuthnRequest {
        id: "_q1".to_owned(),
        issue_instant: NOW,
        destination: Some(IDP.to_owned()),
        issuer: "https://sp.test/".to_owned(),
        assertion_consumer_service_url: Some(ACS.to_owned()),
        assertion_consumer_service_index: None,
        protocol_binding: None,
        force_authn: false,
        is_passive: false,
        name_id_policy: None,
        authn_context: None,
        has_signature: false,
    }
}

/// One change of a text: some bytes cut out at a place, others put in.
fn change() -> impl Strategy<Value = (prop::sample::Index, usize, String)> {
    let inserted = prop::sample::select(vec![
        "",
        "&",
        "<",
        ">",
        "\"",
        "=",
        "%",
        "%00",
        "&amp;",
        "<!--x-->",
        "<a/>",
        "]]>",
        "\u{FEFF}",
        "xmlns=\"\"",
        "-----",
        "\0",
        "é",
        "2",
        " ",
        "<ds:Signature/>",
    ]);
    (
        any::<prop::sample::Index>(),
        0_usize..40,
        inserted.prop_map(str::to_owned),
    )
}

fn changed(text: &str, changes: &[(prop::sample::Index, usize, String)]) -> String {
    let mut text = text.to_owned();
    for (place, length, inserted) in changes {
        let places: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
        if places.is_empty() {
            break;
        }
        let first = place.index(places.len());
        let end = places.get(first + length).copied().unwrap_or(text.len());
        text.replace_range(places[first]..end, inserted);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn changed_metadata_is_read_or_refused(changes in prop::collection::vec(change(), 1..5)) {
        for xml in [sp::aws(), sp::shibboleth(), sp::mellon()] {
            if let Ok(read) = SpMetadata::parse(&changed(&xml, &changes), NOW) {
                let acs = read.default_assertion_consumer_service();
                prop_assert!(acs.is_some_and(|acs| acs.usable && acs.location.starts_with("http")));
            }
        }
    }

    #[test]
    fn a_changed_query_is_never_called_signed(changes in prop::collection::vec(change(), 1..4)) {
        let good = redirect_query(
            &request().to_xml().unwrap(),
            MessageParameter::Request,
            Some("state"),
            Some(&idp().signing),
        )
        .unwrap();
        let query = changed(&good, &changes);
        if let Ok(inbound) = Inbound::<AuthnRequest>::from_redirect(&query) {
            let verdict = inbound.verify(&[idp().verifying.clone()]);
            if verdict == Ok(Authenticity::Signed) {
                // Only what the signature does not cover may have changed.
                prop_assert_eq!(inbound.claims(), &request());
                prop_assert_eq!(inbound.relay_state(), Some("state"));
            }
        }
    }

    #[test]
    fn a_changed_post_is_never_called_signed(changes in prop::collection::vec(change(), 1..4)) {
        let good = request().sign(&idp().signing).unwrap();
        let xml = changed(good.as_xml(), &changes);
        if let Ok(inbound) = Inbound::<AuthnRequest>::from_post(&base64(&xml), None) {
            let verdict = inbound.verify(&[idp().verifying.clone()]);
            if verdict == Ok(Authenticity::Signed) {
                let signed = AuthnRequest { has_signature: true, ..request() };
                prop_assert_eq!(inbound.claims(), &signed);
            }
        }
        let _ = Inbound::<LogoutRequest>::from_xml(&xml);
        let _ = Inbound::<LogoutResponse>::from_soap(&xml);
    }

    #[test]
    fn changed_key_files_are_read_or_refused(
        changes in prop::collection::vec(change(), 1..4),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let generated = &idp().generated;
        let pem = |label: &str, der: &[u8]| {
            format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64(der))
        };
        let key = pem("PRIVATE KEY", &generated.pkcs8_der);
        let certificate = pem("CERTIFICATE", &generated.certificate_der);
        let _ = read_uploaded_key(changed(&key, &changes).as_bytes(), certificate.as_bytes());
        let _ = read_uploaded_key(key.as_bytes(), changed(&certificate, &changes).as_bytes());
        prop_assert!(read_uploaded_key(&bytes, certificate.as_bytes()).is_err());
        prop_assert!(read_uploaded_key(key.as_bytes(), &bytes).is_err());
    }
}
