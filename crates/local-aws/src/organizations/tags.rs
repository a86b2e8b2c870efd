//! Tags of the root, of units and of accounts.

use super::{OrganizationError, organization::edit};
use crate::{
    LocalAws,
    iam::shapes::is_tag_character,
    state::{Tag, organization::OrganizationRecord},
};

const MAX_TAGS: usize = 50;

/// Sets tags of a root, a unit or an account; others stay.
pub fn tag_resource(aws: &LocalAws, id: &str, tags: &[Tag]) -> Result<(), OrganizationError> {
    edit(aws, |organization, _| {
        target(organization, id)?;
        put(organization, id, tags)
    })
}

/// Removes the tags with these keys.
pub fn untag_resource(aws: &LocalAws, id: &str, keys: &[&str]) -> Result<(), OrganizationError> {
    edit(aws, |organization, _| {
        target(organization, id)?;
        if let Some(tags) = organization.tags.get_mut(id) {
            tags.retain(|tag| !keys.contains(&tag.key.as_str()));
        }
        Ok(())
    })
}

/// Refuses ids that nothing has.
pub(super) fn target(organization: &OrganizationRecord, id: &str) -> Result<(), OrganizationError> {
    organization
        .kind_of(id)
        .map(drop)
        .ok_or(OrganizationError::TargetNotFound)
}

/// Checks the tags and adds them to what `id` has.
pub(super) fn put(
    organization: &mut OrganizationRecord,
    id: &str,
    new: &[Tag],
) -> Result<(), OrganizationError> {
    check(new)?;
    if new.is_empty() {
        return Ok(());
    }
    let tags = organization.tags.entry(id.to_owned()).or_default();
    tags.retain(|tag| !new.iter().any(|other| other.key == tag.key));
    tags.extend_from_slice(new);
    if tags.len() > MAX_TAGS {
        return Err(too_many());
    }
    Ok(())
}

const fn too_many() -> OrganizationError {
    OrganizationError::constraint(
        "MAX_TAG_LIMIT_EXCEEDED",
        "You have exceeded the number of tags allowed on this resource.",
    )
}

/// Refuses keys and values that the model does not allow, system tags, and a key that comes twice.
pub(super) fn check(tags: &[Tag]) -> Result<(), OrganizationError> {
    // Before anything that takes longer the more there are.
    if tags.len() > MAX_TAGS {
        return Err(too_many());
    }
    for (index, tag) in tags.iter().enumerate() {
        let fits = (1..=128).contains(&tag.key.chars().count())
            && tag.value.chars().count() <= 256
            && tag
                .key
                .chars()
                .chain(tag.value.chars())
                .all(is_tag_character);
        if !fits {
            return Err(OrganizationError::invalid(
                "INVALID_LIST_MEMBER",
                "You provided a list to a parameter that contains at least one invalid value.",
            ));
        }
        if tag.key.to_lowercase().starts_with("aws:") {
            return Err(OrganizationError::invalid(
                "INVALID_SYSTEM_TAGS_PARAMETER",
                "You specified a tag key that is a system tag. You can't add, edit, or delete system tag keys because they're reserved for AWS use.",
            ));
        }
        if tags[..index].iter().any(|other| other.key == tag.key) {
            return Err(OrganizationError::invalid(
                "DUPLICATE_TAG_KEY",
                "Tag keys must be unique among the tags attached to the same entity.",
            ));
        }
    }
    Ok(())
}
