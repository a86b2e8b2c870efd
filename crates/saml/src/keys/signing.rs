//! The key an identity provider signs with.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use time::OffsetDateTime;
use x509_parser::{prelude::FromDer as _, public_key::PublicKey, x509::SubjectPublicKeyInfo};

use super::{KeyError, modulus_bits};

/// Smallest RSA modulus to sign with, in bits.
const MINIMUM_BITS: usize = 2048;

/// An RSA private key with its certificate, parsed once. Cloning shares it.
#[derive(Clone)]
pub struct SigningKey {
    inner: Arc<Inner>,
}

struct Inner {
    pair: KeyPair,
    certificate_der: Vec<u8>,
    certificate_base64: String,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
}

impl SigningKey {
    /// Takes a PKCS#8 private key and the certificate that belongs to it, both DER.
    ///
    /// # Errors
    /// When either is unreadable, they are not a pair, or the key is not RSA of at least 2048 bits.
    /// The certificate's dates are not judged here.
    pub fn from_pkcs8_der(pkcs8: &[u8], certificate_der: &[u8]) -> Result<Self, KeyError> {
        let (rest, certificate) =
            x509_parser::certificate::X509Certificate::from_der(certificate_der)
                .map_err(|_| KeyError::Certificate)?;
        if !rest.is_empty() {
            return Err(KeyError::Certificate);
        }
        check_size(certificate.public_key())?;
        let pair = KeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError::PrivateKey)?;
        let certified = &certificate.public_key().subject_public_key.data;
        if pair.public_key().as_ref() != certified.as_ref() {
            return Err(KeyError::PairMismatch);
        }
        let validity = certificate.validity();
        Ok(Self {
            inner: Arc::new(Inner {
                pair,
                certificate_der: certificate_der.to_vec(),
                certificate_base64: STANDARD.encode(certificate_der),
                not_before: validity.not_before.to_datetime(),
                not_after: validity.not_after.to_datetime(),
            }),
        })
    }

    /// The certificate, DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.inner.certificate_der
    }

    /// Start of the certificate's validity.
    pub fn not_before(&self) -> OffsetDateTime {
        self.inner.not_before
    }

    /// End of the certificate's validity.
    pub fn not_after(&self) -> OffsetDateTime {
        self.inner.not_after
    }

    pub(crate) fn certificate_base64(&self) -> &str {
        &self.inner.certificate_base64
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256. `None` only if the cryptographic library fails.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let pair = &self.inner.pair;
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message,
            &mut signature,
        )
        .ok()?;
        Some(signature)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("not_after", &self.inner.not_after)
            .finish_non_exhaustive()
    }
}

fn check_size(key: &SubjectPublicKeyInfo<'_>) -> Result<(), KeyError> {
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => {
            let bits = modulus_bits(rsa.modulus);
            if bits < MINIMUM_BITS {
                return Err(KeyError::TooSmall {
                    bits,
                    minimum: MINIMUM_BITS,
                });
            }
            Ok(())
        }
        _ => Err(KeyError::Unsupported),
    }
}
