//! Applications: what people sign in to.

mod access;
mod add;
mod assign_group;
mod attribute_source;
pub(crate) mod aws_attributes;
mod catalogue;
mod certificate_alerts;
mod certificates;
mod change_access;
mod change_grants;
mod create;
mod create_bookmark;
mod delete;
mod fill;
mod image;
mod image_format;
mod keys;
mod list;
mod metadata;
mod new_application;
mod problems;
pub(crate) mod role_rules;
mod service_rules;
mod settings;
mod unassign_group;
mod update;

use time::OffsetDateTime;
use url::Url;

use crate::events::{Target, TargetKind};
use crate::ids::{ApplicationId, KeyId};

pub use access::{
    Access, PeopleWithAccess, PersonWithAccess, application_access, people_with_access,
    people_with_access_from,
};
pub use add::{AddApplicationError, AddedApplication, add_application, unused_slug};
pub use assign_group::{AssignGroupError, assign_group};
pub use attribute_source::{AttributeSource, DIRECTORY_ATTRIBUTES, InvalidSource};
pub use aws_attributes::AttributeProblem;
pub use catalogue::{CATALOGUE, CatalogueEntry, EntryKind, catalogue_entry, search_catalogue};
pub use certificate_alerts::warn_of_certificates;
pub use certificates::{InvalidPem, certificate_to_pem, certificates_from_pem};
pub use change_access::{AccessChange, AccessChanged, ChangeAccessError, change_access};
pub use change_grants::{ChangeGrantsError, GrantChange, GrantsChanged, change_grants};
pub use create::{CreateApplicationError, create_application};
pub use create_bookmark::{CreateBookmarkError, NewBookmark, create_bookmark};
pub use delete::{DeleteApplicationsError, delete_applications};
pub use fill::{FillError, Filled, fill_from_metadata};
pub use image::{
    InvalidImage, MAX_IMAGE_BYTES, MAX_IMAGE_SIDE, TileImage, application_image, image_of_tile,
    set_application_image,
};
pub use image_format::ImageFormat;
pub use keys::{
    ChangeKeyError, KeyChange, KeyState, NewKey, SigningKeyInfo, add_key, change_key, list_keys,
};
pub use list::{
    ApplicationAndGroups, all_applications, application, applications_of_group,
    applications_of_user,
};
pub use metadata::application_metadata;
pub use new_application::{AWS_AUDIENCE, AWS_SIGN_IN_URL, NewApplication, ROLE_PLACEHOLDER};
pub use problems::{ApplicationProblem, InvalidApplication};
pub use role_rules::{RoleRule, RuleProblem};
pub use service_rules::ATTRIBUTE_ACCESS_CONTROL_PREFIX;
pub use settings::{
    CIPHERS, EncryptionSettings, LogoutBinding, MappedAttribute, NameIdFormat, NameIdRule,
    RegisteredAcs, SamlSettings, SignatureDigest, Signing, SingleLogout,
};
pub use unassign_group::{UnassignGroupError, unassign_group};
pub use update::{
    ApplicationChange, UpdateApplicationError, activation_problems, set_application_active,
    update_application,
};

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
    /// The hash of the tile's image, which is shown in place of the initials: see [`TileImage`].
    pub image: Option<String>,
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
#[expect(
    clippy::large_enum_variant,
    reason = "applications are few and shared, and most of them are the large variant"
)]
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
    /// AWS IAM: SAML straight into IAM roles, the same for everyone.
    AwsIam,
    /// The same with a table of which group gets which roles.
    AwsIamRoles,
    /// AWS IAM Identity Center.
    IdentityCenter,
    /// Any other service provider.
    Custom,
}

impl SamlKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::AwsIam,
        Self::AwsIamRoles,
        Self::IdentityCenter,
        Self::Custom,
    ];

    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwsIam => "aws-iam",
            Self::AwsIamRoles => "aws-iam-roles",
            Self::IdentityCenter => "aws-identity-center",
            Self::Custom => "saml",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
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
    /// Neither in the metadata nor signing any more.
    pub retired: bool,
    /// Of how many days before its end administrators were told; `None`: they were not.
    pub warned_days: Option<i64>,
}

/// What the portal shows of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub id: ApplicationId,
    pub slug: String,
    /// Where it leads if not to our own single sign-on: the address of a bookmark, or the login
    /// URL of the service provider.
    pub address: Option<Url>,
    pub label: String,
    pub description: String,
    pub color: String,
    /// The hash of its image.
    pub image: Option<String>,
}

/// The address that people and service providers know an application by:
/// `<public url>/saml2/<slug>` (requirement G09).
pub fn idp_url(public_url: &Url, slug: &str) -> String {
    format!("{}/saml2/{slug}", public_url.as_str().trim_end_matches('/'))
}
