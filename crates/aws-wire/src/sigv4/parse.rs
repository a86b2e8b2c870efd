//! Finding the signature in a request.

use std::collections::BTreeMap;

use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

use super::error::{HEADER_CREDENTIAL, HEADER_DATE, HEADER_SIGNATURE, HEADER_SIGNED_HEADERS};
use super::{
    ALGORITHM, Authorization, MAX_PRESIGNED_SECONDS, Placement, RequestParts, SigV4Error, canonical,
};

/// Reads the signature of a request. `Ok(None)` means that the request is not signed.
pub fn parse(parts: &RequestParts<'_>) -> Result<Option<Authorization>, SigV4Error> {
    let header = canonical::first_header(parts, "authorization");
    let query = SignedQuery::read(parts.query);
    let authorization = match (header, query.first("X-Amz-Algorithm")) {
        (Some(_), Some(_)) => return Err(SigV4Error::TwoMechanisms),
        (None, None) => return Ok(None),
        (Some(header), None) => from_header(parts, header)?,
        (None, Some(algorithm)) => from_query(&query, algorithm)?,
    };
    if !authorization
        .signed_headers
        .iter()
        .any(|name| name == "host")
    {
        return Err(SigV4Error::HostNotSigned);
    }
    if authorization.is_s3() {
        require_amz_headers_signed(parts, &authorization)?;
    }
    Ok(Some(authorization))
}

/// S3 takes much of its meaning from `x-amz-*` headers (the source of a copy, tags, the hash of
/// the body), so none of them may be added to a signed request by someone else.
fn require_amz_headers_signed(
    parts: &RequestParts<'_>,
    authorization: &Authorization,
) -> Result<(), SigV4Error> {
    let unsigned: Vec<String> = parts
        .headers
        .iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("x-amz-"))
        .filter(|name| !authorization.signed_headers.contains(name))
        .cloned()
        .collect();
    if unsigned.is_empty() {
        Ok(())
    } else {
        Err(SigV4Error::HeadersNotSigned(unsigned))
    }
}

fn from_header(parts: &RequestParts<'_>, header: &str) -> Result<Authorization, SigV4Error> {
    let header = header.trim();
    let (algorithm, rest) = header.split_once(' ').unwrap_or((header, ""));
    if algorithm != ALGORITHM {
        return Err(SigV4Error::UnsupportedAlgorithm {
            algorithm: algorithm.to_owned(),
            in_query: false,
        });
    }
    let mut given = BTreeMap::new();
    for part in rest
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let Some((key, value)) = part.split_once('=') else {
            return Err(SigV4Error::NotKeyValue {
                part: part.to_owned(),
                header: header.to_owned(),
            });
        };
        given.insert(key, value);
    }
    let date = canonical::first_header(parts, "x-amz-date")
        .or_else(|| canonical::first_header(parts, "date"));
    let credential = given.get("Credential").copied();
    let signature = given.get("Signature").copied();
    let signed_headers = given.get("SignedHeaders").copied();
    match (credential, signature, signed_headers, date) {
        (Some(credential), Some(signature), Some(signed_headers), Some(date)) => build(&Found {
            credential,
            signature,
            signed_headers,
            date: date.trim(),
            security_token: canonical::first_header(parts, "x-amz-security-token"),
            placement: Placement::Header,
        }),
        _ => Err(SigV4Error::MissingInHeader(missing(&[
            (credential.is_none(), HEADER_CREDENTIAL),
            (signature.is_none(), HEADER_SIGNATURE),
            (signed_headers.is_none(), HEADER_SIGNED_HEADERS),
            (date.is_none(), HEADER_DATE),
        ]))),
    }
}

fn from_query(query: &SignedQuery, algorithm: &str) -> Result<Authorization, SigV4Error> {
    if algorithm != ALGORITHM {
        return Err(SigV4Error::UnsupportedAlgorithm {
            algorithm: algorithm.to_owned(),
            in_query: true,
        });
    }
    let credential = query.first("X-Amz-Credential");
    let signature = query.first("X-Amz-Signature");
    let signed_headers = query.first("X-Amz-SignedHeaders");
    let date = query.first("X-Amz-Date");
    match (credential, signature, signed_headers, date) {
        (Some(credential), Some(signature), Some(signed_headers), Some(date)) => {
            let found = build(&Found {
                credential,
                signature,
                signed_headers,
                date,
                security_token: query.first("X-Amz-Security-Token"),
                placement: Placement::Query { expires: None },
            })?;
            with_expiry(found, query.first("X-Amz-Expires"))
        }
        _ => Err(SigV4Error::MissingInQuery(missing(&[
            (
                credential.is_none(),
                "AWS query-string parameters must include 'X-Amz-Credential'.",
            ),
            (
                signature.is_none(),
                "AWS query-string parameters must include 'X-Amz-Signature'.",
            ),
            (
                signed_headers.is_none(),
                "AWS query-string parameters must include 'X-Amz-SignedHeaders'.",
            ),
            (
                date.is_none(),
                "AWS query-string parameters must include 'X-Amz-Date'.",
            ),
        ]))),
    }
}

