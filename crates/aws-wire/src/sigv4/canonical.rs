//! The canonical request (AWS General Reference, "Create a canonical request").

use std::fmt::Write as _;

use percent_encoding::percent_decode_str;

use super::{Authorization, Placement, RequestParts};

/// The canonical request. `path` is one of [`canonical_paths`].
pub(super) fn canonical_request(
    parts: &RequestParts<'_>,
    authorization: &Authorization,
    path: &str,
) -> String {
    let mut out = String::with_capacity(512);
    out.push_str(parts.method);
    out.push('\n');
    out.push_str(path);
    out.push('\n');
    out.push_str(&canonical_query(parts.query, authorization.placement));
    out.push('\n');
    for name in &authorization.signed_headers {
        out.push_str(name);
        out.push(':');
        out.push_str(&header_value(parts, name));
        out.push('\n');
    }
    out.push('\n');
    out.push_str(&authorization.signed_headers.join(";"));
    out.push('\n');
    out.push_str(parts.body_sha256.as_str());
    out
}

/// The canonical spellings of the path that a signature may cover.
///
/// S3: the path decoded once and encoded again, dots and double slashes kept; and, because some
/// clients send and sign `@` or `:` as they are, the path exactly as received. Other services:
/// dot segments removed, then every segment encoded once more than on the wire.
pub(super) fn canonical_paths(path: &str, is_s3: bool) -> Vec<String> {
    let path = if path.is_empty() { "/" } else { path };
    if !is_s3 {
        return vec![encode_path(normalise(path).as_bytes())];
    }
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    let canonical = encode_path(&decoded);
    if canonical == path {
        vec![canonical]
    } else {
        vec![canonical, path.to_owned()]
    }
}

/// The value of the first header of that name.
pub(super) fn first_header<'a>(parts: &RequestParts<'a>, name: &str) -> Option<&'a str> {
    parts
        .headers
        .iter()
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.as_str())
}

/// The decoded pairs of a raw query string. Bytes, since a signed query need not be UTF-8.
pub(super) fn query_pairs(raw: &str) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
    raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode_query(name), decode_query(value))
    })
}

fn canonical_query(raw: &str, placement: Placement) -> String {
    let presigned = matches!(placement, Placement::Query { .. });
    let mut pairs: Vec<(String, String)> = query_pairs(raw)
        .filter(|(name, _)| !(presigned && name == b"X-Amz-Signature"))
        .map(|(name, value)| (encode(&name, false), encode(&value, false)))
        .collect();
    pairs.sort();
    pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

fn decode_query(text: &str) -> Vec<u8> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).collect()
}

/// All values of a header, joined with commas; outer spaces off, inner runs of spaces as one.
fn header_value(parts: &RequestParts<'_>, name: &str) -> String {
    parts
        .headers
        .iter()
        .filter(|(given, _)| given == name)
        .map(|(_, value)| {
            value
                .split(' ')
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
        })
        .map(|words| words.join(" "))
        .collect::<Vec<_>>()
        .join(",")
}

/// Removes empty and dot segments (RFC 3986 section 5.2.4), keeping a final slash.
fn normalise(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    let directory = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end));
    let mut out = format!("/{}", kept.join("/"));
    if directory && !out.ends_with('/') {
        out.push('/');
    }
    out
}

fn encode_path(path: &[u8]) -> String {
    encode(path, true)
}

/// AWS's UriEncode: everything but the unreserved characters of RFC 3986, upper-case hexadecimal.
fn encode(bytes: &[u8], keep_slash: bool) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(*byte));
            }
            b'/' if keep_slash => out.push('/'),
            // Writing to a String cannot fail.
            other => _ = write!(out, "%{other:02X}"),
        }
    }
    out
}
