//! `/api/v1/sign-in-policies`: what sign-ins need (requirement M03).

mod change;
mod described;
mod document;
mod read;
mod simulate;

use jetway_identity::sign_in_policies::{ChangeSignInPolicyError, InvalidPolicy};
use utoipa::OpenApi;

use crate::api::Problem;
use crate::api::problem::FieldError;

pub(crate) use change::{change, create, delete};
pub(crate) use read::{list, show};
pub(crate) use simulate::simulate;

/// The operations of this folder.
#[derive(OpenApi)]
#[openapi(paths(
    read::list,
    change::create,
    read::show,
    change::change,
    change::delete,
    simulate::simulate
))]
pub(crate) struct Api;

fn refusal(error: ChangeSignInPolicyError) -> Problem {
    match error {
        ChangeSignInPolicyError::NoSuchPolicy => Problem::not_found("sign-in policy"),
        ChangeSignInPolicyError::Invalid(invalid) => invalid_policy(&invalid),
        ChangeSignInPolicyError::Stale(present) => Problem::stale(present.version),
        ChangeSignInPolicyError::NotAllowed(error) => error.into(),
        ChangeSignInPolicyError::Store(error) => error.into(),
    }
}

fn invalid_policy(invalid: &InvalidPolicy) -> Problem {
    let errors = invalid.0.iter();
    let errors = errors.map(|problem| FieldError::new(path(&problem.field), &problem.reason));
    Problem::invalid(errors.collect())
}

/// `conditions.times.inside[0].days` of `conditions.times.inside.0.days`, as everywhere in the API.
fn path(field: &str) -> String {
    let mut path = String::new();
    for part in field.split('.') {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.extend(["[", part, "]"]);
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_lists_stand_in_brackets() {
        assert_eq!(path("name"), "name");
        assert_eq!(
            path("conditions.times.inside.0.days"),
            "conditions.times.inside[0].days"
        );
    }
}
