//! Reading an assertion, in the order of the schema (saml-schema-assertion-2.0). Whatever is not
//! expected is refused.

use roxmltree::Node;
use time::OffsetDateTime;

use super::{
    Irregularity, IrregularityKind, ParseError, ReceivedAssertion, ReceivedNameId,
    children::{Children, id, optional_time, text, time_attribute, version},
};
use crate::{
    Attribute,
    names::{METHOD_BEARER, NS_ASSERTION, NS_DSIG},
    xml::read::{elements, is, sole_text},
};

/// SAML core 8.2.
const NAME_FORMATS: [&str; 3] = [
    "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified",
    "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
    "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
];

/// The signature, if there is one, and everything else.
type Signed<'a, 'input> = (Option<Node<'a, 'input>>, ReceivedAssertion);

/// SAML core 2.3.3.
pub(super) fn assertion<'a, 'input>(
    node: Node<'a, 'input>,
) -> Result<Signed<'a, 'input>, ParseError> {
    version(node, "Assertion")?;
    let mut children = Children::of(node, "Assertion");
    let issuer = children
        .take(NS_ASSERTION, "Issuer")
        .ok_or(ParseError::Missing { what: "Issuer" })?;
    let signature = children.take(NS_DSIG, "Signature");
    let subject = children
        .take(NS_ASSERTION, "Subject")
        .ok_or(ParseError::Missing { what: "Subject" })?;
    let conditions = children
        .take(NS_ASSERTION, "Conditions")
        .ok_or(ParseError::Missing { what: "Conditions" })?;
    children.take(NS_ASSERTION, "Advice");
    let (name_id, confirmation) = read_subject(subject)?;
    let confirmation = Confirmation::read(confirmation)?;
    let conditions = Conditions::read(conditions)?;
    let (authn, attributes, irregularities) = statements(children)?;
    let received = ReceivedAssertion {
        id: id(node, "Assertion/@ID")?,
        issue_instant: time_attribute(node, "IssueInstant", "Assertion/@IssueInstant")?,
        issuer: text(issuer, "Issuer")?,
        name_id,
        recipient: confirmation.recipient,
        confirmation_not_on_or_after: confirmation.not_on_or_after,
        confirmation_not_before: confirmation.not_before,
        in_response_to: confirmation.in_response_to,
        conditions_not_before: conditions.not_before,
        conditions_not_on_or_after: conditions.not_on_or_after,
        audiences: conditions.audiences,
        authn_instant: authn.instant,
        session_index: authn.session_index,
        session_not_on_or_after: authn.session_not_on_or_after,
        authn_context_class: authn.context_class,
        attributes,
        irregularities,
    };
    Ok((signature, received))
}

/// SAML core 2.4.1: the name and exactly one confirmation.
fn read_subject<'a, 'input>(
    subject: Node<'a, 'input>,
) -> Result<(ReceivedNameId, Node<'a, 'input>), ParseError> {
    let mut children = Children::of(subject, "Subject");
    if children.take(NS_ASSERTION, "EncryptedID").is_some() {
        return Err(ParseError::Encrypted {
            element: "the subject",
        });
    }
    let name = children
        .take(NS_ASSERTION, "NameID")
        .ok_or(ParseError::Missing { what: "NameID" })?;
    let format = name.attribute("Format").ok_or(ParseError::Missing {
        what: "NameID/@Format",
    })?;
    let value = sole_text(name).ok_or(ParseError::Unexpected { place: "NameID" })?;
    if value.trim().is_empty() {
        return Err(ParseError::InvalidValue { what: "NameID" });
    }
    let confirmation =
        children
            .take(NS_ASSERTION, "SubjectConfirmation")
            .ok_or(ParseError::Missing {
                what: "SubjectConfirmation",
            })?;
    children.finish()?;
    let name_id = ReceivedNameId {
        format: Some(format.to_owned()),
        value: value.to_owned(),
    };
    Ok((name_id, confirmation))
}

/// A bearer confirmation (SAML profiles 3.3 and 4.1.4.2).
struct Confirmation {
    recipient: String,
    not_on_or_after: OffsetDateTime,
    not_before: Option<OffsetDateTime>,
    in_response_to: Option<String>,
}

