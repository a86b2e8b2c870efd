//! Metadata of a service provider that an administrator hands in (SAML metadata 2.4.4).
//!
//! Strict about what decides security: no DTD, one service provider, endpoints a form may post to,
//! certificates that can be used. Tolerant where real service providers need it: a wrapper around
//! the entity, other roles beside it, endpoints of other bindings, a missing index, expired dates.
//! A signature on the metadata is not looked at; whoever hands it in vouches for it.

use roxmltree::Node;
use thiserror::Error;
use time::OffsetDateTime;

use super::{sp_endpoints, sp_keys};
use crate::{
    KeyError, XmlFault, instant,
    names::{NS_METADATA, NS_PROTOCOL},
    xml::{
        Limits, parse,
        read::{is, is_white_space, sole_text, trim},
    },
};

/// Longest service provider metadata accepted, in bytes.
pub const MAX_SP_METADATA: usize = 1024 * 1024;

const LIMITS: Limits = Limits {
    bytes: MAX_SP_METADATA,
    depth: 32,
    nodes: 100_000,
    attributes: 64,
    strict: false,
};

/// What an identity provider keeps of a service provider's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpMetadata {
    /// Entity id: the `Issuer` of its requests and the `Audience` of assertions for it.
    pub entity_id: String,
    /// Where it takes responses, in document order. At least one is usable, and exactly one of the
    /// usable ones is the default.
    pub assertion_consumer_services: Vec<AssertionConsumerService>,
    /// `NameIDFormat`, preferred first.
    pub name_id_formats: Vec<String>,
    /// `WantAssertionsSigned`.
    pub want_assertions_signed: bool,
    /// `AuthnRequestsSigned`: an unsigned request in its name is a forgery.
    pub authn_requests_signed: bool,
    /// Certificates whose keys sign its requests, each once.
    pub signing_certificates: Vec<SpCertificate>,
    /// Certificates whose keys assertions may be encrypted to, each once.
    pub encryption_certificates: Vec<SpCertificate>,
    /// `EncryptionMethod` algorithms of its encryption keys, preferred first, each once.
    pub encryption_methods: Vec<String>,
    /// Where it takes logout messages.
    pub single_logout_services: Vec<SingleLogoutService>,
    /// Attributes it asks for, each once.
    pub requested_attributes: Vec<RequestedAttribute>,
    /// What is doubtful but not wrong. The caller decides.
    pub warnings: Vec<SpMetadataWarning>,
}

/// One `AssertionConsumerService` (SAML metadata 2.4.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertionConsumerService {
    /// `index`, by which a request may name it. Mandatory in SAML, missing in some products.
    pub index: Option<u16>,
    /// `Binding`.
    pub binding: String,
    /// `Location`, exactly as written apart from white space around it.
    pub location: String,
    /// The one to use when a request names none.
    pub is_default: bool,
    /// A browser can post a response there: HTTP-POST binding and an http or https address.
    pub usable: bool,
}

/// One `SingleLogoutService` (SAML metadata 2.4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleLogoutService {
    /// `Binding`.
    pub binding: String,
    /// `Location`: where requests go.
    pub location: String,
    /// `ResponseLocation`: where responses go, when not to `location`.
    pub response_location: Option<String>,
}

/// One `RequestedAttribute` (SAML metadata 2.4.4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedAttribute {
    /// `Name`.
    pub name: String,
    /// `NameFormat`.
    pub name_format: Option<String>,
    /// `FriendlyName`.
    pub friendly_name: Option<String>,
    /// `isRequired`.
    pub required: bool,
}

/// A certificate of a service provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpCertificate {
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Start of its validity.
    pub not_before: OffsetDateTime,
    /// End of its validity.
    pub not_after: OffsetDateTime,
}

