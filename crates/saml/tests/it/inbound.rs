//! Messages of service providers: bindings and signatures.

use jetway_saml::{
    Authenticity, AuthnRequest, AuthnRequestError, Inbound, InboundError, MAX_POSTED, MAX_QUERY,
    MessageParameter, RedirectQueryError, SignatureFault, VerifyingKey, XmlFault,
    redirect::{RedirectError, encode_deflate},
    redirect_query,
};

use crate::fixture::{
    ACS, IDP, NOW, idp, p256, p384,
    sign::{MORE, Recipe},
    stranger,
    text::{after, base64, before, replaced},
};

const ID: &str = "_q0123";

fn request() -> AuthnRequest {
    AuthnRequest {
        id: ID.to_owned(),
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

fn xml() -> String {
    request().to_xml().unwrap()
}

/// Signed by the given recipe, right after the issuer.
fn posted(recipe: &Recipe<'_>) -> String {
    after(&xml(), "</saml:Issuer>", &recipe.signature(&xml(), ID))
}

fn by_post(xml: &str) -> Result<Inbound<AuthnRequest>, InboundError> {
    Inbound::from_post(&base64(xml), None)
}

fn by_redirect(query: &str) -> Result<Inbound<AuthnRequest>, InboundError> {
    Inbound::from_redirect(query)
}

fn keys() -> [VerifyingKey; 1] {
    [idp().verifying.clone()]
}

fn percent(text: &str) -> String {
    let escapes: Vec<_> = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    escapes.concat()
}

/// A query signed apart from the product's own code, with lower-case escapes throughout.
fn query(recipe: &Recipe<'_>, relay_state: Option<&str>) -> String {
    let relay_state = relay_state.map_or_else(String::new, |state| {
        format!("&RelayState={}", percent(state))
    });
    let signed = format!(
        "SAMLRequest={}{relay_state}&SigAlg={}",
        percent(&encode_deflate(&xml())),
        percent(&recipe.signature_method)
    );
    let signature = base64(recipe.sign(signed.as_bytes()));
    format!("{signed}&Signature={}", percent(&signature))
}

#[track_caller]
fn assert_fault(inbound: Result<Inbound<AuthnRequest>, InboundError>, fault: SignatureFault) {
    assert_eq!(
        inbound.unwrap().verify(&keys()),
        Err(InboundError::BadSignature(fault))
    );
}

#[test]
fn an_unsigned_request_is_read_and_called_unsigned() {
    let plain = format!("SAMLRequest={}", percent(&encode_deflate(&xml())));
    for inbound in [by_post(&xml()), by_redirect(&plain)] {
        let inbound = inbound.unwrap();
        assert!(!inbound.is_signed());
        assert_eq!(inbound.claims(), &request());
        assert_eq!(inbound.verify(&keys()), Ok(Authenticity::Unsigned));
        assert_eq!(inbound.verify(&[]), Ok(Authenticity::Unsigned));
    }
}

#[test]
fn a_signed_query_is_verified_in_every_algorithm() {
    let (p256, p384) = (p256(), p384());
    for (recipe, key) in [
        (Recipe::default(), idp().verifying.clone()),
        (Recipe::rsa_sha384(), idp().verifying.clone()),
        (Recipe::rsa_sha512(), idp().verifying.clone()),
        (Recipe::ec(&p256, "ecdsa-sha256"), p256.verifying.clone()),
        (Recipe::ec(&p384, "ecdsa-sha384"), p384.verifying.clone()),
    ] {
        for state in [None, Some(""), Some("/path?a=b c+d&é")] {
            let query = query(&recipe, state);
            let inbound = by_redirect(&query).unwrap();
            assert!(inbound.is_signed());
            assert_eq!(inbound.relay_state(), state);
            let both = [stranger().verifying.clone(), key.clone()];
            assert_eq!(inbound.verify(&both), Ok(Authenticity::Signed), "{query}");
            assert_eq!(
                inbound.verify(&[stranger().verifying.clone()]),
                Err(InboundError::BadSignature(SignatureFault::Value))
            );
        }
    }
}

#[test]
fn a_signed_post_is_verified_in_every_algorithm() {
    let (p256, p384) = (p256(), p384());
    for (recipe, key) in [
        (Recipe::default(), idp().verifying.clone()),
        (Recipe::rsa_sha384(), idp().verifying.clone()),
        (Recipe::rsa_sha512(), idp().verifying.clone()),
        (Recipe::ec(&p256, "ecdsa-sha256"), p256.verifying.clone()),
        (Recipe::ec(&p384, "ecdsa-sha384"), p384.verifying.clone()),
    ] {
        let inbound = by_post(&posted(&recipe)).unwrap();
        assert!(inbound.claims().has_signature);
        assert_eq!(inbound.verify(&[key]), Ok(Authenticity::Signed));
        assert_eq!(
            inbound.verify(&[stranger().verifying.clone()]),
            Err(InboundError::BadSignature(SignatureFault::Value))
        );
    }
}

#[test]
fn what_we_sign_ourselves_is_verified() {
    let signed = request().sign(&idp().signing).unwrap();
    let inbound: Inbound<AuthnRequest> =
        Inbound::from_post(&signed.to_base64(), Some("state")).unwrap();
    assert_eq!(inbound.verify(&keys()), Ok(Authenticity::Signed));
    assert_eq!(inbound.relay_state(), Some("state"));
    let query = redirect_query(
        &xml(),
        MessageParameter::Request,
        Some("a b"),
        Some(&idp().signing),
    );
    let inbound = by_redirect(&format!("?{}", query.unwrap())).unwrap();
    assert_eq!(inbound.verify(&keys()), Ok(Authenticity::Signed));
    assert_eq!(inbound.relay_state(), Some("a b"));
}

#[test]
fn reading_and_verifying_in_one_step_gives_the_same_verdicts() {
    let query = query(&Recipe::default(), Some("state"));
    let posted = base64(posted(&Recipe::default()));
    let redirected = |keys: &_| Inbound::<AuthnRequest>::verify_redirect(&query, keys);
    let by_post = |keys: &_| Inbound::<AuthnRequest>::verify_post(&posted, Some("state"), keys);
    let theirs = [stranger().verifying.clone()];
    for (good, bad) in [
        (redirected(&keys()), redirected(&theirs)),
        (by_post(&keys()), by_post(&theirs)),
    ] {
        let (inbound, authenticity) = good.unwrap();
        assert_eq!(authenticity, Authenticity::Signed);
        assert_eq!(inbound.relay_state(), Some("state"));
        assert_eq!(bad.unwrap_err(), SignatureFault::Value.into());
    }
}

/// SAML bindings 3.4.4.1: SAMLRequest, RelayState, SigAlg, wherever they stand in the query.
#[test]
fn the_order_of_the_parameters_does_not_matter_but_their_octets_do() {
    let query = query(&Recipe::default(), Some("state"));
    let mut parameters: Vec<_> = query.split('&').collect();
    parameters.reverse();
    parameters.push("other=1");
    let reversed = by_redirect(&parameters.join("&")).unwrap();
    assert_eq!(reversed.verify(&keys()), Ok(Authenticity::Signed));
    // The same values, escaped in another way, are not what was signed.
    let upper = replaced(&query, "%73%74%61%74%65", "state");
    assert_fault(by_redirect(&upper), SignatureFault::Value);
}

#[test]
fn a_changed_query_is_refused() {
    let query = query(&Recipe::default(), Some("state"));
    let state = format!("&RelayState={}", percent("state"));
    assert_fault(
        by_redirect(&replaced(&query, &state, "")),
        SignatureFault::Value,
    );
    let other = format!("&RelayState={}", percent("other"));
    assert_fault(
        by_redirect(&replaced(&query, &state, &other)),
        SignatureFault::Value,
    );
    let forged = AuthnRequest {
        assertion_consumer_service_url: Some("https://evil.test/".to_owned()),
        ..request()
    };
    let forged = replaced(
        &query,
        &percent(&encode_deflate(&xml())),
        &percent(&encode_deflate(&forged.to_xml().unwrap())),
    );
    assert_fault(by_redirect(&forged), SignatureFault::Value);
}

#[test]
fn weak_and_foreign_algorithms_are_refused() {
    for method in [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1".to_owned(),
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1".to_owned(),
        format!("{MORE}hmac-sha256"),
        format!("{MORE}rsa-md5"),
        String::new(),
    ] {
        let recipe = Recipe {
            signature_method: method,
            ..Recipe::default()
        };
        assert_fault(
            by_redirect(&query(&recipe, None)),
            SignatureFault::SignatureAlgorithm,
        );
        assert_fault(
            by_post(&posted(&recipe)),
            SignatureFault::SignatureAlgorithm,
        );
    }
    let ec_name = Recipe {
        signature_method: format!("{MORE}ecdsa-sha256"),
        ..Recipe::default()
    };
    assert_fault(by_redirect(&query(&ec_name, None)), SignatureFault::Value);
}

#[test]
fn a_changed_or_misplaced_signature_in_a_post_is_refused() {
    let good = posted(&Recipe::default());
    let changed = replaced(&good, ACS, "https://evil.test/");
    assert_fault(by_post(&changed), SignatureFault::Digest);
    let signature = Recipe::default().signature(&xml(), ID);
    let hidden = before(
        &xml(),
        "</samlp:AuthnRequest>",
        &format!("<samlp:Extensions>{signature}</samlp:Extensions>"),
    );
    assert_fault(by_post(&hidden), SignatureFault::Misplaced);
    let elsewhere = Recipe {
        uri: Some("#_other"),
        ..Recipe::default()
    };
    assert_fault(by_post(&posted(&elsewhere)), SignatureFault::Reference);
    let twice = after(&good, "</saml:Issuer>", &signature);
    assert!(matches!(
        by_post(&twice),
        Err(InboundError::AuthnRequest(AuthnRequestError::Content(_)))
    ));
}

#[test]
fn a_signed_request_inside_another_does_not_speak_for_it() {
    let signed = posted(&Recipe::default());
    let forged = AuthnRequest {
        id: "_evil".to_owned(),
        assertion_consumer_service_url: Some("https://evil.test/".to_owned()),
        ..request()
    };
    let wrapped = before(
        &forged.to_xml().unwrap(),
        "</samlp:AuthnRequest>",
        &format!("<samlp:Extensions>{signed}</samlp:Extensions>"),
    );
    assert_fault(by_post(&wrapped), SignatureFault::Misplaced);
    let signature = Recipe::default().signature(&xml(), ID);
    let taken = after(&forged.to_xml().unwrap(), "</saml:Issuer>", &signature);
    assert_fault(by_post(&taken), SignatureFault::Reference);
}

#[test]
fn both_kinds_of_signature_must_hold() {
    let signed_inside = posted(&Recipe::default());
    let good = redirect_query(
        &signed_inside,
        MessageParameter::Request,
        None,
        Some(&idp().signing),
    )
    .unwrap();
    assert_eq!(
        by_redirect(&good).unwrap().verify(&keys()),
        Ok(Authenticity::Signed)
    );
    let changed = replaced(&signed_inside, ACS, "https://evil.test/");
    let bad = redirect_query(
        &changed,
        MessageParameter::Request,
        None,
        Some(&idp().signing),
    )
    .unwrap();
    assert_fault(by_redirect(&bad), SignatureFault::Digest);
}

#[test]
fn a_signature_without_a_registered_key_is_neither_good_nor_overlooked() {
    assert_eq!(
        by_post(&posted(&Recipe::default())).unwrap().verify(&[]),
        Err(InboundError::NoKeys {
            issuer: "https://sp.test/".to_owned()
        })
    );
}

#[test]
fn queries_that_can_be_read_in_two_ways_are_refused() {
    let query = query(&Recipe::default(), Some("state"));
    let refused = |query: &str| match by_redirect(query) {
        Err(InboundError::Query(error)) => error,
        other => panic!("{query}: {other:?}"),
    };
    for name in ["SAMLRequest", "RelayState", "SigAlg", "Signature"] {
        let twice = format!("{query}&{name}=x");
        assert_eq!(
            refused(&twice),
            RedirectQueryError::Repeated { parameter: name }
        );
        let disguised = format!("{query}&%53{}", &name[1..]);
        if name.starts_with('S') {
            assert_eq!(
                refused(&disguised),
                RedirectQueryError::Escape { parameter: name }
            );
        }
        let half = query
            .split('&')
            .filter(|pair| !pair.starts_with(&format!("{name}=")))
            .collect::<Vec<_>>()
            .join("&");
        match name {
            "SAMLRequest" => assert_eq!(
                refused(&half),
                RedirectQueryError::Missing { parameter: name }
            ),
            "RelayState" => {}
            _ => assert_eq!(refused(&half), RedirectQueryError::HalfSigned),
        }
    }
    assert_eq!(
        refused(&format!("{query}&SAMLEncoding=urn:other")),
        RedirectQueryError::Encoding
    );
    let parameter = "SAMLRequest";
    for bad in [
        "SAMLRequest=%",
        "SAMLRequest=%4",
        "SAMLRequest=%zz",
        "SAMLRequest=%ff",
    ] {
        assert_eq!(refused(bad), RedirectQueryError::Escape { parameter });
    }
    assert_eq!(
        refused("SAMLRequest=%21"),
        RedirectQueryError::Message(RedirectError::NotBase64)
    );
    assert_eq!(
        refused(&"x".repeat(MAX_QUERY + 1)),
        RedirectQueryError::TooLong
    );
    // A response is not a request.
    let response = format!("SAMLResponse={}", percent(&encode_deflate(&xml())));
    assert_eq!(
        refused(&response),
        RedirectQueryError::Missing { parameter }
    );
}

#[test]
fn base64_with_plus_signs_nobody_escaped_is_read() {
    let plain = format!(
        "SAMLRequest={}&SAMLEncoding={}",
        encode_deflate(&xml()),
        percent("urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE")
    );
    assert_eq!(by_redirect(&plain).unwrap().claims(), &request());
}

#[test]
fn what_is_no_posted_request_is_refused() {
    let post = |text: &str| Inbound::<AuthnRequest>::from_post(text, None).unwrap_err();
    assert_eq!(post("%"), InboundError::NotBase64);
    assert_eq!(post(&base64([0xFF, 0xFE])), InboundError::NotUtf8);
    assert_eq!(post(&"A".repeat(MAX_POSTED + 4)), InboundError::TooLong);
    assert_eq!(
        post(&base64(format!("<!DOCTYPE x>{}", xml()))),
        InboundError::Xml(XmlFault::Doctype)
    );
    assert_eq!(
        post(&base64("<a/>")),
        InboundError::AuthnRequest(AuthnRequestError::NotAnAuthnRequest)
    );
}

#[test]
fn nothing_of_a_message_is_printed() {
    let text = format!("{:?}", by_post(&xml()).unwrap());
    assert!(!text.contains("sp.test"), "{text}");
}
