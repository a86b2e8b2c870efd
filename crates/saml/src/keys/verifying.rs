//! A key that a relying party trusts: the pinned public key of a certificate, parsed once.

use std::{fmt, sync::Arc};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P256_SHA512_ASN1, ECDSA_P384_SHA256_ASN1,
    ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA512_ASN1, ParsedPublicKey,
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    VerificationAlgorithm,
};
use x509_parser::{
    der_parser::{Oid, oid},
    prelude::FromDer as _,
    public_key::PublicKey,
    x509::SubjectPublicKeyInfo,
};

use super::{KeyError, modulus_bits};

/// Smallest RSA modulus of a trusted key, in bits: what AWS asks of provider metadata.
const MINIMUM_BITS: usize = 1024;
pub(super) const OID_P256: Oid<'static> = oid!(1.2.840.10045.3.1.7);
pub(super) const OID_P384: Oid<'static> = oid!(1.3.132.0.34);

/// The signature algorithms that are ever tried. Each names its key type, so a key can only be
/// used the way it was made for; HMAC, SHA-1 and RSA-PSS have no variant at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureAlgorithm {
    Rsa(Hash),
    Ecdsa(Hash),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl SignatureAlgorithm {
    /// RFC 6931 sections 2.3.2 to 2.3.4 and 2.3.6.
    pub(crate) fn from_uri(uri: &str) -> Option<Self> {
        Some(
            match uri.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#")? {
                "rsa-sha256" => Self::Rsa(Hash::Sha256),
                "rsa-sha384" => Self::Rsa(Hash::Sha384),
                "rsa-sha512" => Self::Rsa(Hash::Sha512),
                "ecdsa-sha256" => Self::Ecdsa(Hash::Sha256),
                "ecdsa-sha384" => Self::Ecdsa(Hash::Sha384),
                "ecdsa-sha512" => Self::Ecdsa(Hash::Sha512),
                _ => return None,
            },
        )
    }
}

/// A trusted public key: RSA of 1024 bits or more, or EC on P-256 or P-384. Cheap to clone.
///
/// Only the key counts. The dates, names and issuer of the certificate it came in are not judged,
/// as AWS does not judge them.
#[derive(Clone)]
pub struct VerifyingKey {
    inner: Arc<Inner>,
}

struct Inner {
    spki_der: Vec<u8>,
    kind: Kind,
}

/// One parsed form per hash function, since the library binds the hash to the key.
enum Kind {
    Rsa {
        sha256: ParsedPublicKey,
        sha384: Option<ParsedPublicKey>,
        sha512: ParsedPublicKey,
    },
    Ec {
        /// Bytes of one coordinate, thus of `r` and of `s`.
        field: usize,
        sha256: ParsedPublicKey,
        sha384: ParsedPublicKey,
        sha512: ParsedPublicKey,
    },
}

impl VerifyingKey {
    /// Pins the public key of a DER-encoded certificate.
    ///
    /// # Errors
    /// When the certificate is not readable or its key is of an unsupported type or size.
    pub fn from_certificate_der(certificate_der: &[u8]) -> Result<Self, KeyError> {
        let (rest, certificate) =
            x509_parser::certificate::X509Certificate::from_der(certificate_der)
                .map_err(|_| KeyError::Certificate)?;
        if !rest.is_empty() {
            return Err(KeyError::Certificate);
        }
        Self::from_spki(certificate.public_key())
    }

    /// The pinned SubjectPublicKeyInfo, DER. Two keys are equal exactly when these bytes are.
    pub fn spki_der(&self) -> &[u8] {
        &self.inner.spki_der
    }

