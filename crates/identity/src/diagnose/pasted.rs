//! From pasted text to the response in it.

use std::borrow::Cow;

use jetway_saml::ParseError;
use jetway_saml::inspect::{Inspected, inspect_base64, inspect_xml};

/// A pasted response: how long it was as base64, and what was read.
pub(super) struct Response {
    /// Characters of base64.
    pub(super) base64_length: usize,
    pub(super) inspected: Result<Inspected, ParseError>,
}

/// The response in the text. `None` when it does not look like one.
pub(super) fn response(text: &str) -> Option<Response> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "\u{feff}\"'".contains(c));
    let value = form_value(text);
    // A page of AWS with an error text in it is no response.
    if value.starts_with('<') && !value.to_ascii_lowercase().contains("<html") {
        return Some(Response {
            base64_length: value.len().div_ceil(3) * 4,
            inspected: inspect_xml(&value),
        });
    }
    let mut base64: String = value.lines().map(str::trim).collect();
    // Where a form was decoded, each plus became a space. `<` is `P` and one of A to P.
    let begins_like_xml = matches!(base64.as_bytes(), [b'P', b'A'..=b'P', ..]);
    if begins_like_xml && base64.contains(' ') {
        base64 = base64.replace(' ', "+");
        // A last `>` on its own is a plus at the end, which was trimmed as a space.
        if base64.len() % 4 == 3 {
            base64.push('+');
        }
    }
    let alphabet = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    // A message is shorter, and has spaces and full stops.
    if base64.len() < 100 || !base64.chars().all(alphabet) {
        return None;
    }
    Some(Response {
        base64_length: base64.len(),
        inspected: inspect_base64(&base64),
    })
}

/// The value of `SAMLResponse` in a form, in a page, or the text as it stands.
fn form_value(text: &str) -> Cow<'_, str> {
    if let Some(value) = field_value(text) {
        let value = value.replace("&#43;", "+").replace("&#x2B;", "+");
        return Cow::Owned(value.replace("&#61;", "=").replace("&#x3D;", "="));
    }
    if text.starts_with('<') {
        return Cow::Borrowed(text);
    }
    let label = ["SAMLResponse=", "SAMLResponse:", "SAMLResponse"];
    let labelled = label.iter().find_map(|label| text.split_once(label));
    let value = labelled.map_or(text, |(_, rest)| rest);
    let value = value.split('&').next().unwrap_or_default().trim();
    if value.contains('%') {
        let pair = format!("v={}", value.replace('+', "%2B"));
        let decoded = url::form_urlencoded::parse(pair.as_bytes())
            .next()
            .map(|(_, value)| value.into_owned());
        return Cow::Owned(decoded.unwrap_or_default());
    }
    Cow::Borrowed(value)
}

/// The value of the form field in a page, before or after its name.
fn field_value(page: &str) -> Option<&str> {
    let at = page.find("name=\"SAMLResponse\"")?;
    let start = page[..at].rfind('<')?;
    let field = page[start..].split('>').next()?;
    let (_, value) = field.split_once("value=\"")?;
    Some(value.split_once('"')?.0)
}
