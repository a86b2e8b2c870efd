//! A key and its certificate as an administrator hands them in: files that OpenSSL or another
//! product made, PEM or DER.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::KeyPair,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        EcdsaSigningAlgorithm, KeyPair as _,
    },
};
use thiserror::Error;
use time::OffsetDateTime;
use x509_parser::{
    der_parser::{Oid, der::parse_der, oid},
    public_key::PublicKey,
};
use zeroize::Zeroizing;

use super::{
    certificate, modulus_bits,
    pem::{Block, Labels, blocks},
    verifying::{OID_P256, OID_P384},
};

/// Longest file accepted for a key or a certificate, in bytes.
pub const MAX_KEY_FILE: usize = 64 * 1024;
/// Sizes of RSA keys to sign with, in bits.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The algorithm of RSA keys (RFC 8017 appendix C).
const OID_RSA: Oid<'static> = oid!(1.2.840.113549.1.1.1);

/// A key and its certificate, checked against each other.
pub struct UploadedKey {
    /// PKCS#8 private key, DER; wiped from memory when dropped.
    pub pkcs8_der: Zeroizing<Vec<u8>>,
    /// The certificate, DER.
    pub certificate_der: Vec<u8>,
    /// Start of the certificate's validity. Not judged here.
    pub not_before: OffsetDateTime,
    /// End of the certificate's validity. Not judged here.
    pub not_after: OffsetDateTime,
    /// What kind of key it is.
    pub algorithm: KeyAlgorithm,
}

/// A kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// RSA with a modulus of this many bits.
    Rsa {
        /// Length of the modulus.
        bits: usize,
    },
    /// Elliptic curve P-256.
    EcP256,
    /// Elliptic curve P-384.
    EcP384,
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::EcP256 => f.write_str("EC P-256"),
            Self::EcP384 => f.write_str("EC P-384"),
        }
    }
}

impl fmt::Debug for UploadedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadedKey")
            .field("algorithm", &self.algorithm)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// Why an uploaded pair is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyUploadError {
    /// A file larger than [`MAX_KEY_FILE`].
    #[error("the {file} file is larger than {MAX_KEY_FILE} bytes")]
    TooLarge {
        /// `private key` or `certificate`.
        file: &'static str,
    },
    /// Nothing in the certificate's place.
    #[error("the certificate is empty")]
    NoCertificate,
    /// Nothing in the key's place.
    #[error("the private key is empty")]
    NoPrivateKey,
    /// A PEM block that ends early or is not base64.
    #[error("the {file} is not complete PEM: copy it with its BEGIN and END lines")]
    Pem {
        /// `private key` or `certificate`.
        file: &'static str,
    },
    /// A private key in the certificate's place.
    #[error("the certificate file holds a private key; choose the file with BEGIN CERTIFICATE")]
    KeyInsteadOfCertificate,
    /// Something else in the certificate's place.
    #[error("the certificate is not an X.509 certificate in PEM or DER form")]
    NotACertificate,
    /// A certificate request in the certificate's place.
    #[error("the file holds a certificate request, not the certificate made from it")]
    CertificateRequest,
    /// More than one certificate.
    #[error("the file holds {count} certificates; keep only the one that belongs to the key")]
    Chain {
        /// How many.
        count: usize,
    },
    /// A certificate in the key's place.
    #[error("the private key file holds a certificate; choose the file with BEGIN PRIVATE KEY")]
    CertificateInsteadOfKey,
    /// A public key in the key's place.
    #[error("the private key file holds a public key; choose the private one")]
    PublicKey,
    /// A key protected by a password.
    #[error("the private key is encrypted; decrypt it first, for example with openssl pkey")]
    Encrypted,
    /// More than one private key.
    #[error("the private key file holds more than one key")]
    SeveralKeys,
    /// Not a key that can be read.
    #[error("the private key is not readable as PKCS#8, PKCS#1 or SEC1 in PEM or DER form")]
    NotAPrivateKey,
    /// An algorithm or a curve that is not supported.
    #[error("the key is neither RSA nor on the elliptic curve P-256 or P-384; make one of these")]
    Algorithm,
    /// RSA of a size that is too small to be safe or too large to be fast.
    #[error("the RSA key has {bits} bits; 2048 to 8192 are accepted")]
    RsaSize {
        /// Its size.
        bits: usize,
    },
    /// Key and certificate of different pairs.
    #[error("the private key does not belong to the certificate; choose both from one pair")]
    Mismatch,
}

/// Reads a private key (PKCS#8, PKCS#1 or SEC1) and its certificate, each PEM or DER. White space
/// and text around PEM blocks do not matter.
///
/// # Errors
/// See [`KeyUploadError`].
pub fn read_uploaded_key(
    private_key: &[u8],
    certificate: &[u8],
) -> Result<UploadedKey, KeyUploadError> {
    let certificate_der = one_certificate(certificate)?;
    let key = one_private_key(private_key)?;
    let parsed =
        super::certificate(&certificate_der).map_err(|_| KeyUploadError::NotACertificate)?;
    let algorithm = algorithm_of(&parsed)?;
    let (pkcs8_der, public_key) = to_pkcs8(&key)?;
    if parsed.public_key().subject_public_key.data.as_ref() != public_key {
        return Err(KeyUploadError::Mismatch);
    }
    let validity = parsed.validity();
    let (not_before, not_after) = (
        validity.not_before.to_datetime(),
        validity.not_after.to_datetime(),
    );
    Ok(UploadedKey {
        pkcs8_der,
        certificate_der,
        not_before,
        not_after,
        algorithm,
    })
}

