//! An application as the API shows one.

use jetway_identity::ApplicationAndGroups;
use jetway_identity::applications::SignOn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::applications::saml::Saml;
use crate::api::instant::Instant;

/// What people sign in to, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApplicationBrief {
    id: String,
    /// Its name in the address `/saml2/<slug>`.
    slug: String,
    label: String,
    #[schema(example = "aws-iam")]
    kind: &'static str,
    active: bool,
}

impl ApplicationBrief {
    pub(crate) fn of(application: &jetway_identity::Application) -> Self {
        Self {
            id: application.id.to_string(),
            slug: application.slug.clone(),
            label: application.label.clone(),
            kind: application.sign_on.kind(),
            active: application.active,
        }
    }
}

/// A group, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupBrief {
    id: String,
    name: String,
}

impl GroupBrief {
    pub(crate) fn of(group: &jetway_identity::Group) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name.clone(),
        }
    }
}

/// What people sign in to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Application {
    #[serde(flatten)]
    brief: ApplicationBrief,
    description: String,
    /// `#rrggbb`
    color: String,
    /// SHA-256 of the tile's image, which is at `…/image`. `null`: the tile shows initials.
    image: Option<String>,
    /// Whether people who have it see a tile.
    show_in_portal: bool,
    /// Of a bookmark.
    bookmark_url: Option<String>,
    /// Of single sign-on by SAML.
    saml: Option<Saml>,
    /// The groups that it is granted to.
    groups: Vec<GroupBrief>,
    /// How many single users it is granted to.
    users: u64,
    created_at: Instant,
}

impl From<ApplicationAndGroups> for Application {
    fn from(one: ApplicationAndGroups) -> Self {
        let application = one.application;
        Self {
            brief: ApplicationBrief::of(&application),
            description: application.description.clone(),
            color: application.color.clone(),
            image: application.image.clone(),
            bookmark_url: match &application.sign_on {
                SignOn::Bookmark(url) => Some(url.to_string()),
                SignOn::Saml(_) => None,
            },
            saml: application
                .sign_on
                .saml()
                .map(|saml| Saml::of(&saml.settings)),
            users: one.users,
            show_in_portal: application.show_in_portal,
            groups: one.groups.iter().map(GroupBrief::of).collect(),
            created_at: Instant::new(application.created_at),
        }
    }
}
