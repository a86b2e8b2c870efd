//! What is stored of users, groups and memberships.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// What the identity store knows of users and of groups alike.
pub trait Entry: Clone {
    /// The identifier that SCIM and the APIs show.
    fn id(&self) -> Uuid;
    /// Position in the order of creation.
    fn sequence(&self) -> u64;
    /// The unique name: `userName` or `displayName`.
    fn name(&self) -> &str;
    /// SCIM's `externalId`.
    fn external_id(&self) -> Option<&str>;
    /// The unique address of a user.
    fn email(&self) -> Option<&str>;
}

/// A user. The attributes are SCIM's (RFC 7643 section 4.1 and the enterprise extension), in the
/// case of the schema, without `id` and `meta`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserRecord {
    /// Random; a user who is deleted and created again gets another one.
    pub id: Uuid,
    /// Position in the order of creation.
    pub sequence: u64,
    /// SCIM attributes.
    pub attributes: Map<String, Value>,
    /// What the Identity Store API knows and SCIM does not: `website`, `birthdate`.
    #[serde(default)]
    pub beyond_scim: Map<String, Value>,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds.
    pub updated_at: i64,
    /// Who created it: an ARN, or `SCIM`.
    #[serde(default)]
    pub created_by: String,
    /// Who changed it last.
    #[serde(default)]
    pub updated_by: String,
    /// When the user was disabled last; Unix seconds. Sign-ins up to then are over for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deactivated_at: Option<i64>,
}

impl UserRecord {
    /// Whether the user may sign in. SCIM's `active`; absent means yes.
    pub fn is_active(&self) -> bool {
        self.attributes
            .get("active")
            .and_then(Value::as_bool)
            .unwrap_or(true)
    }

    /// A string among the attributes.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).and_then(Value::as_str)
    }
}

impl Entry for UserRecord {
    fn id(&self) -> Uuid {
        self.id
    }

    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn name(&self) -> &str {
        self.text("userName").unwrap_or_default()
    }

    fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    /// The primary address, or the only one.
    fn email(&self) -> Option<&str> {
        let emails = self.attributes.get("emails")?.as_array()?;
        let is_primary =
            |email: &&Value| email.get("primary").and_then(Value::as_bool) == Some(true);
        emails
            .iter()
            .find(is_primary)
            .or_else(|| emails.first())?
            .get("value")?
            .as_str()
    }
}

/// A group: `displayName`, `externalId`, `description`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupRecord {
    /// Random; a group that is deleted and created again gets another one.
    pub id: Uuid,
    /// Position in the order of creation.
    pub sequence: u64,
    /// SCIM attributes, without `members`.
    pub attributes: Map<String, Value>,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds.
    pub updated_at: i64,
    /// Who created it: an ARN, or `SCIM`.
    #[serde(default)]
    pub created_by: String,
    /// Who changed it last.
    #[serde(default)]
    pub updated_by: String,
}

impl GroupRecord {
    /// A string among the attributes.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).and_then(Value::as_str)
    }
}

impl Entry for GroupRecord {
    fn id(&self) -> Uuid {
        self.id
    }

    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn name(&self) -> &str {
        self.text("displayName").unwrap_or_default()
    }

    fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    fn email(&self) -> Option<&str> {
        None
    }
}

/// A user in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipRecord {
    /// Random.
    pub id: Uuid,
    /// The group.
    pub group: Uuid,
    /// The user.
    pub user: Uuid,
}
