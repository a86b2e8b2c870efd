//! The DEFLATE encoding of the HTTP-Redirect binding (SAML bindings 3.4.4.1). Values here are
//! base64; URL-encoding them belongs to whoever builds or takes apart the URL.

use std::io::{Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, bufread::DeflateDecoder, write::DeflateEncoder};
use thiserror::Error;

/// Longest encoded message accepted, in characters of base64.
pub const MAX_ENCODED: usize = 32 * 1024;
/// Largest message after inflating, in bytes. A request is seldom over 2 KB.
pub const MAX_INFLATED: usize = 64 * 1024;

/// Why a redirect parameter cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedirectError {
    /// Longer than [`MAX_ENCODED`].
    #[error("the SAML parameter is longer than {MAX_ENCODED} characters")]
    TooLong,
    /// Not base64.
    #[error("the SAML parameter is not base64")]
    NotBase64,
    /// Not a complete DEFLATE stream, or followed by something else.
    #[error("the SAML parameter is not DEFLATE-compressed as the redirect binding requires")]
    NotDeflate,
    /// Inflates to more than [`MAX_INFLATED`].
    #[error("the SAML message is larger than {MAX_INFLATED} bytes")]
    TooLarge,
    /// Not UTF-8.
    #[error("the SAML message is not UTF-8 text")]
    NotUtf8,
}

/// Compresses a message and encodes it as base64, not yet URL-encoded.
pub fn encode_deflate(xml: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(xml.as_bytes());
    let compressed = written.and_then(|()| encoder.finish());
    // Writing into a Vec has no way to fail.
    STANDARD.encode(compressed.unwrap_or_default())
}

/// Reverses [`encode_deflate`] on a URL-decoded parameter, within bounds: a small text that would
/// inflate to a large one stops at the limit.
///
/// # Errors
/// See [`RedirectError`].
pub fn decode_deflate(encoded: &str) -> Result<String, RedirectError> {
    if encoded.len() > MAX_ENCODED {
        return Err(RedirectError::TooLong);
    }
    let compressed = STANDARD
        .decode(encoded.replace(['\r', '\n'], ""))
        .map_err(|_| RedirectError::NotBase64)?;
    let mut inflated = Vec::with_capacity(4096);
    let limit = u64::try_from(MAX_INFLATED).unwrap_or(u64::MAX);
    let mut decoder = DeflateDecoder::new(compressed.as_slice()).take(limit + 1);
    decoder
        .read_to_end(&mut inflated)
        .map_err(|_| RedirectError::NotDeflate)?;
    if inflated.len() > MAX_INFLATED {
        return Err(RedirectError::TooLarge);
    }
    if decoder.get_ref().total_in() != u64::try_from(compressed.len()).unwrap_or(u64::MAX) {
        return Err(RedirectError::NotDeflate);
    }
    String::from_utf8(inflated).map_err(|_| RedirectError::NotUtf8)
}
