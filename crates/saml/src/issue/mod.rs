//! The issuing side: typed messages in, signed canonical XML out.

mod canon;
mod encrypt;
mod message;
mod prefix;
mod sign;
mod status_response;
mod values;

pub(crate) use canon::Writer;
pub use encrypt::{ContentCipher, Encryption};
pub use message::{Assertion, Attribute, NameId, Response};
pub use prefix::ProtocolPrefix;
pub(crate) use sign::Unsigned;
pub use sign::{SignWhat, SignedMessage, SignedResponse};
pub use status_response::StatusResponse;
pub(crate) use values::{checked_id, not_empty, time};

use thiserror::Error;

/// Why a message cannot be issued. Always the fault of the values handed in, never of the peer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IssueError {
    /// XML 1.0 has no way to write this character (production 2.2), not even escaped.
    #[error(
        "the value of {place} contains U+{code:04X}, which XML cannot carry; remove it from the source of that value"
    )]
    IllegalCharacter {
        /// The element or attribute that would have carried it.
        place: &'static str,
        /// The code point.
        code: u32,
    },
    /// `ID` must be an XML name without a colon (SAML core 1.3.4).
    #[error(
        "{place} is not a valid XML ID: start with a letter or underscore, no spaces or colons"
    )]
    InvalidId {
        /// Which identifier.
        place: &'static str,
    },
    /// Response and assertion were given the same ID.
    #[error("the response and its assertion need different IDs")]
    DuplicateId,
    /// A value that must not be empty is.
    #[error("{place} must not be empty")]
    Empty {
        /// Which value.
        place: &'static str,
    },
    /// A time outside the years 0 to 9999.
    #[error("{place} is outside the years 0 to 9999")]
    TimeOutOfRange {
        /// Which time.
        place: &'static str,
    },
    /// Identity provider metadata without any single sign-on endpoint (SAML metadata 2.4.3).
    #[error("identity provider metadata needs at least one single sign-on URL")]
    NoSingleSignOnService,
    /// The key refused to sign. Nothing about the message caused this.
    #[error("the signing key could not produce a signature")]
    Signing,
    /// The cryptographic library failed to encrypt. Nothing about the message caused this.
    #[error("the assertion could not be encrypted")]
    Encrypting,
    /// A response without assertion that claims success.
    #[error("a response with status Success must carry an assertion")]
    SuccessWithoutAssertion,
}
