//! Signing with every algorithm on offer.

use jetway_saml::{KeyError, SignWhat, SigningAlgorithm, SigningKey};

use crate::fixture::{Ec, idp, p256, p384, receive_with, response};

fn signing(ec: &Ec) -> SigningKey {
    let pkcs8 = ec.pair.to_pkcs8v1().unwrap();
    SigningKey::from_pkcs8_der(pkcs8.as_ref(), &ec.certificate_der).unwrap()
}

#[test]
fn each_key_signs_with_each_algorithm_for_its_type() {
    let (p256, p384) = (p256(), p384());
    let rsa = |algorithm| idp().signing.with_algorithm(algorithm).unwrap();
    for (key, verifying, method, digest) in [
        (
            idp().signing.clone(),
            &idp().verifying,
            "rsa-sha256",
            "xmlenc#sha256",
        ),
        (
            rsa(SigningAlgorithm::RsaSha384),
            &idp().verifying,
            "rsa-sha384",
            "xmldsig-more#sha384",
        ),
        (
            rsa(SigningAlgorithm::RsaSha512),
            &idp().verifying,
            "rsa-sha512",
            "xmlenc#sha512",
        ),
        (
            signing(&p256),
            &p256.verifying,
            "ecdsa-sha256",
            "xmlenc#sha256",
        ),
        (
            signing(&p384),
            &p384.verifying,
            "ecdsa-sha384",
            "xmldsig-more#sha384",
        ),
    ] {
        for what in [SignWhat::Assertion, SignWhat::AssertionAndResponse] {
            let signed = response().sign(&key, what).unwrap();
            assert!(key.algorithm().uri().ends_with(method));
            assert!(
                signed
                    .as_xml()
                    .contains(&format!("xmldsig-more#{method}\""))
            );
            assert!(signed.as_xml().contains(&format!("{digest}\"")));
            let received = receive_with(signed.as_xml(), std::slice::from_ref(verifying)).unwrap();
            assert_eq!(received.response_signed, what != SignWhat::Assertion);
        }
    }
}

#[test]
fn the_widest_accepted_algorithm_is_the_default() {
    assert_eq!(idp().signing.algorithm(), SigningAlgorithm::RsaSha256);
    assert_eq!(
        signing(&p256()).algorithm(),
        SigningAlgorithm::EcdsaP256Sha256
    );
    assert_eq!(
        signing(&p384()).algorithm(),
        SigningAlgorithm::EcdsaP384Sha384
    );
}

#[test]
fn an_algorithm_for_another_type_of_key_is_refused() {
    let ec = signing(&p256());
    for algorithm in [
        SigningAlgorithm::RsaSha256,
        SigningAlgorithm::EcdsaP384Sha384,
    ] {
        assert_eq!(
            ec.with_algorithm(algorithm).unwrap_err(),
            KeyError::Algorithm
        );
    }
    assert!(ec.with_algorithm(SigningAlgorithm::EcdsaP256Sha256).is_ok());
    assert_eq!(
        idp()
            .signing
            .with_algorithm(SigningAlgorithm::EcdsaP256Sha256)
            .unwrap_err(),
        KeyError::Algorithm
    );
}
