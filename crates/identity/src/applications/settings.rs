//! How assertions for an application are made: what an administrator sets on its pages.

use jetway_saml::{BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, ContentCipher, SigningAlgorithm};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::applications::{AttributeSource, RoleRule};

/// The settings of a SAML application. Members that came later have a default, so that what was
/// stored before is still read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlSettings {
    /// The issuer of its assertions; by default its [`super::idp_url`].
    pub idp_entity_id: String,
    /// Where responses are posted unless a request names another registered address: Destination
    /// and Recipient. Empty until the application is configured.
    pub acs_url: String,
    /// Its number in the service provider's metadata.
    #[serde(default)]
    pub acs_index: Option<u16>,
    /// Further addresses that a request may name.
    #[serde(default)]
    pub other_acs: Vec<RegisteredAcs>,
    /// The service provider's entity id: the audience of assertions and the issuer of its requests.
    /// Empty until the application is configured.
    pub audience: String,
    pub name_id: NameIdRule,
    pub signing: Signing,
    /// The digest of signatures with an RSA key; others bring their own.
    #[serde(default)]
    pub digest: SignatureDigest,
    /// Assertions are encrypted to this key of the service provider, after they were signed.
    #[serde(default)]
    pub encryption: Option<EncryptionSettings>,
    /// Certificates (DER) whose keys sign the service provider's requests.
    #[serde(default, with = "der_list")]
    pub request_certificates: Vec<Vec<u8>>,
    /// Whether a request without a signature is refused.
    #[serde(default)]
    pub require_signed_requests: bool,
    /// Where answers to logout requests of the service provider go; without it there are none.
    #[serde(default)]
    pub single_logout: Option<SingleLogout>,
    /// Where the tile leads instead of a response that nobody asked for (requirement I09).
    #[serde(default)]
    pub login_url: Option<Url>,
    /// Sent when the person starts here; a request's own is returned unchanged.
    #[serde(default)]
    pub relay_state: String,
    /// For AWS the attribute `SessionDuration`, in seconds (requirement J13); for others
    /// `SessionNotOnOrAfter`.
    #[serde(default)]
    pub session_seconds: Option<u32>,
    /// The name of an attribute with the names of the person's groups.
    #[serde(default)]
    pub group_attribute: Option<String>,
    /// The same for everyone. A name that repeats gives one attribute with several values.
    pub constant_attributes: Vec<(String, String)>,
    /// Taken from the person. A name that repeats gives one attribute with several values.
    pub user_attribute_mapping: Vec<MappedAttribute>,
    /// Which groups get which roles in AWS.
    #[serde(default)]
    pub role_rules: Vec<RoleRule>,
}

impl SamlSettings {
    /// How logout is answered, where a request can be believed: it has to be signed.
    pub(crate) fn answered_logout(&self) -> Option<&SingleLogout> {
        let logout = self.single_logout.as_ref();
        logout.filter(|_| !self.request_certificates.is_empty())
    }
}

/// An address at which the service provider takes responses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredAcs {
    pub url: String,
    /// Its number in the service provider's metadata.
    #[serde(default)]
    pub index: Option<u16>,
}

/// How a service provider takes messages about logout (SAML metadata 2.4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SingleLogout {
    /// Where it takes requests.
    pub url: String,
    /// Where it takes responses, when not there.
    #[serde(default)]
    pub response_url: Option<String>,
    pub binding: LogoutBinding,
}

impl SingleLogout {
    /// Where responses go.
    pub(crate) fn answer_to(&self) -> &str {
        self.response_url.as_deref().unwrap_or(&self.url)
    }
}

/// How a message about logout travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogoutBinding {
    Redirect,
    Post,
}

impl LogoutBinding {
    /// The reverse of the URI on the wire (SAML bindings 3.4 and 3.5); `None` for other bindings.
    pub fn from_uri(uri: &str) -> Option<Self> {
        match uri {
            BINDING_HTTP_REDIRECT => Some(Self::Redirect),
            BINDING_HTTP_POST => Some(Self::Post),
            _ => None,
        }
    }
}

/// One row of the user attribute mapping (requirement J03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedAttribute {
    /// The name that the service provider knows.
    pub name: String,
    /// Where the value comes from.
    pub source: AttributeSource,
}

/// Who the assertion says the person is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameIdRule {
    /// Ignored for [`NameIdFormat::Transient`].
    pub source: AttributeSource,
    pub format: NameIdFormat,
}

/// NameID formats (SAML core §8.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameIdFormat {
    Email,
    Persistent,
    /// A random value, new in each assertion (§8.3.8).
    Transient,
    Unspecified,
}

impl NameIdFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [
        Self::Email,
        Self::Persistent,
        Self::Transient,
        Self::Unspecified,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Persistent => "persistent",
            Self::Transient => "transient",
            Self::Unspecified => "unspecified",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// The URI on the wire.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Email => jetway_saml::NAMEID_EMAIL,
            Self::Persistent => jetway_saml::NAMEID_PERSISTENT,
            Self::Transient => jetway_saml::NAMEID_TRANSIENT,
            Self::Unspecified => jetway_saml::NAMEID_UNSPECIFIED,
        }
    }

    /// The reverse of [`Self::uri`].
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.uri() == uri)
    }
}

/// What is signed. The assertion alone is what most service providers accept (security.md §0);
/// signing the response too costs a second RSA signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signing {
    Assertion,
    Response,
    AssertionAndResponse,
}

impl Signing {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Assertion, Self::Response, Self::AssertionAndResponse];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assertion => "assertion",
            Self::Response => "response",
            Self::AssertionAndResponse => "assertion_and_response",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == name)
    }
}

/// The digest of a signature with an RSA key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureDigest {
    /// What every service provider takes.
    #[default]
    Sha256,
    Sha384,
    Sha512,
}

impl SignatureDigest {
    /// Every digest.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// The algorithm with an RSA key.
    pub(crate) fn with_rsa(self) -> SigningAlgorithm {
        match self {
            Self::Sha256 => SigningAlgorithm::RsaSha256,
            Self::Sha384 => SigningAlgorithm::RsaSha384,
            Self::Sha512 => SigningAlgorithm::RsaSha512,
        }
    }
}

/// To whom assertions are encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncryptionSettings {
    /// DER.
    #[serde(with = "der")]
    pub certificate: Vec<u8>,
    /// The URI of the cipher for the content (XML Encryption 1.1 section 5.2).
    pub cipher: String,
}

impl EncryptionSettings {
    /// The cipher, if it is one of ours.
    pub(crate) fn content_cipher(&self) -> Option<ContentCipher> {
        CIPHERS.into_iter().find(|one| one.uri() == self.cipher)
    }
}

/// The ciphers that can be chosen, the best first.
pub const CIPHERS: [ContentCipher; 3] = [
    ContentCipher::Aes256Gcm,
    ContentCipher::Aes128Gcm,
    ContentCipher::Aes256Cbc,
];

/// A certificate as base64 in JSON.
mod der {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(der: &[u8], to: S) -> Result<S::Ok, S::Error> {
        STANDARD.encode(der).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD.decode(text).map_err(D::Error::custom)
    }
}

/// Certificates as base64 in JSON.
mod der_list {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(list: &[Vec<u8>], to: S) -> Result<S::Ok, S::Error> {
        let texts: Vec<_> = list.iter().map(|der| STANDARD.encode(der)).collect();
        texts.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Vec<u8>>, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        let decoded = texts.iter().map(|text| STANDARD.decode(text));
        decoded.collect::<Result<_, _>>().map_err(D::Error::custom)
    }
}
