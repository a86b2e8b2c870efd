//! `/saml2/…`: single sign-on, logout and metadata, per application.

mod carry;
mod ecp;
mod logout;
mod metadata;
pub(crate) mod readable_xml;
mod sso;
pub(crate) mod trace;

pub(crate) use ecp::enhanced_client;
pub(crate) use logout::{logout, posted_logout};
pub(crate) use metadata::metadata;
pub(crate) use sso::{posted_request, single_sign_on};

/// Longest name of an application.
const MAX_SLUG: usize = 64;

/// Whether an application can have this name: the alphabet of names, before anything is looked up.
pub(crate) fn is_slug(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=MAX_SLUG).contains(&text.len()) && text.bytes().all(letter)
}