impl Confirmation {
    fn read(confirmation: Node<'_, '_>) -> Result<Self, ParseError> {
        if confirmation.attribute("Method") != Some(METHOD_BEARER) {
            return Err(ParseError::InvalidValue {
                what: "SubjectConfirmation/@Method",
            });
        }
        let mut children = Children::of(confirmation, "SubjectConfirmation");
        // The confirming party may be named; for a bearer that has no meaning.
        children.take(NS_ASSERTION, "NameID");
        let data = children
            .take(NS_ASSERTION, "SubjectConfirmationData")
            .ok_or(ParseError::Missing {
                what: "SubjectConfirmationData",
            })?;
        children.finish()?;
        Children::of(data, "SubjectConfirmationData").finish()?;
        let recipient = data
            .attribute("Recipient")
            .filter(|recipient| !recipient.is_empty())
            .ok_or(ParseError::Missing {
                what: "SubjectConfirmationData/@Recipient",
            })?;
        Ok(Self {
            recipient: recipient.to_owned(),
            not_on_or_after: time_attribute(
                data,
                "NotOnOrAfter",
                "SubjectConfirmationData/@NotOnOrAfter",
            )?,
            not_before: optional_time(data, "NotBefore", "SubjectConfirmationData/@NotBefore")?,
            in_response_to: data.attribute("InResponseTo").map(str::to_owned),
        })
    }
}

/// SAML core 2.5.
struct Conditions {
    not_before: Option<OffsetDateTime>,
    not_on_or_after: Option<OffsetDateTime>,
    audiences: Vec<Vec<String>>,
}

impl Conditions {
    fn read(conditions: Node<'_, '_>) -> Result<Self, ParseError> {
        let unexpected = ParseError::Unexpected {
            place: "Conditions",
        };
        let mut audiences = Vec::new();
        for condition in elements(conditions).ok_or_else(|| unexpected.clone())? {
            if is(condition, NS_ASSERTION, "AudienceRestriction") {
                audiences.push(read_audiences(condition)?);
            } else if !is(condition, NS_ASSERTION, "OneTimeUse")
                && !is(condition, NS_ASSERTION, "ProxyRestriction")
            {
                // An unknown condition leaves the validity undecided (SAML core 2.5.1): refuse.
                return Err(unexpected);
            }
        }
        Ok(Self {
            not_before: optional_time(conditions, "NotBefore", "Conditions/@NotBefore")?,
            not_on_or_after: optional_time(conditions, "NotOnOrAfter", "Conditions/@NotOnOrAfter")?,
            audiences,
        })
    }
}

fn read_audiences(restriction: Node<'_, '_>) -> Result<Vec<String>, ParseError> {
    let place = "AudienceRestriction";
    let audiences = elements(restriction).ok_or(ParseError::Unexpected { place })?;
    if audiences.is_empty() {
        return Err(ParseError::Missing { what: "Audience" });
    }
    audiences
        .into_iter()
        .map(|audience| {
            if is(audience, NS_ASSERTION, "Audience") {
                text(audience, "Audience")
            } else {
                Err(ParseError::Unexpected { place })
            }
        })
        .collect()
}

/// SAML core 2.7.2.
struct Authn {
    instant: OffsetDateTime,
    session_index: Option<String>,
    session_not_on_or_after: Option<OffsetDateTime>,
    context_class: Option<String>,
}

impl Authn {
    fn read(statement: Node<'_, '_>) -> Result<Self, ParseError> {
        let mut children = Children::of(statement, "AuthnStatement");
        children.take(NS_ASSERTION, "SubjectLocality");
        let context = children
            .take(NS_ASSERTION, "AuthnContext")
            .ok_or(ParseError::Missing {
                what: "AuthnContext",
            })?;
        children.finish()?;
        let class = context
            .children()
            .find(|child| is(*child, NS_ASSERTION, "AuthnContextClassRef"));
        Ok(Self {
            instant: time_attribute(statement, "AuthnInstant", "AuthnStatement/@AuthnInstant")?,
            session_index: statement.attribute("SessionIndex").map(str::to_owned),
            session_not_on_or_after: optional_time(
                statement,
                "SessionNotOnOrAfter",
                "AuthnStatement/@SessionNotOnOrAfter",
            )?,
            context_class: class
                .map(|class| text(class, "AuthnContextClassRef"))
                .transpose()?,
        })
    }
}