/// Only S3 gives `X-Amz-Expires` a meaning; there it is required.
fn with_expiry(
    mut found: Authorization,
    expires: Option<&str>,
) -> Result<Authorization, SigV4Error> {
    if !found.is_s3() {
        return Ok(found);
    }
    let Some(text) = expires else {
        return Err(SigV4Error::MissingInQuery(Vec::new()));
    };
    let seconds: i64 = text
        .parse()
        .map_err(|_| SigV4Error::BadExpires("X-Amz-Expires should be a number"))?;
    if seconds < 0 {
        return Err(SigV4Error::BadExpires("X-Amz-Expires must be non-negative"));
    }
    match u32::try_from(seconds) {
        Ok(seconds) if seconds <= MAX_PRESIGNED_SECONDS => {
            found.placement = Placement::Query {
                expires: Some(seconds),
            };
            Ok(found)
        }
        _ => Err(SigV4Error::BadExpires(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given \
             X-Amz-Expires must be less than 604800 seconds",
        )),
    }
}

struct Found<'a> {
    credential: &'a str,
    signature: &'a str,
    signed_headers: &'a str,
    date: &'a str,
    security_token: Option<&'a str>,
    placement: Placement,
}

fn build(found: &Found<'_>) -> Result<Authorization, SigV4Error> {
    let signed_at =
        parse_timestamp(found.date).ok_or_else(|| SigV4Error::BadDate(found.date.to_owned()))?;
    // Line breaks separate the parts of what is signed; a signed query could smuggle them in.
    if found.credential.chars().any(char::is_control) {
        return Err(SigV4Error::BadCredential(
            found.credential.escape_debug().to_string(),
        ));
    }
    if !found.signed_headers.bytes().all(is_header_list_byte) {
        return Err(SigV4Error::Mismatch);
    }
    let parts: Vec<&str> = found.credential.split('/').collect();
    let &[access_key_id, date, region, service, terminator] = parts.as_slice() else {
        return Err(SigV4Error::BadCredential(found.credential.to_owned()));
    };
    let mut signed_headers: Vec<String> = found
        .signed_headers
        .split(';')
        .map(str::to_ascii_lowercase)
        .collect();
    signed_headers.sort();
    signed_headers.dedup();
    Ok(Authorization {
        access_key_id: access_key_id.to_owned(),
        date: date.to_owned(),
        region: region.to_owned(),
        service: service.to_owned(),
        terminator: terminator.to_owned(),
        signed_headers,
        signature: found.signature.to_owned(),
        security_token: found.security_token.map(str::to_owned),
        timestamp: found.date.to_owned(),
        signed_at,
        placement: found.placement,
    })
}

/// A byte of a semicolon-separated list of header names (RFC 9110 section 5.6.2 tokens).
fn is_header_list_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b";!#$%&'*+-.^_`|~".contains(&byte)
}

fn missing(candidates: &[(bool, &'static str)]) -> Vec<&'static str> {
    candidates
        .iter()
        .filter(|(absent, _)| *absent)
        .map(|(_, sentence)| *sentence)
        .collect()
}

/// `YYYYMMDDTHHMMSSZ` and nothing else.
fn parse_timestamp(text: &str) -> Option<OffsetDateTime> {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    if text.len() != 16 {
        return None;
    }
    PrimitiveDateTime::parse(text, format)
        .ok()
        .map(PrimitiveDateTime::assume_utc)
}

/// The decoded parameters of a query string that may carry a signature.
struct SignedQuery {
    parameters: Vec<(String, String)>,
}

impl SignedQuery {
    fn read(raw: &str) -> Self {
        let parameters = canonical::query_pairs(raw)
            .filter_map(|(name, value)| {
                Some((
                    String::from_utf8(name).ok()?,
                    String::from_utf8(value).ok()?,
                ))
            })
            .collect();
        Self { parameters }
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }
}
