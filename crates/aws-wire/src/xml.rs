//! A small writer for XML responses. Elements are closures, so that what is opened is closed.

/// Writes an XML document; every text and attribute value is escaped.
#[derive(Debug, Default)]
pub struct XmlWriter {
    out: String,
}

impl XmlWriter {
    /// An empty document without a declaration, as the query services answer.
    pub fn new() -> Self {
        Self::default()
    }

    /// A document that starts with an XML declaration, as S3 answers.
    pub fn with_declaration() -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
        }
    }

    /// An element with content.
    pub fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.element_with(name, &[], content);
    }

    /// An element with attributes and content.
    pub fn element_with(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        content: impl FnOnce(&mut Self),
    ) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            escape_into(&mut self.out, value);
            self.out.push('"');
        }
        self.out.push('>');
        content(self);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element that holds one text.
    pub fn text(&mut self, name: &str, value: &str) {
        self.element(name, |xml| escape_into(&mut xml.out, value));
    }

    /// An element that holds one text, left out when there is none.
    pub fn optional_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, name: &str, value: bool) {
        self.text(name, if value { "true" } else { "false" });
    }

    /// A whole number.
    pub fn integer(&mut self, name: &str, value: i64) {
        self.text(name, &value.to_string());
    }

    /// A list of the query protocol: `<Name><member>…</member>…</Name>`.
    pub fn members<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut content: impl FnMut(&mut Self, T),
    ) {
        self.element(name, |xml| {
            for item in items {
                xml.element("member", |xml| content(xml, item));
            }
        });
    }

    /// Content without an element around it: the text of a `<member>` in a list of strings.
    pub fn characters(&mut self, value: &str) {
        escape_into(&mut self.out, value);
    }

    /// The document.
    pub fn finish(self) -> String {
        self.out
    }
}

/// The answer of a query operation with a result:
/// `<XResponse><XResult>…</XResult><ResponseMetadata>…</ResponseMetadata></XResponse>`.
pub fn query_response(
    action: &str,
    namespace: &str,
    request_id: &str,
    result: impl FnOnce(&mut XmlWriter),
) -> String {
    envelope(action, namespace, request_id, |xml| {
        xml.element(&format!("{action}Result"), result);
    })
}

/// The answer of a query operation that returns nothing: no `XResult` element.
pub fn empty_query_response(action: &str, namespace: &str, request_id: &str) -> String {
    envelope(action, namespace, request_id, |_| {})
}

fn envelope(
    action: &str,
    namespace: &str,
    request_id: &str,
    content: impl FnOnce(&mut XmlWriter),
) -> String {
    let mut xml = XmlWriter::new();
    xml.element_with(
        &format!("{action}Response"),
        &[("xmlns", namespace)],
        |xml| {
            content(xml);
            xml.element("ResponseMetadata", |xml| xml.text("RequestId", request_id));
        },
    );
    xml.finish()
}

/// Escapes for both text and attribute values. Characters that XML 1.0 cannot carry become
/// U+FFFD, so that one strange stored value cannot make a whole answer unreadable.
fn escape_into(out: &mut String, value: &str) {
    let is_plain = |byte: u8| {
        matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')
    };
    if value.bytes().all(is_plain) {
        out.push_str(value);
        return;
    }
    for character in value.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // A parser would turn a bare carriage return into a line feed (XML 1.0 section 2.11).
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            _ => out.push(character),
        }
    }
}
