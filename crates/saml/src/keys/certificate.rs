//! A certificate that a relying party is given for an identity provider.

use thiserror::Error;
use time::OffsetDateTime;

use super::{KeyError, VerifyingKey, certificate_dates, pem};

/// A signing certificate: the key and the dates that people are reminded of.
#[derive(Debug, Clone)]
pub struct SigningCertificate {
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// The key in it.
    pub key: VerifyingKey,
    /// Start of its validity.
    pub not_before: OffsetDateTime,
    /// End of its validity.
    pub not_after: OffsetDateTime,
}

/// Why a certificate is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CertificateError {
    /// Not one PEM block of a certificate (RFC 7468).
    #[error(
        "this is not one certificate in PEM: it must begin with -----BEGIN CERTIFICATE----- and end with -----END CERTIFICATE-----"
    )]
    NotPem,
    /// The certificate cannot be read, or its key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl SigningCertificate {
    /// Reads a certificate from DER.
    ///
    /// # Errors
    /// [`KeyError`] when it cannot be read or its key cannot be used.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let (not_before, not_after) = certificate_dates(der)?;
        Ok(Self {
            der: der.to_vec(),
            key: VerifyingKey::from_certificate_der(der)?,
            not_before,
            not_after,
        })
    }

    /// Reads the one certificate of a PEM file.
    ///
    /// # Errors
    /// See [`CertificateError`].
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        let blocks = pem::blocks(text.as_bytes())
            .ok()
            .flatten()
            .unwrap_or_default();
        match blocks.as_slice() {
            [block] if block.is_certificate() => Ok(Self::from_der(&block.der)?),
            _ => Err(CertificateError::NotPem),
        }
    }
}
