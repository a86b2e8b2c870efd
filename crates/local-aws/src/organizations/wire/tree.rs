//! ListRoots, ListChildren, ListParents.

use serde_json::{Value, json};

use super::{
    gate::{Audience, admit, everything},
    input::{self, CHILD_ID, PARENT_ID},
    render,
};
use crate::{
    json_service::{JsonCall, JsonError},
    organizations::{NodeKind, OrganizationError},
};

const ACCOUNT: &str = "ACCOUNT";
const UNIT: &str = "ORGANIZATIONAL_UNIT";

pub(super) fn list_roots(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    input::page(call, "roots")?;
    let action = "organizations:ListRoots";
    let organization = admit(call, action, Audience::Reader, everything)?;
    let id = &organization.root_id;
    let root = json!({
        "Id": id,
        "Arn": organization.arn_of(id),
        "Name": "Root",
        "PolicyTypes": [],
    });
    Ok(render::list("Roots", vec![root], None))
}

pub(super) fn list_children(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let parent = input::required(call, "ParentId", PARENT_ID)?;
    input::require(call, "ChildType")?;
    let kind = input::one_of(call, "ChildType", &[ACCOUNT, UNIT])?.unwrap_or(ACCOUNT);
    let page = input::page(call, &format!("{kind} children of {parent}"))?;
    let action = "organizations:ListChildren";
    let organization = admit(call, action, Audience::Reader, |own| own.arn_of(parent))?;
    if !organization.is_parent(parent) {
        return Err(OrganizationError::ParentNotFound.into());
    }
    let ids: Vec<&String> = if kind == ACCOUNT {
        let accounts = organization.accounts_in(parent);
        accounts.map(|member| &member.account).collect()
    } else {
        organization.units_in(parent).map(|unit| &unit.id).collect()
    };
    let rest = ids
        .into_iter()
        .filter(|id| page.after().is_none_or(|after| id.as_str() > after));
    let (ids, next) = page.cut(rest, |id| (*id).clone());
    let children = ids
        .into_iter()
        .map(|id| json!({ "Id": id, "Type": kind }))
        .collect();
    Ok(render::list("Children", children, next))
}

pub(super) fn list_parents(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let child = input::required(call, "ChildId", CHILD_ID)?;
    input::page(call, &format!("parents of {child}"))?;
    let action = "organizations:ListParents";
    let organization = admit(call, action, Audience::Reader, |own| own.arn_of(child))?;
    let parent = organization
        .parent_of(child)
        .ok_or(OrganizationError::ChildNotFound)?;
    let kind = match organization.kind_of(parent) {
        Some(NodeKind::Root) => "ROOT",
        _ => UNIT,
    };
    let parent = json!({ "Id": parent, "Type": kind });
    Ok(render::list("Parents", vec![parent], None))
}
