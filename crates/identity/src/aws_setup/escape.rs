//! One text in three languages. Whatever it contains, it comes out as itself.

use std::fmt::Write as _;

/// A quoted HCL string (HCL native syntax specification, "Template Literals"): `${` and `%{` would
/// begin templates, so the sign is written by its number: doubling it is ambiguous after another one.
pub(super) fn hcl(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || (matches!(c, '$' | '%') && rest.peek() == Some(&'{')) => {
                write!(out, "\\u{:04x}", u32::from(c)).ok();
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A list of quoted HCL strings.
pub(super) fn hcl_list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<_> = texts.map(hcl).collect();
    format!("[{}]", texts.join(", "))
}

/// One word of a POSIX shell: in single quotes nothing is special but the quote itself (POSIX.1,
/// Shell Command Language 2.2.2).
pub(super) fn sh(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Names for things inside a file: letters, digits and `filler`, beginning with a letter, never
/// the same twice.
#[derive(Debug, Default)]
pub(super) struct Labels {
    used: std::collections::BTreeSet<String>,
}

impl Labels {
    /// An HCL identifier.
    pub(super) fn hcl(&mut self, text: &str) -> String {
        self.unique(text, "_")
    }

    /// A CloudFormation logical id: letters and digits alone.
    pub(super) fn logical_id(&mut self, text: &str) -> String {
        self.unique(text, "")
    }

    fn unique(&mut self, text: &str, filler: &str) -> String {
        let mut base = String::new();
        for c in text.chars().take(100) {
            if c.is_ascii_alphanumeric() {
                base.push(c);
            } else {
                base.push_str(filler);
            }
        }
        if !base.starts_with(|c: char| c.is_ascii_alphabetic()) {
            base.insert(0, 'x');
        }
        let mut label = base.clone();
        let mut number = 2;
        while !self.used.insert(label.to_lowercase()) {
            label = format!("{base}{filler}{number}");
            number += 1;
        }
        label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_quotes_and_line_breaks_are_only_text_in_hcl() {
        assert_eq!(
            hcl("a\"b\\c\n${d} %{e} $f $${g"),
            r#""a\"b\\c\n\u0024{d} \u0025{e} $f $\u0024{g""#
        );
        assert_eq!(hcl("\u{1}"), "\"\\u0001\"");
    }

    #[test]
    fn a_quote_ends_no_word_of_the_shell() {
        assert_eq!(sh("it's $(date) `x` \\"), r"'it'\''s $(date) `x` \'");
    }

    #[test]
    fn labels_are_never_the_same_twice() {
        let mut labels = Labels::default();
        assert_eq!(labels.hcl("a.b"), "a_b");
        assert_eq!(labels.hcl("A@b"), "A_b_2");
        assert_eq!(labels.hcl("1"), "x1");
        assert_eq!(labels.logical_id("SAML-User"), "SAMLUser");
        assert_eq!(labels.logical_id("SAML.User"), "SAMLUser2");
        assert_eq!(labels.logical_id("+"), "x");
    }
}