type Statements = (Authn, Vec<Attribute>, Vec<Irregularity>);

/// The statements after the conditions: one about authentication, any number of attributes.
fn statements(mut children: Children<'_, '_>) -> Result<Statements, ParseError> {
    let mut authn = None;
    let mut attributes = Vec::new();
    let mut irregularities = Vec::new();
    while let Some(statement) = children.next_element() {
        if is(statement, NS_ASSERTION, "AuthnStatement") {
            if authn.replace(Authn::read(statement)?).is_some() {
                return Err(ParseError::Duplicate {
                    what: "AuthnStatement",
                });
            }
        } else if is(statement, NS_ASSERTION, "AttributeStatement") {
            read_attributes(statement, &mut attributes, &mut irregularities)?;
        } else if !is(statement, NS_ASSERTION, "AuthzDecisionStatement") {
            return Err(misplaced(statement));
        }
    }
    children.finish()?;
    let authn = authn.ok_or(ParseError::Missing {
        what: "AuthnStatement",
    })?;
    Ok((authn, attributes, irregularities))
}

/// Tells a repeated element from a foreign one.
fn misplaced(node: Node<'_, '_>) -> ParseError {
    let single = ["Issuer", "Subject", "Conditions", "Advice"];
    match single.iter().find(|name| is(node, NS_ASSERTION, name)) {
        Some(what) => ParseError::Duplicate { what },
        None => ParseError::Unexpected { place: "Assertion" },
    }
}

fn read_attributes(
    statement: Node<'_, '_>,
    attributes: &mut Vec<Attribute>,
    irregularities: &mut Vec<Irregularity>,
) -> Result<(), ParseError> {
    let place = "AttributeStatement";
    for node in elements(statement).ok_or(ParseError::Unexpected { place })? {
        if is(node, NS_ASSERTION, "EncryptedAttribute") {
            return Err(ParseError::Encrypted {
                element: "an attribute",
            });
        }
        if !is(node, NS_ASSERTION, "Attribute") {
            return Err(ParseError::Unexpected { place });
        }
        let name = node
            .attribute("Name")
            .filter(|name| !name.is_empty())
            .ok_or(ParseError::Missing {
                what: "Attribute/@Name",
            })?;
        let place = "Attribute";
        let mut unusual = |kind| {
            irregularities.push(Irregularity {
                attribute: name.to_owned(),
                kind,
            });
        };
        let format = node.attribute("NameFormat");
        if format.is_some_and(|format| !NAME_FORMATS.contains(&format)) {
            unusual(IrregularityKind::NameFormat);
        }
        let values = elements(node)
            .ok_or(ParseError::Unexpected { place })?
            .into_iter()
            .map(|value| {
                if is(value, NS_ASSERTION, "AttributeValue") {
                    if sole_text(value).is_none() {
                        unusual(IrregularityKind::StructuredValue);
                    }
                    attribute_value(value)
                } else {
                    Err(ParseError::Unexpected { place })
                }
            })
            .collect::<Result<_, _>>()?;
        attributes.push(Attribute {
            name: name.to_owned(),
            values,
        });
    }
    Ok(())
}

/// Text, kept exactly. Or a NameID, which is how eduPersonTargetedID is written: then its text.
fn attribute_value(value: Node<'_, '_>) -> Result<String, ParseError> {
    let place = "AttributeValue";
    if let Some(text) = sole_text(value) {
        return Ok(text.to_owned());
    }
    match elements(value).as_deref() {
        Some([name]) if is(*name, NS_ASSERTION, "NameID") => sole_text(*name)
            .map(str::to_owned)
            .ok_or(ParseError::Unexpected { place }),
        _ => Err(ParseError::Unexpected { place }),
    }
}
