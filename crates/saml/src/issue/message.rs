//! What is issued: a response with one assertion (SAML core 2.3.3 and 3.3.3).

use time::OffsetDateTime;

use super::{IssueError, ProtocolPrefix, Unsigned, canon::Writer, checked_id, not_empty, time};
use crate::names::{
    ATTRNAME_BASIC, ATTRNAME_URI, METHOD_BEARER, NS_ASSERTION, NS_PROTOCOL, STATUS_SUCCESS,
};

/// A successful response that carries one assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// `ID`: an XML name without colon, unguessable, at least 128 bits of it random.
    pub id: String,
    /// The request this answers; `None` when the identity provider starts.
    pub in_response_to: Option<String>,
    /// `IssueInstant`, written in whole seconds.
    pub issue_instant: OffsetDateTime,
    /// `Destination`: where the browser posts it.
    pub destination: String,
    /// Entity id of the identity provider.
    pub issuer: String,
    /// The assertion.
    pub assertion: Assertion,
}

/// An assertion about one person for one service provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// `ID`, under the same rules as [`Response::id`] and different from it.
    pub id: String,
    /// `IssueInstant`, written in whole seconds.
    pub issue_instant: OffsetDateTime,
    /// Entity id of the identity provider.
    pub issuer: String,
    /// Who the person is to the service provider.
    pub name_id: NameId,
    /// `SubjectConfirmationData@Recipient`: the assertion consumer service URL.
    pub recipient: String,
    /// `SubjectConfirmationData@InResponseTo`.
    pub in_response_to: Option<String>,
    /// `SubjectConfirmationData@NotOnOrAfter`.
    pub confirmation_not_on_or_after: OffsetDateTime,
    /// `Conditions@NotBefore`.
    pub not_before: OffsetDateTime,
    /// `Conditions@NotOnOrAfter`.
    pub not_on_or_after: OffsetDateTime,
    /// The single `Audience`: entity id of the service provider.
    pub audience: String,
    /// When the person proved who they are.
    pub authn_instant: OffsetDateTime,
    /// `AuthnStatement@SessionIndex`.
    pub session_index: String,
    /// `AuthnStatement@SessionNotOnOrAfter`.
    pub session_not_on_or_after: Option<OffsetDateTime>,
    /// `AuthnContextClassRef`.
    pub authn_context_class: String,
    /// Attributes in the order given. Without any, no `AttributeStatement` is written.
    pub attributes: Vec<Attribute>,
}

/// The subject's name (SAML core 2.2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameId {
    /// One of the `NAMEID_…` URIs or any other.
    pub format: String,
    /// The name itself; never empty.
    pub value: String,
}

/// One attribute with its values (SAML core 2.7.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// `Name`.
    pub name: String,
    /// Values, each text; may be empty.
    pub values: Vec<String>,
}

impl Response {
    /// The response up to where the assertion follows, and where its own signature would go.
    pub(super) fn write_head(
        &self,
        writer: &mut Writer,
        prefix: ProtocolPrefix,
    ) -> Result<usize, IssueError> {
        let id = checked_id(&self.id, "Response/@ID")?;
        let issue_instant = time(self.issue_instant, "Response/@IssueInstant")?;
        let mut attributes = vec![
            (prefix.declaration(), NS_PROTOCOL),
            ("Destination", self.destination.as_str()),
            ("ID", id),
        ];
        if let Some(request) = &self.in_response_to {
            attributes.push(("InResponseTo", request));
        }
        attributes.push(("IssueInstant", &issue_instant));
        attributes.push(("Version", "2.0"));
        let names = prefix.names();
        writer.open(names.response, &attributes)?;
        writer.leaf(
            "saml:Issuer",
            &[("xmlns:saml", NS_ASSERTION)],
            not_empty(&self.issuer, "Response/Issuer")?,
        )?;
        let signature_at = writer.len();
        writer.open(names.status, &[])?;
        writer.empty(names.status_code, &[("Value", STATUS_SUCCESS)])?;
        writer.close(names.status);
        Ok(signature_at)
    }
}

