//! Values held to the rules of SAML before they are written.

use time::OffsetDateTime;

use super::IssueError;
use crate::instant;

pub(crate) fn time(instant: OffsetDateTime, place: &'static str) -> Result<String, IssueError> {
    instant::format(instant).ok_or(IssueError::TimeOutOfRange { place })
}

pub(crate) fn not_empty<'a>(value: &'a str, place: &'static str) -> Result<&'a str, IssueError> {
    if value.trim().is_empty() {
        return Err(IssueError::Empty { place });
    }
    Ok(value)
}

/// The ID goes into `URI="#…"` of the signature, so it is held to the XML name rules, in ASCII.
pub(crate) fn checked_id<'a>(id: &'a str, place: &'static str) -> Result<&'a str, IssueError> {
    let mut bytes = id.bytes();
    let valid = bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if valid {
        Ok(id)
    } else {
        Err(IssueError::InvalidId { place })
    }
}
