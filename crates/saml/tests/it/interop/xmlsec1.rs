//! libxmlsec1's command line against signatures in every algorithm and encrypted assertions.

use std::{path::Path, process::Command};

use jetway_saml::{ContentCipher, SignWhat, SigningAlgorithm, SigningKey};
use jetway_testkit::{counterparts, require};

use super::{OF_ASSERTION, OF_RESPONSE, pem, xmlsec1_verifies, xmlsec1_verifies_with};
use crate::{
    encryption::encrypted,
    fixture::{VICTIM, idp, p256, p384, response, stranger},
};

/// The document with everything encrypted to the stranger opened.
fn decrypted(xmlsec1: &Path, xml: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (key, document) = (folder.path().join("key.pem"), folder.path().join("in.xml"));
    std::fs::write(&key, pem("PRIVATE KEY", &stranger().generated.pkcs8_der)).unwrap();
    std::fs::write(&document, xml).unwrap();
    let output = Command::new(xmlsec1)
        .args(["--decrypt", "--privkey-pem"])
        .args([&key, &document])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn xmlsec1_decrypts_our_assertions_and_the_signature_inside_holds() {
    let xmlsec1 = require!(counterparts::xmlsec1());
    for cipher in [
        ContentCipher::Aes256Gcm,
        ContentCipher::Aes128Gcm,
        ContentCipher::Aes256Cbc,
    ] {
        let sealed = encrypted(SignWhat::AssertionAndResponse, cipher);
        assert!(xmlsec1_verifies(&xmlsec1, sealed.as_xml(), OF_RESPONSE));
        let open = decrypted(&xmlsec1, sealed.as_xml());
        assert!(open.contains(VICTIM), "{cipher:?}: {open}");
        assert!(xmlsec1_verifies(&xmlsec1, &open, OF_ASSERTION));
    }
}

#[test]
fn xmlsec1_verifies_every_algorithm_we_sign_with() {
    let xmlsec1 = require!(counterparts::xmlsec1());
    let (p256, p384) = (p256(), p384());
    let ec = |ec: &crate::fixture::Ec| {
        let pkcs8 = ec.pair.to_pkcs8v1().unwrap();
        SigningKey::from_pkcs8_der(pkcs8.as_ref(), &ec.certificate_der).unwrap()
    };
    let rsa = |algorithm| idp().signing.with_algorithm(algorithm).unwrap();
    for key in [
        rsa(SigningAlgorithm::RsaSha256),
        rsa(SigningAlgorithm::RsaSha384),
        rsa(SigningAlgorithm::RsaSha512),
        ec(&p256),
        ec(&p384),
    ] {
        let certificate = pem("CERTIFICATE", key.certificate_der());
        for (what, signatures) in [
            (SignWhat::Assertion, vec![OF_ASSERTION]),
            (SignWhat::Response, vec![OF_RESPONSE]),
            (
                SignWhat::AssertionAndResponse,
                vec![OF_ASSERTION, OF_RESPONSE],
            ),
        ] {
            let signed = response().sign(&key, what).unwrap();
            for signature in signatures {
                assert!(
                    xmlsec1_verifies_with(&xmlsec1, signed.as_xml(), signature, &certificate),
                    "{:?} {what:?}",
                    key.algorithm()
                );
            }
        }
    }
}
