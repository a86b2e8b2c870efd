//! Why something about an application was not done, as problems.

use jetway_identity::applications::{
    AddApplicationError, ApplicationProblem, ChangeKeyError, FillError, InvalidApplication,
    UpdateApplicationError,
};
use jetway_identity::{CreateApplicationError, StoreError};

use crate::api::Problem;
use crate::api::problem::FieldError;

pub(crate) fn not_added(error: AddApplicationError) -> Problem {
    match error {
        AddApplicationError::Invalid(invalid)
        | AddApplicationError::Create(CreateApplicationError::Invalid(invalid)) => {
            not_valid(invalid)
        }
        AddApplicationError::Create(CreateApplicationError::NotAllowed(error)) => error.into(),
        AddApplicationError::Create(CreateApplicationError::Store(StoreError::Taken(_))) => {
            Problem::taken("slug", "another application has this name in its address")
        }
        AddApplicationError::Create(CreateApplicationError::Store(error)) => error.into(),
        AddApplicationError::Create(
            error @ (CreateApplicationError::Key(_) | CreateApplicationError::Thread),
        ) => Problem::conflict("no-key", error.to_string()),
    }
}

pub(crate) fn not_updated(error: UpdateApplicationError) -> Problem {
    match error {
        UpdateApplicationError::NoSuchApplication => Problem::not_found("application"),
        UpdateApplicationError::Invalid(invalid) => not_valid(invalid),
        UpdateApplicationError::Stale(present) => Problem::stale(present.version),
        UpdateApplicationError::NotAllowed(error) => error.into(),
        UpdateApplicationError::Store(error) => error.into(),
    }
}

pub(crate) fn not_filled(error: FillError) -> Problem {
    match error {
        FillError::NoSuchApplication => Problem::not_found("application"),
        FillError::Bookmark => Problem::conflict("bookmark", "A bookmark takes no metadata."),
        FillError::Metadata(error) => Problem::field("metadata", error.to_string()),
        FillError::Update(error) => not_updated(error),
        FillError::Store(error) => error.into(),
    }
}

pub(crate) fn key_not_changed(error: ChangeKeyError) -> Problem {
    match error {
        ChangeKeyError::NoSuchApplication => Problem::not_found("application"),
        ChangeKeyError::NoSuchKey => Problem::not_found("key"),
        ChangeKeyError::NotAllowed(error) => error.into(),
        ChangeKeyError::Store(error) => error.into(),
        ChangeKeyError::Expired(_) => Problem::field("certificate", error.to_string()),
        error @ (ChangeKeyError::Bookmark
        | ChangeKeyError::Current
        | ChangeKeyError::NotRetired
        | ChangeKeyError::TooMany
        | ChangeKeyError::Key(_)) => Problem::conflict("key", error.to_string()),
    }
}

fn not_valid(InvalidApplication(problems): InvalidApplication) -> Problem {
    let errors = problems.into_iter().map(|problem: ApplicationProblem| {
        FieldError::new(indexed(&problem.field), problem.reason)
    });
    Problem::invalid(errors.collect())
}

/// `saml.role_rules.0.account` is `saml.role_rules[0].account` to callers.
fn indexed(field: &str) -> String {
    let mut path = String::with_capacity(field.len() + 2);
    for part in field.split('.') {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.extend(["[", part, "]"]);
            continue;
        }
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(part);
    }
    path
}
