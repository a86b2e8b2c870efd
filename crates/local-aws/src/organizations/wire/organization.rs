//! CreateOrganization, DescribeOrganization, DeleteOrganization, LeaveOrganization.

use serde_json::{Value, json};

use super::{
    gate::{Audience, admit, everything},
    input, render,
};
use crate::{
    json_service::{JsonCall, JsonError},
    organizations::{FeatureSet, create_organization, delete_organization, remove_account},
};

pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let both = [FeatureSet::All, FeatureSet::ConsolidatedBilling];
    let names = both.map(FeatureSet::name);
    let name = input::one_of(call, "FeatureSet", &names)?;
    let features = both
        .into_iter()
        .find(|features| Some(features.name()) == name)
        .unwrap_or_default();
    let account = call.principal.account.clone();
    call.allow("organizations:CreateOrganization", "*", &account)?;
    let record = create_organization(call.aws, call.op, &account, features, None)?;
    Ok(json!({ "Organization": render::organization(&record) }))
}

pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let action = "organizations:DescribeOrganization";
    let organization = admit(call, action, Audience::Member, everything)?;
    Ok(json!({ "Organization": render::organization(&organization) }))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let action = "organizations:DeleteOrganization";
    admit(call, action, Audience::Management, everything)?;
    delete_organization(call.aws)?;
    Ok(json!({}))
}

pub(super) fn leave(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let action = "organizations:LeaveOrganization";
    admit(call, action, Audience::Member, everything)?;
    remove_account(call.aws, &call.principal.account)?;
    Ok(json!({}))
}
