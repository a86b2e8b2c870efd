//! Single logout (SAML core 3.7, profiles 4.4): requests and responses, both ways.

mod request;
mod response;

pub use request::LogoutRequest;
pub use response::LogoutResponse;

use roxmltree::Node;
use thiserror::Error;
use time::OffsetDateTime;

use crate::{
    ParseError,
    names::NS_ASSERTION,
    names::{NS_DSIG, NS_PROTOCOL},
    verify::children::{Children, id, text, time_attribute, version},
};

/// Why a text is not a usable logout message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LogoutError {
    /// The root is something else.
    #[error("the document is not a SAML 2.0 {expected}")]
    Other {
        /// `LogoutRequest` or `LogoutResponse`.
        expected: &'static str,
    },
    /// The person is named in encrypted form.
    #[error("the name in the LogoutRequest is encrypted; switch that off at the service provider")]
    EncryptedName,
    /// Something in it is missing, repeated or unreadable.
    #[error(transparent)]
    Content(#[from] ParseError),
}

/// What both messages begin with.
struct Head<'a, 'input> {
    id: String,
    issue_instant: OffsetDateTime,
    destination: Option<String>,
    issuer: String,
    /// The children that follow.
    rest: Children<'a, 'input>,
}

impl<'a, 'input> Head<'a, 'input> {
    fn read(root: Node<'a, 'input>, name: &'static str) -> Result<Self, ParseError> {
        version(root, name)?;
        let mut children = Children::of(root, name);
        let issuer = children
            .take(NS_ASSERTION, "Issuer")
            .ok_or(ParseError::Missing { what: "Issuer" })?;
        children.take(NS_DSIG, "Signature");
        children.take(NS_PROTOCOL, "Extensions");
        let id = id(root, "@ID")?;
        if id.len() > 256 {
            return Err(ParseError::InvalidValue { what: "@ID" });
        }
        Ok(Self {
            id,
            issue_instant: time_attribute(root, "IssueInstant", "@IssueInstant")?,
            destination: root.attribute("Destination").map(str::to_owned),
            issuer: text(issuer, "Issuer")?,
            rest: children,
        })
    }
}
