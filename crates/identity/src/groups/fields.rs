//! What the fields of a group may hold.

use serde_json::{Value, json};

use crate::custom_attributes::{self, CustomAttributes};
use crate::groups::{Group, GroupRule};
use crate::text;

/// Most characters of a group's name and of its description.
const MAX_NAME: usize = 1024;
const MAX_DESCRIPTION: usize = 1024;

/// A field that cannot be as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidGroup {
    /// The path of the field, as in the API: `name`, `attributes.Project`, `rule.conditions.0.value`.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl InvalidGroup {
    pub(super) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        let (field, reason) = (field.into(), reason.into());
        Self { field, reason }
    }
}

/// All reasons in one line, for logs.
pub(super) fn sentence(problems: &[InvalidGroup]) -> String {
    let each = problems.iter().map(|problem| problem.reason.as_str());
    each.collect::<Vec<_>>().join("; ")
}

/// Checks every field; all problems at once.
pub(super) fn check(group: &Group) -> Result<(), Vec<InvalidGroup>> {
    let mut problems = Vec::new();
    if let Err(error) = text::check_filled("the group name", &group.name, MAX_NAME) {
        problems.push(InvalidGroup::new("name", error.to_string()));
    }
    if let Err(error) = text::check_lines("the description", &group.description, MAX_DESCRIPTION) {
        problems.push(InvalidGroup::new("description", error.to_string()));
    }
    check_attributes(&group.attributes, &mut problems);
    if let Some(rule) = group.rule() {
        rule.check(&mut problems);
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn check_attributes(attributes: &CustomAttributes, problems: &mut Vec<InvalidGroup>) {
    if attributes.len() > custom_attributes::MAX_ATTRIBUTES {
        if let Err(error) = custom_attributes::check(attributes) {
            problems.push(InvalidGroup::new("attributes", error.to_string()));
        }
        return;
    }
    for (name, value) in attributes {
        let one = CustomAttributes::from([(name.clone(), value.clone())]);
        if let Err(error) = custom_attributes::check(&one) {
            problems.push(InvalidGroup::new(
                format!("attributes.{name}"),
                error.to_string(),
            ));
        }
    }
}

/// The fields as the activity log shows them.
pub(super) fn visible(group: &Group) -> Value {
    json!({
        "name": group.name,
        "description": group.description,
        "attributes": group.attributes,
        "rule": group.rule().map(GroupRule::to_json),
    })
}
