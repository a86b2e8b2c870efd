//! The envelope of SOAP 1.1 (<https://www.w3.org/TR/2000/NOTE-SOAP-20000508/>), as the SOAP binding
//! (SAML bindings 3.2) and enhanced clients (SAML profiles 4.2) use it: one message in the body.

use roxmltree::{Document, Node};
use thiserror::Error;

use crate::{
    Inbound, IssueError, SignedMessage,
    inbound::{InboundError, InboundMessage},
    issue::{Writer, not_empty},
    xml::{
        MESSAGE, parse,
        read::{elements, is},
    },
};

/// SOAP 1.1 envelope namespace.
const NS_SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// Header blocks of enhanced clients (SAML profiles 4.2).
const NS_ECP: &str = "urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp";
/// Header blocks of the reverse SOAP binding (SAML bindings 3.3).
const NS_PAOS: &str = "urn:liberty:paos:2003-08";
/// The actor that every recipient is.
const ACTOR_NEXT: &str = "http://schemas.xmlsoap.org/soap/actor/next";

/// Why a text is not a usable SOAP envelope.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SoapError {
    /// The root is not the `Envelope` of SOAP 1.1.
    #[error("the document is not a SOAP 1.1 envelope")]
    NotAnEnvelope,
    /// Not an optional `Header` and then a `Body`.
    #[error("the SOAP envelope is not a Header and a Body")]
    Structure,
    /// A header block that must be understood and is not. Answer with
    /// [`SoapFaultCode::MustUnderstand`].
    #[error("the SOAP header {name} must be understood and is not")]
    MustUnderstand {
        /// Local name of the block.
        name: String,
    },
    /// Not exactly one message in the body.
    #[error("the SOAP body does not hold exactly one message")]
    Body,
}

/// Who is to blame for a fault (SOAP 1.1 section 4.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SoapFaultCode {
    /// The envelope is of another SOAP version.
    VersionMismatch,
    /// A header block that must be understood is not.
    MustUnderstand,
    /// The message is at fault.
    Client,
    /// This side is at fault.
    Server,
}

impl<T: InboundMessage> Inbound<T> {
    /// From the body of a SOAP envelope: a request of an enhanced client (SAML profiles 4.2.3.4),
    /// or a logout message of the SOAP binding. Header blocks that the client should have removed
    /// are passed over.
    ///
    /// # Errors
    /// See [`InboundError`]. Signatures are judged by [`Self::verify`].
    pub fn from_soap(envelope: &str) -> Result<Self, InboundError> {
        let document = parse(envelope, &MESSAGE)?;
        Self::from_element(message(&document)?)
    }
}

/// The only element in the body.
fn message<'a, 'input>(document: &'a Document<'input>) -> Result<Node<'a, 'input>, SoapError> {
    let root = document.root_element();
    if !is(root, NS_SOAP, "Envelope") {
        return Err(SoapError::NotAnEnvelope);
    }
    let parts = elements(root).ok_or(SoapError::Structure)?;
    let body = match parts.as_slice() {
        [body] => *body,
        [header, body] if is(*header, NS_SOAP, "Header") => {
            check_header(*header)?;
            *body
        }
        _ => return Err(SoapError::Structure),
    };
    if !is(body, NS_SOAP, "Body") {
        return Err(SoapError::Structure);
    }
    match elements(body).as_deref() {
        Some([message]) => Ok(*message),
        _ => Err(SoapError::Body),
    }
}

/// No block addressed to us may insist on being understood (SOAP 1.1 section 4.2.3).
fn check_header(header: Node<'_, '_>) -> Result<(), SoapError> {
    for block in elements(header).ok_or(SoapError::Structure)? {
        let for_us = block
            .attribute((NS_SOAP, "actor"))
            .is_none_or(|actor| actor.is_empty() || actor == ACTOR_NEXT);
        let insists = block
            .attribute((NS_SOAP, "mustUnderstand"))
            .is_some_and(|value| value != "0" && value != "false");
        let known = matches!(block.tag_name().namespace(), Some(NS_ECP | NS_PAOS));
        if for_us && insists && !known {
            return Err(SoapError::MustUnderstand {
                name: block.tag_name().name().to_owned(),
            });
        }
    }
    Ok(())
}

/// The envelope around a response for an enhanced client (SAML profiles 4.2.3.6): the client
/// compares `assertion_consumer_service_url` with what the service provider told it. The message
/// stands in the body byte for byte, so its signature stays whole.
///
/// # Errors
/// When the address cannot be written as XML.
pub fn ecp_response(
    message: &SignedMessage,
    assertion_consumer_service_url: &str,
) -> Result<String, IssueError> {
    let place = "ecp:Response/@AssertionConsumerServiceURL";
    let mut w = Writer::with_capacity(message.as_xml().len() + 1024);
    w.open("S:Envelope", &[("xmlns:S", NS_SOAP)])?;
    w.open("S:Header", &[])?;
    w.empty(
        "ecp:Response",
        &[
            ("xmlns:ecp", NS_ECP),
            (
                "AssertionConsumerServiceURL",
                not_empty(assertion_consumer_service_url, place)?,
            ),
            ("S:actor", ACTOR_NEXT),
            ("S:mustUnderstand", "1"),
        ],
    )?;
    w.close("S:Header");
    close_with_body(w, message.as_xml())
}

/// The envelope around any message of the SOAP binding, without header.
///
/// # Errors
/// None that the message could cause.
pub fn soap_response(message: &SignedMessage) -> Result<String, IssueError> {
    let mut w = Writer::with_capacity(message.as_xml().len() + 256);
    w.open("S:Envelope", &[("xmlns:S", NS_SOAP)])?;
    close_with_body(w, message.as_xml())
}

/// An envelope that says why there is no answer (SOAP 1.1 section 4.4). Over HTTP it goes with
/// status 500.
///
/// # Errors
/// When the text cannot be written as XML.
pub fn soap_fault(code: SoapFaultCode, text: &str) -> Result<String, IssueError> {
    let code = match code {
        SoapFaultCode::VersionMismatch => "S:VersionMismatch",
        SoapFaultCode::MustUnderstand => "S:MustUnderstand",
        SoapFaultCode::Client => "S:Client",
        SoapFaultCode::Server => "S:Server",
    };
    let mut w = Writer::with_capacity(512);
    w.open("S:Envelope", &[("xmlns:S", NS_SOAP)])?;
    w.open("S:Body", &[])?;
    w.open("S:Fault", &[])?;
    w.leaf("faultcode", &[], code)?;
    w.leaf("faultstring", &[], text)?;
    w.close("S:Fault");
    w.close("S:Body");
    w.close("S:Envelope");
    Ok(w.into_string())
}

fn close_with_body(mut w: Writer, message: &str) -> Result<String, IssueError> {
    w.open("S:Body", &[])?;
    w.splice(w.len(), message);
    w.close("S:Body");
    w.close("S:Envelope");
    Ok(w.into_string())
}
