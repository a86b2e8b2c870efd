//! Organisational units.

use super::{OrganizationError, ids, organization::edit, tags};
use crate::{
    LocalAws,
    op::Op,
    state::{
        Tag,
        organization::{OrganizationRecord, UnitRecord},
    },
};

/// Levels of units below the root.
const MAX_DEPTH: usize = 5;
/// Units of an organisation.
const MAX_UNITS: usize = 2000;

/// Creates a unit below the root or another unit.
pub fn create_unit(
    aws: &LocalAws,
    op: &mut Op,
    parent: &str,
    name: &str,
    unit_tags: &[Tag],
) -> Result<UnitRecord, OrganizationError> {
    edit(aws, |organization, _| {
        if !organization.is_parent(parent) {
            return Err(OrganizationError::ParentNotFound);
        }
        if organization.depth(parent) >= MAX_DEPTH {
            return Err(OrganizationError::constraint(
                "OU_DEPTH_LIMIT_EXCEEDED",
                "You cannot add an organizational unit to the specified parent because it would exceed the max depth allowed.",
            ));
        }
        if organization.units.len() >= MAX_UNITS {
            return Err(OrganizationError::constraint(
                "OU_NUMBER_LIMIT_EXCEEDED",
                "You have exceeded the number of organizational units that an organization can have.",
            ));
        }
        unique_name(organization, parent, name, None)?;
        let record = UnitRecord {
            id: ids::unit(op, &organization.root_id),
            name: name.to_owned(),
            parent: parent.to_owned(),
        };
        tags::put(organization, &record.id, unit_tags)?;
        organization.units.insert(record.id.clone(), record.clone());
        Ok(record)
    })
}

/// Gives a unit another name.
pub fn rename_unit(aws: &LocalAws, id: &str, name: &str) -> Result<UnitRecord, OrganizationError> {
    edit(aws, |organization, _| {
        let mut record = existing(organization, id)?.clone();
        unique_name(organization, &record.parent, name, Some(id))?;
        name.clone_into(&mut record.name);
        organization.units.insert(record.id.clone(), record.clone());
        Ok(record)
    })
}

/// Deletes a unit that has neither accounts nor units left.
pub fn delete_unit(aws: &LocalAws, id: &str) -> Result<(), OrganizationError> {
    edit(aws, |organization, _| {
        existing(organization, id)?;
        let occupied = organization.units_in(id).next().is_some()
            || organization.accounts_in(id).next().is_some();
        if occupied {
            return Err(OrganizationError::UnitNotEmpty);
        }
        organization.units.remove(id);
        organization.tags.remove(id);
        Ok(())
    })
}

/// The unit with this id, or AWS's refusal.
pub(super) fn existing<'a>(
    organization: &'a OrganizationRecord,
    id: &str,
) -> Result<&'a UnitRecord, OrganizationError> {
    organization
        .units
        .get(id)
        .ok_or(OrganizationError::UnitNotFound)
}

fn unique_name(
    organization: &OrganizationRecord,
    parent: &str,
    name: &str,
    except: Option<&str>,
) -> Result<(), OrganizationError> {
    let taken = organization
        .units_in(parent)
        .any(|unit| unit.name == name && Some(unit.id.as_str()) != except);
    if taken {
        Err(OrganizationError::DuplicateUnit)
    } else {
        Ok(())
    }
}
