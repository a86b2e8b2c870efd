//! The key of a service provider that assertions are encrypted to.

use std::fmt;

use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use x509_parser::public_key::PublicKey;

use super::{KeyError, certificate, modulus_bits};

/// Smallest RSA modulus to encrypt to, in bits.
const MINIMUM_BITS: usize = 2048;

/// An RSA public key of 2048 bits or more, with the certificate it came in.
///
/// Only the key counts; the dates, names and issuer of the certificate are not judged.
pub struct EncryptionKey {
    key: OaepPublicEncryptingKey,
    certificate_base64: String,
}

impl EncryptionKey {
    /// Takes the public key of a DER-encoded certificate.
    ///
    /// # Errors
    /// When the certificate is not readable, or its key is not RSA of 2048 to 8192 bits.
    pub fn from_certificate_der(certificate_der: &[u8]) -> Result<Self, KeyError> {
        let certificate = certificate(certificate_der)?;
        let spki = certificate.public_key();
        match spki.parsed() {
            Ok(PublicKey::RSA(rsa)) => {
                let bits = modulus_bits(rsa.modulus);
                if bits < MINIMUM_BITS {
                    return Err(KeyError::TooSmall {
                        bits,
                        minimum: MINIMUM_BITS,
                    });
                }
            }
            _ => return Err(KeyError::NotRsa),
        }
        let key = PublicEncryptingKey::from_der(spki.raw)
            .map_err(|_| KeyError::Unsupported)
            .and_then(|key| OaepPublicEncryptingKey::new(key).map_err(|_| KeyError::Unsupported))?;
        Ok(Self {
            key,
            certificate_base64: STANDARD.encode(certificate_der),
        })
    }

    pub(crate) fn certificate_base64(&self) -> &str {
        &self.certificate_base64
    }

    /// RSA-OAEP with SHA-1 and MGF1 with SHA-1 (XML Encryption 5.5.2). `None` only if the
    /// cryptographic library fails.
    pub(crate) fn wrap(&self, content_key: &[u8]) -> Option<Vec<u8>> {
        let mut wrapped = vec![0; self.key.ciphertext_size()];
        let length = self
            .key
            .encrypt(&OAEP_SHA1_MGF1SHA1, content_key, &mut wrapped, None)
            .ok()?
            .len();
        wrapped.truncate(length);
        Some(wrapped)
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptionKey(RSA-{})", self.key.key_size_bits())
    }
}
