//! The schemas as data (RFC 7643 sections 4 and 8.7.1): what is read, what is answered, and what
//! `/Schemas` says come from the same tables.

mod attributes;

use attributes::{COMMON, ENTERPRISE, GROUP, USER};

/// The URN of users.
pub const USER_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The URN of groups.
pub const GROUP_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The URN of the enterprise extension of users.
pub const ENTERPRISE_URN: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(crate) const CORE_URNS: [&str; 2] = [USER_URN, GROUP_URN];
pub(crate) const KNOWN_URNS: [&str; 3] = [USER_URN, GROUP_URN, ENTERPRISE_URN];

/// The resources there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    /// `/Users`.
    User,
    /// `/Groups`.
    Group,
}

impl ResourceKind {
    /// The URN of the core schema.
    pub fn urn(self) -> &'static str {
        match self {
            Self::User => USER_URN,
            Self::Group => GROUP_URN,
        }
    }

    /// `User` or `Group`.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The attributes of the core schema, without the common ones.
    pub fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::User => USER,
            Self::Group => GROUP,
        }
    }
}

/// The attributes of the enterprise extension.
pub fn enterprise_attributes() -> &'static [Attribute] {
    ENTERPRISE
}

/// The type of an attribute (RFC 7643 section 2.3).
#[derive(Debug, Clone, Copy)]
pub enum AttributeType {
    /// A string.
    Text,
    /// A boolean.
    Boolean,
    /// An instant in RFC 3339 form.
    DateTime,
    /// Base64.
    Binary,
    /// A URI; the kinds of resource it points at.
    Reference(&'static [&'static str]),
    /// Sub-attributes.
    Complex(&'static [Attribute]),
}

/// Who may change an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    /// The client.
    ReadWrite,
    /// The server; what a client sends is left out.
    ReadOnly,
    /// The client, once.
    Immutable,
    /// The client; never answered.
    WriteOnly,
}

/// Where values must be unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uniqueness {
    /// Nowhere.
    None,
    /// Among the resources of the server.
    Server,
}

/// One attribute of a schema.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    /// The name in its own case.
    pub name: &'static str,
    /// A sentence for people.
    pub description: &'static str,
    /// The type.
    pub kind: AttributeType,
    /// Whether it is a list.
    pub multi_valued: bool,
    /// Whether the schema requires it.
    pub required: bool,
    /// Whether case matters in comparisons.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// Where it must be unique.
    pub uniqueness: Uniqueness,
    /// Suggested values.
    pub canonical: &'static [&'static str],
}

impl Attribute {
    /// The sub-attribute called `name`, in any case.
    pub fn sub(&self, name: &str) -> Option<&'static Attribute> {
        match self.kind {
            AttributeType::Complex(subs) => find(subs, name),
            _ => None,
        }
    }
}

fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// The attribute `name` of the core schema of a kind, the common ones among them.
pub fn core_attribute(kind: ResourceKind, name: &str) -> Option<&'static Attribute> {
    find(kind.attributes(), name).or_else(|| find(COMMON, name))
}

/// The attribute `name` of the enterprise extension.
pub fn enterprise_attribute(name: &str) -> Option<&'static Attribute> {
    find(ENTERPRISE, name)
}

/// Whether members of a group have a sub-attribute called `name`.
pub(crate) fn is_group_member(name: &str) -> bool {
    core_attribute(ResourceKind::Group, "members")
        .is_some_and(|members| members.sub(name).is_some())
}

/// Whether case matters when `name` (or `name.sub`) is compared. Unknown names ignore it.
pub(crate) fn is_case_exact(name: &str, sub: Option<&str>) -> bool {
    let Some(attribute) = find(USER, name)
        .or_else(|| find(GROUP, name))
        .or_else(|| find(COMMON, name))
        .or_else(|| find(ENTERPRISE, name))
    else {
        return false;
    };
    match attribute.kind {
        AttributeType::Complex(_) => attribute
            .sub(sub.unwrap_or("value"))
            .is_some_and(|sub| sub.case_exact),
        _ => attribute.case_exact,
    }
}
