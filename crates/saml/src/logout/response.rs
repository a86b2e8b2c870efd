//! What became of a logout request (SAML core 3.7.2).

use roxmltree::Node;
use time::OffsetDateTime;

use super::{Head, LogoutError};
use crate::{
    IssueError, MessageParameter, ParseError, ProtocolPrefix, SignedMessage, SigningKey, Status,
    inbound::{InboundError, readable::Readable},
    issue::{Unsigned, Writer, checked_id, not_empty, time},
    names::{NS_ASSERTION, NS_PROTOCOL},
    xml::read::is,
};

/// The answer to a [`LogoutRequest`](crate::LogoutRequest).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutResponse {
    /// `ID`.
    pub id: String,
    /// The request this answers.
    pub in_response_to: Option<String>,
    /// `IssueInstant`.
    pub issue_instant: OffsetDateTime,
    /// `Destination`.
    pub destination: Option<String>,
    /// Entity id of whoever answers.
    pub issuer: String,
    /// How it went.
    pub status: Status,
}

impl Readable for LogoutResponse {
    const PARAMETER: MessageParameter = MessageParameter::Response;

    fn read(root: Node<'_, '_>) -> Result<Self, InboundError> {
        let expected = "LogoutResponse";
        if !is(root, NS_PROTOCOL, expected) {
            return Err(LogoutError::Other { expected }.into());
        }
        Ok(read(root).map_err(LogoutError::from)?)
    }

    fn claimed_issuer(&self) -> &str {
        &self.issuer
    }
}

fn read(root: Node<'_, '_>) -> Result<LogoutResponse, ParseError> {
    let mut head = Head::read(root, "LogoutResponse")?;
    let status = head
        .rest
        .take(NS_PROTOCOL, "Status")
        .ok_or(ParseError::Missing { what: "Status" })?;
    head.rest.finish()?;
    Ok(LogoutResponse {
        id: head.id,
        in_response_to: root.attribute("InResponseTo").map(str::to_owned),
        issue_instant: head.issue_instant,
        destination: head.destination,
        issuer: head.issuer,
        status: Status::read(status)?,
    })
}

impl LogoutResponse {
    /// Writes the response, unsigned: for the HTTP-Redirect binding, which signs beside it.
    ///
    /// # Errors
    /// When a value cannot be written as XML; see [`IssueError`].
    pub fn to_xml(&self) -> Result<String, IssueError> {
        Ok(self.write()?.into_xml())
    }

    /// Writes the response with a signature inside: for the HTTP-POST and SOAP bindings.
    ///
    /// # Errors
    /// When a value cannot be written as XML; see [`IssueError`].
    pub fn sign(&self, key: &SigningKey) -> Result<SignedMessage, IssueError> {
        self.write()?.sign(&self.id, key)
    }

    fn write(&self) -> Result<Unsigned, IssueError> {
        let issue_instant = time(self.issue_instant, "LogoutResponse/@IssueInstant")?;
        let mut w = Writer::with_capacity(2048);
        w.open_with(
            "samlp:LogoutResponse",
            &[("xmlns:samlp", NS_PROTOCOL)],
            &[
                ("Destination", self.destination.as_deref()),
                ("ID", Some(checked_id(&self.id, "LogoutResponse/@ID")?)),
                ("InResponseTo", self.in_response_to.as_deref()),
                ("IssueInstant", Some(&issue_instant)),
                ("Version", Some("2.0")),
            ],
        )?;
        w.leaf(
            "saml:Issuer",
            &[("xmlns:saml", NS_ASSERTION)],
            not_empty(&self.issuer, "Issuer")?,
        )?;
        let signature_at = w.len();
        self.status.write(&mut w, ProtocolPrefix::default())?;
        w.close("samlp:LogoutResponse");
        Ok(Unsigned {
            writer: w,
            signature_at,
        })
    }
}
