//! The rule of a dynamic group: which people are in it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::applications::AttributeSource;
use crate::groups::fields::InvalidGroup;
use crate::groups::name_key;
use crate::users::User;

/// Most conditions of one rule.
pub const MAX_CONDITIONS: usize = 20;
/// Most characters of one value, and most values of [`Operator::OneOf`].
const MAX_VALUE: usize = 1024;
const MAX_VALUES: usize = 100;

/// Conditions on the attributes of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRule {
    #[serde(rename = "match")]
    pub combine: Combine,
    /// 1 to [`MAX_CONDITIONS`].
    pub conditions: Vec<Condition>,
}

/// How many of the conditions must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    All,
    Any,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Of the person alone: custom attributes of groups do not count.
    pub attribute: AttributeSource,
    pub operator: Operator,
    /// Ignored by [`Operator::IsSet`] and [`Operator::IsNotSet`]; for [`Operator::OneOf`] several,
    /// separated by commas.
    #[serde(default)]
    pub value: String,
}

macro_rules! operators {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// How an attribute is compared. Letter case does not count. An empty attribute counts as
        /// absent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Operator { $($(#[$doc])* $variant),+ }

        impl Operator {
            /// All of them, in the order in which forms offer them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in the database and in the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The reverse of [`Self::as_str`].
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

operators! {
    Equals = "equals",
    /// Holds also for people without the attribute.
    NotEquals = "not_equals",
    StartsWith = "starts_with",
    Contains = "contains",
    IsSet = "is_set",
    IsNotSet = "is_not_set",
    OneOf = "one_of",
}

impl Operator {
    /// Whether the condition needs a value.
    pub fn takes_value(self) -> bool {
        !matches!(self, Self::IsSet | Self::IsNotSet)
    }
}

impl GroupRule {
    /// Whether this person is in the group.
    pub fn matches(&self, user: &User) -> bool {
        let mut conditions = self.conditions.iter();
        match self.combine {
            Combine::All => conditions.all(|condition| condition.holds(user)),
            Combine::Any => conditions.any(|condition| condition.holds(user)),
        }
    }

    /// The rule as events and the API show it.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Reports what cannot be used; fields are named `rule.…`.
    pub(super) fn check(&self, problems: &mut Vec<InvalidGroup>) {
        let count = self.conditions.len();
        if !(1..=MAX_CONDITIONS).contains(&count) {
            let reason = format!("use 1 to {MAX_CONDITIONS} conditions; these are {count}");
            problems.push(InvalidGroup::new("rule.conditions", reason));
        }
        for (index, condition) in self.conditions.iter().take(MAX_CONDITIONS).enumerate() {
            if let Err(reason) = condition.check() {
                let field = format!("rule.conditions.{index}.value");
                problems.push(InvalidGroup::new(field, reason));
            }
        }
    }
}

impl Condition {
    fn check(&self) -> Result<(), String> {
        if !self.operator.takes_value() {
            return Ok(());
        }
        let values: Vec<_> = self.values().collect();
        match self.operator {
            Operator::OneOf if values.is_empty() => {
                return Err("give at least one value; separate several by commas".to_owned());
            }
            Operator::OneOf if values.len() > MAX_VALUES => {
                return Err(format!("use at most {MAX_VALUES} values"));
            }
            Operator::OneOf => {}
            _ if self.value.trim().is_empty() => {
                return Err("give a value, or use \"is set\" or \"is not set\"".to_owned());
            }
            _ => {}
        }
        let limit = match self.operator {
            Operator::OneOf => MAX_VALUE * MAX_VALUES,
            _ => MAX_VALUE,
        };
        if self.value.chars().count() > limit {
            return Err(format!("use at most {limit} characters"));
        }
        Ok(())
    }

    fn values(&self) -> impl Iterator<Item = &str> {
        let each = self.value.split(',').map(str::trim);
        each.filter(|value| !value.is_empty())
    }

    fn holds(&self, user: &User) -> bool {
        let value = self.attribute.of_user(user).map(|value| name_key(&value));
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return matches!(self.operator, Operator::IsNotSet | Operator::NotEquals);
        };
        match self.operator {
            Operator::Equals => value == name_key(&self.value),
            Operator::NotEquals => value != name_key(&self.value),
            Operator::StartsWith => value.starts_with(&name_key(&self.value)),
            Operator::Contains => value.contains(&name_key(&self.value)),
            Operator::IsSet => true,
            Operator::IsNotSet => false,
            Operator::OneOf => self.values().any(|one| value == name_key(one)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_written_as_json_and_read_back() {
        let text = r#"{"match":"any","conditions":[{"attribute":"custom:Team","operator":"one_of","value":"a, b"},{"attribute":"email","operator":"is_set"}]}"#;
        let rule: GroupRule = serde_json::from_str(text).unwrap();
        let again: GroupRule = serde_json::from_value(rule.to_json()).unwrap();
        assert_eq!(rule, again);
        assert_eq!(rule.conditions[0].operator, Operator::OneOf);
        let unknown = text.replace("one_of", "like");
        assert!(serde_json::from_str::<GroupRule>(&unknown).is_err());
        for operator in Operator::ALL {
            assert_eq!(Operator::from_name(operator.as_str()), Some(*operator));
        }
    }
}
