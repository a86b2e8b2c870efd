//! SAML 2.0 as far as a browser single sign-on identity provider and the AWS side of it need:
//! typed messages, the XML signature profile, metadata and bindings. No I/O, no clock, no randomness.
//!
//! * Issue: [`Response::sign`] writes XML that is already in exclusive canonical form, so the digest
//!   is taken over the bytes just written. Nothing is parsed and nothing is canonicalised again.
//! * Verify: [`Unverified::from_base64`] → [`Unverified::verify`] → [`Verified`]. One parser, one
//!   tree; values are read only from the element that the verified signature covers.
//! * Metadata: [`IdpMetadata`] to publish, [`TrustedIdp`] to trust.
//! * [`inspect`]: reading one's own assertion without any decision of trust (for the command line).

mod authn_request;
mod aws;
mod dsig;
pub mod inspect;
mod instant;
mod issue;
mod keys;
mod metadata;
mod names;
pub mod redirect;
mod verify;
mod xml;

pub use authn_request::{AuthnRequest, AuthnRequestError, NameIdPolicy};
pub use aws::{
    ATTRIBUTE_PRINCIPAL_TAG_PREFIX, ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME,
    ATTRIBUTE_SESSION_DURATION, ATTRIBUTE_SOURCE_IDENTITY, ATTRIBUTE_TRANSITIVE_TAG_KEYS, RolePair,
    RolePairError,
};
pub use dsig::SignatureFault;
pub use issue::{Assertion, Attribute, IssueError, NameId, Response, SignWhat, SignedResponse};
pub use keys::{GeneratedKey, KeyError, SigningKey, VerifyingKey, generate_signing_key};
pub use metadata::{IdpMetadata, MAX_METADATA, MetadataError, TrustedIdp};
pub use names::{
    AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT, AUTHN_CONTEXT_UNSPECIFIED, BINDING_HTTP_POST,
    BINDING_HTTP_REDIRECT, NAMEID_EMAIL, NAMEID_PERSISTENT, NAMEID_TRANSIENT, NAMEID_UNSPECIFIED,
};
pub use verify::{
    MAX_BASE64, MAX_BASE64_SIGN_IN, ParseError, ReceivedAssertion, ReceivedNameId,
    ReceivedResponse, Unverified, Verified, VerifyError,
};
pub use xml::XmlFault;
