//! The query of the HTTP-Redirect binding (SAML bindings 3.4.4.1): taken apart as received, since
//! the signature covers the octets before decoding, and put together with a signature.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use thiserror::Error;

use crate::{
    IssueError, SignatureFault, SigningKey, VerifyingKey,
    keys::SignatureAlgorithm,
    redirect::{RedirectError, decode_deflate, encode_deflate},
};

/// Longest query accepted, in bytes.
pub const MAX_QUERY: usize = 64 * 1024;
/// The only encoding of messages there is.
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
/// Parameters that must not occur twice, or be written so that others read them differently.
const PARAMETERS: [&str; 6] = [
    "SAMLRequest",
    "SAMLResponse",
    "RelayState",
    "SigAlg",
    "Signature",
    "SAMLEncoding",
];

/// The two parameters a message can travel in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageParameter {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl MessageParameter {
    /// The name of the parameter.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// Why the query of a redirect cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RedirectQueryError {
    /// Longer than [`MAX_QUERY`].
    #[error("the query is longer than {MAX_QUERY} bytes")]
    TooLong,
    /// A parameter that is needed is missing.
    #[error("the parameter {parameter} is missing")]
    Missing {
        /// Which.
        parameter: &'static str,
    },
    /// A parameter of SAML occurs twice.
    #[error("the parameter {parameter} occurs more than once")]
    Repeated {
        /// Which.
        parameter: &'static str,
    },
    /// A parameter that is not URL-encoded UTF-8, or whose name is.
    #[error("the parameter {parameter} is not properly URL-encoded")]
    Escape {
        /// Which.
        parameter: &'static str,
    },
    /// `SAMLEncoding` other than DEFLATE.
    #[error("only the DEFLATE encoding of messages is supported")]
    Encoding,
    /// `SigAlg` without `Signature`.
    #[error("SigAlg and Signature must come together")]
    HalfSigned,
    /// The message itself.
    #[error(transparent)]
    Message(#[from] RedirectError),
}

/// A message that came in a query, with the signature beside it.
pub(crate) struct RedirectQuery {
    pub(crate) xml: String,
    pub(crate) relay_state: Option<String>,
    pub(crate) signature: Option<Result<DetachedSignature, SignatureFault>>,
}

/// A signature over part of a query.
#[derive(Clone)]
pub(crate) struct DetachedSignature {
    algorithm: SignatureAlgorithm,
    octets: String,
    value: Vec<u8>,
}

impl RedirectQuery {
    /// Takes the raw query of a request line apart, with or without the question mark.
    pub(crate) fn parse(
        query: &str,
        parameter: MessageParameter,
    ) -> Result<Self, RedirectQueryError> {
        if query.len() > MAX_QUERY {
            return Err(RedirectQueryError::TooLong);
        }
        let raw = Raw::read(query.strip_prefix('?').unwrap_or(query))?;
        let name = parameter.name();
        let message = raw
            .get(name)
            .ok_or(RedirectQueryError::Missing { parameter: name })?;
        if let Some(encoding) = raw.get("SAMLEncoding")
            && unescape(encoding, false).as_deref() != Some(DEFLATE)
        {
            return Err(RedirectQueryError::Encoding);
        }
        let relay_state = raw
            .get("RelayState")
            .map(|value| {
                unescape(value, true).ok_or(RedirectQueryError::Escape {
                    parameter: "RelayState",
                })
            })
            .transpose()?;
        let signature = raw.signature(name, message)?;
        let encoded =
            unescape(message, false).ok_or(RedirectQueryError::Escape { parameter: name })?;
        Ok(Self {
            xml: decode_deflate(&encoded)?,
            relay_state,
            signature,
        })
    }
}

/// The parameters of SAML as they stand in the query.
struct Raw<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Raw<'a> {
    fn read(query: &'a str) -> Result<Self, RedirectQueryError> {
        let mut found: Vec<(&'static str, &str)> = Vec::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = unescape(name, true);
            let Some(parameter) = PARAMETERS
                .into_iter()
                .find(|known| decoded.as_deref() == Some(known))
            else {
                continue;
            };
            if name != parameter {
                return Err(RedirectQueryError::Escape { parameter });
            }
            if found.iter().any(|(known, _)| *known == parameter) {
                return Err(RedirectQueryError::Repeated { parameter });
            }
            found.push((parameter, value));
        }
        Ok(Self(found))
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }

    /// Over the raw octets in the fixed order message, RelayState, SigAlg.
    fn signature(
        &self,
        name: &str,
        message: &str,
    ) -> Result<Option<Result<DetachedSignature, SignatureFault>>, RedirectQueryError> {
        let (method, value) = match (self.get("SigAlg"), self.get("Signature")) {
            (None, None) => return Ok(None),
            (Some(method), Some(value)) => (method, value),
            _ => return Err(RedirectQueryError::HalfSigned),
        };
        let relay_state = self
            .get("RelayState")
            .map_or_else(String::new, |value| format!("&RelayState={value}"));
        let octets = format!("{name}={message}{relay_state}&SigAlg={method}");
        let parameter = "SigAlg";
        let method = unescape(method, false).ok_or(RedirectQueryError::Escape { parameter })?;
        let parameter = "Signature";
        let value = unescape(value, false).ok_or(RedirectQueryError::Escape { parameter })?;
        let signature = SignatureAlgorithm::from_uri(&method)
            .ok_or(SignatureFault::SignatureAlgorithm)
            .and_then(|algorithm| {
                let value = STANDARD
                    .decode(value.replace(['\r', '\n'], ""))
                    .map_err(|_| SignatureFault::Encoding)?;
                Ok(DetachedSignature {
                    algorithm,
                    octets,
                    value,
                })
            });
        Ok(Some(signature))
    }
}

impl DetachedSignature {
    pub(crate) fn verify(&self, keys: &[VerifyingKey]) -> Result<(), SignatureFault> {
        let genuine = keys
            .iter()
            .any(|key| key.verifies(self.algorithm, self.octets.as_bytes(), &self.value));
        if genuine {
            Ok(())
        } else {
            Err(SignatureFault::Value)
        }
    }
}

/// The query, without question mark, that carries `xml` to a redirect endpoint: compressed,
/// encoded, and signed when there is a `key`.
///
/// `xml` must carry no signature of its own (SAML bindings 3.4.4.1).
///
/// # Errors
/// Only if the key cannot sign.
pub fn redirect_query(
    xml: &str,
    parameter: MessageParameter,
    relay_state: Option<&str>,
    key: Option<&SigningKey>,
) -> Result<String, IssueError> {
    let mut query = format!("{}={}", parameter.name(), escape(&encode_deflate(xml)));
    if let Some(relay_state) = relay_state {
        query.push_str("&RelayState=");
        query.push_str(&escape(relay_state));
    }
    if let Some(key) = key {
        query.push_str("&SigAlg=");
        query.push_str(&escape(key.algorithm().uri()));
        let signature = key.sign(query.as_bytes()).ok_or(IssueError::Signing)?;
        query.push_str("&Signature=");
        query.push_str(&escape(&STANDARD.encode(signature)));
    }
    Ok(query)
}

/// Everything but the unreserved characters of RFC 3986 2.3 as `%XX`.
fn escape(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len() + 64);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing into a String has no way to fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Undoes `%XX`. In a form a plus sign stands for a space; in base64 that somebody forgot to
/// escape it stands for itself.
fn unescape(text: &str, plus_is_space: bool) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            b'+' if plus_is_space => b' ',
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
