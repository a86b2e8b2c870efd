//! What forms of the admin portal send besides plain fields.

use crate::shared::{Failure, Fields};

/// The text of a field with several lines: line ends are `\n`, and what no keyboard types is gone.
pub(crate) fn typed_lines(text: &str) -> String {
    let kept = |letter: &char| {
        matches!(letter, '\n' | '\t')
            || !(letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}'))
    };
    text.replace("\r\n", "\n").chars().filter(kept).collect()
}

/// The hidden field `version`: what the page was made from.
pub(crate) fn typed_version(fields: &Fields<'_>) -> Result<i64, Failure> {
    let version = fields.get("version")?.and_then(|text| text.parse().ok());
    version.ok_or_else(Failure::bad_request)
}
