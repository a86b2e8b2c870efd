//! Keys in the metadata of a service provider.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use roxmltree::Node;
use time::OffsetDateTime;

use super::{
    sp::{KeyPurpose, SpCertificate, SpMetadataError, SpMetadataWarning},
    sp_endpoints::named,
    trust::certificates,
};
use crate::{
    KeyError, VerifyingKey,
    keys::{EncryptionKey, certificate_dates},
    xml::read::{sole_text, trim},
};

/// All keys of one descriptor.
#[derive(Default)]
pub(super) struct Keys {
    pub(super) signing: Vec<SpCertificate>,
    pub(super) encryption: Vec<SpCertificate>,
    pub(super) encryption_methods: Vec<String>,
    pub(super) warnings: Vec<SpMetadataWarning>,
}

/// A KeyDescriptor without `use` serves both purposes (SAML metadata 2.4.1.1).
pub(super) fn read(descriptor: Node<'_, '_>, now: OffsetDateTime) -> Result<Keys, SpMetadataError> {
    let mut keys = Keys::default();
    for node in named(descriptor, "KeyDescriptor") {
        let purpose = match node.attribute("use") {
            None => None,
            Some("signing") => Some(KeyPurpose::Signing),
            Some("encryption") => Some(KeyPurpose::Encryption),
            Some(_) => {
                return Err(SpMetadataError::Invalid {
                    what: "KeyDescriptor/@use",
                });
            }
        };
        if certificates(node).next().is_none() {
            keys.warnings.push(SpMetadataWarning::KeyWithoutCertificate);
        }
        if purpose != Some(KeyPurpose::Encryption) {
            keys.add(node, KeyPurpose::Signing, now)?;
        }
        if purpose != Some(KeyPurpose::Signing) {
            keys.add(node, KeyPurpose::Encryption, now)?;
            keys.add_methods(node);
        }
    }
    Ok(keys)
}

impl Keys {
    fn add(
        &mut self,
        descriptor: Node<'_, '_>,
        purpose: KeyPurpose,
        now: OffsetDateTime,
    ) -> Result<(), SpMetadataError> {
        for node in certificates(descriptor) {
            let list = match purpose {
                KeyPurpose::Signing => &mut self.signing,
                KeyPurpose::Encryption => &mut self.encryption,
            };
            let number = list.len() + 1;
            let refused = |reason| SpMetadataError::Certificate {
                purpose,
                number,
                reason,
            };
            let certificate = read_certificate(node).map_err(refused)?;
            if list.iter().any(|known| known.der == certificate.der) {
                continue;
            }
            match purpose {
                KeyPurpose::Signing => {
                    VerifyingKey::from_certificate_der(&certificate.der).map_err(refused)?;
                }
                KeyPurpose::Encryption => {
                    if let Err(reason) = EncryptionKey::from_certificate_der(&certificate.der) {
                        self.warnings
                            .push(SpMetadataWarning::EncryptionKeyUnusable { number, reason });
                    }
                }
            }
            if certificate.not_after < now {
                self.warnings.push(SpMetadataWarning::CertificateExpired {
                    purpose,
                    number,
                    not_after: certificate.not_after,
                });
            }
            list.push(certificate);
        }
        Ok(())
    }

    fn add_methods(&mut self, descriptor: Node<'_, '_>) {
        for method in named(descriptor, "EncryptionMethod") {
            let Some(algorithm) = method.attribute("Algorithm").map(trim) else {
                continue;
            };
            if !self.encryption_methods.iter().any(|m| m == algorithm) {
                self.encryption_methods.push(algorithm.to_owned());
            }
        }
    }
}

/// Some products write the PEM armour into the element; its lines are cut off.
fn read_certificate(node: Node<'_, '_>) -> Result<SpCertificate, KeyError> {
    let compact: String = sole_text(node)
        .ok_or(KeyError::Certificate)?
        .lines()
        .filter(|line| !line.contains("-----"))
        .flat_map(str::chars)
        .filter(|c| !c.is_ascii_whitespace())
        .collect();
    let der = STANDARD
        .decode(compact)
        .map_err(|_| KeyError::Certificate)?;
    let (not_before, not_after) = certificate_dates(&der)?;
    Ok(SpCertificate {
        der,
        not_before,
        not_after,
    })
}
