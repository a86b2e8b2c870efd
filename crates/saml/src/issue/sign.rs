//! Enveloped signatures over XML that is canonical already (XML Signature, SAML core 5.4).

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{IssueError, Response, canon::Writer};
use crate::{
    keys::SigningKey,
    names::{DIGEST_SHA256, ENVELOPED, EXC_C14N, NS_DSIG, RSA_SHA256},
};

/// What carries a signature. The assertion always does: AWS refuses a response-only signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignWhat {
    /// The assertion: accepted most widely.
    #[default]
    Assertion,
    /// The assertion, then the response around it.
    AssertionAndResponse,
}

/// A response ready for the HTTP-POST binding. Whoever holds it is signed in, so it is not shown by
/// `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedResponse {
    xml: String,
}

impl SignedResponse {
    /// The XML text.
    pub fn as_xml(&self) -> &str {
        &self.xml
    }

    /// The value of the form field `SAMLResponse` (SAML bindings 3.5.4).
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.xml)
    }
}

impl fmt::Debug for SignedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedResponse").finish_non_exhaustive()
    }
}

impl Response {
    /// Writes and signs: RSA-SHA256, exclusive canonicalisation, the certificate in `KeyInfo`.
    ///
    /// # Errors
    /// When a value cannot be written as XML or breaks a rule of SAML; see [`IssueError`].
    pub fn sign(&self, key: &SigningKey, what: SignWhat) -> Result<SignedResponse, IssueError> {
        if self.id == self.assertion.id {
            return Err(IssueError::DuplicateId);
        }
        let unsigned = self.assertion.write()?;
        let mut assertion = unsigned.writer;
        let signature = enveloped_signature(assertion.as_str(), &self.assertion.id, key)?;
        assertion.splice(unsigned.signature_at, &signature);

        let mut response = Writer::with_capacity(assertion.len() + signature.len() + 1024);
        let signature_at = self.write_head(&mut response)?;
        response.splice(response.len(), assertion.as_str());
        response.close("samlp:Response");
        if what == SignWhat::AssertionAndResponse {
            let signature = enveloped_signature(response.as_str(), &self.id, key)?;
            response.splice(signature_at, &signature);
        }
        Ok(SignedResponse {
            xml: response.into_string(),
        })
    }
}

/// `ds:Signature` over `canonical`, whose root has the ID `id`.
///
/// The bytes signed are SignedInfo canonicalised on its own, so they carry `xmlns:ds`; the copy
/// embedded in `ds:Signature` inherits the declaration and does not repeat it.
fn enveloped_signature(canonical: &str, id: &str, key: &SigningKey) -> Result<String, IssueError> {
    let digest_value = STANDARD.encode(digest(&SHA256, canonical.as_bytes()));
    let rest = format!(
        "><ds:CanonicalizationMethod Algorithm=\"{EXC_C14N}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{RSA_SHA256}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXC_C14N}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{DIGEST_SHA256}\"></ds:DigestMethod>\
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
