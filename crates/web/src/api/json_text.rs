//! JSON before it is parsed: bounds that no honest document reaches.

/// Deepest nesting of arrays and objects that is read.
const MAX_DEPTH: usize = 32;

/// Why a text is not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    TooDeep,
    /// U+0000, which no text of a record may have and PostgreSQL cannot store.
    Null,
}

/// One pass over the text, without reading it: what is not JSON is for the parser to refuse.
pub(crate) fn check(text: &[u8]) -> Result<(), Refused> {
    let (mut depth, mut in_string) = (0_usize, false);
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (in_string, byte) {
            (_, 0) => return Err(Refused::Null),
            (_, b'"') => in_string = !in_string,
            (true, b'\\') => {
                if tail.starts_with(b"u0000") {
                    return Err(Refused::Null);
                }
                // The character after it does not end the string.
                rest = tail.get(1..).unwrap_or_default();
            }
            (false, b'[' | b'{') => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Refused::TooDeep);
                }
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_bounded_and_brackets_in_strings_do_not_count() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(check(nested(32).as_bytes()), Ok(()));
        assert_eq!(check(nested(33).as_bytes()), Err(Refused::TooDeep));
        assert_eq!(check(nested(1_000_000).as_bytes()), Err(Refused::TooDeep));
        let quoted = format!(r#"{{"a\"{}":"{}\\"}}"#, "[".repeat(99), "{".repeat(99));
        assert_eq!(check(quoted.as_bytes()), Ok(()));
        let many = format!("[{}]", "[],".repeat(99));
        assert_eq!(check(many.as_bytes()), Ok(()));
    }

    #[test]
    fn the_null_character_is_refused_however_it_is_written() {
        assert_eq!(check(b"\"a\0\""), Err(Refused::Null));
        assert_eq!(check(br#""a\u0000""#), Err(Refused::Null));
        assert_eq!(check(br#""\\\u0000""#), Err(Refused::Null));
        assert_eq!(check(br#""\\u0000""#), Ok(()), "a backslash, then text");
        assert_eq!(check(br#""\u0001""#), Ok(()));
    }
}
