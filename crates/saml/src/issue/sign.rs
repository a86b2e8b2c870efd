//! Enveloped signatures over XML that is canonical already (XML Signature, SAML core 5.4).

use std::fmt;

use aws_lc_rs::digest::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Encryption, IssueError, ProtocolPrefix, Response, canon::Writer};
use crate::{
    keys::SigningKey,
    names::{ENVELOPED, EXC_C14N, NS_DSIG},
};

/// What carries a signature. AWS wants the assertion signed and refuses a signature on the response
/// alone; some other service providers look at the response only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignWhat {
    /// The assertion: accepted most widely.
    #[default]
    Assertion,
    /// The response around it, and so everything in it.
    Response,
    /// The assertion, then the response around it.
    AssertionAndResponse,
}

/// A signed message ready for the HTTP-POST binding. Whoever holds a response is signed in, so it
/// is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedMessage {
    xml: String,
}

/// A signed [`Response`].
pub type SignedResponse = SignedMessage;

impl SignedMessage {
    /// The XML text.
    pub fn as_xml(&self) -> &str {
        &self.xml
    }

    /// The value of the form field `SAMLResponse` or `SAMLRequest` (SAML bindings 3.5.4).
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.xml)
    }
}

impl fmt::Debug for SignedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedMessage").finish_non_exhaustive()
    }
}

/// XML that still lacks its signature, and where the signature belongs: right after `Issuer`.
pub(crate) struct Unsigned {
    pub(crate) writer: Writer,
    pub(crate) signature_at: usize,
}

impl Unsigned {
    /// As it stands.
    pub(crate) fn into_xml(self) -> String {
        self.writer.into_string()
    }

    /// With a signature over its root, whose ID is `id`.
    pub(crate) fn sign(mut self, id: &str, key: &SigningKey) -> Result<SignedMessage, IssueError> {
        let signature = enveloped_signature(self.writer.as_str(), id, key)?;
        self.writer.splice(self.signature_at, &signature);
        Ok(SignedMessage {
            xml: self.into_xml(),
        })
    }
}

impl Response {
    /// Writes and signs with the algorithm of the key: exclusive canonicalisation, the certificate
    /// in `KeyInfo`.
    ///
    /// # Errors
    /// When a value cannot be written as XML or breaks a rule of SAML; see [`IssueError`].
    pub fn sign(&self, key: &SigningKey, what: SignWhat) -> Result<SignedResponse, IssueError> {
        self.sign_with_prefix(key, what, None, ProtocolPrefix::default())
    }

    /// As [`Self::sign`], with the assertion encrypted after it has been signed. A signature on the
    /// response is made over the encrypted form.
    ///
    /// # Errors
    /// As [`Self::sign`], and when the cryptographic library fails.
    pub fn sign_encrypted(
        &self,
        key: &SigningKey,
        what: SignWhat,
        encryption: Encryption<'_>,
    ) -> Result<SignedResponse, IssueError> {
        self.sign_with_prefix(key, what, Some(encryption), ProtocolPrefix::default())
    }

    /// The message without any signature, to look at. Nobody may accept it.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub fn to_unsigned_xml(&self) -> Result<String, IssueError> {
        let assertion = self.assertion.write()?.into_xml();
        let mut writer = Writer::with_capacity(assertion.len() + 1024);
        let prefix = ProtocolPrefix::default();
        self.write_head(&mut writer, prefix)?;
        writer.splice(writer.len(), &assertion);
        writer.close(prefix.names().response);
        Ok(writer.into_string())
    }

    /// As [`Self::sign`], or [`Self::sign_encrypted`] with an `encryption`, for clients that want
    /// the protocol's elements under another prefix.
    ///
    /// # Errors
    /// As [`Self::sign`] and [`Self::sign_encrypted`].
    pub fn sign_with_prefix(
        &self,
        key: &SigningKey,
        what: SignWhat,
        encryption: Option<Encryption<'_>>,
        prefix: ProtocolPrefix,
    ) -> Result<SignedMessage, IssueError> {
        if self.id == self.assertion.id {
            return Err(IssueError::DuplicateId);
        }
        let unsigned = self.assertion.write()?;
        let mut assertion = match what {
            SignWhat::Response => unsigned.into_xml(),
            SignWhat::Assertion | SignWhat::AssertionAndResponse => {
                unsigned.sign(&self.assertion.id, key)?.xml
            }
        };
        if let Some(encryption) = encryption {
            assertion = encryption.encrypted_assertion(assertion)?;
        }
        let mut writer = Writer::with_capacity(assertion.len() + 4096);
        let signature_at = self.write_head(&mut writer, prefix)?;
        writer.splice(writer.len(), &assertion);
        writer.close(prefix.names().response);
        let response = Unsigned {
            writer,
            signature_at,
        };
        match what {
            SignWhat::Assertion => Ok(SignedMessage {
                xml: response.into_xml(),
            }),
            SignWhat::Response | SignWhat::AssertionAndResponse => response.sign(&self.id, key),
        }
    }
}

/// `ds:Signature` over `canonical`, whose root has the ID `id`.
///
/// The bytes signed are SignedInfo canonicalised on its own, so they carry `xmlns:ds`; the copy
/// embedded in `ds:Signature` inherits the declaration and does not repeat it.
fn enveloped_signature(canonical: &str, id: &str, key: &SigningKey) -> Result<String, IssueError> {
    let algorithm = key.algorithm();
    let method = algorithm.uri();
    let (digest_algorithm, digest_method) = algorithm.digest();
    let digest_value = STANDARD.encode(digest(digest_algorithm, canonical.as_bytes()));
    let rest = format!(
        "><ds:CanonicalizationMethod Algorithm=\"{EXC_C14N}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{method}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXC_C14N}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{digest_method}\"></ds:DigestMethod>\
         <ds:DigestValue>{digest_value}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    );
    let signed_info = format!("<ds:SignedInfo xmlns:ds=\"{NS_DSIG}\"{rest}");
    let signature = key
        .sign(signed_info.as_bytes())
        .ok_or(IssueError::Signing)?;
    let signature_value = STANDARD.encode(signature);
    let certificate = key.certificate_base64();
    Ok(format!(
        "<ds:Signature xmlns:ds=\"{NS_DSIG}\"><ds:SignedInfo{rest}\
         <ds:SignatureValue>{signature_value}</ds:SignatureValue>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>\
         </ds:X509Data></ds:KeyInfo></ds:Signature>"
    ))
}
