//! What is written to the state file: one JSON value per entity. Members may be added with a serde
//! default; none is renamed or removed without a new format number (`store.rs`).

use serde::{Deserialize, Serialize};

/// A tag of an entity or of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// At most 128 characters.
    #[serde(rename = "k")]
    pub key: String,
    /// At most 256 characters; may be empty.
    #[serde(rename = "v")]
    pub value: String,
}

impl Tag {
    /// A tag from its two halves.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
        }
    }
}

/// An account and its bootstrap access key. The secret is derived from the key id, never stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountRecord {
    /// 12 digits.
    pub id: String,
    /// For people; shown where there is no alias.
    pub name: String,
    /// Unix seconds.
    pub created_at: i64,
    /// `AKIA…` of the account's bootstrap administrator.
    pub access_key_id: String,
    /// The account alias, if one was created.
    #[serde(default)]
    pub alias: Option<String>,
}

/// A SAML provider as its creator gave it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SamlProviderRecord {
    /// The owning account.
    pub account: String,
    /// Friendly name, the last part of the ARN.
    pub name: String,
    /// `SAMLProviderUUID`.
    pub uuid: String,
    /// The metadata document, verbatim.
    pub metadata: String,
    /// Unix seconds of creation.
    pub created_at: i64,
    /// Unix seconds of the last change of the metadata.
    pub updated_at: i64,
    /// In the order of the request that set them.
    #[serde(default)]
    pub tags: Vec<Tag>,
}

/// An inline policy of a role.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InlinePolicyRecord {
    /// As first spelled; matched without regard to case.
    pub name: String,
    /// JSON text, verbatim.
    pub document: String,
}

/// A role.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RoleRecord {
    /// The owning account.
    pub account: String,
    /// Friendly name, the last part of the ARN.
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
    /// `AROA…`; a re-created role gets another one.
    pub id: String,
    /// Unix seconds.
    pub created_at: i64,
    /// Trust policy, JSON text, verbatim.
    pub trust: String,
    /// Description, if given.
    #[serde(default)]
    pub description: Option<String>,
    /// Seconds, 3600..=43200.
    pub max_session_duration: u32,
    /// ARN of the permissions boundary.
    #[serde(default)]
    pub boundary: Option<String>,
    /// In the order in which they were set.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Inline policies by name.
    #[serde(default)]
    pub inline: Vec<InlinePolicyRecord>,
    /// ARNs of attached managed policies, in order of attachment.
    #[serde(default)]
    pub attached: Vec<String>,
}

/// One version of a managed policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PolicyVersionRecord {
    /// The number behind the `v`.
    pub number: u32,
    /// JSON text, verbatim.
    pub document: String,
    /// Unix seconds.
    pub created_at: i64,
}

/// A managed policy with its versions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PolicyRecord {
    /// The owning account, or `aws`.
    pub account: String,
    /// Friendly name, the last part of the ARN.
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
    /// `ANPA…`.
    pub id: String,
    /// Description, if given.
    #[serde(default)]
    pub description: Option<String>,
    /// Unix seconds of creation.
    pub created_at: i64,
    /// Unix seconds of the last new or newly defaulted version.
    pub updated_at: i64,
    /// Number of the default version.
    pub default_version: u32,
    /// Number that the next version gets; numbers are never reused.
    pub next_version: u32,
    /// At most five, oldest first.
    pub versions: Vec<PolicyVersionRecord>,
    /// In the order in which they were set.
    #[serde(default)]
    pub tags: Vec<Tag>,
}
