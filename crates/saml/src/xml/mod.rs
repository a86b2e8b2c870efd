//! XML from strangers: bounds, one strict parser, and canonicalisation of what it parsed.

pub(crate) mod c14n;
mod prescan;
pub(crate) mod read;
mod untrusted;

pub(crate) use untrusted::{Limits, MESSAGE, parse};

use thiserror::Error;

/// Why a text is not taken as XML, before anything in it is interpreted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum XmlFault {
    /// Larger than the limit.
    #[error("the XML has {size} bytes; at most {limit} are accepted")]
    TooLarge {
        /// Size in bytes.
        size: usize,
        /// Limit in bytes.
        limit: usize,
    },
    /// Nested deeper than the limit.
    #[error("elements are nested deeper than {limit}")]
    TooDeep {
        /// Deepest nesting accepted.
        limit: usize,
    },
    /// More elements and texts than the limit.
    #[error("more than {limit} elements and texts")]
    TooManyNodes {
        /// Number accepted.
        limit: u32,
    },
    /// An element with more attributes and namespace declarations than the limit.
    #[error("an element has more than {limit} attributes")]
    TooManyAttributes {
        /// Number accepted.
        limit: usize,
    },
    /// An element with more namespaces in scope than the limit.
    #[error("an element has more than {limit} namespaces in scope")]
    TooManyNamespaces {
        /// Number accepted.
        limit: usize,
    },
    /// A document type declaration, and so possibly entities.
    #[error("document type declarations are not accepted")]
    Doctype,
    /// A comment, in a kind of document where none is accepted.
    #[error("comments are not accepted in SAML messages")]
    Comment,
    /// A CDATA section, in a kind of document where none is accepted.
    #[error("CDATA sections are not accepted in SAML messages")]
    CData,
    /// A processing instruction, in a kind of document where none is accepted.
    #[error("processing instructions are not accepted in SAML messages")]
    ProcessingInstruction,
    /// An XML declaration other than version 1.0 in UTF-8.
    #[error("the XML declaration must say version 1.0 and, if any encoding, UTF-8")]
    Declaration,
    /// Not well-formed XML.
    #[error("not well-formed XML: {0}")]
    Malformed(String),
    /// A namespace name that is not an absolute URI; canonicalisation is undefined for it.
    #[error("the namespace name {0:?} is not an absolute URI")]
    RelativeNamespace(String),
    /// An attribute that looks like an ID but is in a namespace.
    #[error("an ID attribute in a namespace is not accepted")]
    NamespacedId,
    /// An ID with white space in it.
    #[error("the ID {0:?} is not an XML name")]
    InvalidId(String),
    /// Two elements with the same ID, or with IDs that differ only in case.
    #[error("the ID {0:?} occurs more than once (letter case does not count)")]
    DuplicateId(String),
}
