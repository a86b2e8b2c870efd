//! Attributes for access control: which attributes of people become session tags
//! (identity-center.md §4.6).

use super::lifecycle::edit;
use crate::{
    LocalAws, iam::same_key, identity_center::error::CenterError,
    state::center::AccessControlAttribute,
};

/// Attributes of an instance.
const MAX_ATTRIBUTES: usize = 50;

/// Enables attributes for access control.
pub fn create_access_control(
    aws: &LocalAws,
    attributes: Vec<AccessControlAttribute>,
) -> Result<(), CenterError> {
    check(&attributes)?;
    edit(aws, |record| {
        if record.access_control.is_some() {
            return Err(CenterError::Conflict(
                "The InstanceAccessControlAttributeConfiguration already exists.".into(),
            ));
        }
        record.access_control = Some(attributes);
        Ok(())
    })
}

/// Replaces the list of attributes.
pub fn update_access_control(
    aws: &LocalAws,
    attributes: Vec<AccessControlAttribute>,
) -> Result<(), CenterError> {
    check(&attributes)?;
    edit(aws, |record| {
        let known = record.access_control.as_mut().ok_or_else(missing)?;
        *known = attributes;
        Ok(())
    })
}

/// Disables attributes for access control, those of assertions, too.
pub fn delete_access_control(aws: &LocalAws) -> Result<(), CenterError> {
    edit(aws, |record| match record.access_control.take() {
        Some(_) => Ok(()),
        None => Err(missing()),
    })
}

pub(crate) fn missing() -> CenterError {
    CenterError::NotFound("The InstanceAccessControlAttributeConfiguration does not exist.".into())
}

fn check(attributes: &[AccessControlAttribute]) -> Result<(), CenterError> {
    if attributes.len() > MAX_ATTRIBUTES {
        return Err(CenterError::Validation(format!(
            "There can be at most {MAX_ATTRIBUTES} attributes for access control; these are {}.",
            attributes.len()
        )));
    }
    for (index, attribute) in attributes.iter().enumerate() {
        let mut before = attributes[..index].iter();
        if before.any(|other| same_key(&other.key, &attribute.key)) {
            return Err(CenterError::Validation(format!(
                "The attribute key {} is given twice.",
                attribute.key
            )));
        }
    }
    Ok(())
}