/// What an administrator should hear about usable metadata.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpMetadataWarning {
    /// A certificate has expired. Its key still verifies; certificates only carry keys here.
    #[error("the {purpose} certificate number {number} expired on {}", .not_after.date())]
    CertificateExpired {
        /// What it is for.
        purpose: KeyPurpose,
        /// Counted from 1 among those of its purpose.
        number: usize,
        /// When it expired.
        not_after: OffsetDateTime,
    },
    /// `validUntil` has passed: the publisher wants this copy replaced.
    #[error("the metadata was valid until {}; ask the application for a current copy", .at.date())]
    ValidUntilPassed {
        /// The moment written there.
        at: OffsetDateTime,
    },
    /// `validUntil` is not a time in UTC.
    #[error("the validUntil of the metadata is not a readable time and was ignored")]
    ValidUntilUnreadable,
    /// A key without certificate, which cannot be used here.
    #[error("a key of the metadata comes without certificate and was ignored")]
    KeyWithoutCertificate,
    /// An encryption certificate that assertions cannot be encrypted to.
    #[error("the encryption certificate number {number} cannot be used: {reason}")]
    EncryptionKeyUnusable {
        /// Counted from 1 among the encryption certificates.
        number: usize,
        /// Why not.
        reason: KeyError,
    },
    /// Responses to this address travel unencrypted.
    #[error("the assertion consumer service {location} is not https")]
    NotHttps {
        /// The address.
        location: String,
    },
}

/// What a key of the metadata is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPurpose {
    /// Signing requests.
    Signing,
    /// Decrypting assertions.
    Encryption,
}

impl std::fmt::Display for KeyPurpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Signing => "signing",
            Self::Encryption => "encryption",
        })
    }
}

/// Why service provider metadata is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpMetadataError {
    /// A byte order mark before the document.
    #[error("the metadata starts with a byte order mark; save the file as UTF-8 without it")]
    ByteOrderMark,
    /// Larger than [`MAX_SP_METADATA`].
    #[error("the metadata has {size} bytes; at most {MAX_SP_METADATA} are accepted")]
    TooLarge {
        /// Size in bytes.
        size: usize,
    },
    /// A document type declaration, and so possibly entities.
    #[error("the metadata has a document type declaration; remove the line with <!DOCTYPE")]
    Doctype,
    /// Not XML, or beyond the bounds on nesting and number.
    #[error("the text is not XML that can be read: {0}")]
    NotXml(XmlFault),
    /// XML, but not SAML metadata.
    #[error(
        "the document is not SAML metadata: it begins neither with EntityDescriptor nor with EntitiesDescriptor"
    )]
    NotMetadata,
    /// Metadata of an identity provider.
    #[error(
        "this is the metadata of an identity provider; the application has metadata of its own as a service provider"
    )]
    IdentityProvider,
    /// Metadata without a SAML 2.0 service provider.
    #[error("the metadata describes no SAML 2.0 service provider (SPSSODescriptor is missing)")]
    NoServiceProvider,
    /// Several service providers in one document.
    #[error(
        "the metadata describes {count} service providers; cut out the EntityDescriptor of the one you mean"
    )]
    SeveralServiceProviders {
        /// How many.
        count: usize,
    },
    /// No or an empty `entityID`.
    #[error("the EntityDescriptor has no entityID")]
    NoEntityId,
    /// Nothing that a browser could post a response to.
    #[error(
        "the metadata names no assertion consumer service with the HTTP-POST binding and an http or https address"
    )]
    NoPostEndpoint,
    /// A certificate that cannot be used.
    #[error("the {purpose} certificate number {number} cannot be used: {reason}")]
    Certificate {
        /// What it is for.
        purpose: KeyPurpose,
        /// Counted from 1 among those of its purpose.
        number: usize,
        /// Why not.
        reason: KeyError,
    },
    /// A value that cannot be read.
    #[error("the value of {what} in the metadata is not valid")]
    Invalid {
        /// For example `AssertionConsumerService/@index`.
        what: &'static str,
    },
}

