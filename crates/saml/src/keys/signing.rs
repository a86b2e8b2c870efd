//! The key an identity provider signs with.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    digest::{self, SHA256, SHA384, SHA512},
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use time::OffsetDateTime;
use x509_parser::{public_key::PublicKey, x509::SubjectPublicKeyInfo};

use super::{KeyError, certificate, modulus_bits};

/// Smallest RSA modulus to sign with, in bits.
const MINIMUM_BITS: usize = 2048;

/// How messages are signed. Each is for one type of key (RFC 6931 sections 2.3.2 to 2.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what every service provider takes.
    RsaSha256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RsaSha384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RsaSha512,
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384Sha384,
}

impl SigningAlgorithm {
    /// The URI that names it.
    pub fn uri(self) -> &'static str {
        match self {
            Self::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            Self::EcdsaP256Sha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Self::EcdsaP384Sha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        }
    }

    /// The digest that goes with it, and its URI.
    pub(crate) fn digest(self) -> (&'static digest::Algorithm, &'static str) {
        match self {
            Self::RsaSha256 | Self::EcdsaP256Sha256 => {
                (&SHA256, "http://www.w3.org/2001/04/xmlenc#sha256")
            }
            Self::RsaSha384 | Self::EcdsaP384Sha384 => {
                (&SHA384, "http://www.w3.org/2001/04/xmldsig-more#sha384")
            }
            Self::RsaSha512 => (&SHA512, "http://www.w3.org/2001/04/xmlenc#sha512"),
        }
    }
}

/// A private key with its certificate, parsed once, and the algorithm it signs with. Cloning shares
/// the key.
#[derive(Clone)]
pub struct SigningKey {
    inner: Arc<Inner>,
    algorithm: SigningAlgorithm,
}

struct Inner {
    pair: Pair,
    certificate_der: Vec<u8>,
    certificate_base64: String,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
}

enum Pair {
    Rsa(KeyPair),
    Ec(EcdsaKeyPair),
}

impl SigningKey {
    /// Takes a PKCS#8 private key and the certificate that belongs to it, both DER. It signs with
    /// SHA-256, on P-384 with SHA-384; see [`Self::with_algorithm`].
    ///
    /// # Errors
    /// When either is unreadable, they are not a pair, or the key is neither RSA of at least 2048
    /// bits nor EC on P-256 or P-384. The certificate's dates are not judged here.
    pub fn from_pkcs8_der(pkcs8: &[u8], certificate_der: &[u8]) -> Result<Self, KeyError> {
        let certificate = certificate(certificate_der)?;
        check_key(certificate.public_key())?;
        let (pair, algorithm) = Pair::from_pkcs8(pkcs8).ok_or(KeyError::PrivateKey)?;
        let certified = &certificate.public_key().subject_public_key.data;
        if pair.public_key() != certified.as_ref() {
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
            algorithm,
        })
    }

    /// The same key, signing with `algorithm`.
    ///
    /// # Errors
    /// [`KeyError::Algorithm`] when that is for another type of key.
    pub fn with_algorithm(&self, algorithm: SigningAlgorithm) -> Result<Self, KeyError> {
        let is_rsa = |algorithm| {
            matches!(
                algorithm,
                SigningAlgorithm::RsaSha256
                    | SigningAlgorithm::RsaSha384
                    | SigningAlgorithm::RsaSha512
            )
        };
        if algorithm != self.algorithm && !(is_rsa(algorithm) && is_rsa(self.algorithm)) {
            return Err(KeyError::Algorithm);
        }
        Ok(Self {
            inner: Arc::clone(&self.inner),
            algorithm,
        })
    }

    /// What it signs with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
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

    /// The signature as XML Signature writes it: for ECDSA `r || s`. `None` only if the
    /// cryptographic library fails.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        let pair = match &self.inner.pair {
            Pair::Rsa(pair) => pair,
            Pair::Ec(pair) => return Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
        };
        let encoding: &'static dyn RsaEncoding = match self.algorithm {
            SigningAlgorithm::RsaSha384 => &RSA_PKCS1_SHA384,
            SigningAlgorithm::RsaSha512 => &RSA_PKCS1_SHA512,
            _ => &RSA_PKCS1_SHA256,
        };
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &random, message, &mut signature).ok()?;
        Some(signature)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("not_after", &self.inner.not_after)
            .finish_non_exhaustive()
    }
}

impl Pair {
    /// With the algorithm that fits it best.
    fn from_pkcs8(pkcs8: &[u8]) -> Option<(Self, SigningAlgorithm)> {
        if let Ok(pair) = KeyPair::from_pkcs8(pkcs8) {
            return Some((Self::Rsa(pair), SigningAlgorithm::RsaSha256));
        }
        let curves = [
            (
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                SigningAlgorithm::EcdsaP256Sha256,
            ),
            (
                &ECDSA_P384_SHA384_FIXED_SIGNING,
                SigningAlgorithm::EcdsaP384Sha384,
            ),
        ];
        curves.into_iter().find_map(|(curve, algorithm)| {
            let pair = EcdsaKeyPair::from_pkcs8(curve, pkcs8).ok()?;
            Some((Self::Ec(pair), algorithm))
        })
    }

    fn public_key(&self) -> &[u8] {
        match self {
            Self::Rsa(pair) => pair.public_key().as_ref(),
            Self::Ec(pair) => pair.public_key().as_ref(),
        }
    }
}

/// A type of key we sign with, and large enough.
fn check_key(key: &SubjectPublicKeyInfo<'_>) -> Result<(), KeyError> {
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
        Ok(PublicKey::EC(_)) => Ok(()),
        _ => Err(KeyError::Unsupported),
    }
}
