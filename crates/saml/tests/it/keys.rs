//! Signing keys and their certificates.

use jetway_saml::{KeyError, SigningKey, VerifyingKey, generate_signing_key};
use time::Duration;

use crate::fixture::{NOW, idp, p256, stranger};

/// Requirement I11.
#[test]
fn a_generated_pair_can_be_loaded_and_is_valid_as_long_as_asked() {
    let until = NOW + Duration::days(1826);
    let generated = generate_signing_key("acme.test", NOW, until, [0xFF; 16]).unwrap();
    let key = SigningKey::from_pkcs8_der(&generated.pkcs8_der, &generated.certificate_der).unwrap();
    assert_eq!(key.not_before(), NOW);
    assert_eq!(key.not_after(), until);
    assert_eq!(key.certificate_der(), generated.certificate_der);
}

#[test]
fn the_serial_number_is_positive_and_of_full_length() {
    for byte in [0x00, 0x7F, 0xFF] {
        let until = NOW + Duration::days(1);
        let generated = generate_signing_key("a", NOW, until, [byte; 16]).unwrap();
        let (_, certificate) =
            x509_parser::parse_x509_certificate(&generated.certificate_der).unwrap();
        let serial = certificate.raw_serial();
        assert_eq!(serial.len(), 16);
        assert_eq!(serial[0] & 0xC0, 0x40);
        assert_eq!(serial[1..], [byte; 15]);
    }
}

#[test]
fn a_certificate_needs_a_name_and_a_span_of_time() {
    let later = NOW + Duration::days(1);
    for (name, from, until) in [("", NOW, later), ("a", later, NOW), ("a", NOW, NOW)] {
        assert_eq!(
            generate_signing_key(name, from, until, [1; 16]).unwrap_err(),
            KeyError::CertificateParameters
        );
    }
    let long = "x".repeat(65);
    assert!(generate_signing_key(&long, NOW, later, [1; 16]).is_err());
}

/// Requirement I05.
#[test]
fn a_key_and_the_certificate_of_another_are_refused() {
    let (ours, theirs) = (&idp().generated, &stranger().generated);
    assert_eq!(
        SigningKey::from_pkcs8_der(&ours.pkcs8_der, &theirs.certificate_der).unwrap_err(),
        KeyError::PairMismatch
    );
}

#[test]
fn unreadable_keys_and_certificates_are_refused() {
    let generated = &idp().generated;
    let certificate = &generated.certificate_der;
    let load = SigningKey::from_pkcs8_der;
    assert_eq!(
        load(b"junk", certificate).unwrap_err(),
        KeyError::PrivateKey
    );
    assert_eq!(
        load(&generated.pkcs8_der, b"junk").unwrap_err(),
        KeyError::Certificate
    );
    let trailing = [certificate.as_slice(), b"x"].concat();
    assert_eq!(
        load(&generated.pkcs8_der, &trailing).unwrap_err(),
        KeyError::Certificate
    );
    let ec = p256().certificate_der;
    assert_eq!(
        load(&generated.pkcs8_der, &ec).unwrap_err(),
        KeyError::PairMismatch
    );
    assert_eq!(
        VerifyingKey::from_certificate_der(b"").unwrap_err(),
        KeyError::Certificate
    );
}

#[test]
fn nothing_secret_is_printed() {
    let text = format!(
        "{:?} {:?} {:?}",
        idp().generated,
        idp().signing,
        idp().verifying
    );
    assert!(!text.contains("30, 130"), "{text}");
    assert!(text.len() < 300, "{text}");
}
