//! The type-state: nothing can be read before it is verified.

use std::{fmt, ops::Deref};

use base64::{
    Engine as _,
    alphabet::STANDARD as ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{ParseError, ReceivedResponse, VerifyError, response};
use crate::{
    SignatureFault, VerifyingKey,
    dsig::PreparedSignature,
    xml::{MESSAGE, parse},
};

/// Longest `SAMLAssertion` parameter that STS accepts, in characters of base64.
pub const MAX_BASE64: usize = 100_000;
/// Longest `SAMLResponse` that the AWS sign-in page accepts, in characters of base64.
pub const MAX_BASE64_SIGN_IN: usize = 128 * 1024;

/// A received message whose signature has not been checked. It has no readable fields.
pub struct Unverified<T> {
    message: T,
    response_signature: Option<Result<PreparedSignature, SignatureFault>>,
    assertion_signature: Option<Result<PreparedSignature, SignatureFault>>,
    /// A Signature that is neither the response's nor the assertion's.
    stray_signature: bool,
}

/// A message whose every value comes from an element that a trusted key signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// Gives the message away.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl Unverified<ReceivedResponse> {
    /// Reads the value of the parameter `SAMLAssertion` of STS: up to [`MAX_BASE64`] characters.
    ///
    /// # Errors
    /// Whatever is wrong with encoding, XML or structure. Signatures are judged by [`Self::verify`].
    pub fn from_base64(text: &str) -> Result<Self, ParseError> {
        Self::from_base64_within(text, MAX_BASE64)
    }

    /// As [`Self::from_base64`], with another limit on the number of characters.
    pub fn from_base64_within(text: &str, limit: usize) -> Result<Self, ParseError> {
        Self::from_xml(&decode_base64(text, limit, &STRICT)?)
    }

    /// Reads the decoded XML text.
    pub fn from_xml(xml: &str) -> Result<Self, ParseError> {
        let document = parse(xml, &MESSAGE)?;
        let parts = response::response(&document)?;
        let read = |signature: Option<_>, parent: roxmltree::Node<'_, '_>| {
            signature.map(|signature| {
                let id = parent.attribute("ID").unwrap_or_default();
                PreparedSignature::read(signature, parent, id)
            })
        };
        Ok(Self {
            response_signature: read(parts.response_signature, document.root_element()),
            assertion_signature: read(parts.assertion_signature, parts.assertion),
            stray_signature: parts.stray_signature,
            message: parts.message,
        })
    }

    /// The issuer that the assertion claims, to find the keys to verify with. Not to be believed.
    pub fn claimed_issuer(&self) -> &str {
        &self.message.assertion.issuer
    }

    /// Does the assertion carry a signature, whatever its worth?
    pub fn assertion_signed(&self) -> bool {
        self.assertion_signature.is_some()
    }

    /// Checks every signature in the document with the pinned `keys`, any of which may have made
    /// it. The assertion must be signed; a signature on the response must verify as well.
    ///
    /// # Errors
    /// See [`VerifyError`]. Times, audience, recipient and replay are the caller's to check.
    pub fn verify(self, keys: &[VerifyingKey]) -> Result<Verified<ReceivedResponse>, VerifyError> {
        let assertion = self
            .assertion_signature
            .ok_or(VerifyError::AssertionNotSigned)?;
        if self.stray_signature {
            return Err(SignatureFault::Misplaced.into());
        }
        if let Some(response) = self.response_signature {
            response?.verify(keys)?;
        }
        assertion?.verify(keys)?;
        Ok(Verified(self.message))
    }
}

impl<T> fmt::Debug for Unverified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified").finish_non_exhaustive()
    }
}

/// Padding is part of base64: a response cut off in transit should be called that.
pub(crate) const STRICT: GeneralPurpose = engine(DecodePaddingMode::RequireCanonical);
/// For reading what some web page contained.
pub(crate) const LENIENT: GeneralPurpose = engine(DecodePaddingMode::Indifferent);

const fn engine(padding: DecodePaddingMode) -> GeneralPurpose {
    GeneralPurpose::new(
        &ALPHABET,
        GeneralPurposeConfig::new().with_decode_padding_mode(padding),
    )
}

/// Decodes base64 that may be broken into lines (RFC 2045 does that) into UTF-8 text.
pub(crate) fn decode_base64(
    text: &str,
    limit: usize,
    engine: &GeneralPurpose,
) -> Result<String, ParseError> {
    if text.len() > limit {
        return Err(ParseError::TooLong {
            length: text.len(),
            limit,
        });
    }
    let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
    // Line breaks are rare, so they are looked for only when the text as it stands is refused.
    let bytes = engine.decode(trimmed).or_else(|error| {
        if trimmed.as_bytes().contains(&b'\n') {
            engine.decode(trimmed.replace(['\r', '\n'], ""))
        } else {
            Err(error)
        }
    });
    String::from_utf8(bytes.map_err(|_| ParseError::NotBase64)?).map_err(|_| ParseError::NotUtf8)
}
