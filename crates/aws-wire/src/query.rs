//! The AWS query protocol: a form with `Action`, `Version` and flattened parameters
//! (`Name`, `List.member.N`, `List.member.N.Member`). The same codec reads a POST body and a GET
//! query string.

use std::collections::BTreeMap;

use crate::error::AwsError;

/// The most bytes that are decoded. A SAML provider's metadata may be 10 000 000 characters, and
/// the form encodes many of them as three.
pub const MAX_CONTENT_BYTES: usize = 32 * 1024 * 1024;
/// The most parameters that one request may carry.
pub const MAX_PARAMETERS: usize = 2_000;
/// The most characters in the name of a parameter.
pub const MAX_NAME_BYTES: usize = 512;

/// Why a form is not a query request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// More than [`MAX_CONTENT_BYTES`].
    #[error("Request size exceeds the limit of {MAX_CONTENT_BYTES} bytes")]
    TooLong,
    /// More than [`MAX_PARAMETERS`].
    #[error("Request has more than {MAX_PARAMETERS} parameters")]
    TooManyParameters,
    /// A name longer than [`MAX_NAME_BYTES`].
    #[error("A parameter name is longer than {MAX_NAME_BYTES} bytes")]
    NameTooLong,
    /// A name or value is not UTF-8 after percent-decoding.
    #[error("The parameter {0} is not UTF-8 text")]
    NotText(String),
    /// A `%` that is not followed by two hexadecimal digits.
    #[error("The parameter {0} has a broken percent escape")]
    BrokenEscape(String),
    /// The same name twice: which one would count is anybody's guess.
    #[error("Duplicate parameter {0}")]
    Duplicate(String),
}

impl From<QueryError> for AwsError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::TooLong => Self::sender(413, "RequestEntityTooLarge", error.to_string()),
            other => Self::bad_request("MalformedInput", other.to_string()),
        }
    }
}

/// A decoded request of the query protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryRequest {
    parameters: BTreeMap<String, String>,
}

impl QueryRequest {
    /// Decodes `application/x-www-form-urlencoded` content (a body or a raw query string).
    pub fn decode(content: &[u8]) -> Result<Self, QueryError> {
        if content.len() > MAX_CONTENT_BYTES {
            return Err(QueryError::TooLong);
        }
        let mut parameters = BTreeMap::new();
        for pair in content
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            if parameters.len() == MAX_PARAMETERS {
                return Err(QueryError::TooManyParameters);
            }
            let (name, value) = split_once(pair, b'=');
            if name.len() > MAX_NAME_BYTES {
                return Err(QueryError::NameTooLong);
            }
            let name = decode_component(name, "name")?;
            let value = decode_component(value, &name)?;
            if parameters.contains_key(&name) {
                return Err(QueryError::Duplicate(name));
            }
            parameters.insert(name, value);
        }
        Ok(Self { parameters })
    }

    /// The operation.
    pub fn action(&self) -> Option<&str> {
        self.get("Action")
    }

    /// The version of the API.
    pub fn version(&self) -> Option<&str> {
        self.get("Version")
    }

    /// A parameter by its full flattened name. An empty value is a value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// A whole number as AWS reads it: leading zeros and `+` are fine; spaces, fractions and
    /// values outside 32 bits are `MalformedInput`.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, AwsError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let shape = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<i32>() {
            Ok(value) if shape => Ok(Some(i64::from(value))),
            _ => Err(AwsError::bad_request(
                "MalformedInput",
                format!("Invalid value for parameter {name}: '{text}' is not a whole number"),
            )),
        }
    }

    /// `true` or `false`; anything else is `MalformedInput`.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, AwsError> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(AwsError::bad_request(
                "MalformedInput",
                format!("Invalid value for parameter {name}: '{other}' must be true or false"),
            )),
        }
    }

    /// The values of a list of strings, `Name.member.N`, in the order of N.
    pub fn member_list(&self, name: &str) -> Vec<&str> {
        self.numbered(name)
            .into_values()
            .filter_map(|members| members.get("").copied())
            .collect()
    }

    /// The structures of a list, `Name.member.N.Member`, in the order of N. The keys of each are
    /// the parts after the number (`Key`, `Value`, `arn`).
    pub fn member_structures(&self, name: &str) -> Vec<BTreeMap<&str, &str>> {
        self.numbered(name)
            .into_values()
            .filter(|members| members.keys().any(|member| !member.is_empty()))
            .collect()
    }

    fn numbered(&self, name: &str) -> BTreeMap<u32, BTreeMap<&str, &str>> {
        let prefix = format!("{name}.member.");
        let mut found: BTreeMap<u32, BTreeMap<&str, &str>> = BTreeMap::new();
        let entries = self.parameters.range(prefix.clone()..);
        for (key, value) in entries.take_while(|(key, _)| key.starts_with(&prefix)) {
            let (number, member) = match key[prefix.len()..].split_once('.') {
                Some((_, "")) => continue,
                Some(parts) => parts,
                None => (&key[prefix.len()..], ""),
            };
            if let Some(number) = member_number(number) {
                found.entry(number).or_default().insert(member, value);
            }
        }
        found
    }
}

/// A member's number in its one canonical spelling: `1`, not `01` or `+1`, so that two spellings
/// cannot name the same member.
fn member_number(text: &str) -> Option<u32> {
    let canonical = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if canonical { text.parse().ok() } else { None }
}

fn split_once(pair: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match pair.iter().position(|byte| *byte == separator) {
        Some(at) => (&pair[..at], &pair[at + 1..]),
        None => (pair, &[]),
    }
}

/// Most of a long value (base64, for example) has nothing to decode and is copied in runs.
fn decode_component(raw: &[u8], name: &str) -> Result<String, QueryError> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'%' | b'+')) {
        decoded.extend_from_slice(&rest[..at]);
        rest = match &rest[at..] {
            [b'+', after @ ..] => {
                decoded.push(b' ');
                after
            }
            [_, high, low, after @ ..] => {
                let byte = hex_digit(*high).zip(hex_digit(*low));
                let (high, low) = byte.ok_or_else(|| QueryError::BrokenEscape(name.to_owned()))?;
                decoded.push(high << 4 | low);
                after
            }
            _ => return Err(QueryError::BrokenEscape(name.to_owned())),
        };
    }
    decoded.extend_from_slice(rest);
    String::from_utf8(decoded).map_err(|_| QueryError::NotText(name.to_owned()))
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
