//! Reading an assertion without any decision of trust: for a command line that shows its own user
//! which roles the identity provider handed out. Nothing here may guard anything.

use roxmltree::{Document, Node};
use time::OffsetDateTime;

use crate::{
    Attribute, ParseError, instant,
    names::{NS_ASSERTION, NS_DSIG, NS_PROTOCOL},
    verify::{LENIENT, decode_base64},
    xml::{Limits, parse, read::is},
};

/// Characters of base64 accepted: what the AWS sign-in page accepts at most.
const MAX_BASE64: usize = crate::MAX_BASE64_SIGN_IN;

/// Same bounds as for verification, but comments and the like are skipped: AWS is the judge.
const LIMITS: Limits = Limits {
    bytes: 256 * 1024,
    depth: 64,
    nodes: 10_000,
    attributes: 64,
    strict: false,
};

/// What a response says, believed or not. The elements of an assertion are those of the first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// `Response/@Destination`: where AWS's sign-in page is.
    pub destination: Option<String>,
    /// `SubjectConfirmationData/@Recipient`, the fallback for the destination.
    pub recipient: Option<String>,
    /// Attributes in document order.
    pub attributes: Vec<Attribute>,
    /// The earlier end of the conditions and of the subject confirmation.
    pub not_on_or_after: Option<OffsetDateTime>,
    /// The issuer of the assertion.
    pub issuer: Option<String>,
    pub name_id: Option<InspectedNameId>,
    /// In document order.
    pub audiences: Vec<String>,
    pub times: InspectedTimes,
    pub counts: InspectedCounts,
    pub signed: InspectedSignatures,
}

/// Who the assertion is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectedNameId {
    pub value: String,
    /// The URI, when there is one.
    pub format: Option<String>,
}

/// The instants of an assertion. `None` when it is absent, or not UTC as SAML wants it (core 1.3.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InspectedTimes {
    /// Of the assertion.
    pub issue_instant: Option<OffsetDateTime>,
    /// Of the conditions.
    pub not_before: Option<OffsetDateTime>,
    /// The end of the subject confirmation.
    pub confirmation_end: Option<OffsetDateTime>,
    /// The end of the conditions.
    pub conditions_end: Option<OffsetDateTime>,
    /// `AuthnStatement/@SessionNotOnOrAfter`.
    pub session_end: Option<OffsetDateTime>,
}

/// How often what must be there once is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InspectedCounts {
    pub assertions: usize,
    pub conditions: usize,
    pub confirmations: usize,
    pub authn_statements: usize,
}

/// Where a signature stands. Whether it is right was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InspectedSignatures {
    pub response: bool,
    pub assertion: bool,
}

impl Inspected {
    /// All values of the attributes called `name`, in document order.
    pub fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.attributes
            .iter()
            .filter(move |attribute| attribute.name == name)
            .flat_map(|attribute| attribute.values.iter().map(String::as_str))
    }
}

/// Reads the first assertion of a response, whatever prefixes it uses. Line breaks in the base64
/// and missing padding are tolerated.
///
/// # Errors
/// When it is not base64 of a SAML response, or its assertion is missing or encrypted.
pub fn inspect_base64(text: &str) -> Result<Inspected, ParseError> {
    inspect_xml(&decode_base64(text, MAX_BASE64, &LENIENT)?)
}

/// The same for a response that is XML already.
///
/// # Errors
/// When it is no SAML response, or its assertion is missing or encrypted.
pub fn inspect_xml(xml: &str) -> Result<Inspected, ParseError> {
    let document = parse(xml, &LIMITS)?;
    let root = document.root_element();
    if !is(root, NS_PROTOCOL, "Response") && !is(root, NS_ASSERTION, "Assertion") {
        return Err(ParseError::NotAResponse);
    }
    let Some(assertion) = find(&document, "Assertion") else {
        return Err(match find(&document, "EncryptedAssertion") {
            Some(_) => ParseError::Encrypted {
                element: "the assertion",
            },
            None => ParseError::NoAssertion,
        });
    };
    let times = times(assertion);
    Ok(Inspected {
        destination: root.attribute("Destination").map(str::to_owned),
        recipient: descendant(assertion, "SubjectConfirmationData")
            .and_then(|data| data.attribute("Recipient"))
            .map(str::to_owned),
        attributes: assertion
            .children()
            .filter(|child| is(*child, NS_ASSERTION, "AttributeStatement"))
            .flat_map(|statement| statement.children())
            .filter(|child| is(*child, NS_ASSERTION, "Attribute"))
            .map(attribute)
            .collect(),
        not_on_or_after: [times.confirmation_end, times.conditions_end]
            .into_iter()
            .flatten()
            .min(),
        issuer: assertion
            .children()
            .find(|child| is(*child, NS_ASSERTION, "Issuer"))
            .map(all_text),
        name_id: descendant(assertion, "NameID").map(|node| InspectedNameId {
            value: all_text(node),
            format: node.attribute("Format").map(str::to_owned),
        }),
        audiences: all(assertion, "Audience").map(all_text).collect(),
        times,
        counts: InspectedCounts {
            assertions: all(document.root(), "Assertion").count(),
            conditions: all(assertion, "Conditions").count(),
            confirmations: all(assertion, "SubjectConfirmation").count(),
            authn_statements: all(assertion, "AuthnStatement").count(),
        },
        signed: InspectedSignatures {
            response: is(root, NS_PROTOCOL, "Response") && has_signature(root),
            assertion: has_signature(assertion),
        },
    })
}

fn times(assertion: Node<'_, '_>) -> InspectedTimes {
    let instant = |node: Option<Node<'_, '_>>, name: &str| instant::parse(node?.attribute(name)?);
    let confirmation = descendant(assertion, "SubjectConfirmationData");
    let conditions = descendant(assertion, "Conditions");
    let statement = descendant(assertion, "AuthnStatement");
    InspectedTimes {
        issue_instant: instant(Some(assertion), "IssueInstant"),
        not_before: instant(conditions, "NotBefore"),
        confirmation_end: instant(confirmation, "NotOnOrAfter"),
        conditions_end: instant(conditions, "NotOnOrAfter"),
        session_end: instant(statement, "SessionNotOnOrAfter"),
    }
}

fn has_signature(node: Node<'_, '_>) -> bool {
    node.children().any(|child| is(child, NS_DSIG, "Signature"))
}

fn all<'a, 'input>(
    from: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    from.descendants()
        .filter(move |node| is(*node, NS_ASSERTION, name))
}

fn find<'a, 'input>(document: &'a Document<'input>, name: &str) -> Option<Node<'a, 'input>> {
    descendant(document.root(), name)
}

fn descendant<'a, 'input>(from: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    from.descendants()
        .find(|node| is(*node, NS_ASSERTION, name))
}

fn attribute(node: Node<'_, '_>) -> Attribute {
    Attribute {
        name: node.attribute("Name").unwrap_or_default().to_owned(),
        values: node
            .children()
            .filter(|child| is(*child, NS_ASSERTION, "AttributeValue"))
            .map(all_text)
            .collect(),
    }
}

/// Every text below `node`, in order.
fn all_text(node: Node<'_, '_>) -> String {
    node.descendants()
        .filter(Node::is_text)
        .filter_map(|text| text.text())
        .collect()
}
