//! Metadata that a relying party is given. Read as tolerantly as AWS reads it: an
//! `EntitiesDescriptor` around it, encryption-only keys, no certificate at all, expired
//! certificates and a `validUntil` in the past are all fine. Not fine: a byte order mark, a DTD, a
//! missing entity id, a signing certificate that cannot be used.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use roxmltree::Node;
use thiserror::Error;
use time::OffsetDateTime;

use crate::{
    SigningCertificate, VerifyingKey,
    names::{NS_DSIG, NS_METADATA},
    xml::{
        Limits, parse,
        read::{is, sole_text},
    },
};

/// Longest metadata document, in bytes: what IAM accepts.
pub const MAX_METADATA: usize = 10_000_000;

const LIMITS: Limits = Limits {
    bytes: MAX_METADATA,
    depth: 32,
    nodes: 1_000_000,
    attributes: 64,
    strict: false,
};

/// What a relying party keeps of an identity provider's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedIdp {
    /// Entity id; assertions must carry it as `Issuer`.
    pub entity_id: String,
    /// Keys that may sign, each once. Empty if the metadata holds no signing certificate.
    pub keys: Vec<VerifyingKey>,
    /// The certificates that the keys came in, DER, in the same order: of several with one key, the
    /// one that ends last.
    pub certificates: Vec<Vec<u8>>,
    /// Where a person is sent to sign in, in the order of the document.
    pub single_sign_on: Vec<SingleSignOnService>,
}

/// One `SingleSignOnService` of an identity provider (SAML metadata 2.4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleSignOnService {
    /// `Binding`, a URI.
    pub binding: String,
    /// `Location`, as written.
    pub location: String,
}

/// Why metadata is refused. AWS tells exactly these two cases apart.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MetadataError {
    /// Not readable as metadata of one entity. The text says what is wrong.
    #[error("the metadata cannot be read: {0}")]
    Unparsable(String),
    /// Metadata, but not of an identity provider.
    #[error("the metadata describes no identity provider (IDPSSODescriptor is missing)")]
    NoIdpDescriptor,
}

impl TrustedIdp {
    /// Reads an `EntityDescriptor`, or the first identity provider in an `EntitiesDescriptor`.
    ///
    /// # Errors
    /// See [`MetadataError`].
    pub fn from_metadata(xml: &str) -> Result<Self, MetadataError> {
        if xml.starts_with('\u{FEFF}') {
            return Err(unparsable("it starts with a byte order mark; remove it"));
        }
        let document = parse(xml, &LIMITS).map_err(|fault| unparsable(&fault.to_string()))?;
        let root = document.root_element();
        if !is(root, NS_METADATA, "EntityDescriptor")
            && !is(root, NS_METADATA, "EntitiesDescriptor")
        {
            return Err(unparsable(
                "the root is neither EntityDescriptor nor EntitiesDescriptor",
            ));
        }
        let descriptor = root
            .descendants()
            .find(|node| is(*node, NS_METADATA, "IDPSSODescriptor"));
        let entity = match descriptor {
            Some(descriptor) => descriptor.parent_element(),
            None if is(root, NS_METADATA, "EntityDescriptor") => Some(root),
            None => return Err(MetadataError::NoIdpDescriptor),
        };
        let entity_id = entity
            .filter(|entity| is(*entity, NS_METADATA, "EntityDescriptor"))
            .and_then(|entity| entity.attribute("entityID"))
            .filter(|id| !id.trim().is_empty())
            .ok_or_else(|| unparsable("EntityDescriptor has no entityID"))?;
        let descriptor = descriptor.ok_or(MetadataError::NoIdpDescriptor)?;
        let (keys, certificates) = signing_keys(descriptor)?;
        Ok(Self {
            entity_id: entity_id.to_owned(),
            keys,
            certificates,
            single_sign_on: single_sign_on(descriptor),
        })
    }
}

/// Keys and the certificates they came in.
type SigningKeys = (Vec<VerifyingKey>, Vec<Vec<u8>>);

/// A KeyDescriptor without `use` serves both purposes (SAML metadata 2.4.1.1).
fn signing_keys(descriptor: Node<'_, '_>) -> Result<SigningKeys, MetadataError> {
    let mut keys = Vec::new();
    let mut ders = Vec::new();
    let signing = descriptor.children().filter(|child| {
        is(*child, NS_METADATA, "KeyDescriptor")
            && child
                .attribute("use")
                .is_none_or(|purpose| purpose == "signing")
    });
    for certificate in signing.flat_map(certificates) {
        let (key, der) = read_certificate(certificate)?;
        match keys.iter().position(|known| *known == key) {
            None => {
                keys.push(key);
                ders.push(der);
            }
            Some(known) if end(&der) > end(&ders[known]) => ders[known] = der,
            Some(_) => {}
        }
    }
    Ok((keys, ders))
}

/// When a certificate ends, if it says so.
fn end(der: &[u8]) -> Option<OffsetDateTime> {
    let certificate = SigningCertificate::from_der(der).ok()?;
    Some(certificate.not_after)
}

/// Endpoints without a binding or a location are nobody's.
fn single_sign_on(descriptor: Node<'_, '_>) -> Vec<SingleSignOnService> {
    descriptor
        .children()
        .filter(|child| is(*child, NS_METADATA, "SingleSignOnService"))
        .filter_map(|endpoint| {
            Some(SingleSignOnService {
                binding: endpoint.attribute("Binding")?.to_owned(),
                location: endpoint.attribute("Location")?.to_owned(),
            })
        })
        .collect()
}

/// The first certificate of each X509Data: those after it are the chain of the first.
pub(super) fn certificates<'a, 'input>(
    key_descriptor: Node<'a, 'input>,
) -> impl Iterator<Item = Node<'a, 'input>> {
    let named = |name| move |node: &Node<'_, '_>| is(*node, NS_DSIG, name);
    key_descriptor
        .children()
        .filter(named("KeyInfo"))
        .flat_map(|key_info| key_info.children())
        .filter(named("X509Data"))
        .filter_map(move |data| data.children().find(named("X509Certificate")))
}

fn read_certificate(node: Node<'_, '_>) -> Result<(VerifyingKey, Vec<u8>), MetadataError> {
    let text = sole_text(node).ok_or_else(|| unparsable("X509Certificate is not plain text"))?;
    let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let der = STANDARD
        .decode(compact)
        .map_err(|_| unparsable("X509Certificate is not base64"))?;
    let key =
        VerifyingKey::from_certificate_der(&der).map_err(|error| unparsable(&error.to_string()))?;
    Ok((key, der))
}

fn unparsable(reason: &str) -> MetadataError {
    MetadataError::Unparsable(reason.to_owned())
}
