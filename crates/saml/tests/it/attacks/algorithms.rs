//! Signatures that verify mathematically, made in ways that are not accepted: most of them even by
//! the identity provider's own key.

use jetway_saml::{SignatureFault, VerifyError};

use crate::fixture::{
    Refusal, assert_unverified, forge, genuine, idp, p256, receive_with,
    sign::{ENVELOPED, EXC_C14N, Key, MORE, Recipe, SHA1, inclusive, transform},
    text::{after, base64, replaced},
};

fn fault(recipe: &Recipe<'_>) -> SignatureFault {
    let xml = forge::resigned(&forge::unsigned_assertion(), recipe);
    match assert_unverified(&xml) {
        VerifyError::BadSignature(fault) => fault,
        other @ VerifyError::AssertionNotSigned => panic!("{other}"),
    }
}

fn with_transforms(transforms: &[String]) -> SignatureFault {
    fault(&Recipe {
        transforms: transforms.concat(),
        ..Recipe::default()
    })
}

#[test]
fn hmac_keyed_with_the_public_key_is_refused() {
    let certificate = &idp().generated.certificate_der;
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        base64(certificate)
    );
    let spki = idp().verifying.spki_der();
    for secret in [certificate.as_slice(), pem.as_bytes(), spki, b""] {
        for method in ["hmac-sha256", "rsa-sha256", "ecdsa-sha256"] {
            let expected = match method {
                "hmac-sha256" => SignatureFault::SignatureAlgorithm,
                _ => SignatureFault::Value,
            };
            let recipe = Recipe {
                key: Key::Hmac(secret),
                signature_method: format!("{MORE}{method}"),
                ..Recipe::default()
            };
            assert_eq!(fault(&recipe), expected, "{method}");
        }
    }
}

#[test]
fn a_truncated_hmac_is_refused() {
    let genuine = genuine();
    let hmac = "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\">\
                <ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>";
    let xml = replaced(
        &genuine,
        crate::fixture::text::element(&genuine, "ds:SignatureMethod"),
        hmac,
    );
    assert_eq!(
        assert_unverified(&xml),
        VerifyError::BadSignature(SignatureFault::SignatureAlgorithm)
    );
}

#[test]
fn sha1_as_signature_hash_is_refused() {
    let recipe = Recipe {
        signature_method: "http://www.w3.org/2000/09/xmldsig#rsa-sha1".to_owned(),
        ..Recipe::default()
    };
    assert_eq!(fault(&recipe), SignatureFault::SignatureAlgorithm);
}

#[test]
fn sha1_as_digest_is_refused() {
    let recipe = Recipe {
        digest_method: SHA1,
        ..Recipe::default()
    };
    assert_eq!(fault(&recipe), SignatureFault::DigestAlgorithm);
}

#[test]
fn md5_and_unknown_algorithms_are_refused() {
    for method in [
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ",
        "none",
        "",
    ] {
        let recipe = Recipe {
            signature_method: method.to_owned(),
            ..Recipe::default()
        };
        assert_eq!(
            fault(&recipe),
            SignatureFault::SignatureAlgorithm,
            "{method}"
        );
    }
}

#[test]
fn rsa_pss_is_refused() {
    assert_eq!(fault(&Recipe::pss()), SignatureFault::SignatureAlgorithm);
    // Nor does a PSS signature pass as PKCS #1 v1.5.
    let disguised = Recipe {
        signature_method: format!("{MORE}rsa-sha256"),
        ..Recipe::pss()
    };
    assert_eq!(fault(&disguised), SignatureFault::Value);
}

#[test]
fn an_algorithm_for_another_type_of_key_is_refused() {
    let ec = p256();
    let mixed = Recipe::ec(&ec, "rsa-sha256");
    let xml = forge::resigned(&forge::unsigned_assertion(), &mixed);
    let keys = [ec.verifying.clone(), idp().verifying.clone()];
    let refused = Refusal::Verify(VerifyError::BadSignature(SignatureFault::Value));
    assert_eq!(receive_with(&xml, &keys), Err(refused.clone()));
    let xml = replaced(&genuine(), "more#rsa-sha256", "more#ecdsa-sha256");
    assert_eq!(receive_with(&xml, &keys), Err(refused));
}

#[test]
fn inclusive_canonicalization_is_refused() {
    let inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    let recipe = Recipe {
        canonicalization: inclusive,
        ..Recipe::default()
    };
    assert_eq!(fault(&recipe), SignatureFault::Canonicalization);
    let transforms = [transform(ENVELOPED), transform(inclusive)];
    assert_eq!(with_transforms(&transforms), SignatureFault::Transforms);
}

