//! Tags of permission sets and of the instance. Their keys tell upper from lower case.

use super::{CenterError, Editing, existing, require, shapes};
use crate::{LocalAws, state::Tag};

/// Tags of a resource.
const MAX_TAGS: usize = 50;

/// Refuses tags that violate the model, use AWS's prefix or collide.
pub(crate) fn check(tags: &[Tag]) -> Result<(), CenterError> {
    // Before anything that takes longer the more there are.
    within_quota(tags)?;
    for (index, tag) in tags.iter().enumerate() {
        require("tags.member.key", &tag.key, shapes::TAG_KEY)?;
        require("tags.member.value", &tag.value, shapes::TAG_VALUE)?;
        if tag.key.to_ascii_lowercase().starts_with("aws:") {
            return Err(CenterError::Validation(
                "Tag keys starting with 'aws:' are reserved for system use.".into(),
            ));
        }
        if tags[..index].iter().any(|other| other.key == tag.key) {
            return Err(CenterError::Validation(format!(
                "The tag key {} is given twice.",
                tag.key
            )));
        }
    }
    Ok(())
}

/// `existing` with `new` added; a tag of the same key is replaced.
pub(crate) fn merged(existing: &[Tag], new: &[Tag]) -> Result<Vec<Tag>, CenterError> {
    check(new)?;
    let mut tags = existing.to_vec();
    for tag in new {
        match tags.iter_mut().find(|other| other.key == tag.key) {
            Some(other) => other.value.clone_from(&tag.value),
            None => tags.push(tag.clone()),
        }
    }
    within_quota(&tags)?;
    Ok(tags)
}

/// Adds or replaces tags of a permission set. Its roles do not change.
pub fn tag_permission_set<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
    new: &[Tag],
) -> Result<(), CenterError> {
    edit_tags(aws, set.into(), |tags| merged(tags, new))
}

/// Removes tags of a permission set; missing ones do not matter.
pub fn untag_permission_set<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
    keys: &[&str],
) -> Result<(), CenterError> {
    edit_tags(aws, set.into(), |tags| Ok(without(tags, keys)))
}

/// `existing` without the tags of these keys.
pub(crate) fn without(existing: &[Tag], keys: &[&str]) -> Vec<Tag> {
    let kept = existing
        .iter()
        .filter(|tag| !keys.contains(&tag.key.as_str()));
    kept.cloned().collect()
}

fn edit_tags(
    aws: &LocalAws,
    set: Editing<'_>,
    change_tags: impl FnOnce(&[Tag]) -> Result<Vec<Tag>, CenterError>,
) -> Result<(), CenterError> {
    aws.cell().change(|change| {
        set.check(change.state())?;
        let mut record = (*existing(change.state(), set.id)?).clone();
        record.tags = change_tags(&record.tags)?;
        change.put_permission_set(record)?;
        Ok(())
    })
}

fn within_quota(tags: &[Tag]) -> Result<(), CenterError> {
    if tags.len() <= MAX_TAGS {
        return Ok(());
    }
    Err(CenterError::Quota(format!(
        "You have exceeded AWS SSO limits. A resource can have at most {MAX_TAGS} tags."
    )))
}
