//! Messages that service providers send: out of their binding, then judged by their signature.

use std::fmt;

use roxmltree::Node;
use thiserror::Error;

use crate::{
    AuthnRequestError, LogoutError, ParseError, RedirectQueryError, SignatureFault, SoapError,
    VerifyingKey, XmlFault,
    dsig::PreparedSignature,
    names::NS_DSIG,
    redirect_query::{DetachedSignature, MessageParameter, RedirectQuery},
    verify::{STRICT, decode_base64},
    xml::{MESSAGE, parse, read::is},
};

/// Longest message accepted by HTTP-POST, in characters of base64.
pub const MAX_POSTED: usize = 128 * 1024;

/// A message as it came in. What it says is only claimed until [`Inbound::verify`] has judged its
/// signatures, and even then only when it was signed at all.
#[derive(Clone)]
pub struct Inbound<T> {
    message: T,
    relay_state: Option<String>,
    signatures: Vec<Result<Signature, SignatureFault>>,
}

/// How far a message can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authenticity {
    /// A key of the sender signed it.
    Signed,
    /// It carries no signature; anybody may have written it.
    Unsigned,
}

/// Why a message is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InboundError {
    /// The query of the HTTP-Redirect binding.
    #[error(transparent)]
    Query(#[from] RedirectQueryError),
    /// Longer than [`MAX_POSTED`].
    #[error("the SAML message is longer than {MAX_POSTED} characters")]
    TooLong,
    /// Not base64.
    #[error("the SAML message is not base64")]
    NotBase64,
    /// Not UTF-8.
    #[error("the SAML message is not UTF-8 text")]
    NotUtf8,
    /// Not acceptable as XML.
    #[error(transparent)]
    Xml(#[from] XmlFault),
    /// Not a usable authentication request.
    #[error(transparent)]
    AuthnRequest(#[from] AuthnRequestError),
    /// Not a usable logout message.
    #[error(transparent)]
    Logout(#[from] LogoutError),
    /// The envelope of the SOAP binding.
    #[error(transparent)]
    Soap(#[from] SoapError),
    /// It is signed, but no key of the sender is known.
    #[error("the message is signed, but no signing certificate of {issuer} is registered")]
    NoKeys {
        /// Who claims to have sent it.
        issuer: String,
    },
    /// A signature is malformed, of a kind not accepted, or does not verify.
    #[error("the signature of the message is not valid: {0}")]
    BadSignature(#[from] SignatureFault),
}

#[derive(Clone)]
enum Signature {
    Enveloped(PreparedSignature),
    Detached(DetachedSignature),
}

/// The kinds of messages that can come in. Only this crate can add one.
pub trait InboundMessage: readable::Readable {}

impl<T: readable::Readable> InboundMessage for T {}

pub(crate) mod readable {
    use roxmltree::Node;

    use super::{InboundError, MessageParameter};

    pub trait Readable: Sized {
        /// The parameter it travels in.
        const PARAMETER: MessageParameter;
        /// Reads it from its own element.
        fn read(root: Node<'_, '_>) -> Result<Self, InboundError>;
        /// Who claims to have sent it.
        fn claimed_issuer(&self) -> &str;
    }
}

impl<T: InboundMessage> Inbound<T> {
    /// From the raw query of the HTTP-Redirect binding, exactly as it stood in the request line
    /// (SAML bindings 3.4.4.1). Nothing may have decoded or reordered it.
    ///
    /// # Errors
    /// See [`InboundError`]. Signatures are judged by [`Self::verify`].
    pub fn from_redirect(query: &str) -> Result<Self, InboundError> {
        let query = RedirectQuery::parse(query, T::PARAMETER)?;
        let mut inbound = Self::from_xml(&query.xml)?;
        inbound.relay_state = query.relay_state;
        if let Some(signature) = query.signature {
            inbound.signatures.push(signature.map(Signature::Detached));
        }
        Ok(inbound)
    }

    /// From the two form fields of the HTTP-POST binding (SAML bindings 3.5.4).
    ///
    /// # Errors
    /// See [`InboundError`]. Signatures are judged by [`Self::verify`].
    pub fn from_post(message: &str, relay_state: Option<&str>) -> Result<Self, InboundError> {
        let xml = decode_base64(message, MAX_POSTED, &STRICT).map_err(|error| match error {
            ParseError::TooLong { .. } => InboundError::TooLong,
            ParseError::NotUtf8 => InboundError::NotUtf8,
            _ => InboundError::NotBase64,
        })?;
        let mut inbound = Self::from_xml(&xml)?;
        inbound.relay_state = relay_state.map(str::to_owned);
        Ok(inbound)
    }

    /// From the XML itself.
    ///
    /// # Errors
    /// See [`InboundError`]. Signatures are judged by [`Self::verify`].
    pub fn from_xml(xml: &str) -> Result<Self, InboundError> {
        Self::from_element(parse(xml, &MESSAGE)?.root_element())
    }

    pub(crate) fn from_element(root: Node<'_, '_>) -> Result<Self, InboundError> {
        let message = T::read(root)?;
        let id = root.attribute("ID").unwrap_or_default();
        let signatures = root
            .descendants()
            .filter(|node| is(*node, NS_DSIG, "Signature"))
            .map(|node| {
                // Anywhere else it would sign something that is not the message.
                if node.parent_element() != Some(root) {
                    return Err(SignatureFault::Misplaced);
                }
                PreparedSignature::read(node, root, id).map(Signature::Enveloped)
            })
            .collect();
        Ok(Self {
            message,
            relay_state: None,
            signatures,
        })
    }

    /// What the message says, believed or not: to find out whose keys to verify it with.
    pub fn claims(&self) -> &T {
        &self.message
    }

    /// `RelayState`, decoded. Text from outside, to be handed back and for nothing else.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    /// Does it carry a signature, whatever its worth?
    pub fn is_signed(&self) -> bool {
        !self.signatures.is_empty()
    }

    /// Judges every signature with the registered `keys` of the sender, any of which may have made
    /// it. A bad signature is an error also where none would have been needed.
    ///
    /// # Errors
    /// [`InboundError::BadSignature`], or [`InboundError::NoKeys`] when it is signed and there is
    /// nothing to check that with.
    pub fn verify(&self, keys: &[VerifyingKey]) -> Result<Authenticity, InboundError> {
        if self.signatures.is_empty() {
            return Ok(Authenticity::Unsigned);
        }
        if keys.is_empty() {
            return Err(InboundError::NoKeys {
                issuer: self.message.claimed_issuer().to_owned(),
            });
        }
        for signature in &self.signatures {
            match signature {
                Err(fault) => return Err((*fault).into()),
                Ok(Signature::Enveloped(enveloped)) => enveloped.verify(keys)?,
                Ok(Signature::Detached(detached)) => detached.verify(keys)?,
            }
        }
        Ok(Authenticity::Signed)
    }

    /// [`Self::from_redirect`] and [`Self::verify`] in one, where the address already says whose
    /// message it must be. The issuer is still the caller's to compare.
    ///
    /// # Errors
    /// See [`InboundError`].
    pub fn verify_redirect(
        query: &str,
        keys: &[VerifyingKey],
    ) -> Result<(Self, Authenticity), InboundError> {
        let inbound = Self::from_redirect(query)?;
        let authenticity = inbound.verify(keys)?;
        Ok((inbound, authenticity))
    }

    /// [`Self::from_post`] and [`Self::verify`] in one, where the address already says whose
    /// message it must be. The issuer is still the caller's to compare.
    ///
    /// # Errors
    /// See [`InboundError`].
    pub fn verify_post(
        message: &str,
        relay_state: Option<&str>,
        keys: &[VerifyingKey],
    ) -> Result<(Self, Authenticity), InboundError> {
        let inbound = Self::from_post(message, relay_state)?;
        let authenticity = inbound.verify(keys)?;
        Ok((inbound, authenticity))
    }

    /// Gives message and relay state away.
    pub fn into_parts(self) -> (T, Option<String>) {
        (self.message, self.relay_state)
    }
}

impl<T> fmt::Debug for Inbound<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbound")
            .field("signatures", &self.signatures.len())
            .finish_non_exhaustive()
    }
}
