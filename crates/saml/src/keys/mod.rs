//! Keys: the one an identity provider signs with, and those a relying party trusts.

mod certificate;
mod encryption;
mod generate;
mod pem;
mod signing;
mod upload;
mod verifying;

pub use certificate::{CertificateError, SigningCertificate};
pub use encryption::EncryptionKey;
pub use generate::{GeneratedKey, generate_signing_key};
pub use signing::{SigningAlgorithm, SigningKey};
pub use upload::{KeyAlgorithm, KeyUploadError, MAX_KEY_FILE, UploadedKey, read_uploaded_key};
pub(crate) use verifying::SignatureAlgorithm;
pub use verifying::VerifyingKey;

use thiserror::Error;
use time::OffsetDateTime;
use x509_parser::{certificate::X509Certificate, prelude::FromDer as _};

/// Why a key or certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The certificate is not DER-encoded X.509.
    #[error("the certificate is not readable DER-encoded X.509")]
    Certificate,
    /// The private key is not an RSA, P-256 or P-384 key in PKCS#8 DER.
    #[error(
        "the private key is not readable as an RSA, EC P-256 or EC P-384 key in PKCS#8 DER form"
    )]
    PrivateKey,
    /// Private key and certificate belong to different pairs.
    #[error("the private key does not belong to the certificate; supply both from one pair")]
    PairMismatch,
    /// RSA modulus below the minimum.
    #[error("the RSA key has {bits} bits; at least {minimum} are needed")]
    TooSmall {
        /// Size of the key offered.
        bits: usize,
        /// Smallest size accepted.
        minimum: usize,
    },
    /// Neither RSA nor an elliptic curve key on P-256 or P-384.
    #[error("unsupported key type; RSA, EC P-256 and EC P-384 are supported")]
    Unsupported,
    /// A signature algorithm for another type of key.
    #[error("the key cannot sign with this algorithm; choose one for its type of key")]
    Algorithm,
    /// A key to encrypt to that is not RSA.
    #[error("assertions can be encrypted to RSA keys only; use an RSA certificate")]
    NotRsa,
    /// The name or the dates do not fit into a certificate.
    #[error("the certificate could not be made: check the common name and the dates")]
    CertificateParameters,
    /// The cryptographic library failed to make a key.
    #[error("generating the key failed")]
    Generation,
}

/// Reads one certificate and nothing after it.
pub(crate) fn certificate(der: &[u8]) -> Result<X509Certificate<'_>, KeyError> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(KeyError::Certificate),
    }
}

/// Start and end of a certificate's validity.
pub(crate) fn certificate_dates(der: &[u8]) -> Result<(OffsetDateTime, OffsetDateTime), KeyError> {
    let validity = certificate(der)?.validity().clone();
    Ok((
        validity.not_before.to_datetime(),
        validity.not_after.to_datetime(),
    ))
}

/// Length of a big-endian modulus in bits, leading zeros not counted.
fn modulus_bits(modulus: &[u8]) -> usize {
    match modulus.iter().position(|&byte| byte != 0) {
        Some(first) => {
            let significant = &modulus[first..];
            significant.len() * 8 - usize::try_from(significant[0].leading_zeros()).unwrap_or(0)
        }
        None => 0,
    }
}
