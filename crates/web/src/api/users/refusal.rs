//! What the rules of people mean for the fields of a request.

use http::StatusCode;
use jetway_identity::passwords::HashError;
use jetway_identity::{InvalidField, StoreError, Unique, User, UserId};

use crate::api::Problem;
use crate::api::custom_attributes::CustomAttributesChange;
use crate::api::problem::FieldError;
use crate::shared::Site;

/// The person with this id.
pub(super) async fn known(site: &Site, id: UserId) -> Result<User, Problem> {
    let found = site.store.read().await?.user(id).await?;
    found.ok_or_else(nobody)
}

/// 404.
pub(super) fn nobody() -> Problem {
    Problem::not_found("user")
}

/// 422 with all fields; `custom` is what was sent of custom attributes.
pub(super) fn invalid(
    problems: Vec<InvalidField>,
    custom: Option<&CustomAttributesChange>,
) -> Problem {
    let error = |problem: InvalidField| {
        let field = match problem.field.as_str() {
            "firstname" => "first_name".to_owned(),
            "lastname" => "last_name".to_owned(),
            "displayname" => "display_name".to_owned(),
            "email" | "username" | "custom_attributes" => problem.field,
            name => match name.strip_prefix("custom:") {
                Some(name) => custom.map_or_else(
                    || format!("custom_attributes.{name}"),
                    |custom| custom.place(name),
                ),
                None => format!("attributes.{name}"),
            },
        };
        FieldError::new(field, problem.reason)
    };
    Problem::invalid(problems.into_iter().map(error).collect())
}

/// 409 for an address or username of somebody else.
pub(super) fn not_stored(error: StoreError) -> Problem {
    let field = match error {
        StoreError::Taken(Unique::Email) => "email",
        StoreError::Taken(Unique::Username) => "username",
        error => return error.into(),
    };
    Problem::taken(field, "somebody in the directory already has this")
}

/// 422 for a password that breaks a rule; 503 while too many passwords are being hashed.
pub(super) fn password(error: HashError) -> Problem {
    match error {
        HashError::Password(reason) => Problem::field("password", reason.to_string()),
        HashError::Busy(_) => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Not available right now",
            "Too many passwords are being checked. Try again in a few seconds.",
        )
        .retry_after(2),
    }
}