fn one_certificate(file: &[u8]) -> Result<Vec<u8>, KeyUploadError> {
    let name = "certificate";
    if file.len() > MAX_KEY_FILE {
        return Err(KeyUploadError::TooLarge { file: name });
    }
    if file.trim_ascii().is_empty() {
        return Err(KeyUploadError::NoCertificate);
    }
    let Some(blocks) = blocks(file).map_err(|_| KeyUploadError::Pem { file: name })? else {
        return match certificate(file) {
            Ok(_) => Ok(file.to_vec()),
            Err(_) if to_pkcs8(file).is_ok() => Err(KeyUploadError::KeyInsteadOfCertificate),
            Err(_) => Err(KeyUploadError::NotACertificate),
        };
    };
    let labels = Labels::of(&blocks);
    match labels.certificates {
        0 if labels.requests > 0 => Err(KeyUploadError::CertificateRequest),
        0 if labels.keys > 0 => Err(KeyUploadError::KeyInsteadOfCertificate),
        0 => Err(KeyUploadError::NotACertificate),
        1 => blocks
            .into_iter()
            .find(Block::is_certificate)
            .map(|block| block.der.to_vec())
            .ok_or(KeyUploadError::NotACertificate),
        count => Err(KeyUploadError::Chain { count }),
    }
}

fn one_private_key(file: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyUploadError> {
    let name = "private key";
    if file.len() > MAX_KEY_FILE {
        return Err(KeyUploadError::TooLarge { file: name });
    }
    if file.trim_ascii().is_empty() {
        return Err(KeyUploadError::NoPrivateKey);
    }
    let Some(blocks) = blocks(file).map_err(|_| KeyUploadError::Pem { file: name })? else {
        return match certificate(file) {
            Ok(_) => Err(KeyUploadError::CertificateInsteadOfKey),
            Err(_) => Ok(Zeroizing::new(file.to_vec())),
        };
    };
    let labels = Labels::of(&blocks);
    if labels.encrypted > 0 {
        return Err(KeyUploadError::Encrypted);
    }
    match labels.keys {
        0 if labels.certificates > 0 => Err(KeyUploadError::CertificateInsteadOfKey),
        0 if labels.public_keys > 0 => Err(KeyUploadError::PublicKey),
        0 => Err(KeyUploadError::NotAPrivateKey),
        1 => blocks
            .into_iter()
            .find(Block::is_private_key)
            .map(|block| block.der)
            .ok_or(KeyUploadError::NotAPrivateKey),
        _ => Err(KeyUploadError::SeveralKeys),
    }
}

fn algorithm_of(
    certificate: &x509_parser::certificate::X509Certificate<'_>,
) -> Result<KeyAlgorithm, KeyUploadError> {
    let spki = certificate.public_key();
    match spki.parsed() {
        Ok(PublicKey::RSA(rsa)) => {
            let bits = modulus_bits(rsa.modulus);
            if RSA_BITS.contains(&bits) {
                Ok(KeyAlgorithm::Rsa { bits })
            } else {
                Err(KeyUploadError::RsaSize { bits })
            }
        }
        Ok(PublicKey::EC(_)) => {
            let parameters = spki.algorithm.parameters.as_ref();
            match parameters.and_then(|parameters| parameters.as_oid().ok()) {
                Some(curve) if curve == OID_P256 => Ok(KeyAlgorithm::EcP256),
                Some(curve) if curve == OID_P384 => Ok(KeyAlgorithm::EcP384),
                _ => Err(KeyUploadError::Algorithm),
            }
        }
        _ => Err(KeyUploadError::Algorithm),
    }
}

/// The key in PKCS#8 whatever form it came in, and its public key.
fn to_pkcs8(der: &[u8]) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>), KeyUploadError> {
    let rsa = KeyPair::from_pkcs8(der).or_else(|_| KeyPair::from_der(der));
    if let Ok(pair) = rsa {
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyUploadError::NotAPrivateKey)?;
        let public_key = pair.public_key().as_ref().to_vec();
        return Ok((Zeroizing::new(pkcs8.as_ref().to_vec()), public_key));
    }
    let curves: [&'static EcdsaSigningAlgorithm; 2] = [
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        &ECDSA_P384_SHA384_FIXED_SIGNING,
    ];
    for curve in curves {
        let pair = EcdsaKeyPair::from_pkcs8(curve, der)
            .or_else(|_| EcdsaKeyPair::from_private_key_der(curve, der));
        if let Ok(pair) = pair {
            let pkcs8 = pair
                .to_pkcs8v1()
                .map_err(|_| KeyUploadError::NotAPrivateKey)?;
            let public_key = pair.public_key().as_ref().to_vec();
            return Ok((Zeroizing::new(pkcs8.as_ref().to_vec()), public_key));
        }
    }
    Err(why_unreadable(der))
}

/// PKCS#8 of another algorithm (RFC 5958 2: a number, then the algorithm) or encrypted (RFC 5958 3:
/// the algorithm first)? Those deserve their own sentence.
fn why_unreadable(der: &[u8]) -> KeyUploadError {
    let Ok((_, structure)) = parse_der(der) else {
        return KeyUploadError::NotAPrivateKey;
    };
    let algorithm = |at: usize| {
        let parts = structure.as_sequence().ok()?;
        parts.get(at)?.as_sequence().ok()?.first()?.as_oid().ok()
    };
    if algorithm(0).is_some() {
        return KeyUploadError::Encrypted;
    }
    match algorithm(1) {
        Some(oid) if *oid != OID_RSA => KeyUploadError::Algorithm,
        _ => KeyUploadError::NotAPrivateKey,
    }
}
