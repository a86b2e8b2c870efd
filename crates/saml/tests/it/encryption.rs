//! Encrypted assertions.

use aws_lc_rs::{
    aead::{self, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey},
    iv::FixedLength,
    rsa::{OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jetway_saml::{
    ContentCipher, Encryption, EncryptionKey, KeyError, ParseError, Response, SignWhat,
    SignedResponse,
};
use zeroize::Zeroizing;

use crate::fixture::{
    Refusal, VICTIM, assert_refused, idp, p256, receive, response, stranger,
    text::{content, element, replaced},
};

const CIPHERS: [ContentCipher; 3] = [
    ContentCipher::Aes256Gcm,
    ContentCipher::Aes128Gcm,
    ContentCipher::Aes256Cbc,
];

/// For the stranger's key; bytes that are all different stand for randomness.
pub(crate) fn encrypted(what: SignWhat, cipher: ContentCipher) -> SignedResponse {
    encrypted_for(&response(), what, cipher)
}

pub(crate) fn encrypted_for(
    response: &Response,
    what: SignWhat,
    cipher: ContentCipher,
) -> SignedResponse {
    let key = EncryptionKey::from_certificate_der(&stranger().generated.certificate_der).unwrap();
    let encryption = Encryption {
        key: &key,
        cipher,
        random: Zeroizing::new(std::array::from_fn(|at| u8::try_from(at * 5).unwrap_or(1))),
    };
    response
        .sign_encrypted(&idp().signing, what, encryption)
        .unwrap()
}

/// The assertion, opened with the stranger's private key.
fn opened(xml: &str, cipher: ContentCipher) -> String {
    let encrypted = element(xml, "saml:EncryptedAssertion");
    let wrapped = element(encrypted, "xenc:EncryptedKey");
    let key = unwrap(&value(wrapped));
    let mut data = value(&replaced(encrypted, wrapped, ""));
    let plain = if cipher == ContentCipher::Aes256Cbc {
        let (iv, body) = data.split_at_mut(16);
        let iv = DecryptionContext::Iv128(FixedLength::from(<[u8; 16]>::try_from(&*iv).unwrap()));
        let key = UnboundCipherKey::new(&AES_256, &key).unwrap();
        let key = PaddedBlockDecryptingKey::cbc_iso10126(key).unwrap();
        key.decrypt(body, iv).unwrap().to_vec()
    } else {
        let algorithm = match key.len() {
            16 => &aead::AES_128_GCM,
            _ => &aead::AES_256_GCM,
        };
        let (iv, body) = data.split_at_mut(12);
        let nonce = Nonce::try_assume_unique_for_key(iv).unwrap();
        let key = LessSafeKey::new(UnboundKey::new(algorithm, &key).unwrap());
        key.open_in_place(nonce, Aad::empty(), body)
            .unwrap()
            .to_vec()
    };
    String::from_utf8(plain).unwrap()
}

fn value(xml: &str) -> Vec<u8> {
    STANDARD.decode(content(xml, "xenc:CipherValue")).unwrap()
}

fn unwrap(wrapped: &[u8]) -> Vec<u8> {
    let key = PrivateDecryptingKey::from_pkcs8(&stranger().generated.pkcs8_der).unwrap();
    let key = OaepPrivateDecryptingKey::new(key).unwrap();
    let mut out = vec![0; key.min_output_size()];
    key.decrypt(&OAEP_SHA1_MGF1SHA1, wrapped, &mut out, None)
        .unwrap()
        .to_vec()
}

#[test]
fn the_assertion_is_signed_first_and_comes_out_whole() {
    for cipher in CIPHERS {
        let sealed = encrypted(SignWhat::Assertion, cipher);
        assert!(!sealed.as_xml().contains(VICTIM));
        assert!(!sealed.as_xml().contains("<saml:Assertion"));
        assert!(sealed.as_xml().contains(cipher.uri()));
        let assertion = opened(sealed.as_xml(), cipher);
        let plain = response()
            .sign(&idp().signing, SignWhat::Assertion)
            .unwrap();
        assert_eq!(assertion, element(plain.as_xml(), "saml:Assertion"));
        let encrypted = element(sealed.as_xml(), "saml:EncryptedAssertion");
        let whole = replaced(sealed.as_xml(), encrypted, &assertion);
        assert_eq!(receive(&whole).unwrap().assertion.name_id.value, VICTIM);
    }
}

#[test]
fn the_content_key_and_vector_are_those_handed_in() {
    let sealed = encrypted(SignWhat::Assertion, ContentCipher::Aes256Gcm);
    let wrapped = element(sealed.as_xml(), "xenc:EncryptedKey");
    let key = unwrap(&value(wrapped));
    assert_eq!(key.len(), 32);
    assert_eq!(key[..4], [0, 5, 10, 15]);
    let data = value(&replaced(sealed.as_xml(), wrapped, ""));
    assert_eq!(data[..3], [160, 165, 170]);
    let wrapped = encrypted(SignWhat::Assertion, ContentCipher::Aes128Gcm);
    let wrapped = value(element(wrapped.as_xml(), "xenc:EncryptedKey"));
    assert_eq!(unwrap(&wrapped).len(), 16);
}

#[test]
fn a_signature_on_the_response_is_made_over_the_encrypted_form() {
    for what in [SignWhat::Response, SignWhat::AssertionAndResponse] {
        let sealed = encrypted(what, ContentCipher::Aes256Gcm);
        assert_eq!(sealed.as_xml().matches("<ds:Signature ").count(), 1);
        let inner = opened(sealed.as_xml(), ContentCipher::Aes256Gcm);
        assert_eq!(
            inner.contains("<ds:Signature "),
            what == SignWhat::AssertionAndResponse
        );
    }
}

#[test]
fn our_own_receiving_side_says_that_it_cannot_read_it() {
    let sealed = encrypted(SignWhat::Assertion, ContentCipher::Aes256Gcm);
    assert!(matches!(
        assert_refused(sealed.as_xml()),
        Refusal::Parse(ParseError::Encrypted { .. })
    ));
}

#[test]
fn the_best_cipher_that_the_service_provider_lists_is_taken() {
    let xmlenc = "http://www.w3.org/2001/04/xmlenc#";
    let xmlenc11 = "http://www.w3.org/2009/xmlenc11#";
    let old = |name: &str| format!("{xmlenc}{name}");
    let new = |name: &str| format!("{xmlenc11}{name}");
    let oaep = || old("rsa-oaep-mgf1p");
    for (methods, expected) in [
        (vec![], Some(ContentCipher::Aes256Gcm)),
        (vec![oaep()], Some(ContentCipher::Aes256Gcm)),
        (
            vec![old("aes256-cbc"), new("aes128-gcm")],
            Some(ContentCipher::Aes128Gcm),
        ),
        (
            vec![new("aes128-gcm"), new("aes256-gcm"), oaep()],
            Some(ContentCipher::Aes256Gcm),
        ),
        (
            vec![old("tripledes-cbc"), old("aes256-cbc")],
            Some(ContentCipher::Aes256Cbc),
        ),
        (vec![old("aes128-cbc")], None),
        (vec![new("aes256-gcm"), old("rsa-1_5")], None),
        (
            vec![new("aes256-gcm"), old("rsa-1_5"), oaep()],
            Some(ContentCipher::Aes256Gcm),
        ),
    ] {
        assert_eq!(ContentCipher::among(&methods), expected, "{methods:?}");
    }
}

#[test]
fn only_rsa_keys_can_be_encrypted_to() {
    assert_eq!(
        EncryptionKey::from_certificate_der(&p256().certificate_der).unwrap_err(),
        KeyError::NotRsa
    );
    assert_eq!(
        EncryptionKey::from_certificate_der(b"junk").unwrap_err(),
        KeyError::Certificate
    );
    let key = EncryptionKey::from_certificate_der(&idp().generated.certificate_der).unwrap();
    assert_eq!(format!("{key:?}"), "EncryptionKey(RSA-2048)");
}
