//! Reading a response around its assertion, in the order of the schema
//! (saml-schema-protocol-2.0). Whatever is not expected is refused.

use roxmltree::{Document, Node};

use super::{
    ParseError, ReceivedResponse,
    assertion::assertion,
    children::{Children, id, text, time_attribute, version},
};
use crate::{
    names::{NS_ASSERTION, NS_DSIG, NS_PROTOCOL, STATUS_SUCCESS},
    xml::read::is,
};

/// A response with the places of what signs it.
pub(super) struct Parts<'a, 'input> {
    pub(super) message: ReceivedResponse,
    pub(super) assertion: Node<'a, 'input>,
    pub(super) response_signature: Option<Node<'a, 'input>>,
    pub(super) assertion_signature: Option<Node<'a, 'input>>,
    pub(super) stray_signature: bool,
}

pub(super) fn response<'a, 'input>(
    document: &'a Document<'input>,
) -> Result<Parts<'a, 'input>, ParseError> {
    let root = document.root_element();
    if !is(root, NS_PROTOCOL, "Response") {
        return Err(ParseError::NotAResponse);
    }
    let census = Census::take(document)?;
    let envelope = Envelope::read(root)?;
    let (assertion_signature, received) = assertion(envelope.assertion)?;
    census.check_saml_is_inside(envelope.assertion, envelope.issuer)?;
    let signatures =
        usize::from(envelope.signature.is_some()) + usize::from(assertion_signature.is_some());
    Ok(Parts {
        message: ReceivedResponse {
            id: id(root, "Response/@ID")?,
            destination: root.attribute("Destination").map(str::to_owned),
            in_response_to: root.attribute("InResponseTo").map(str::to_owned),
            issuer: envelope
                .issuer
                .map(|issuer| text(issuer, "Response/Issuer"))
                .transpose()?,
            response_signed: envelope.signature.is_some(),
            assertion: received,
        },
        assertion: envelope.assertion,
        response_signature: envelope.signature,
        assertion_signature,
        stray_signature: census.signatures != signatures,
    })
}

/// What the whole document holds, wherever it is.
struct Census<'a, 'input> {
    saml: Vec<Node<'a, 'input>>,
    signatures: usize,
}

impl<'a, 'input> Census<'a, 'input> {
    fn take(document: &'a Document<'input>) -> Result<Self, ParseError> {
        let mut saml = Vec::with_capacity(48);
        let (mut assertions, mut encrypted, mut signatures) = (0, 0, 0);
        for node in document.descendants().filter(Node::is_element) {
            let tag = node.tag_name();
            match tag.namespace() {
                Some(NS_ASSERTION) => {
                    saml.push(node);
                    assertions += usize::from(tag.name() == "Assertion");
                    encrypted += usize::from(tag.name() == "EncryptedAssertion");
                }
                Some(NS_DSIG) => signatures += usize::from(tag.name() == "Signature"),
                _ => {}
            }
        }
        if encrypted > 0 {
            return Err(ParseError::Encrypted {
                element: "the assertion",
            });
        }
        match assertions {
            0 => Err(ParseError::NoAssertion),
            1 => Ok(Self { saml, signatures }),
            _ => Err(ParseError::SeveralAssertions),
        }
    }

    /// Every element of the assertion vocabulary is inside the assertion, except the issuer of the
    /// response. (That none hides in a Signature is the business of the signature check.)
    fn check_saml_is_inside(
        &self,
        assertion: Node<'_, '_>,
        issuer: Option<Node<'_, '_>>,
    ) -> Result<(), ParseError> {
        let inside = assertion.range();
        let all_inside = self
            .saml
            .iter()
            .all(|node| inside.contains(&node.range().start) || Some(*node) == issuer);
        if all_inside {
            Ok(())
        } else {
            Err(ParseError::Unexpected { place: "Response" })
        }
    }
}

/// The response without its assertion.
struct Envelope<'a, 'input> {
    issuer: Option<Node<'a, 'input>>,
    signature: Option<Node<'a, 'input>>,
    assertion: Node<'a, 'input>,
}

impl<'a, 'input> Envelope<'a, 'input> {
    fn read(root: Node<'a, 'input>) -> Result<Self, ParseError> {
        version(root, "Response")?;
        time_attribute(root, "IssueInstant", "Response/@IssueInstant")?;
        let mut children = Children::of(root, "Response");
        let issuer = children.take(NS_ASSERTION, "Issuer");
        let signature = children.take(NS_DSIG, "Signature");
        if children.take(NS_PROTOCOL, "Extensions").is_some() {
            return Err(ParseError::Extensions);
        }
        let status = children
            .take(NS_PROTOCOL, "Status")
            .ok_or(ParseError::Missing { what: "Status" })?;
        check_status(status)?;
        let assertion = children
            .take(NS_ASSERTION, "Assertion")
            .ok_or(ParseError::Unexpected { place: "Response" })?;
        children.finish()?;
        Ok(Self {
            issuer,
            signature,
            assertion,
        })
    }
}

/// SAML core 3.2.2.1: StatusCode, then StatusMessage and StatusDetail, which success needs not.
fn check_status(status: Node<'_, '_>) -> Result<(), ParseError> {
    let mut children = Children::of(status, "Status");
    let code = children
        .take(NS_PROTOCOL, "StatusCode")
        .ok_or(ParseError::Missing { what: "StatusCode" })?
        .attribute("Value")
        .ok_or(ParseError::Missing {
            what: "StatusCode/@Value",
        })?;
    children.take(NS_PROTOCOL, "StatusMessage");
    children.take(NS_PROTOCOL, "StatusDetail");
    children.finish()?;
    if code == STATUS_SUCCESS {
        Ok(())
    } else {
        Err(ParseError::Status {
            code: code.to_owned(),
        })
    }
}
