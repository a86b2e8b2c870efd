//! The rule of a dynamic group, as the API writes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::FieldError;

/// Who is in a dynamic group.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GroupRule)]
pub(crate) struct Rule {
    #[serde(rename = "match")]
    combine: Combine,
    #[schema(min_items = 1, max_items = 20)]
    conditions: Vec<Condition>,
}

/// How many of the conditions must hold.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Combine {
    All,
    Any,
}

/// A condition on one attribute. Letter case does not count.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Condition {
    /// `email`, `username`, `firstname`, `lastname`, `displayname`, a directory attribute such as
    /// `department`, or `custom:` and the name of a custom attribute.
    #[schema(example = "department")]
    attribute: String,
    operator: Operator,
    /// Not needed by `is_set` and `is_not_set`. For `one_of` several, separated by commas.
    #[serde(default)]
    #[schema(max_length = 1024)]
    value: String,
}

/// How an attribute is compared. `not_equals` holds also for people without the attribute.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Operator {
    Equals,
    NotEquals,
    StartsWith,
    Contains,
    IsSet,
    IsNotSet,
    OneOf,
}

impl Rule {
    /// The rule; attributes that do not exist are reported under `rule.…`.
    pub(super) fn meant(self) -> Result<jetway_identity::GroupRule, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut conditions = Vec::new();
        for (index, condition) in self.conditions.into_iter().enumerate() {
            match condition.attribute.parse() {
                Ok(attribute) => conditions.push(jetway_identity::groups::Condition {
                    attribute,
                    operator: condition.operator.into(),
                    value: condition.value,
                }),
                Err(error) => {
                    let field = format!("rule.conditions[{index}].attribute");
                    errors.push(FieldError::new(field, format!("{error}")));
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(jetway_identity::GroupRule {
            combine: match self.combine {
                Combine::All => jetway_identity::groups::Combine::All,
                Combine::Any => jetway_identity::groups::Combine::Any,
            },
            conditions,
        })
    }
}

impl From<&jetway_identity::GroupRule> for Rule {
    fn from(rule: &jetway_identity::GroupRule) -> Self {
        let conditions = rule.conditions.iter().map(|condition| Condition {
            attribute: condition.attribute.to_string(),
            operator: condition.operator.into(),
            value: condition.value.clone(),
        });
        Self {
            combine: match rule.combine {
                jetway_identity::groups::Combine::All => Combine::All,
                jetway_identity::groups::Combine::Any => Combine::Any,
            },
            conditions: conditions.collect(),
        }
    }
}

macro_rules! same_operators {
    ($($name:ident),+) => {
        impl From<Operator> for jetway_identity::groups::Operator {
            fn from(operator: Operator) -> Self {
                match operator { $(Operator::$name => Self::$name),+ }
            }
        }

        impl From<jetway_identity::groups::Operator> for Operator {
            fn from(operator: jetway_identity::groups::Operator) -> Self {
                match operator { $(jetway_identity::groups::Operator::$name => Self::$name),+ }
            }
        }
    };
}

same_operators!(
    Equals, NotEquals, StartsWith, Contains, IsSet, IsNotSet, OneOf
);
