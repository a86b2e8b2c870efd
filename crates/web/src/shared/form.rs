//! Forms and query strings, read strictly: a field that comes twice is an error, since two readers
//! could take different ones.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use url::form_urlencoded;

use crate::shared::Failure;

/// More fields than any form of ours has that strangers see.
const MAX_FIELDS: usize = 32;
/// More than any form of the admin portal has: a list of people with all its check boxes.
const MAX_ADMIN_FIELDS: usize = 1024;

/// Decoded fields in the order they came.
pub(crate) struct Fields<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    fn parse(text: &'a [u8], most: usize) -> Result<Self, Failure> {
        let fields: Vec<_> = form_urlencoded::parse(text).take(most + 1).collect();
        if fields.len() > most {
            return Err(Failure::bad_request());
        }
        Ok(Self(fields))
    }

    /// The value of the field, if it came; an error if it came more than once.
    pub(crate) fn get(&self, name: &str) -> Result<Option<&str>, Failure> {
        let mut values = self
            .0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Failure::bad_request()),
            (value, None) => Ok(value.map(AsRef::as_ref)),
        }
    }

    /// The values of a field that may come several times, in order.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_ref())
    }

    /// Whether the field came, with or without a value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }
}

/// The fields of a form body.
pub(crate) fn form_fields<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<Fields<'a>, Failure> {
    if !is_media_type(headers, "application/x-www-form-urlencoded") {
        return Err(Failure::unsupported_media_type());
    }
    Fields::parse(body, MAX_FIELDS)
}

/// The fields of a form of the admin portal.
pub(crate) fn admin_form_fields<'a>(
    headers: &HeaderMap,
    body: &'a [u8],
) -> Result<Fields<'a>, Failure> {
    if !is_media_type(headers, "application/x-www-form-urlencoded") {
        return Err(Failure::unsupported_media_type());
    }
    Fields::parse(body, MAX_ADMIN_FIELDS)
}

/// The fields of a query string.
pub(crate) fn query_fields(query: Option<&str>) -> Result<Fields<'_>, Failure> {
    Fields::parse(query.unwrap_or_default().as_bytes(), MAX_FIELDS)
}

/// The fields of a query string of the admin portal, which may name the ticked rows of a list.
pub(crate) fn admin_query_fields(query: Option<&str>) -> Result<Fields<'_>, Failure> {
    Fields::parse(query.unwrap_or_default().as_bytes(), MAX_ADMIN_FIELDS)
}

/// What was typed, for showing it again: what no keyboard types would make the page invalid.
pub(crate) fn typeable(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control() && !matches!(letter, '\u{FFFE}' | '\u{FFFF}'))
        .collect()
}

/// Whether the body is declared as `expected`, with any parameters.
pub(crate) fn is_media_type(headers: &HeaderMap, expected: &str) -> bool {
    let mut declared = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (declared.next(), declared.next()) else {
        return false;
    };
    let essence = value
        .to_str()
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(expected)
}
