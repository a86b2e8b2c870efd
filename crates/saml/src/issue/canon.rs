//! A writer whose output is exclusive canonical XML by construction: fixed prefixes, namespaces
//! declared where first used, attributes sorted, no empty-element tags, canonical escapes.
//! <https://www.w3.org/TR/xml-exc-c14n/>

use super::IssueError;

/// Namespace declarations come first, then attributes by name. None of ours is in a namespace.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

pub(crate) struct Writer {
    out: String,
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes),
        }
    }

    pub(crate) fn open(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
    ) -> Result<(), IssueError> {
        debug_assert!(is_canonically_ordered(attributes), "attributes of {name}");
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.escaped(value, key, attribute_escape)?;
            self.out.push('"');
        }
        self.out.push('>');
        Ok(())
    }

    /// As [`Self::open`], leaving out the attributes without value.
    pub(crate) fn open_with(
        &mut self,
        name: &'static str,
        namespaces: Attributes<'_>,
        optional: &[(&'static str, Option<&str>)],
    ) -> Result<(), IssueError> {
        let mut attributes = namespaces.to_vec();
        attributes.extend(
            optional
                .iter()
                .filter_map(|&(name, value)| Some((name, value?))),
        );
        self.open(name, &attributes)
    }

    pub(crate) fn close(&mut self, name: &'static str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element without content.
    pub(crate) fn empty(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
    ) -> Result<(), IssueError> {
        self.open(name, attributes)?;
        self.close(name);
        Ok(())
    }

    /// An element that holds only text.
    pub(crate) fn leaf(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
        text: &str,
    ) -> Result<(), IssueError> {
        self.open(name, attributes)?;
        self.escaped(text, name, text_escape)?;
        self.close(name);
        Ok(())
    }

    /// White space between elements, for documents people open in an editor.
    pub(crate) fn new_line(&mut self, depth: usize) {
        self.out.push('\n');
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }

    /// How many bytes have been written.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.out
    }

    /// Already canonical XML, written by another `Writer`.
    pub(crate) fn splice(&mut self, at: usize, canonical: &str) {
        self.out.insert_str(at, canonical);
    }

    pub(crate) fn into_string(self) -> String {
        self.out
    }

    fn escaped(
        &mut self,
        value: &str,
        place: &'static str,
        escape: fn(u8) -> Option<&'static str>,
    ) -> Result<(), IssueError> {
        let bytes = value.as_bytes();
        // Nearly always there is nothing to do; without early exit this loop is vectorised.
        let plain = !bytes.iter().fold(false, |found, byte| {
            found | matches!(byte, 0..=0x1F | b'&' | b'<' | b'>' | b'"' | 0xEF)
        });
        if plain {
            self.out.push_str(value);
            return Ok(());
        }
        let mut copied = 0;
        for (index, &byte) in bytes.iter().enumerate() {
            if let Some(replacement) = escape(byte) {
                self.out.push_str(&value[copied..index]);
                self.out.push_str(replacement);
                copied = index + 1;
            } else if let Some(code) = illegal(bytes, index) {
                return Err(IssueError::IllegalCharacter { place, code });
            }
        }
        self.out.push_str(&value[copied..]);
        Ok(())
    }
}

/// Canonical XML 1.0 section 2.3, text nodes.
fn text_escape(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}

/// Canonical XML 1.0 section 2.3, attribute nodes.
fn attribute_escape(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}

/// The code point at `index` if XML 1.0 (production 2.2) does not allow it. Surrogates cannot
/// occur in a `str`, so what is left is the C0 controls, U+FFFE and U+FFFF.
fn illegal(bytes: &[u8], index: usize) -> Option<u32> {
    match bytes[index] {
        b'\t' | b'\n' | b'\r' => None,
        control @ 0..=0x1F => Some(u32::from(control)),
        0xEF if bytes[index + 1..].starts_with(&[0xBF, 0xBE]) => Some(0xFFFE),
        0xEF if bytes[index + 1..].starts_with(&[0xBF, 0xBF]) => Some(0xFFFF),
        _ => None,
    }
}

fn is_canonically_ordered(attributes: Attributes<'_>) -> bool {
    let rank = |name: &'static str| (!name.starts_with("xmlns"), name);
    attributes
        .windows(2)
        .all(|pair| rank(pair[0].0) < rank(pair[1].0))
}
