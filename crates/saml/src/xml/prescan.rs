//! A first pass over the raw bytes, before any tree is built.
//!
//! `<` cannot occur literally in text or attribute values, so every `<` starts markup and this
//! pass sees exactly the markup the parser will see. It bounds depth and attributes, refuses the
//! kinds of markup a SAML message never needs, and closes the gaps where the parser is laxer than
//! XML: a prefixed attribute named `xmlns`, names that start with a colon, references to
//! characters that do not exist.

use super::{Limits, XmlFault};

pub(super) fn check(text: &str, limits: &Limits) -> Result<(), XmlFault> {
    if text.len() > limits.bytes {
        return Err(XmlFault::TooLarge {
            size: text.len(),
            limit: limits.bytes,
        });
    }
    let mut rest = skip_declaration(text.strip_prefix('\u{FEFF}').unwrap_or(text))?;
    if limits.strict {
        check_references(rest)?;
    }
    let mut depth = 0_usize;
    while let Some(at) = find(rest, b'<') {
        rest = &rest[at..];
        rest = match rest.as_bytes().get(1) {
            Some(b'!' | b'?') => skip_special(rest, limits)?,
            Some(b'/') => {
                depth = depth.saturating_sub(1);
                skip_end_tag(rest)?
            }
            _ => {
                let (after, empty) = skip_start_tag(rest, limits)?;
                if depth >= limits.depth {
                    return Err(XmlFault::TooDeep {
                        limit: limits.depth,
                    });
                }
                depth += usize::from(!empty);
                after
            }
        };
    }
    Ok(())
}

/// Accepts one XML declaration with version 1.0 and, if an encoding is named, UTF-8.
fn skip_declaration(text: &str) -> Result<&str, XmlFault> {
    let Some(declaration) = text
        .strip_prefix("<?xml")
        .filter(|rest| rest.starts_with([' ', '\t', '\r', '\n']))
    else {
        return Ok(text);
    };
    let (body, rest) = declaration.split_once("?>").ok_or(XmlFault::Declaration)?;
    let version = pseudo_attribute(body, "version");
    let encoding = pseudo_attribute(body, "encoding");
    let utf8 = encoding.is_none_or(|name| name.eq_ignore_ascii_case("utf-8"));
    if version != Some("1.0") || !utf8 || body.contains('<') {
        return Err(XmlFault::Declaration);
    }
    Ok(rest)
}

fn pseudo_attribute<'a>(declaration: &'a str, name: &str) -> Option<&'a str> {
    let after = declaration.split_once(name)?.1.trim_start();
    let value = after.strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// Comments, CDATA, processing instructions, DOCTYPE: skipped where allowed, else refused.
fn skip_special<'a>(rest: &'a str, limits: &Limits) -> Result<&'a str, XmlFault> {
    let (end, refusal) = if rest.starts_with("<!--") {
        ("-->", XmlFault::Comment)
    } else if rest.starts_with("<![CDATA[") {
        ("]]>", XmlFault::CData)
    } else if rest.starts_with("<?") {
        ("?>", XmlFault::ProcessingInstruction)
    } else {
        return Err(XmlFault::Doctype);
    };
    if limits.strict {
        return Err(refusal);
    }
    let after = rest.find(end).ok_or_else(unterminated)? + end.len();
    Ok(&rest[after..])
}

fn skip_end_tag(rest: &str) -> Result<&str, XmlFault> {
    if rest.as_bytes().get(2) == Some(&b':') {
        return Err(colon());
    }
    let end = find(rest, b'>').ok_or_else(unterminated)?;
    Ok(&rest[end + 1..])
}

/// Counts the attributes of a start tag. Returns what follows it and whether it was `<empty/>`.
fn skip_start_tag<'a>(rest: &'a str, limits: &Limits) -> Result<(&'a str, bool), XmlFault> {
    let bytes = rest.as_bytes();
    let mut attributes = 0;
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return Ok((&rest[at + 1..], bytes[at - 1] == b'/')),
            b'"' | b'\'' => {
                attributes += 1;
                if attributes > limits.attributes {
                    return Err(XmlFault::TooManyAttributes {
                        limit: limits.attributes,
                    });
                }
                at = value_end(rest, at, byte)?;
            }
            b':' => check_colon(bytes, at)?,
            _ => {}
        }
        at += 1;
    }
    Err(unterminated())
}

/// Index of the closing quote.
fn value_end(rest: &str, open: usize, quote: u8) -> Result<usize, XmlFault> {
    let length = find(&rest[open + 1..], quote).ok_or_else(unterminated)?;
    Ok(open + 1 + length)
}

/// A name may not start with a colon, and the parser would take `any:xmlns="…"` for a declaration
/// of the default namespace.
fn check_colon(bytes: &[u8], at: usize) -> Result<(), XmlFault> {
    if matches!(
        bytes[at - 1],
        b'<' | b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\''
    ) {
        return Err(colon());
    }
    let after = &bytes[at + 1..];
    if after.starts_with(b"xmlns")
        && matches!(after.get(5), Some(b'=' | b' ' | b'\t' | b'\r' | b'\n'))
    {
        return Err(XmlFault::Malformed(
            "an attribute named xmlns has a prefix".to_owned(),
        ));
    }
    Ok(())
}

/// Every `&…;` must be one of the five predefined entities or an existing XML character: the
/// parser replaces impossible ones by U+FFFD instead of refusing them.
fn check_references(text: &str) -> Result<(), XmlFault> {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        rest = &rest[at + 1..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let name = end.map_or("", |end| &rest[..end]);
        if !is_reference(name) {
            return Err(XmlFault::Malformed(
                "a reference that is neither predefined nor a character".to_owned(),
            ));
        }
    }
    Ok(())
}

fn is_reference(name: &str) -> bool {
    let Some(number) = name.strip_prefix('#') else {
        return matches!(name, "amp" | "lt" | "gt" | "quot" | "apos");
    };
    let code = match number.strip_prefix('x') {
        Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16),
        None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse(),
        _ => return false,
    };
    code.ok().and_then(char::from_u32).is_some_and(|c| {
        matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && c != '\u{FFFE}' && c != '\u{FFFF}')
    })
}

/// Position of an ASCII byte. Over the short distances in XML this beats `str::find`.
fn find(text: &str, byte: u8) -> Option<usize> {
    text.bytes().position(|candidate| candidate == byte)
}

fn unterminated() -> XmlFault {
    XmlFault::Malformed("the text ends inside markup".to_owned())
}

fn colon() -> XmlFault {
    XmlFault::Malformed("a name starts with a colon".to_owned())
}
