//! The URIs that SAML 2.0, XML Signature and XML namespaces fix.

/// SAML 2.0 assertion namespace (SAML core 1.2).
pub(crate) const NS_ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// SAML 2.0 protocol namespace (SAML core 1.2).
pub(crate) const NS_PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// SAML 2.0 metadata namespace (SAML metadata 2.1).
pub(crate) const NS_METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// XML Signature namespace.
pub(crate) const NS_DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// XML Signature 1.1 additions, where elliptic curve key values live.
pub(crate) const NS_DSIG11: &str = "http://www.w3.org/2009/xmldsig11#";
/// Exclusive canonical XML 1.0: the namespace of `InclusiveNamespaces` and the algorithm at once.
pub(crate) const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// The enveloped-signature transform.
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// XML Encryption namespace.
pub(crate) const NS_XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
/// RSA-OAEP with MGF1 and SHA-1 (XML Encryption 5.5.2).
pub(crate) const RSA_OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
/// SHA-1 digest, which as part of RSA-OAEP is still sound.
pub(crate) const DIGEST_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";

/// NameID format `emailAddress` (SAML core 8.3.2; a SAML 1.1 URI also in SAML 2.0).
pub const NAMEID_EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
/// NameID format `persistent` (SAML core 8.3.7).
pub const NAMEID_PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
/// NameID format `transient` (SAML core 8.3.8).
pub const NAMEID_TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
/// NameID format `unspecified` (SAML core 8.3.1).
pub const NAMEID_UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/// Authentication context: a password over a protected transport (SAML authn context 3.4.19).
pub const AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT: &str =
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
/// Authentication context left open (SAML authn context 3.4.25).
pub const AUTHN_CONTEXT_UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";

/// HTTP-POST binding (SAML bindings 3.5).
pub const BINDING_HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// HTTP-Redirect binding (SAML bindings 3.4).
pub const BINDING_HTTP_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// SOAP binding (SAML bindings 3.2).
pub const BINDING_SOAP: &str = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP";

/// Subject confirmation method `bearer` (SAML profiles 3.3).
pub(crate) const METHOD_BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// Top-level status of a successful response (SAML core 3.2.2.2).
pub(crate) const STATUS_SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// Attribute name format for names that are URIs (SAML core 8.2.2).
pub(crate) const ATTRNAME_URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
/// Attribute name format for plain names (SAML core 8.2.3).
pub(crate) const ATTRNAME_BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
