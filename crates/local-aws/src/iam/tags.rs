//! Tags of roles, SAML providers and managed policies.

use super::error::IamError;
use crate::{iam::shapes, state::Tag};

const MAX_TAGS: usize = 50;

/// Refuses tags that violate the model, use AWS's prefix, or collide: keys ignore case.
pub(crate) fn check(tags: &[Tag]) -> Result<(), IamError> {
    for (index, tag) in tags.iter().enumerate() {
        shapes::TAG_KEY.require("tags.member.key", &tag.key)?;
        shapes::TAG_VALUE.require("tags.member.value", &tag.value)?;
        if tag.key.to_lowercase().starts_with("aws:") {
            return Err(IamError::InvalidInput(
                "Tag keys starting with 'aws:' are reserved for system use.".into(),
            ));
        }
        if tags[..index]
            .iter()
            .any(|other| same_key(&other.key, &tag.key))
        {
            return Err(IamError::InvalidInput(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.".into(),
            ));
        }
    }
    Ok(())
}

/// `existing` with `new` added; a tag of the same key is replaced.
pub(crate) fn merge(existing: &[Tag], new: &[Tag]) -> Result<Vec<Tag>, IamError> {
    check(new)?;
    let mut merged: Vec<Tag> = existing
        .iter()
        .filter(|tag| !new.iter().any(|other| same_key(&other.key, &tag.key)))
        .cloned()
        .collect();
    merged.extend_from_slice(new);
    if merged.len() > MAX_TAGS {
        return Err(IamError::LimitExceeded(format!(
            "The number of tags has reached the maximum limit. The limit is {MAX_TAGS}."
        )));
    }
    Ok(merged)
}

/// `existing` without the tags of these keys.
pub(crate) fn without(existing: &[Tag], keys: &[&str]) -> Vec<Tag> {
    existing
        .iter()
        .filter(|tag| !keys.iter().any(|key| same_key(key, &tag.key)))
        .cloned()
        .collect()
}

/// Tags ordered by key, as the read operations answer them.
pub(crate) fn sorted(tags: &[Tag]) -> Vec<Tag> {
    let mut tags = tags.to_vec();
    tags.sort_by(|a, b| a.key.cmp(&b.key));
    tags
}

/// Whether two tag keys are the same key.
pub(crate) fn same_key(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}
