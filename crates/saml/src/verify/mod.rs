//! The receiving side: from the posted base64 to values that a signature covers.

mod assertion;
pub(crate) mod children;
mod received;
mod response;
mod unverified;

pub use received::{
    Irregularity, IrregularityKind, ReceivedAssertion, ReceivedNameId, ReceivedResponse,
};
pub(crate) use unverified::{LENIENT, STRICT, decode_base64};
pub use unverified::{MAX_BASE64, MAX_BASE64_SIGN_IN, Unverified, Verified};

use thiserror::Error;

use crate::{SignatureFault, XmlFault};

/// Why a text is not a SAML response that can be judged. AWS has one text for all of these.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseError {
    /// Longer than the caller's limit.
    #[error("the SAML response has {length} characters; at most {limit} are accepted")]
    TooLong {
        /// Characters received.
        length: usize,
        /// Characters accepted.
        limit: usize,
    },
    /// Not base64.
    #[error("the SAML response is not base64")]
    NotBase64,
    /// The decoded bytes are not UTF-8 text.
    #[error("the SAML response is not UTF-8 text")]
    NotUtf8,
    /// Not acceptable as XML.
    #[error(transparent)]
    Xml(#[from] XmlFault),
    /// The root is not `samlp:Response`.
    #[error("the document is not a SAML 2.0 Response")]
    NotAResponse,
    /// `Version` other than 2.0.
    #[error("{element} is not of SAML version 2.0")]
    Version {
        /// Response or Assertion.
        element: &'static str,
    },
    /// The identity provider reports a failure.
    #[error("the identity provider answered with status {code}")]
    Status {
        /// The top-level status code.
        code: String,
    },
    /// `samlp:Extensions` in the response.
    #[error("a Response with Extensions is not accepted")]
    Extensions,
    /// No assertion.
    #[error("the Response holds no Assertion")]
    NoAssertion,
    /// More than one assertion, wherever they are.
    #[error("the document holds more than one Assertion")]
    SeveralAssertions,
    /// An encrypted assertion, name or attribute.
    #[error(
        "{element} is encrypted; switch encryption off for this application at the identity provider"
    )]
    Encrypted {
        /// What is encrypted.
        element: &'static str,
    },
    /// A mandatory element or attribute is missing.
    #[error("{what} is missing")]
    Missing {
        /// For example `Conditions` or `SubjectConfirmationData/@Recipient`.
        what: &'static str,
    },
    /// Something that may occur once occurs more often.
    #[error("{what} occurs more than once")]
    Duplicate {
        /// The element.
        what: &'static str,
    },
    /// An element, an order or text that SAML does not have in this place.
    #[error("unexpected content in {place}")]
    Unexpected {
        /// The surrounding element.
        place: &'static str,
    },
    /// A value that cannot be read.
    #[error("the value of {what} is not valid")]
    InvalidValue {
        /// For example `Conditions/@NotBefore`.
        what: &'static str,
    },
}

/// Why a well-formed response is not believed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// The assertion carries no signature. A signature on the response alone is not enough.
    #[error("the assertion is not signed")]
    AssertionNotSigned,
    /// A signature is malformed, of a kind not accepted, or does not verify.
    #[error("the signature is not valid: {0}")]
    BadSignature(#[from] SignatureFault),
}