impl Assertion {
    /// The whole assertion without signature, as it canonicalises on its own.
    pub(super) fn write(&self) -> Result<Unsigned, IssueError> {
        let mut w = Writer::with_capacity(8 * 1024);
        let id = checked_id(&self.id, "Assertion/@ID")?;
        let issue_instant = time(self.issue_instant, "Assertion/@IssueInstant")?;
        w.open(
            "saml:Assertion",
            &[
                ("xmlns:saml", NS_ASSERTION),
                ("ID", id),
                ("IssueInstant", &issue_instant),
                ("Version", "2.0"),
            ],
        )?;
        w.leaf(
            "saml:Issuer",
            &[],
            not_empty(&self.issuer, "Assertion/Issuer")?,
        )?;
        let signature_at = w.len();
        self.write_subject(&mut w)?;
        self.write_conditions(&mut w)?;
        self.write_authn_statement(&mut w)?;
        self.write_attributes(&mut w)?;
        w.close("saml:Assertion");
        Ok(Unsigned {
            writer: w,
            signature_at,
        })
    }

    fn write_subject(&self, w: &mut Writer) -> Result<(), IssueError> {
        let until = time(
            self.confirmation_not_on_or_after,
            "SubjectConfirmationData/@NotOnOrAfter",
        )?;
        w.open("saml:Subject", &[])?;
        w.leaf(
            "saml:NameID",
            &[("Format", not_empty(&self.name_id.format, "NameID/@Format")?)],
            not_empty(&self.name_id.value, "NameID")?,
        )?;
        w.open("saml:SubjectConfirmation", &[("Method", METHOD_BEARER)])?;
        let recipient = not_empty(&self.recipient, "SubjectConfirmationData/@Recipient")?;
        let mut attributes = Vec::with_capacity(3);
        if let Some(request) = &self.in_response_to {
            attributes.push(("InResponseTo", request.as_str()));
        }
        attributes.push(("NotOnOrAfter", &until));
        attributes.push(("Recipient", recipient));
        w.empty("saml:SubjectConfirmationData", &attributes)?;
        w.close("saml:SubjectConfirmation");
        w.close("saml:Subject");
        Ok(())
    }

    fn write_conditions(&self, w: &mut Writer) -> Result<(), IssueError> {
        let from = time(self.not_before, "Conditions/@NotBefore")?;
        let until = time(self.not_on_or_after, "Conditions/@NotOnOrAfter")?;
        w.open(
            "saml:Conditions",
            &[("NotBefore", &from), ("NotOnOrAfter", &until)],
        )?;
        w.open("saml:AudienceRestriction", &[])?;
        w.leaf("saml:Audience", &[], not_empty(&self.audience, "Audience")?)?;
        w.close("saml:AudienceRestriction");
        w.close("saml:Conditions");
        Ok(())
    }

    fn write_authn_statement(&self, w: &mut Writer) -> Result<(), IssueError> {
        let at = time(self.authn_instant, "AuthnStatement/@AuthnInstant")?;
        let until = self
            .session_not_on_or_after
            .map(|until| time(until, "AuthnStatement/@SessionNotOnOrAfter"))
            .transpose()?;
        let index = not_empty(&self.session_index, "AuthnStatement/@SessionIndex")?;
        let mut attributes = vec![("AuthnInstant", at.as_str()), ("SessionIndex", index)];
        if let Some(until) = &until {
            attributes.push(("SessionNotOnOrAfter", until));
        }
        w.open("saml:AuthnStatement", &attributes)?;
        w.open("saml:AuthnContext", &[])?;
        w.leaf(
            "saml:AuthnContextClassRef",
            &[],
            not_empty(&self.authn_context_class, "AuthnContextClassRef")?,
        )?;
        w.close("saml:AuthnContext");
        w.close("saml:AuthnStatement");
        Ok(())
    }

    fn write_attributes(&self, w: &mut Writer) -> Result<(), IssueError> {
        if self.attributes.is_empty() {
            return Ok(());
        }
        w.open("saml:AttributeStatement", &[])?;
        for attribute in &self.attributes {
            let name = not_empty(&attribute.name, "Attribute/@Name")?;
            let format = if name.contains(':') {
                ATTRNAME_URI
            } else {
                ATTRNAME_BASIC
            };
            w.open("saml:Attribute", &[("Name", name), ("NameFormat", format)])?;
            for value in &attribute.values {
                w.leaf("saml:AttributeValue", &[], value)?;
            }
            w.close("saml:Attribute");
        }
        w.close("saml:AttributeStatement");
        Ok(())
    }
}