#[test]
fn canonicalization_with_comments_is_refused() {
    let with_comments = format!("{EXC_C14N}WithComments");
    let recipe = Recipe {
        canonicalization: &with_comments,
        ..Recipe::default()
    };
    assert_eq!(fault(&recipe), SignatureFault::Canonicalization);
    let transforms = [transform(ENVELOPED), transform(&with_comments)];
    assert_eq!(with_transforms(&transforms), SignatureFault::Transforms);
}

#[test]
fn an_xpath_transform_is_refused() {
    let xpath = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">\
                 <ds:XPath>not(ancestor-or-self::NameID)</ds:XPath></ds:Transform>"
        .to_owned();
    let three = [transform(ENVELOPED), xpath.clone(), transform(EXC_C14N)];
    assert_eq!(with_transforms(&three), SignatureFault::Transforms);
    let two = [transform(ENVELOPED), xpath];
    assert_eq!(with_transforms(&two), SignatureFault::Transforms);
}

#[test]
fn an_xslt_transform_is_refused() {
    let xslt = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\">\
                <xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"></xsl:stylesheet>\
                </ds:Transform>"
        .to_owned();
    let two = [xslt, transform(EXC_C14N)];
    assert_eq!(with_transforms(&two), SignatureFault::Structure);
}

#[test]
fn a_base64_transform_is_refused() {
    let base64 = transform("http://www.w3.org/2000/09/xmldsig#base64");
    let two = [base64, transform(EXC_C14N)];
    assert_eq!(with_transforms(&two), SignatureFault::Transforms);
}

#[test]
fn missing_repeated_and_reordered_transforms_are_refused() {
    let (enveloped, exclusive) = (transform(ENVELOPED), transform(EXC_C14N));
    for transforms in [
        vec![],
        vec![enveloped.clone()],
        vec![exclusive.clone()],
        vec![exclusive.clone(), enveloped.clone()],
        vec![enveloped.clone(), enveloped.clone()],
        vec![enveloped.clone(), exclusive.clone(), exclusive.clone()],
    ] {
        assert_eq!(with_transforms(&transforms), SignatureFault::Transforms);
    }
}

#[test]
fn parameters_where_a_transform_has_none_are_refused() {
    let odd = format!(
        "<ds:Transform Algorithm=\"{ENVELOPED}\"><ds:XPath>true()</ds:XPath></ds:Transform>"
    );
    let two = [odd, transform(EXC_C14N)];
    assert_eq!(with_transforms(&two), SignatureFault::Transforms);
}

#[test]
fn an_excessive_prefix_list_is_refused() {
    let prefixes: Vec<_> = (0..33).map(|n| format!("p{n}")).collect();
    let two = [transform(ENVELOPED), inclusive(&prefixes.join(" "))];
    assert_eq!(with_transforms(&two), SignatureFault::Transforms);
}

#[test]
fn several_references_are_refused() {
    let second = "<ds:Reference URI=\"#_r0123456789abcdef0123456789abcdef\"></ds:Reference>";
    let recipe = Recipe {
        more_references: second,
        ..Recipe::default()
    };
    assert_eq!(fault(&recipe), SignatureFault::Reference);
}

#[test]
fn references_to_anything_but_the_signed_element_are_refused() {
    for uri in [
        "",
        "#",
        "#_r0123456789abcdef0123456789abcdef",
        "#xpointer(/)",
        "#xpointer(id('_a0123456789abcdef0123456789abcdef'))",
        "#_A0123456789ABCDEF0123456789ABCDEF",
        "_a0123456789abcdef0123456789abcdef",
        "file:///etc/passwd",
        "http://127.0.0.1:9/#_a0123456789abcdef0123456789abcdef",
        "cid:1",
    ] {
        let recipe = Recipe {
            uri: Some(uri),
            ..Recipe::default()
        };
        assert_eq!(fault(&recipe), SignatureFault::Reference, "{uri}");
    }
}

#[test]
fn a_reference_without_uri_is_refused() {
    let xml = replaced(
        &genuine(),
        " URI=\"#_a0123456789abcdef0123456789abcdef\"",
        "",
    );
    assert_eq!(
        assert_unverified(&xml),
        VerifyError::BadSignature(SignatureFault::Reference)
    );
}

#[test]
fn retrieval_methods_in_key_info_are_not_followed() {
    // Nothing may be fetched; the signature stands or falls with the pinned key.
    let method = "<ds:RetrievalMethod URI=\"http://127.0.0.1:9/key\"></ds:RetrievalMethod>";
    let xml = after(&genuine(), "<ds:KeyInfo>", method);
    assert!(receive_with(&xml, &[idp().verifying.clone()]).is_ok());
}
