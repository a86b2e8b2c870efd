//! Why something about a group was not done, as problems.

use jetway_identity::{
    ChangeMembersError, CreateGroupError, DeleteGroupError, InvalidGroup, PreviewRuleError,
    StoreError, UpdateGroupError,
};

use crate::api::Problem;
use crate::api::problem::FieldError;

pub(crate) fn not_created(error: CreateGroupError) -> Problem {
    match error {
        CreateGroupError::Invalid(problems) => invalid(problems),
        CreateGroupError::NotAllowed(error) => error.into(),
        CreateGroupError::Store(error) => stored(error),
    }
}

pub(crate) fn not_updated(error: UpdateGroupError) -> Problem {
    match error {
        UpdateGroupError::NoSuchGroup => Problem::not_found("group"),
        UpdateGroupError::BuiltIn => built_in(&error),
        UpdateGroupError::Invalid(problems) => invalid(problems),
        UpdateGroupError::Stale(present) => Problem::stale(present.version),
        UpdateGroupError::NotAllowed(error) => error.into(),
        UpdateGroupError::Store(error) => stored(error),
    }
}

pub(crate) fn not_deleted(error: DeleteGroupError) -> Problem {
    match error {
        DeleteGroupError::NoSuchGroup => Problem::not_found("group"),
        DeleteGroupError::BuiltIn => built_in(&error),
        DeleteGroupError::Stale(present) => Problem::stale(present.version),
        DeleteGroupError::NotAllowed(error) => error.into(),
        DeleteGroupError::Store(error) => error.into(),
    }
}

/// `field` holds the ids of the people.
pub(crate) fn members_not_changed(error: ChangeMembersError, field: &str) -> Problem {
    match error {
        ChangeMembersError::NoSuchGroup => Problem::not_found("group"),
        ChangeMembersError::NoSuchUser(_) | ChangeMembersError::TooMany => {
            Problem::field(field, error.to_string())
        }
        ChangeMembersError::BuiltIn => built_in(&error),
        ChangeMembersError::Dynamic => Problem::conflict("dynamic-group", sentence(&error)),
        ChangeMembersError::NotAllowed(error) => error.into(),
        ChangeMembersError::Store(error) => error.into(),
    }
}

pub(crate) fn not_previewed(error: PreviewRuleError) -> Problem {
    match error {
        PreviewRuleError::NoSuchGroup => Problem::field("group", "there is no such group"),
        PreviewRuleError::BuiltIn => built_in(&error),
        PreviewRuleError::Invalid(problems) => invalid(problems),
        PreviewRuleError::Store(error) => error.into(),
    }
}

fn built_in(error: &dyn std::error::Error) -> Problem {
    Problem::conflict("built-in-group", sentence(error))
}

fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn stored(error: StoreError) -> Problem {
    match error {
        StoreError::Taken(_) => Problem::taken("name", "another group has this name"),
        error => error.into(),
    }
}

fn invalid(problems: Vec<InvalidGroup>) -> Problem {
    let errors = problems.into_iter().map(|problem| {
        // `rule.conditions.0.value` is `rule.conditions[0].value` to callers.
        let field = match problem.field.strip_prefix("rule.conditions.") {
            Some(rest) => match rest.split_once('.') {
                Some((index, field)) => format!("rule.conditions[{index}].{field}"),
                None => problem.field,
            },
            None => problem.field,
        };
        FieldError::new(field, problem.reason)
    });
    Problem::invalid(errors.collect())
}
