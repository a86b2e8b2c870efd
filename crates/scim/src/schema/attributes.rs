//! The tables (RFC 7643 sections 3.1, 4.1, 4.2 and 4.3).

use super::{Attribute, AttributeType as Type, Mutability, Uniqueness};

const fn attribute(name: &'static str, kind: Type, description: &'static str) -> Attribute {
    Attribute {
        name,
        description,
        kind,
        multi_valued: false,
        required: false,
        case_exact: false,
        mutability: Mutability::ReadWrite,
        uniqueness: Uniqueness::None,
        canonical: &[],
    }
}

const fn text(name: &'static str, description: &'static str) -> Attribute {
    attribute(name, Type::Text, description)
}

const fn list(
    name: &'static str,
    subs: &'static [Attribute],
    description: &'static str,
) -> Attribute {
    Attribute {
        multi_valued: true,
        ..attribute(name, Type::Complex(subs), description)
    }
}

const fn read_only(attribute: Attribute) -> Attribute {
    Attribute {
        mutability: Mutability::ReadOnly,
        ..attribute
    }
}

const fn exact(attribute: Attribute) -> Attribute {
    Attribute {
        case_exact: true,
        ..attribute
    }
}

const fn required(attribute: Attribute) -> Attribute {
    Attribute {
        required: true,
        ..attribute
    }
}

const fn immutable(attribute: Attribute) -> Attribute {
    Attribute {
        mutability: Mutability::Immutable,
        ..attribute
    }
}

const fn reference(name: &'static str, to: &'static [&'static str]) -> Attribute {
    exact(attribute(name, Type::Reference(to), "The address of it."))
}

const VALUE: Attribute = text("value", "The value itself.");
const DISPLAY: Attribute = text("display", "A name for people to read.");
const KIND: Attribute = text("type", "What the value is for.");
const PRIMARY: Attribute = attribute(
    "primary",
    Type::Boolean,
    "Whether this is the preferred value.",
);
const WORK_HOME: Attribute = Attribute {
    canonical: &["work", "home", "other"],
    ..KIND
};
const PLAIN: &[Attribute] = &[VALUE, DISPLAY, KIND, PRIMARY];

/// The attributes of every resource.
pub(super) const COMMON: &[Attribute] = &[
    read_only(exact(text("id", "The identifier the server gave."))),
    Attribute {
        uniqueness: Uniqueness::Server,
        ..exact(text("externalId", "The identifier the client gave."))
    },
    read_only(attribute(
        "meta",
        Type::Complex(&[
            exact(text("resourceType", "The kind of the resource.")),
            attribute("created", Type::DateTime, "When it was created."),
            attribute("lastModified", Type::DateTime, "When it was last changed."),
            reference("location", &["uri"]),
            exact(text("version", "The version of the resource.")),
        ]),
        "About the resource.",
    )),
];

const NAME: &[Attribute] = &[
    text("formatted", "The full name."),
    text("familyName", "The family name."),
    text("givenName", "The given name."),
    text("middleName", "The middle name."),
    text("honorificPrefix", "The title before the name."),
    text("honorificSuffix", "What follows the name."),
];

const ADDRESS: &[Attribute] = &[
    text("formatted", "The full address."),
    text("streetAddress", "The street and number."),
    text("locality", "The city."),
    text("region", "The state or region."),
    text("postalCode", "The postal code."),
    text("country", "The country."),
    WORK_HOME,
    PRIMARY,
    DISPLAY,
];

pub(super) const USER: &[Attribute] = &[
    Attribute {
        uniqueness: Uniqueness::Server,
        ..required(text("userName", "The name the user signs in with."))
    },
    attribute("name", Type::Complex(NAME), "The parts of the user's name."),
    text("displayName", "The name shown for the user."),
    text("nickName", "How the user is called."),
    attribute(
        "profileUrl",
        Type::Reference(&["external"]),
        "The user's own page.",
    ),
    text("title", "The user's title, as in \"Vice President\"."),
    text("userType", "The relation to the organisation."),
    text("preferredLanguage", "The language the user prefers."),
    text("locale", "The locale for numbers and dates."),
    text("timezone", "The time zone, as in \"Europe/Zurich\"."),
    attribute("active", Type::Boolean, "Whether the user may sign in."),
    Attribute {
        mutability: Mutability::WriteOnly,
        ..text("password", "The user's password.")
    },
    list(
        "emails",
        &[
            Attribute {
                uniqueness: Uniqueness::Server,
                ..VALUE
            },
            DISPLAY,
            WORK_HOME,
            PRIMARY,
        ],
        "The user's e-mail addresses.",
    ),
    list("phoneNumbers", PLAIN, "The user's phone numbers."),
    list("ims", PLAIN, "The user's instant messaging addresses."),
    list(
        "photos",
        &[
            exact(attribute(
                "value",
                Type::Reference(&["external"]),
                "The photo.",
            )),
            DISPLAY,
            KIND,
            PRIMARY,
        ],
        "Photos of the user.",
    ),
    list("addresses", ADDRESS, "The user's postal addresses."),
    read_only(list(
        "groups",
        &[
            read_only(text("value", "The identifier of the group.")),
            read_only(reference("$ref", &["Group"])),
            read_only(DISPLAY),
            read_only(KIND),
        ],
        "The groups the user belongs to.",
    )),
    list("entitlements", PLAIN, "What the user is entitled to."),
    list("roles", PLAIN, "The user's roles."),
    list(
        "x509Certificates",
        &[
            exact(attribute("value", Type::Binary, "The certificate.")),
            DISPLAY,
            KIND,
            PRIMARY,
        ],
        "Certificates issued to the user.",
    ),
];

pub(super) const GROUP: &[Attribute] = &[
    Attribute {
        uniqueness: Uniqueness::Server,
        ..required(text("displayName", "The name of the group."))
    },
    list(
        "members",
        &[
            immutable(text("value", "The identifier of the member.")),
            immutable(reference("$ref", &["User"])),
            immutable(Attribute {
                canonical: &["User"],
                ..text("type", "What the member is: a user.")
            }),
            read_only(text("display", "The name of the member.")),
        ],
        "The members of the group.",
    ),
];

pub(super) const ENTERPRISE: &[Attribute] = &[
    text("employeeNumber", "The number of the employee."),
    text("costCenter", "The cost center."),
    text("organization", "The organisation."),
    text("division", "The division."),
    text("department", "The department."),
    attribute(
        "manager",
        Type::Complex(&[
            text("value", "The identifier of the manager."),
            reference("$ref", &["User"]),
            read_only(text("displayName", "The manager's name.")),
        ]),
        "The user's manager.",
    ),
];
