//! What a relying party reads out of a response.

use time::OffsetDateTime;

use crate::Attribute;

/// A response as received. Only the assertion is always signed; whether the fields of the response
/// itself are is in `response_signed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedResponse {
    /// `Response/@ID`.
    pub id: String,
    /// `Response/@Destination`.
    pub destination: Option<String>,
    /// `Response/@InResponseTo`.
    pub in_response_to: Option<String>,
    /// `Response/Issuer`, when there.
    pub issuer: Option<String>,
    /// Did the response carry a signature of its own (which then verified too)?
    pub response_signed: bool,
    /// The assertion.
    pub assertion: ReceivedAssertion,
}

/// An assertion with all that AWS insists on present (one bearer confirmation with recipient and
/// end, conditions, an authentication statement, a NameID with format).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedAssertion {
    /// `ID`, unique per assertion: the key for detecting replays.
    pub id: String,
    /// `IssueInstant`.
    pub issue_instant: OffsetDateTime,
    /// Entity id of the identity provider.
    pub issuer: String,
    /// The subject.
    pub name_id: ReceivedNameId,
    /// `SubjectConfirmationData/@Recipient`.
    pub recipient: String,
    /// `SubjectConfirmationData/@NotOnOrAfter`.
    pub confirmation_not_on_or_after: OffsetDateTime,
    /// `SubjectConfirmationData/@NotBefore`; SAML profiles 4.1.4.2 forbids it, AWS ignores it.
    pub confirmation_not_before: Option<OffsetDateTime>,
    /// `SubjectConfirmationData/@InResponseTo`.
    pub in_response_to: Option<String>,
    /// `Conditions/@NotBefore`.
    pub conditions_not_before: Option<OffsetDateTime>,
    /// `Conditions/@NotOnOrAfter`.
    pub conditions_not_on_or_after: Option<OffsetDateTime>,
    /// Audience restrictions: every one must hold (AND), each by any of its audiences (OR).
    pub audiences: Vec<Vec<String>>,
    /// `AuthnStatement/@AuthnInstant`.
    pub authn_instant: OffsetDateTime,
    /// `AuthnStatement/@SessionIndex`.
    pub session_index: Option<String>,
    /// `AuthnStatement/@SessionNotOnOrAfter`.
    pub session_not_on_or_after: Option<OffsetDateTime>,
    /// `AuthnContextClassRef`.
    pub authn_context_class: Option<String>,
    /// Attributes of all statements in document order; a name that occurs twice is listed twice.
    pub attributes: Vec<Attribute>,
    /// What a strict relying party may refuse among them, in document order.
    pub irregularities: Vec<Irregularity>,
}

/// An attribute that is not plain text of a SAML name format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Irregularity {
    /// `Attribute/@Name`.
    pub attribute: String,
    /// What is unusual.
    pub kind: IrregularityKind,
}

/// What is unusual about an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IrregularityKind {
    /// `NameFormat` is none of those of SAML core 8.2.
    NameFormat,
    /// A value is an element, of which only the text is kept.
    StructuredValue,
}

/// The subject's name as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedNameId {
    /// `Format`. Always there, since a response without it is refused; optional in SAML itself.
    pub format: Option<String>,
    /// The name, exactly as written; never blank.
    pub value: String,
}
