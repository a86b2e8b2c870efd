//! A group as the API shows one.

use std::collections::BTreeMap;

use jetway_identity::{CustomAttributes, CustomValue, GroupSummary};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::Versioned;
use crate::api::groups::rule::Rule;
use crate::api::instant::Instant;
use crate::api::problem::FieldError;

/// A group of people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Group {
    #[schema(pattern = "^[0-9a-f]{24}$")]
    id: String,
    name: String,
    description: String,
    /// Custom attributes, which members inherit in assertions.
    attributes: BTreeMap<String, Value>,
    membership: Membership,
    /// `null` for a static group.
    rule: Option<Rule>,
    /// The built-in group of all users.
    everyone: bool,
    /// AWS cannot take the group, since its name has a colon in it.
    will_not_sync_to_aws: bool,
    member_count: u64,
    /// Applications that are granted to it.
    application_count: u64,
    created_at: Instant,
    /// When the group itself was last changed; members coming and going do not count.
    updated_at: Instant,
}

/// Who decides who is in a group.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GroupMembership)]
pub(crate) enum Membership {
    /// Members are added and removed one by one.
    Static,
    /// The rule.
    Dynamic,
}

impl From<GroupSummary> for Group {
    fn from(found: GroupSummary) -> Self {
        let group = found.group;
        let rule = group.rule().map(Rule::from);
        Self {
            id: group.id.to_string(),
            will_not_sync_to_aws: group.wont_sync_to_aws(),
            membership: match rule {
                Some(_) => Membership::Dynamic,
                None => Membership::Static,
            },
            name: group.name,
            description: group.description,
            attributes: shown_attributes(group.attributes),
            rule,
            everyone: group.everyone,
            member_count: found.members,
            application_count: found.applications,
            created_at: Instant::new(group.created_at),
            updated_at: Instant::new(group.updated_at),
        }
    }
}

/// With its version.
pub(super) fn versioned(found: GroupSummary) -> Versioned<Group> {
    Versioned {
        version: found.group.version,
        body: found.into(),
    }
}

/// Custom attributes as JSON: the type of each is that of its value.
pub(crate) fn shown_attributes(attributes: CustomAttributes) -> BTreeMap<String, Value> {
    let shown = attributes.into_iter().map(|(name, value)| {
        let value = match value {
            CustomValue::String(text) => Value::String(text),
            CustomValue::Number(number) => Value::Number(number),
            CustomValue::Boolean(value) => Value::Bool(value),
            CustomValue::Json(value) => value,
        };
        (name, value)
    });
    shown.collect()
}

/// The reverse of [`shown_attributes`].
pub(crate) fn meant_attributes(
    attributes: BTreeMap<String, Value>,
) -> Result<CustomAttributes, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut meant = CustomAttributes::new();
    for (name, value) in attributes {
        let value = match value {
            Value::String(text) => CustomValue::String(text),
            Value::Number(number) => CustomValue::Number(number),
            Value::Bool(value) => CustomValue::Boolean(value),
            value @ (Value::Array(_) | Value::Object(_)) => CustomValue::Json(value),
            Value::Null => {
                let message = "an attribute has a value; leave it out to remove it";
                errors.push(FieldError::new(format!("attributes.{name}"), message));
                continue;
            }
        };
        meant.insert(name, value);
    }
    if errors.is_empty() {
        Ok(meant)
    } else {
        Err(errors)
    }
}
