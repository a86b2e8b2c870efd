//! SAML 2.0 as far as a browser single sign-on identity provider and the AWS side of it need:
//! typed messages, the XML signature profile, metadata and bindings. No I/O, no clock, no randomness.
//!
//! * Issue: [`Response::sign`] writes XML that is already in exclusive canonical form, so the digest
//!   is taken over the bytes just written. Nothing is parsed and nothing is canonicalised again.
//! * Verify: [`Unverified::from_base64`] → [`Unverified::verify`] → [`Verified`]. One parser, one
//!   tree; values are read only from the element that the verified signature covers.
//! * Requests: [`Inbound`] reads what service providers send by redirect, POST or SOAP and judges
//!   its signature; [`StatusResponse`], [`LogoutResponse`] and [`ecp_response`] answer.
//! * Keys: [`generate_signing_key`] makes a pair, [`read_uploaded_key`] takes an administrator's;
//!   [`SigningKey`] signs, [`Encryption`] hides an assertion from all but one service provider.
//! * Metadata: [`IdpMetadata`] to publish, [`TrustedIdp`] to trust, [`SpMetadata`] to register.
//! * [`inspect`]: reading one's own assertion without any decision of trust (for the command line).

mod authn_request;
mod aws;
mod dsig;
mod inbound;
pub mod inspect;
mod instant;
mod issue;
mod keys;
mod logout;
mod metadata;
mod names;
pub mod redirect;
mod redirect_query;
mod soap;
mod status;
mod verify;
mod xml;

pub use authn_request::{
    AuthnContextComparison, AuthnRequest, AuthnRequestError, NameIdPolicy, RequestedAuthnContext,
};
pub use aws::{
    ATTRIBUTE_PRINCIPAL_TAG_PREFIX, ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME,
    ATTRIBUTE_SESSION_DURATION, ATTRIBUTE_SOURCE_IDENTITY, ATTRIBUTE_TRANSITIVE_TAG_KEYS, RolePair,
    RolePairError,
};
pub use dsig::SignatureFault;
pub use inbound::{Authenticity, Inbound, InboundError, InboundMessage, MAX_POSTED};
pub use issue::{
    Assertion, Attribute, ContentCipher, Encryption, IssueError, NameId, ProtocolPrefix, Response,
    SignWhat, SignedMessage, SignedResponse, StatusResponse,
};
pub use keys::{
    CertificateError, EncryptionKey, GeneratedKey, KeyAlgorithm, KeyError, KeyUploadError,
    MAX_KEY_FILE, SigningAlgorithm, SigningCertificate, SigningKey, UploadedKey, VerifyingKey,
    generate_signing_key, read_uploaded_key,
};
pub use logout::{LogoutError, LogoutRequest, LogoutResponse};
pub use metadata::{
    AssertionConsumerService, IdpMetadata, KeyPurpose, MAX_METADATA, MAX_SP_METADATA,
    MetadataError, RequestedAttribute, SingleLogoutService, SingleSignOnService, SpCertificate,
    SpMetadata, SpMetadataError, SpMetadataWarning, TrustedIdp,
};
pub use names::{
    AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT, AUTHN_CONTEXT_UNSPECIFIED, BINDING_HTTP_POST,
    BINDING_HTTP_REDIRECT, BINDING_SOAP, NAMEID_EMAIL, NAMEID_PERSISTENT, NAMEID_TRANSIENT,
    NAMEID_UNSPECIFIED,
};
pub use redirect_query::{MAX_QUERY, MessageParameter, RedirectQueryError, redirect_query};
pub use soap::{SoapError, SoapFaultCode, ecp_response, soap_fault, soap_response};
pub use status::{Status, StatusCode, StatusSubcode};
pub use verify::{
    Irregularity, IrregularityKind, MAX_BASE64, MAX_BASE64_SIGN_IN, ParseError, ReceivedAssertion,
    ReceivedNameId, ReceivedResponse, Unverified, Verified, VerifyError,
};
pub use xml::XmlFault;
