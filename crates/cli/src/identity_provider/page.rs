//! Reading the page that carries the assertion: a scan over its tags, tolerant as browsers are.

/// The value of the last `<input name="SAMLResponse">` as base64, without white space and with
/// its padding, which STS insists on.
pub(crate) fn saml_response(html: &str) -> Option<String> {
    let value = tags(html)
        .filter(|tag| tag.name.eq_ignore_ascii_case("input"))
        .filter(|tag| tag.attribute("name").as_deref() == Some("SAMLResponse"))
        .filter_map(|tag| tag.attribute("value"))
        .last()?;
    let mut base64: String = value.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    while !base64.len().is_multiple_of(4) {
        base64.push('=');
    }
    (!base64.is_empty()).then_some(base64)
}

/// The text of `<title>`.
pub(crate) fn title(html: &str) -> Option<String> {
    let tag = tags(html).find(|tag| tag.name.eq_ignore_ascii_case("title"))?;
    let text = tag.rest.split('<').next()?;
    let text = unescape(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    (!text.is_empty()).then_some(text)
}

struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    /// The page after the tag.
    rest: &'a str,
}

impl Tag<'_> {
    fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/'))
                .unwrap_or(rest.len());
            let (name, after) = rest.split_at(end.max(1));
            let (value, after) = attribute_value(after);
            if name.eq_ignore_ascii_case(wanted) {
                return Some(unescape(value));
            }
            rest = after;
        }
    }
}

/// The value after an attribute's name, and what follows it.
fn attribute_value(after_name: &str) -> (&str, &str) {
    let Some(value) = after_name.trim_ascii_start().strip_prefix('=') else {
        return ("", after_name);
    };
    let value = value.trim_ascii_start();
    if let Some(quote @ ('"' | '\'')) = value.chars().next() {
        let inner = &value[1..];
        return inner.split_once(quote).unwrap_or((inner, ""));
    }
    let end = value
        .find(|c: char| c.is_ascii_whitespace())
        .unwrap_or(value.len());
    value.split_at(end)
}

/// The opening tags of a page, without those in comments, scripts and styles.
fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')? + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = comment.split_once("-->")?.1;
                continue;
            }
            if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let end = end_of_tag(rest)?;
            let inner = &rest[..end];
            rest = &rest[end + 1..];
            let name_end = inner
                .find(|c: char| c.is_ascii_whitespace() || c == '/')
                .unwrap_or(inner.len());
            let (name, attributes) = inner.split_at(name_end);
            if name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style") {
                rest = after_raw_text(rest, name)?;
                continue;
            }
            return Some(Tag {
                name,
                attributes,
                rest,
            });
        }
    })
}

/// The `>` that ends a tag; one inside quotes does not.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// What follows `</name` of a script or a style.
fn after_raw_text<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    loop {
        let at = from + rest[from..].find("</")?;
        let after = &rest[at + 2..];
        if after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            return Some(after);
        }
        from = at + 2;
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((character, length)) = character_reference(rest) {
            out.push(character);
            rest = &rest[length..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The character that `text` begins with a reference to, and how long the reference is.
fn character_reference(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 12;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assertion_is_found_in_any_spelling_of_the_input() {
        for page in [
            r#"<form><input type="hidden" name="SAMLResponse" value="QUJD+/A="/></form>"#,
            r"<INPUT VALUE='QUJD&#43;&#x2F;A&#61;' NAME=SAMLResponse>",
            "<input name=\"SAMLResponse\" value=\"QU\r\nJD\n+/A= \">",
            r#"<input data-x="a>b" disabled name=SAMLResponse value=QUJD+/A=>"#,
            r"<input name=SAMLResponse value=QUJD+/A>",
        ] {
            assert_eq!(saml_response(page).as_deref(), Some("QUJD+/A="), "{page}");
        }
    }

    #[test]
    fn the_last_assertion_counts_and_inputs_without_a_name_do_not_hurt() {
        let page = r#"<input value=x><input name="SAMLResponse" value="b2xk">
            <input name="SAMLResponse" value="bmV3"><input name="RelayState" value="">"#;
        assert_eq!(saml_response(page).as_deref(), Some("bmV3"));
    }

    #[test]
    fn comments_and_scripts_are_not_markup() {
        let page = r#"<!-- <input name="SAMLResponse" value="bm8="> -->
            <script>var a = '<input name="SAMLResponse" value="bm8=">';</script>"#;
        assert_eq!(saml_response(page), None);
    }

    #[test]
    fn a_page_that_ends_anywhere_is_read_without_harm() {
        let page = r#"<!DOCTYPE html><title>a &amp; b</title><script>x</script><!-- c --><input
            name='SAMLResponse' value="é&#xzz;&unknown;&">"#;
        for end in (0..=page.len()).filter(|end| page.is_char_boundary(*end)) {
            let _ = saml_response(&page[..end]);
            let _ = title(&page[..end]);
        }
    }

    #[test]
    fn the_title_is_read_as_a_person_sees_it() {
        let page = "<html><head><title>\n Access &amp; denied </title></head>";
        assert_eq!(title(page).as_deref(), Some("Access & denied"));
        assert_eq!(title("<p>nothing</p>"), None);
    }
}
