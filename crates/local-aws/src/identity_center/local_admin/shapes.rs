//! The constraints of the members.

use crate::{json_service::Pattern, organizations::is_email};

const fn any(min: usize, max: usize) -> Pattern {
    Pattern {
        min,
        max,
        text: r"[\s\S]*",
        matches: |_| true,
    }
}

/// What is checked where it is read, with a message of its own.
pub(super) const DOCUMENT: Pattern = any(1, 1_000_000);
/// Entity ids and addresses.
pub(super) const NAME: Pattern = any(1, 2048);
/// The portal's subdomain.
pub(super) const ALIAS: Pattern = any(1, 63);
/// The address of an account.
pub(super) const EMAIL: Pattern = Pattern {
    min: 6,
    max: 64,
    text: r"[^\s@]+@[^\s@]+\.[^\s@]+",
    matches: is_email,
};
/// A UUID.
pub(super) const ID: Pattern = Pattern {
    min: 36,
    max: 36,
    text: "[0-9a-f-]{36}",
    matches: |text| {
        text.bytes()
            .all(|byte| byte == b'-' || matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    },
};
