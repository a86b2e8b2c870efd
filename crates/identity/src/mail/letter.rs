//! The form of every mail: plain text, a greeting, short paragraphs, who writes.

use time::{OffsetDateTime, UtcOffset};

/// The text of a mail to `name` (empty: nobody in particular) from `organisation`. A link is a
/// paragraph of its own, so that no mail program takes the full stop after it for a part of it.
pub(crate) fn letter(organisation: &str, name: &str, paragraphs: &[&str]) -> String {
    let name = name.trim();
    let mut text = if name.is_empty() {
        "Hello,\n\n".to_owned()
    } else {
        format!("Hello {},\n\n", isolated(name))
    };
    for paragraph in paragraphs {
        text.push_str(paragraph);
        text.push_str("\n\n");
    }
    text.push_str(&isolated(organisation));
    text.push('\n');
    text
}

/// `14 March 2026, 09:12 UTC`.
pub(crate) fn date_in_words(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    let (day, month, year) = (at.day(), at.month(), at.year());
    format!(
        "{day} {month} {year}, {:02}:{:02} UTC",
        at.hour(),
        at.minute()
    )
}

/// The text on one line, without characters that could begin another header (RFC 5322 §2.2) or
/// turn the text around them.
pub(crate) fn plain(text: &str) -> String {
    let harmful = |letter: char| {
        letter.is_control() || matches!(letter, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|letter| !harmful(*letter)).collect()
}

/// A name inside a text of another language: between isolates (Unicode Standard Annex #9 §2.4), and
/// without characters that could turn the text around it.
pub(crate) fn isolated(name: &str) -> String {
    let text = plain(name);
    if text.is_ascii() {
        text
    } else {
        format!("\u{2068}{text}\u{2069}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_greets_says_and_signs() {
        let text = letter(
            "The Acme Corporation",
            "Road Runner",
            &["Beep.", "https://x/y"],
        );
        assert_eq!(
            text,
            "Hello Road Runner,\n\nBeep.\n\nhttps://x/y\n\nThe Acme Corporation\n"
        );
        assert!(letter("Acme", " ", &[]).starts_with("Hello,\n"));
    }

    #[test]
    fn a_name_cannot_turn_the_text_around_it() {
        assert_eq!(isolated("שרה"), "\u{2068}שרה\u{2069}");
        assert_eq!(isolated("a\u{202E}b\nc\u{2069}"), "abc");
    }
}
