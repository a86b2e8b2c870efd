//! Asking for the end of a session (SAML core 3.7.1).

use roxmltree::Node;
use time::OffsetDateTime;

use super::{Head, LogoutError};
use crate::{
    IssueError, MessageParameter, ParseError, ReceivedNameId, SignedMessage, SigningKey,
    inbound::{InboundError, readable::Readable},
    issue::{Unsigned, Writer, checked_id, not_empty, time},
    names::{NS_ASSERTION, NS_PROTOCOL},
    verify::children::{optional_time, text},
    xml::read::{is, sole_text, trim},
};

/// The sessions of one person are over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutRequest {
    /// `ID`, repeated as `InResponseTo` in the response.
    pub id: String,
    /// `IssueInstant`.
    pub issue_instant: OffsetDateTime,
    /// `Destination`.
    pub destination: Option<String>,
    /// Entity id of whoever asks.
    pub issuer: String,
    /// `NotOnOrAfter`: when the request is no longer worth anything.
    pub not_on_or_after: Option<OffsetDateTime>,
    /// `Reason`, a URI.
    pub reason: Option<String>,
    /// Whose sessions: the name as the assertion had it.
    pub name_id: ReceivedNameId,
    /// `SessionIndex` of the sessions. Empty: all of that person.
    pub session_indexes: Vec<String>,
}

impl Readable for LogoutRequest {
    const PARAMETER: MessageParameter = MessageParameter::Request;

    fn read(root: Node<'_, '_>) -> Result<Self, InboundError> {
        let expected = "LogoutRequest";
        if !is(root, NS_PROTOCOL, expected) {
            return Err(LogoutError::Other { expected }.into());
        }
        Ok(read(root)?)
    }

    fn claimed_issuer(&self) -> &str {
        &self.issuer
    }
}

fn read(root: Node<'_, '_>) -> Result<LogoutRequest, LogoutError> {
    let mut head = Head::read(root, "LogoutRequest")?;
    if head.rest.take(NS_ASSERTION, "EncryptedID").is_some() {
        return Err(LogoutError::EncryptedName);
    }
    let name = head
        .rest
        .take(NS_ASSERTION, "NameID")
        .ok_or(ParseError::Missing { what: "NameID" })?;
    let value = sole_text(name)
        .filter(|value| !value.trim().is_empty())
        .ok_or(ParseError::InvalidValue { what: "NameID" })?;
    let mut session_indexes = Vec::new();
    while let Some(index) = head.rest.take(NS_PROTOCOL, "SessionIndex") {
        session_indexes.push(text(index, "SessionIndex")?);
    }
    head.rest.finish()?;
    Ok(LogoutRequest {
        id: head.id,
        issue_instant: head.issue_instant,
        destination: head.destination,
        issuer: head.issuer,
        not_on_or_after: optional_time(root, "NotOnOrAfter", "LogoutRequest/@NotOnOrAfter")?,
        reason: root.attribute("Reason").map(str::to_owned),
        name_id: ReceivedNameId {
            format: name.attribute("Format").map(str::to_owned),
            value: trim(value).to_owned(),
        },
        session_indexes,
    })
}

impl LogoutRequest {
    /// Writes the request, unsigned: for the HTTP-Redirect binding, which signs beside it.
    ///
    /// # Errors
    /// When a value cannot be written as XML; see [`IssueError`].
    pub fn to_xml(&self) -> Result<String, IssueError> {
        Ok(self.write()?.into_xml())
    }

    /// Writes the request with a signature inside: for the HTTP-POST and SOAP bindings.
    ///
    /// # Errors
    /// When a value cannot be written as XML; see [`IssueError`].
    pub fn sign(&self, key: &SigningKey) -> Result<SignedMessage, IssueError> {
        self.write()?.sign(&self.id, key)
    }

    fn write(&self) -> Result<Unsigned, IssueError> {
        let issue_instant = time(self.issue_instant, "LogoutRequest/@IssueInstant")?;
        let until = self
            .not_on_or_after
            .map(|until| time(until, "LogoutRequest/@NotOnOrAfter"))
            .transpose()?;
        let mut w = Writer::with_capacity(2048);
        w.open_with(
            "samlp:LogoutRequest",
            &[("xmlns:samlp", NS_PROTOCOL)],
            &[
                ("Destination", self.destination.as_deref()),
                ("ID", Some(checked_id(&self.id, "LogoutRequest/@ID")?)),
                ("IssueInstant", Some(&issue_instant)),
                ("NotOnOrAfter", until.as_deref()),
                ("Reason", self.reason.as_deref()),
                ("Version", Some("2.0")),
            ],
        )?;
        let saml = ("xmlns:saml", NS_ASSERTION);
        w.leaf("saml:Issuer", &[saml], not_empty(&self.issuer, "Issuer")?)?;
        let signature_at = w.len();
        let value = not_empty(&self.name_id.value, "NameID")?;
        match &self.name_id.format {
            Some(format) => w.leaf("saml:NameID", &[saml, ("Format", format)], value)?,
            None => w.leaf("saml:NameID", &[saml], value)?,
        }
        for index in &self.session_indexes {
            w.leaf("samlp:SessionIndex", &[], not_empty(index, "SessionIndex")?)?;
        }
        w.close("samlp:LogoutRequest");
        Ok(Unsigned {
            writer: w,
            signature_at,
        })
    }
}
