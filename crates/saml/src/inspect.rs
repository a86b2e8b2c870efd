//! Reading an assertion without any decision of trust: for a command line that shows its own user
//! which roles the identity provider handed out. Nothing here may guard anything.

use roxmltree::{Document, Node};
use time::OffsetDateTime;

use crate::{
    Attribute, ParseError, instant,
    names::{NS_ASSERTION, NS_PROTOCOL},
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

/// What a client needs to know about the response it just fetched.
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
    let xml = decode_base64(text, MAX_BASE64, &LENIENT)?;
    let document = parse(&xml, &LIMITS)?;
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
    let confirmation = descendant(assertion, "SubjectConfirmationData");
    let ends = [confirmation, descendant(assertion, "Conditions")];
    Ok(Inspected {
        destination: root.attribute("Destination").map(str::to_owned),
        recipient: confirmation
            .and_then(|data| data.attribute("Recipient"))
            .map(str::to_owned),
        attributes: assertion
            .children()
            .filter(|child| is(*child, NS_ASSERTION, "AttributeStatement"))
            .flat_map(|statement| statement.children())
            .filter(|child| is(*child, NS_ASSERTION, "Attribute"))
            .map(attribute)
            .collect(),
        not_on_or_after: ends
            .into_iter()
            .flatten()
            .filter_map(|node| instant::parse(node.attribute("NotOnOrAfter")?))
            .min(),
    })
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
