//! Rules for texts that people type and that later appear in pages, XML and logs.

/// Why a text cannot be kept. The message names the field and the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("{field} must not be empty")]
    Empty { field: &'static str },
    #[error("{field} has {length} characters; at most {max} are allowed")]
    TooLong {
        field: &'static str,
        length: usize,
        max: usize,
    },
    #[error("{field} contains a control character or one that XML cannot carry")]
    Unprintable { field: &'static str },
    #[error("{field} may only contain {allowed}")]
    Alphabet {
        field: &'static str,
        allowed: &'static str,
    },
    #[error("{field} is not an e-mail address")]
    NotAnEmail { field: &'static str },
    #[error("there is no directory attribute of this name; use a custom attribute")]
    NoSuchAttribute,
}

/// Checks a text of at most `max` characters that may be empty.
pub(crate) fn check(field: &'static str, value: &str, max: usize) -> Result<(), TextError> {
    let length = value.chars().count();
    if length > max {
        return Err(TextError::TooLong { field, length, max });
    }
    if value.chars().any(|c| c.is_control() || !is_xml_char(c)) {
        return Err(TextError::Unprintable { field });
    }
    Ok(())
}

/// Checks a text of at most `max` characters that may be empty and may have several lines.
pub(crate) fn check_lines(field: &'static str, value: &str, max: usize) -> Result<(), TextError> {
    let length = value.chars().count();
    if length > max {
        return Err(TextError::TooLong { field, length, max });
    }
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if value.chars().any(|c| control(c) || !is_xml_char(c)) {
        return Err(TextError::Unprintable { field });
    }
    Ok(())
}

/// Checks a text of one to `max` characters that is not only white space.
pub(crate) fn check_filled(field: &'static str, value: &str, max: usize) -> Result<(), TextError> {
    if value.trim().is_empty() {
        return Err(TextError::Empty { field });
    }
    check(field, value, max)
}

/// XML 1.0 §2.2 `Char`, without the surrogates, which a Rust `char` cannot hold.
fn is_xml_char(c: char) -> bool {
    !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}
