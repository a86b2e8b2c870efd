//! AWS's constraints on strings, and the sentence it answers when they are not met.

use crate::error::{ScimError, ScimType};
use crate::schema::ResourceKind;

/// The pattern as AWS quotes it in its errors.
const PATTERN: &str = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+";
/// A user name has no white space.
const USER_NAME_PATTERN: &str = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+";
const MAX_CHARS: usize = 1024;
const MAX_USER_NAME_CHARS: usize = 128;
/// AWS takes these two although its errors do not quote them.
const NO_BREAK_SPACE: char = '\u{a0}';
const IDEOGRAPHIC_SPACE: char = '\u{3000}';

/// What AWS found wrong with the strings of one request, in the order they were read.
#[derive(Debug, Default)]
pub(crate) struct Violations(Vec<String>);

/// The rule for one attribute.
struct Rule {
    pattern: &'static str,
    allows: fn(char) -> bool,
    max: usize,
}

fn rule(kind: ResourceKind, path: &str) -> Rule {
    match (kind, path) {
        (ResourceKind::User, "userName") => Rule {
            pattern: USER_NAME_PATTERN,
            allows: is_visible,
            max: MAX_USER_NAME_CHARS,
        },
        (ResourceKind::Group, "displayName") => Rule {
            pattern: PATTERN,
            allows: |character| character != IDEOGRAPHIC_SPACE && is_allowed(character),
            max: MAX_CHARS,
        },
        _ => Rule {
            pattern: PATTERN,
            allows: is_allowed,
            max: MAX_CHARS,
        },
    }
}

impl Violations {
    /// Checks the string at `path` (`name.givenName`).
    pub(crate) fn check(&mut self, kind: ResourceKind, path: &str, text: &str) {
        let Rule {
            pattern,
            allows,
            max,
        } = rule(kind, path);
        if text.is_empty() || !text.chars().all(allows) {
            self.add(
                path,
                &format!("Member must satisfy regular expression pattern: {pattern}"),
            );
        }
        if text.is_empty() {
            self.add(path, "Member must have length greater than or equal to 1");
        }
        if text.chars().count() > max {
            self.add(
                path,
                &format!("Member must have length less than or equal to {max}"),
            );
        }
    }

    fn add(&mut self, path: &str, constraint: &str) {
        self.0.push(format!(
            "Value at '{path}' failed to satisfy constraint: {constraint}"
        ));
    }

    /// AWS's sentence, where anything was found.
    pub(crate) fn finish(self) -> Result<(), ScimError> {
        let noun = match self.0.len() {
            0 => return Ok(()),
            1 => "error",
            _ => "errors",
        };
        Err(ScimError::bad_request(
            ScimType::InvalidValue,
            format!(
                "{} validation {noun} detected: {}",
                self.0.len(),
                self.0.join("; ")
            ),
        ))
    }
}

/// Letters, marks, symbols, numbers, punctuation, tab, line breaks and three spaces.
fn is_allowed(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | ' ' | NO_BREAK_SPACE | IDEOGRAPHIC_SPACE
    ) || is_visible(character)
}

/// Letters, marks, symbols, numbers and punctuation: `[\p{L}\p{M}\p{S}\p{N}\p{P}]`. Everything else
/// is a separator, a control or format character, or private.
pub fn is_visible(character: char) -> bool {
    match character {
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{fffe}'..='\u{ffff}'
        | '\u{e0000}'..='\u{e00ff}'
        | '\u{f0000}'..='\u{10ffff}' => false,
        other => !other.is_control() && !other.is_whitespace(),
    }
}
