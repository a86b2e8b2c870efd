//! CreateOrganizationalUnit, DescribeOrganizationalUnit, UpdateOrganizationalUnit,
//! DeleteOrganizationalUnit, ListOrganizationalUnitsForParent.

use serde_json::{Value, json};

use super::{
    gate::{Audience, admit},
    input::{self, PARENT_ID, UNIT_ID, UNIT_NAME},
    render,
};
use crate::{
    json_service::{JsonCall, JsonError},
    organizations::{OrganizationError, create_unit, delete_unit, rename_unit, units::existing},
    state::organization::{OrganizationRecord, UnitRecord},
};

pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let parent = input::required(call, "ParentId", PARENT_ID)?;
    let name = input::required(call, "Name", UNIT_NAME)?;
    let tags = input::tags(call)?;
    let arn = |own: &OrganizationRecord| own.arn_of(parent);
    let action = "organizations:CreateOrganizationalUnit";
    admit(call, action, Audience::Management, arn)?;
    if !tags.is_empty() {
        admit(call, "organizations:TagResource", Audience::Management, arn)?;
    }
    let unit = create_unit(call.aws, call.op, parent, name, &tags)?;
    answer(call, &unit)
}

pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "OrganizationalUnitId", UNIT_ID)?;
    let action = "organizations:DescribeOrganizationalUnit";
    let organization = admit(call, action, Audience::Reader, |own| own.arn_of(id))?;
    let unit = existing(&organization, id)?;
    Ok(json!({ "OrganizationalUnit": render::unit(&organization, unit) }))
}

pub(super) fn update(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "OrganizationalUnitId", UNIT_ID)?;
    let name = input::optional(call, "Name", UNIT_NAME)?;
    let action = "organizations:UpdateOrganizationalUnit";
    let organization = admit(call, action, Audience::Management, |own| own.arn_of(id))?;
    let unit = match name {
        Some(name) => rename_unit(call.aws, id, name)?,
        None => existing(&organization, id)?.clone(),
    };
    answer(call, &unit)
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "OrganizationalUnitId", UNIT_ID)?;
    let action = "organizations:DeleteOrganizationalUnit";
    admit(call, action, Audience::Management, |own| own.arn_of(id))?;
    delete_unit(call.aws, id)?;
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let parent = input::required(call, "ParentId", PARENT_ID)?;
    let page = input::page(call, &format!("units of {parent}"))?;
    let action = "organizations:ListOrganizationalUnitsForParent";
    let organization = admit(call, action, Audience::Reader, |own| own.arn_of(parent))?;
    if !organization.is_parent(parent) {
        return Err(OrganizationError::ParentNotFound.into());
    }
    let rest = organization
        .units_in(parent)
        .filter(|unit| page.after().is_none_or(|after| unit.id.as_str() > after));
    let (units, next) = page.cut(rest, |unit| unit.id.clone());
    let units = units
        .into_iter()
        .map(|unit| render::unit(&organization, unit))
        .collect();
    Ok(render::list("OrganizationalUnits", units, next))
}

/// The unit in the organisation as it is now.
fn answer(call: &JsonCall<'_>, unit: &UnitRecord) -> Result<Value, JsonError> {
    let state = call.aws.state();
    let organization = state
        .organization
        .as_deref()
        .ok_or(OrganizationError::NotInUse)?;
    Ok(json!({ "OrganizationalUnit": render::unit(organization, unit) }))
}
