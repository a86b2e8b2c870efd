//! A response that carries a status instead of an assertion (SAML core 3.2.2 and 3.3.3).

use time::OffsetDateTime;

use super::{
    IssueError, ProtocolPrefix, SignedMessage, Unsigned, Writer, checked_id, not_empty, time,
};
use crate::{
    SigningKey, Status,
    names::{NS_ASSERTION, NS_PROTOCOL},
};

/// The answer to an authentication request that gets no assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusResponse {
    /// `ID`, under the same rules as [`Response::id`](crate::Response::id).
    pub id: String,
    /// The request this answers.
    pub in_response_to: Option<String>,
    /// `IssueInstant`, written in whole seconds.
    pub issue_instant: OffsetDateTime,
    /// `Destination`: where the browser posts it.
    pub destination: String,
    /// Entity id of the identity provider.
    pub issuer: String,
    /// Why there is no assertion.
    pub status: Status,
}

impl StatusResponse {
    /// Writes and signs the response.
    ///
    /// # Errors
    /// When a value cannot be written as XML or breaks a rule of SAML; see [`IssueError`]. Also
    /// when the status is success, which a response without assertion must not claim.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedMessage, IssueError> {
        self.sign_with_prefix(key, ProtocolPrefix::default())
    }

    /// As [`Self::sign`], for clients that want the protocol's elements under another prefix.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub fn sign_with_prefix(
        &self,
        key: &SigningKey,
        prefix: ProtocolPrefix,
    ) -> Result<SignedMessage, IssueError> {
        if self.status.code == crate::StatusCode::Success {
            return Err(IssueError::SuccessWithoutAssertion);
        }
        self.write(prefix)?.sign(&self.id, key)
    }

    fn write(&self, prefix: ProtocolPrefix) -> Result<Unsigned, IssueError> {
        let response = prefix.names().response;
        let issue_instant = time(self.issue_instant, "Response/@IssueInstant")?;
        let mut w = Writer::with_capacity(2048);
        w.open_with(
            response,
            &[(prefix.declaration(), NS_PROTOCOL)],
            &[
                ("Destination", Some(&self.destination)),
                ("ID", Some(checked_id(&self.id, "Response/@ID")?)),
                ("InResponseTo", self.in_response_to.as_deref()),
                ("IssueInstant", Some(&issue_instant)),
                ("Version", Some("2.0")),
            ],
        )?;
        w.leaf(
            "saml:Issuer",
            &[("xmlns:saml", NS_ASSERTION)],
            not_empty(&self.issuer, "Response/Issuer")?,
        )?;
        let signature_at = w.len();
        self.status.write(&mut w, prefix)?;
        w.close(response);
        Ok(Unsigned {
            writer: w,
            signature_at,
        })
    }
}
