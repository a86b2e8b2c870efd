//! Exclusive canonical XML 1.0 without comments, over the parsed tree.
//! <https://www.w3.org/TR/xml-exc-c14n/>
//!
//! Prefixes are read from the source text by position, since the tree keeps only expanded names.

use roxmltree::{Attribute, Node, NodeType};

/// Output limit. Canonical form repeats namespace declarations, so without a limit a small document
/// with one long namespace name could be made to grow a thousandfold.
const MAX_OUTPUT: usize = 1024 * 1024;

/// The canonical form would exceed [`MAX_OUTPUT`], or holds nodes that strict parsing refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotCanonical;

/// Canonicalises the subtree at `apex`, leaving out the subtree at `without` (the enveloped
/// signature). `inclusive` is the PrefixList of InclusiveNamespaces; `""` stands for `#default`.
pub(crate) fn exclusive(
    apex: Node<'_, '_>,
    without: Option<Node<'_, '_>>,
    inclusive: &[&str],
) -> Result<Vec<u8>, NotCanonical> {
    let mut writer = Canonical {
        out: Vec::with_capacity(apex.range().len() + 512),
        text: apex.document().input_text(),
        without,
        inclusive,
        rendered: Vec::with_capacity(16),
        wanted: Vec::with_capacity(8),
        attributes: Vec::with_capacity(8),
    };
    writer.element(apex)?;
    Ok(writer.out)
}

struct Canonical<'a, 'input, 'p> {
    out: Vec<u8>,
    text: &'input str,
    without: Option<Node<'a, 'input>>,
    inclusive: &'p [&'p str],
    /// Declarations in force in the output: prefix (`""` for the default) and namespace name.
    rendered: Vec<(&'a str, &'a str)>,
    /// Scratch space of `declarations` and `attributes`, kept to save allocations.
    wanted: Vec<(&'a str, &'a str)>,
    attributes: Vec<Attribute<'a, 'input>>,
}

impl<'a, 'input: 'a> Canonical<'a, 'input, '_> {
    fn element(&mut self, node: Node<'a, 'input>) -> Result<(), NotCanonical> {
        let outer = self.rendered.len();
        let name = self.qualified_name(node);
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        self.declarations(node, prefix_of(name));
        self.write_attributes(node);
        self.out.push(b'>');
        for child in node.children() {
            match child.node_type() {
                NodeType::Element if Some(child) == self.without => {}
                NodeType::Element => self.element(child)?,
                NodeType::Text => escape_text(&mut self.out, child.text().unwrap_or_default()),
                NodeType::Comment | NodeType::PI | NodeType::Root => return Err(NotCanonical),
            }
            if self.out.len() > MAX_OUTPUT {
                return Err(NotCanonical);
            }
        }
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
        self.rendered.truncate(outer);
        Ok(())
    }

    /// Writes the namespace declarations this element needs and no ancestor in the output has.
    fn declarations(&mut self, node: Node<'a, 'input>, prefix: &'input str) {
        self.wanted.clear();
        self.want(node, prefix);
        for attribute in node.attributes() {
            let prefix = prefix_of(&self.text[attribute.range_qname()]);
            if !prefix.is_empty() && prefix != "xml" {
                self.want(node, prefix);
            }
        }
        for index in 0..self.inclusive.len() {
            let listed = self.inclusive[index];
            if let Some(namespace) = node
                .namespaces()
                .find(|namespace| namespace.name().unwrap_or_default() == listed)
            {
                self.want(node, namespace.name().unwrap_or_default());
            } else if listed.is_empty() {
                self.want(node, "");
            }
        }
        self.wanted.sort_unstable();
        for &(prefix, uri) in &self.wanted {
            self.out.extend_from_slice(b" xmlns");
            if !prefix.is_empty() {
                self.out.push(b':');
                self.out.extend_from_slice(prefix.as_bytes());
            }
            self.out.extend_from_slice(b"=\"");
            escape_attribute(&mut self.out, uri);
            self.out.push(b'"');
        }
        self.rendered.extend_from_slice(&self.wanted);
    }

    /// Notes that `prefix` must be declared here, unless the output already declares it the same.
    fn want(&mut self, node: Node<'a, 'input>, prefix: &'a str) {
        let uri = node
            .lookup_namespace_uri((!prefix.is_empty()).then_some(prefix))
            .unwrap_or_default();
        let in_force = self
            .rendered
            .iter()
            .rev()
            .find(|(rendered, _)| *rendered == prefix)
            .map_or("", |(_, uri)| uri);
        if in_force != uri && !self.wanted.contains(&(prefix, uri)) {
            self.wanted.push((prefix, uri));
        }
    }

    /// Sorted by namespace name, then local name; those in no namespace come first.
    fn write_attributes(&mut self, node: Node<'a, 'input>) {
        self.attributes.clear();
        self.attributes.extend(node.attributes());
        if self.attributes.len() > 1 {
            self.attributes
                .sort_unstable_by_key(|a| (a.namespace(), a.name()));
        }
        for attribute in &self.attributes {
            self.out.push(b' ');
            self.out
                .extend_from_slice(&self.text.as_bytes()[attribute.range_qname()]);
            self.out.extend_from_slice(b"=\"");
            escape_attribute(&mut self.out, attribute.value());
            self.out.push(b'"');
        }
    }

    fn qualified_name(&self, node: Node<'a, 'input>) -> &'input str {
        let after = &self.text[node.range().start + 1..];
        let end = after
            .bytes()
            .position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>'))
            .unwrap_or(after.len());
        &after[..end]
    }
}

/// The part before the colon, or nothing.
fn prefix_of(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// Canonical XML 1.0 section 2.3, text nodes.
fn escape_text(out: &mut Vec<u8>, text: &str) {
    escape(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Canonical XML 1.0 section 2.3, attribute and namespace nodes.
fn escape_attribute(out: &mut Vec<u8>, value: &str) {
    escape(out, value, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn escape(out: &mut Vec<u8>, text: &str, escaped: impl Fn(u8) -> Option<&'static str>) {
    let bytes = text.as_bytes();
    // Nearly always there is nothing to escape; without early exit this loop is vectorised.
    let plain = !bytes
        .iter()
        .fold(false, |found, byte| found | escaped(*byte).is_some());
    if plain {
        out.extend_from_slice(bytes);
        return;
    }
    let mut copied = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        if let Some(replacement) = escaped(byte) {
            out.extend_from_slice(&bytes[copied..index]);
            out.extend_from_slice(replacement.as_bytes());
            copied = index + 1;
        }
    }
    out.extend_from_slice(&bytes[copied..]);
}
