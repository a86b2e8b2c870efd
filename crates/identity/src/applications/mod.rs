//! Applications: what people sign in to.

mod activate;
mod assign_group;
mod attribute_source;
pub(crate) mod aws_attributes;
mod change_grants;
mod create;
mod create_bookmark;
mod list;
mod metadata;
mod new_application;
mod unassign_group;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::Url;

use crate::events::{Target, TargetKind};
use crate::ids::{ApplicationId, KeyId};

pub use activate::{SetApplicationActiveError, set_application_active};
pub use assign_group::{AssignGroupError, assign_group};
pub use attribute_source::{AttributeSource, DIRECTORY_ATTRIBUTES, InvalidSource};
pub use aws_attributes::AttributeProblem;
pub use change_grants::{ChangeGrantsError, GrantChange, GrantsChanged, change_grants};
pub use create::{CreateApplicationError, create_application};
pub use create_bookmark::{CreateBookmarkError, NewBookmark, create_bookmark};
pub use list::{
    ApplicationAndGroups, all_applications, applications_of_group, applications_of_user,
};
pub use metadata::application_metadata;
pub use new_application::{
    AWS_AUDIENCE, AWS_SIGN_IN_URL, InvalidApplication, NewApplication, ROLE_PLACEHOLDER,
};
pub use unassign_group::{UnassignGroupError, unassign_group};

/// A configured application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    pub id: ApplicationId,
    /// Its name in the URL `/saml2/<slug>`; never changes.
    pub slug: String,
    pub label: String,
    pub description: String,
    /// Of the tile: `#rrggbb`.
    pub color: String,
    pub sign_on: SignOn,
    pub active: bool,
    /// Whether people see a tile. Single sign-on by URL works either way (requirement L04).
    pub show_in_portal: bool,
    /// Counts changes; a decoded copy of an older version is stale.
    pub version: i64,
    pub created_at: OffsetDateTime,
}

impl Application {
    pub(crate) fn target(&self) -> Target {
        Target {
            kind: TargetKind::Application,
            id: self.id.to_string(),
            label: self.label.clone(),
        }
    }
}

/// How people get in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignOn {
    /// We tell the application who they are.
    Saml(SamlSignOn),
    /// They sign in there by themselves: the tile opens this address (requirement L05).
    Bookmark(Url),
}

/// Single sign-on by SAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlSignOn {
    pub kind: SamlKind,
    pub settings: SamlSettings,
    /// The key that signs at present.
    pub key: KeyId,
}

impl SignOn {
    /// The name of a bookmark in the database and in the API.
    pub const BOOKMARK: &str = "bookmark";

    /// Which catalogue entry it is from: the name in the database and in the API.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Saml(saml) => saml.kind.as_str(),
            Self::Bookmark(_) => Self::BOOKMARK,
        }
    }

    /// `None` for what takes no assertions.
    pub fn saml(&self) -> Option<&SamlSignOn> {
        match self {
            Self::Saml(saml) => Some(saml),
            Self::Bookmark(_) => None,
        }
    }
}

/// Which catalogue entry a SAML application was made from: whose rules hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SamlKind {
    /// AWS IAM: SAML straight into IAM roles.
    AwsIam,
}

impl SamlKind {
    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwsIam => "aws-iam",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        (name == Self::AwsIam.as_str()).then_some(Self::AwsIam)
    }
}

/// How assertions for an application are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlSettings {
    /// The issuer of its assertions; by default its [`idp_url`].
    pub idp_entity_id: String,
    /// Where responses are posted: Destination and Recipient.
    pub acs_url: String,
    pub audience: String,
    pub name_id: NameIdRule,
    pub signing: Signing,
    /// The same for everyone. A name that repeats gives one attribute with several values.
    pub constant_attributes: Vec<(String, String)>,
    /// Taken from the person. A name that repeats gives one attribute with several values.
    pub user_attribute_mapping: Vec<MappedAttribute>,
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
    /// The URI on the wire.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Email => jetway_saml::NAMEID_EMAIL,
            Self::Persistent => jetway_saml::NAMEID_PERSISTENT,
            Self::Transient => jetway_saml::NAMEID_TRANSIENT,
            Self::Unspecified => jetway_saml::NAMEID_UNSPECIFIED,
        }
    }
}

/// What is signed. The assertion alone is what most service providers accept (security.md §0);
/// signing the response too costs a second RSA signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signing {
    Assertion,
    AssertionAndResponse,
}

/// A signing key at rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKeyRecord {
    pub id: KeyId,
    pub application: ApplicationId,
    pub certificate_der: Vec<u8>,
    /// PKCS#8, sealed by the [`crate::SealingKey`].
    pub sealed_private_key: Vec<u8>,
    pub not_after: OffsetDateTime,
    pub created_at: OffsetDateTime,
}

/// What the portal shows of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub slug: String,
    /// Where a bookmark leads; `None` for single sign-on.
    pub bookmark: Option<Url>,
    pub label: String,
    pub description: String,
    pub color: String,
}

/// The address that people and service providers know an application by:
/// `<public url>/saml2/<slug>` (requirement G09).
pub fn idp_url(public_url: &Url, slug: &str) -> String {
    format!("{}/saml2/{slug}", public_url.as_str().trim_end_matches('/'))
}