    fn from_spki(spki: &SubjectPublicKeyInfo<'_>) -> Result<Self, KeyError> {
        let der = spki.raw;
        let kind = match spki.parsed().map_err(|_| KeyError::Certificate)? {
            PublicKey::RSA(rsa) => Kind::rsa(der, modulus_bits(rsa.modulus))?,
            PublicKey::EC(_) => {
                let parameters = spki.algorithm.parameters.as_ref();
                let curve = parameters
                    .and_then(|parameters| parameters.as_oid().ok())
                    .ok_or(KeyError::Unsupported)?;
                Kind::ec(&spki.subject_public_key.data, &curve)?
            }
            _ => return Err(KeyError::Unsupported),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                spki_der: der.to_vec(),
                kind,
            }),
        })
    }

    /// Does `signature` (as XML Signature writes it) fit `message` under this key? False also when
    /// the algorithm is for another type of key.
    pub(crate) fn verifies(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        match (&self.inner.kind, algorithm) {
            (
                Kind::Rsa {
                    sha256,
                    sha384,
                    sha512,
                },
                SignatureAlgorithm::Rsa(hash),
            ) => {
                let key = match hash {
                    Hash::Sha256 => Some(sha256),
                    Hash::Sha384 => sha384.as_ref(),
                    Hash::Sha512 => Some(sha512),
                };
                key.is_some_and(|key| key.verify_sig(message, signature).is_ok())
            }
            (
                Kind::Ec {
                    field,
                    sha256,
                    sha384,
                    sha512,
                },
                SignatureAlgorithm::Ecdsa(hash),
            ) => {
                let key = match hash {
                    Hash::Sha256 => sha256,
                    Hash::Sha384 => sha384,
                    Hash::Sha512 => sha512,
                };
                ecdsa_der(signature, *field)
                    .is_some_and(|der| key.verify_sig(message, &der).is_ok())
            }
            _ => false,
        }
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.inner.spki_der == other.inner.spki_der
    }
}

impl Eq for VerifyingKey {}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.inner.kind {
            Kind::Rsa { .. } => "RSA",
            Kind::Ec { field: 32, .. } => "EC P-256",
            Kind::Ec { .. } => "EC P-384",
        };
        write!(f, "VerifyingKey({kind})")
    }
}

impl Kind {
    fn rsa(spki_der: &[u8], bits: usize) -> Result<Self, KeyError> {
        if bits < MINIMUM_BITS {
            return Err(KeyError::TooSmall {
                bits,
                minimum: MINIMUM_BITS,
            });
        }
        if bits < 2048 {
            // The library has no RSA-SHA384 for keys this short; such keys are on their way out.
            return Ok(Self::Rsa {
                sha256: parsed(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, spki_der)?,
                sha384: None,
                sha512: parsed(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, spki_der)?,
            });
        }
        Ok(Self::Rsa {
            sha256: parsed(&RSA_PKCS1_2048_8192_SHA256, spki_der)?,
            sha384: Some(parsed(&RSA_PKCS1_2048_8192_SHA384, spki_der)?),
            sha512: parsed(&RSA_PKCS1_2048_8192_SHA512, spki_der)?,
        })
    }

    fn ec(point: &[u8], curve: &Oid<'_>) -> Result<Self, KeyError> {
        if *curve == OID_P256 {
            Ok(Self::Ec {
                field: 32,
                sha256: parsed(&ECDSA_P256_SHA256_ASN1, point)?,
                sha384: parsed(&ECDSA_P256_SHA384_ASN1, point)?,
                sha512: parsed(&ECDSA_P256_SHA512_ASN1, point)?,
            })
        } else if *curve == OID_P384 {
            Ok(Self::Ec {
                field: 48,
                sha256: parsed(&ECDSA_P384_SHA256_ASN1, point)?,
                sha384: parsed(&ECDSA_P384_SHA384_ASN1, point)?,
                sha512: parsed(&ECDSA_P384_SHA512_ASN1, point)?,
            })
        } else {
            Err(KeyError::Unsupported)
        }
    }
}

fn parsed(
    algorithm: &'static dyn VerificationAlgorithm,
    public_key: &[u8],
) -> Result<ParsedPublicKey, KeyError> {
    ParsedPublicKey::new(algorithm, public_key).map_err(|_| KeyError::Unsupported)
}

/// XML Signature writes ECDSA as `r || s` of fixed length (RFC 4050 3.3); the library wants the
/// `Ecdsa-Sig-Value` of RFC 3279 2.2.3. At most 48 bytes per number, so every length fits a byte.
fn ecdsa_der(signature: &[u8], field: usize) -> Option<Vec<u8>> {
    if signature.len() != 2 * field {
        return None;
    }
    let (r, s) = signature.split_at(field);
    let mut body = Vec::with_capacity(2 * field + 8);
    for number in [r, s] {
        let significant = &number[number.iter().position(|&byte| byte != 0)?..];
        let padding = usize::from(significant[0] & 0x80 != 0);
        body.push(0x02);
        body.push(u8::try_from(significant.len() + padding).ok()?);
        body.extend(std::iter::repeat_n(0, padding));
        body.extend_from_slice(significant);
    }
    let mut der = Vec::with_capacity(body.len() + 2);
    der.push(0x30);
    der.push(u8::try_from(body.len()).ok()?);
    der.extend_from_slice(&body);
    Some(der)
}
