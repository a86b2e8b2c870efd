//! AWS's members of users and groups, and the SCIM attributes that they are.

use jetway_scim::{ENTERPRISE_URN, is_visible};

use crate::json_service::Pattern;

/// A member of a user, of a group, or of a structure in one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    /// `GivenName`
    pub(super) name: &'static str,
    /// `givenName`: SCIM's, and AWS's own in documents and paths.
    pub(super) attribute: &'static str,
    pub(super) shape: Shape,
}

/// What a member holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Text(Pattern),
    Flag,
    Structure(&'static [Member]),
    /// At least one structure, and at most so many.
    List(usize, &'static [Member]),
}

const fn member(name: &'static str, attribute: &'static str, shape: Shape) -> Member {
    Member {
        name,
        attribute,
        shape,
    }
}

const fn text(name: &'static str, attribute: &'static str) -> Member {
    member(name, attribute, Shape::Text(TEXT))
}

/// What most strings may be.
pub(super) const TEXT: Pattern = Pattern {
    min: 1,
    max: 1024,
    text: r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0\u3000]+",
    matches: |text| {
        text.chars()
            .all(|c| "\t\n\r \u{a0}\u{3000}".contains(c) || is_visible(c))
    },
};

const USER_NAME: Pattern = Pattern {
    min: 1,
    max: 128,
    text: r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
    matches: |text| text.chars().all(is_visible),
};

const GROUP_NAME: Pattern = Pattern {
    min: 1,
    max: 1024,
    text: r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0]+",
    matches: |text| {
        text.chars()
            .all(|c| "\t\n\r \u{a0}".contains(c) || is_visible(c))
    },
};

const TYPE: Member = text("Type", "type");
const VALUE: Member = text("Value", "value");
const PRIMARY: Member = member("Primary", "primary", Shape::Flag);
const VALUES: &[Member] = &[VALUE, TYPE, PRIMARY];

/// The members of a user that SCIM has too.
pub(super) const USER: &[Member] = &[
    member("UserName", "userName", Shape::Text(USER_NAME)),
    member(
        "Name",
        "name",
        Shape::Structure(&[
            text("Formatted", "formatted"),
            text("FamilyName", "familyName"),
            text("GivenName", "givenName"),
            text("MiddleName", "middleName"),
            text("HonorificPrefix", "honorificPrefix"),
            text("HonorificSuffix", "honorificSuffix"),
        ]),
    ),
    text("DisplayName", "displayName"),
    text("NickName", "nickName"),
    text("ProfileUrl", "profileUrl"),
    member("Emails", "emails", Shape::List(1, VALUES)),
    member(
        "Addresses",
        "addresses",
        Shape::List(
            1,
            &[
                text("StreetAddress", "streetAddress"),
                text("Locality", "locality"),
                text("Region", "region"),
                text("PostalCode", "postalCode"),
                text("Country", "country"),
                text("Formatted", "formatted"),
                TYPE,
                PRIMARY,
            ],
        ),
    ),
    member("PhoneNumbers", "phoneNumbers", Shape::List(1, VALUES)),
    text("UserType", "userType"),
    text("Title", "title"),
    text("PreferredLanguage", "preferredLanguage"),
    text("Locale", "locale"),
    text("Timezone", "timezone"),
    member(
        "Photos",
        "photos",
        Shape::List(3, &[VALUE, TYPE, text("Display", "display"), PRIMARY]),
    ),
    member("Roles", "roles", Shape::List(1, VALUES)),
];

/// The members of a user that SCIM does not have.
pub(super) const BEYOND_SCIM: &[Member] =
    &[text("Website", "website"), text("Birthdate", "birthdate")];

/// The members of a group.
pub(super) const GROUP: &[Member] = &[
    member("DisplayName", "displayName", Shape::Text(GROUP_NAME)),
    text("Description", "description"),
];

/// The name of the only extension of users.
pub(super) const EXTENSION: &str = "aws:identitystore:enterprise";

/// The extension as a member: under [`EXTENSION`] at AWS, under its URN in SCIM.
pub(super) const ENTERPRISE: Member = member(
    EXTENSION,
    ENTERPRISE_URN,
    Shape::Structure(&[
        text("EmployeeNumber", "employeeNumber"),
        text("CostCenter", "costCenter"),
        text("Organization", "organization"),
        text("Division", "division"),
        text("Department", "department"),
        member(
            "Manager",
            "manager",
            Shape::Structure(&[
                VALUE,
                text("Ref", "$ref"),
                text("DisplayName", "displayName"),
            ]),
        ),
    ]),
);
