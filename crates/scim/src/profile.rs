//! The two dialects as data.

use crate::schema::ResourceKind;

/// The shape of error bodies and of their sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorShape {
    /// AWS: `schema` beside `schemas`, request id and time stamp, never a `scimType`.
    Aws,
    /// RFC 7644 section 3.12.
    Rfc,
}

/// What a dialect does with what it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// The request is refused.
    Refuse,
    /// It is left out.
    Ignore,
}

/// How a client asks for the pages after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// With `startIndex`; `count` is read as RFC 7644 section 3.4.2.4 says.
    StartIndex,
    /// With `cursor`; `startIndex` is ignored, `count` is between 1 and 100.
    Cursor,
    /// Not at all: the result is cut. `count` is between 1 and 100.
    FirstOnly,
}

/// The filters a dialect answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filters {
    /// Every filter of the grammar.
    Any,
    /// `eq` on strings, joined by `and`, on exactly these attributes in this order.
    Only {
        /// For users.
        users: &'static [&'static [&'static str]],
        /// For groups.
        groups: &'static [&'static [&'static str]],
    },
}

/// The restrictions on a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatchLimits {
    /// The attributes a user patch may name; the enterprise extension counts as one.
    pub user_attributes: &'static [&'static str],
    /// The attributes a group patch may name.
    pub group_attributes: &'static [&'static str],
    /// Attributes that may not be removed and may be named once a request.
    pub once_and_kept: &'static [&'static str],
    /// Members added and removed in one request.
    pub membership_changes: usize,
}

/// A dialect of SCIM. All differences between the two are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a table of independent switches, each written by name"
)]
pub struct Profile {
    /// `aws` or `rfc`, as the configuration names it.
    pub name: &'static str,
    /// Error bodies and texts.
    pub errors: ErrorShape,
    /// The content type of every answer.
    pub content_type: &'static str,
    /// Attributes outside the schema.
    pub unknown: Unknown,
    /// Attributes of a user, outside the extension, that exist in the schema and are refused.
    pub refused_user_attributes: &'static [&'static str],
    /// Attributes (`name` or `name.sub`) a user must have, not empty.
    pub required_user_attributes: &'static [&'static str],
    /// Multi-valued attributes that may hold one value only.
    pub single_valued: &'static [&'static str],
    /// Members in a new group.
    pub members_on_create: Option<usize>,
    /// Filters.
    pub filters: Filters,
    /// Restrictions on patches; `None`: all of RFC 7644 section 3.5.2.
    pub patch: Option<PatchLimits>,
    /// The number of resources on a page where the client does not say.
    pub default_page: usize,
    /// The largest page.
    pub max_page: usize,
    /// How pages after the first are asked for.
    pub paging: Paging,
    /// Members of a group who do not exist.
    pub unknown_members: Unknown,
    /// Whether `schemas` may be absent in POST and PUT; what is sent is checked.
    pub schemas_optional: bool,
    /// Whether an e-mail address must be the primary one.
    pub primary_email: bool,
    /// Whether strings are held to AWS's pattern and 1024 characters.
    pub constrained_strings: bool,
    /// Whether `"true"` and `"false"` count as booleans.
    pub textual_booleans: bool,
    /// Whether answers carry `Location` and `meta.location`.
    pub locations: bool,
    /// Whether groups are answered with their members.
    pub group_members: bool,
    /// Whether a group may be replaced with PUT.
    pub put_group: bool,
    /// Whether the body of PUT must carry the identifier of the address.
    pub put_needs_id: bool,
    /// The status of a successful PUT of a user.
    pub put_user_status: u16,
    /// The status of a successful PATCH of a group; 204 has no body.
    pub patch_group_status: u16,
}

const ENTERPRISE: &str = crate::schema::ENTERPRISE_URN;

/// IAM Identity Center as it is now: pages of 100, cursors.
pub const AWS: Profile = Profile {
    name: "aws",
    errors: ErrorShape::Aws,
    content_type: "application/json",
    unknown: Unknown::Refuse,
    refused_user_attributes: &[
        "password",
        "ims",
        "photos",
        "x509Certificates",
        "entitlements",
        "groups",
        "emails.display",
        "addresses.display",
        "phoneNumbers.display",
        "roles.display",
        "manager.displayName",
    ],
    required_user_attributes: &[
        "userName",
        "displayName",
        "name.givenName",
        "name.familyName",
    ],
    single_valued: &["emails", "addresses", "phoneNumbers", "roles"],
    members_on_create: Some(100),
    filters: Filters::Only {
        users: &[
            &["userName"],
            &["externalId"],
            &["groups.value"],
            &["id"],
            &["id", "manager"],
            &["manager", "id"],
        ],
        groups: &[
            &["displayName"],
            &["externalId"],
            &["members.value"],
            &["id"],
            &["id", "members"],
            &["members", "id"],
            &["id", "member"],
            &["member", "id"],
        ],
    },
    patch: Some(PatchLimits {
        user_attributes: &[
            "userName",
            "active",
            "externalId",
            "displayName",
            "nickName",
            "profileUrl",
            "title",
            "userType",
            "preferredLanguage",
            "locale",
            "timezone",
            "name",
            ENTERPRISE,
            "emails",
            "addresses",
            "phoneNumbers",
        ],
        group_attributes: &["displayName", "members", "externalId"],
        once_and_kept: &["userName", "active"],
        membership_changes: 100,
    }),
    default_page: 100,
    max_page: 100,
    paging: Paging::Cursor,
    unknown_members: Unknown::Refuse,
    schemas_optional: true,
    primary_email: true,
    constrained_strings: true,
    textual_booleans: true,
    locations: false,
    group_members: false,
    put_group: false,
    put_needs_id: true,
    put_user_status: 201,
    patch_group_status: 204,
};

/// IAM Identity Center until 2025: at most 50 results, no cursors.
pub const AWS_50: Profile = Profile {
    default_page: 50,
    max_page: 50,
    paging: Paging::FirstOnly,
    ..AWS
};

/// RFC 7643 and RFC 7644 as written.
pub const RFC: Profile = Profile {
    name: "rfc",
    errors: ErrorShape::Rfc,
    content_type: "application/scim+json",
    unknown: Unknown::Ignore,
    refused_user_attributes: &[],
    required_user_attributes: &["userName"],
    single_valued: &[],
    members_on_create: None,
    filters: Filters::Any,
    patch: None,
    default_page: 100,
    max_page: 200,
    paging: Paging::StartIndex,
    unknown_members: Unknown::Ignore,
    schemas_optional: false,
    primary_email: false,
    constrained_strings: false,
    textual_booleans: false,
    locations: true,
    group_members: true,
    put_group: true,
    put_needs_id: false,
    put_user_status: 200,
    patch_group_status: 200,
};

impl Profile {
    /// The attributes a resource must have.
    pub fn required(&self, kind: ResourceKind) -> &'static [&'static str] {
        match kind {
            ResourceKind::User => self.required_user_attributes,
            ResourceKind::Group => &["displayName"],
        }
    }

    /// AWS's words where the dialect is AWS's, ours where it is not.
    pub(crate) fn detail(&self, aws: &str, rfc: impl Into<String>) -> String {
        match self.errors {
            ErrorShape::Aws => aws.to_owned(),
            ErrorShape::Rfc => rfc.into(),
        }
    }
}
