//! Keys: the one an identity provider signs with, and those a relying party trusts.

mod generate;
mod signing;
mod verifying;

pub use generate::{GeneratedKey, generate_signing_key};
pub use signing::SigningKey;
pub(crate) use verifying::SignatureAlgorithm;
pub use verifying::VerifyingKey;

use thiserror::Error;

/// Why a key or certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The certificate is not DER-encoded X.509.
    #[error("the certificate is not readable DER-encoded X.509")]
    Certificate,
    /// The private key is not an RSA key in PKCS#8 DER.
    #[error("the private key is not readable as an RSA key in PKCS#8 DER form")]
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
    /// The name or the dates do not fit into a certificate.
    #[error("the certificate could not be made: check the common name and the dates")]
    CertificateParameters,
    /// The cryptographic library failed to make a key.
    #[error("generating the key failed")]
    Generation,
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
