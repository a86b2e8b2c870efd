//! The one way from untrusted text to a tree.

use roxmltree::{Document, Node, ParsingOptions};

use super::{XmlFault, prescan};

/// Bounds on a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Size of the text, bytes.
    pub(crate) bytes: usize,
    /// Nesting of elements.
    pub(crate) depth: usize,
    /// Elements and texts together.
    pub(crate) nodes: u32,
    /// Attributes and namespace declarations of one element.
    pub(crate) attributes: usize,
    /// For what may be signed: no comments, CDATA or processing instructions, unambiguous IDs and
    /// namespaces. Not for metadata, which people write by hand and nobody here canonicalises.
    pub(crate) strict: bool,
}

/// Protocol messages: anything that may be signed. Far above what real ones need.
pub(crate) const MESSAGE: Limits = Limits {
    bytes: 256 * 1024,
    depth: 24,
    nodes: 10_000,
    attributes: 32,
    strict: true,
};

/// Namespaces in scope of one element of a strict document. Every later step looks prefixes up in
/// that list, so its length is a factor of the work an attacker can ask for.
const MAX_NAMESPACES: usize = 64;

/// Parses within `limits`. When strict, also screens every element: absolute namespace names, no
/// ID attribute in a namespace, no ID twice.
pub(crate) fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Document<'a>, XmlFault> {
    prescan::check(text, limits)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: limits.nodes,
        entity_resolver: None,
    };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => XmlFault::TooManyNodes {
            limit: limits.nodes,
        },
        roxmltree::Error::DtdDetected => XmlFault::Doctype,
        other => XmlFault::Malformed(other.to_string()),
    })?;
    if limits.strict {
        screen(&document)?;
    }
    Ok(document)
}

fn screen(document: &Document<'_>) -> Result<(), XmlFault> {
    let mut ids = Vec::with_capacity(8);
    for node in document.descendants().filter(Node::is_element) {
        check_namespaces(node)?;
        for attribute in node.attributes() {
            if attribute.range_qname().len() >= usize::from(u16::MAX) {
                // The parser's positions saturate there, and canonicalisation relies on them.
                return Err(XmlFault::Malformed(
                    "an attribute name is too long".to_owned(),
                ));
            }
            if !attribute.name().eq_ignore_ascii_case("id") {
                continue;
            }
            if attribute.namespace().is_some() {
                return Err(XmlFault::NamespacedId);
            }
            let id = attribute.value();
            if id.is_empty() || id.contains(char::is_whitespace) {
                return Err(XmlFault::InvalidId(id.to_owned()));
            }
            ids.push(id.to_lowercase());
        }
    }
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(XmlFault::DuplicateId(pair[0].clone())),
        None => Ok(()),
    }
}

/// Canonical XML refuses documents with relative namespace names (section 1), and the parser does
/// not notice an empty name for a prefix or a default namespace declared twice.
fn check_namespaces(node: Node<'_, '_>) -> Result<(), XmlFault> {
    if node.namespaces().len() > MAX_NAMESPACES {
        return Err(XmlFault::TooManyNamespaces {
            limit: MAX_NAMESPACES,
        });
    }
    let mut defaults = 0;
    for namespace in node.namespaces() {
        let name = namespace.uri();
        defaults += usize::from(namespace.name().is_none());
        let undeclares_default = name.is_empty() && namespace.name().is_none();
        if !undeclares_default && !is_absolute(name) {
            return Err(XmlFault::RelativeNamespace(name.to_owned()));
        }
    }
    if defaults > 1 {
        return Err(XmlFault::Malformed(
            "an element declares the default namespace twice".to_owned(),
        ));
    }
    Ok(())
}

/// Does it start with a scheme (RFC 3986 3.1)?
fn is_absolute(uri: &str) -> bool {
    if uri.starts_with("urn:") || uri.starts_with("http") && uri.contains("://") {
        return true;
    }
    uri.split_once(':').is_some_and(|(scheme, _)| {
        let mut bytes = scheme.bytes();
        bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
            && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}