impl SpMetadata {
    /// Reads an `EntityDescriptor`, or the only service provider in an `EntitiesDescriptor`.
    /// `now` decides which dates are worth a warning, nothing else.
    ///
    /// # Errors
    /// See [`SpMetadataError`].
    pub fn parse(xml: &str, now: OffsetDateTime) -> Result<Self, SpMetadataError> {
        if xml.starts_with('\u{FEFF}') {
            return Err(SpMetadataError::ByteOrderMark);
        }
        let document = parse(xml, &LIMITS).map_err(|fault| match fault {
            XmlFault::TooLarge { size, .. } => SpMetadataError::TooLarge { size },
            XmlFault::Doctype => SpMetadataError::Doctype,
            other => SpMetadataError::NotXml(other),
        })?;
        let descriptor = service_provider(document.root_element())?;
        let entity_id = descriptor
            .parent_element()
            .and_then(|entity| entity.attribute("entityID"))
            .map(trim)
            .filter(|id| !id.is_empty())
            .ok_or(SpMetadataError::NoEntityId)?;
        let mut warnings = valid_until(descriptor, now);
        let services = sp_endpoints::assertion_consumer_services(descriptor)?;
        warnings.extend(sp_endpoints::insecure(&services));
        let keys = sp_keys::read(descriptor, now)?;
        warnings.extend(keys.warnings);
        Ok(Self {
            entity_id: entity_id.to_owned(),
            assertion_consumer_services: services,
            name_id_formats: texts(descriptor, "NameIDFormat")?,
            want_assertions_signed: flag(descriptor, "WantAssertionsSigned")?.unwrap_or(false),
            authn_requests_signed: flag(descriptor, "AuthnRequestsSigned")?.unwrap_or(false),
            signing_certificates: keys.signing,
            encryption_certificates: keys.encryption,
            encryption_methods: keys.encryption_methods,
            single_logout_services: sp_endpoints::single_logout_services(descriptor)?,
            requested_attributes: sp_endpoints::requested_attributes(descriptor)?,
            warnings,
        })
    }

    /// The assertion consumer service to use when a request names none.
    pub fn default_assertion_consumer_service(&self) -> Option<&AssertionConsumerService> {
        self.assertion_consumer_services
            .iter()
            .find(|service| service.is_default)
    }

    /// The usable service with the `index` that a request names.
    pub fn assertion_consumer_service(&self, index: u16) -> Option<&AssertionConsumerService> {
        self.assertion_consumer_services
            .iter()
            .find(|service| service.usable && service.index == Some(index))
    }
}

/// The one SPSSODescriptor for SAML 2.0.
fn service_provider<'a, 'input>(
    root: Node<'a, 'input>,
) -> Result<Node<'a, 'input>, SpMetadataError> {
    if !is(root, NS_METADATA, "EntityDescriptor") && !is(root, NS_METADATA, "EntitiesDescriptor") {
        return Err(SpMetadataError::NotMetadata);
    }
    let roles = |name: &'static str| {
        root.descendants().filter(move |node| {
            is(*node, NS_METADATA, name)
                && node
                    .parent_element()
                    .is_some_and(|parent| is(parent, NS_METADATA, "EntityDescriptor"))
        })
    };
    let mut found = roles("SPSSODescriptor").filter(|role| {
        role.attribute("protocolSupportEnumeration")
            .is_some_and(|protocols| protocols.split_ascii_whitespace().any(|p| p == NS_PROTOCOL))
    });
    let Some(first) = found.next() else {
        return Err(if roles("IDPSSODescriptor").next().is_some() {
            SpMetadataError::IdentityProvider
        } else {
            SpMetadataError::NoServiceProvider
        });
    };
    match found.count() {
        0 => Ok(first),
        more => Err(SpMetadataError::SeveralServiceProviders { count: more + 1 }),
    }
}

/// `validUntil` of the role, its entity and whatever is around that.
fn valid_until(descriptor: Node<'_, '_>, now: OffsetDateTime) -> Vec<SpMetadataWarning> {
    descriptor
        .ancestors()
        .filter_map(|node| node.attribute("validUntil"))
        .filter_map(|text| match instant::parse(trim(text)) {
            None => Some(SpMetadataWarning::ValidUntilUnreadable),
            Some(at) if at <= now => Some(SpMetadataWarning::ValidUntilPassed { at }),
            Some(_) => None,
        })
        .take(1)
        .collect()
}

/// The texts of the children called `name`.
fn texts(parent: Node<'_, '_>, name: &'static str) -> Result<Vec<String>, SpMetadataError> {
    parent
        .children()
        .filter(|child| is(*child, NS_METADATA, name))
        .map(|child| {
            sole_text(child)
                .filter(|text| !is_white_space(text))
                .map(|text| trim(text).to_owned())
                .ok_or(SpMetadataError::Invalid { what: name })
        })
        .collect()
}

/// `xs:boolean`, `None` when absent.
pub(super) fn flag(
    node: Node<'_, '_>,
    what: &'static str,
) -> Result<Option<bool>, SpMetadataError> {
    match node.attribute(what).map(trim) {
        None => Ok(None),
        Some("false" | "0") => Ok(Some(false)),
        Some("true" | "1") => Ok(Some(true)),
        Some(_) => Err(SpMetadataError::Invalid { what }),
    }
}
