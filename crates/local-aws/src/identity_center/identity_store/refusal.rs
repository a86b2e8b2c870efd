//! What goes wrong in the identity store, in the words of its API.

use uuid::Uuid;

use crate::{
    identity_center::directory::{DirectoryError, Kind},
    json_service::JsonError,
};

/// `USER not found.` and the like.
pub(super) fn not_found(resource: &str, id: &str) -> JsonError {
    of_resource(&format!("{resource} not found."), resource, id)
}

/// The user of a membership.
pub(super) fn no_member(user: &Uuid) -> JsonError {
    of_resource("Member does not exist", "USER", &user.to_string())
}

/// The group of a membership.
pub(super) fn no_group(group: &Uuid) -> JsonError {
    of_resource("Group does not exist", "GROUP", &group.to_string())
}

/// Something that is unique is taken.
pub(super) fn duplicate(what: &str) -> JsonError {
    JsonError::conflict(format!("Duplicate {what}"))
        .with("Reason", "UNIQUENESS_CONSTRAINT_VIOLATION")
}

fn of_resource(message: &str, resource: &str, id: &str) -> JsonError {
    let error = JsonError::not_found(message).with("ResourceType", resource);
    if id.is_empty() {
        error
    } else {
        error.with("ResourceId", id)
    }
}

impl From<DirectoryError> for JsonError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Duplicate { attribute, .. } => duplicate(match attribute {
                "userName" => "UserName",
                "displayName" => "GroupDisplayName",
                "emails" => "Email",
                "externalId" => "ExternalId",
                other => other,
            }),
            DirectoryError::NotFound(Kind::User) => not_found("USER", ""),
            DirectoryError::NotFound(Kind::Group) => not_found("GROUP", ""),
            DirectoryError::Store(error) => error.into(),
        }
    }
}
