//! Making a signing key with its self-signed certificate.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData,
    SerialNumber, SignatureAlgorithm,
};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::KeyError;

/// A fresh private key and its certificate.
pub struct GeneratedKey {
    /// PKCS#8 private key, DER; wiped from memory when dropped.
    pub pkcs8_der: Zeroizing<Vec<u8>>,
    /// Self-signed certificate, DER.
    pub certificate_der: Vec<u8>,
}

impl fmt::Debug for GeneratedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratedKey").finish_non_exhaustive()
    }
}

/// Makes an RSA-2048 key and a self-signed certificate for `common_name`.
///
/// `serial` is 16 random bytes from the caller; the top bit is cleared and the next one set, so
/// that the serial number is positive and of full length (RFC 5280 4.1.2.2).
///
/// # Errors
/// When the dates or the name do not fit into a certificate, or key generation fails.
pub fn generate_signing_key(
    common_name: &str,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    mut serial: [u8; 16],
) -> Result<GeneratedKey, KeyError> {
    // RFC 5280 upper bound of commonName, and dates that UTCTime/GeneralizedTime can express.
    let years = 1950..=9999;
    if common_name.is_empty()
        || common_name.chars().count() > 64
        || not_before >= not_after
        || !years.contains(&not_before.year())
        || !years.contains(&not_after.year())
    {
        return Err(KeyError::CertificateParameters);
    }
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generation)?;
    serial[0] = (serial[0] & 0x7F) | 0x40;

    let mut params = CertificateParams::default();
    params.not_before = not_before;
    params.not_after = not_after;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    let certificate = params
        .self_signed(&CertificateSigner(&pair))
        .map_err(|_| KeyError::CertificateParameters)?;
    Ok(GeneratedKey {
        pkcs8_der: Zeroizing::new(pkcs8.as_ref().to_vec()),
        certificate_der: certificate.der().to_vec(),
    })
}

/// Lets rcgen sign with the pair just made, so that the private key is not copied into its types.
struct CertificateSigner<'a>(&'a KeyPair);

impl PublicKeyData for CertificateSigner<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

impl rcgen::SigningKey for CertificateSigner<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|_| rcgen::Error::RemoteKeyError)?;
        Ok(signature)
    }
}
