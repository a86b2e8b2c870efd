//! CreateGroup, DescribeGroup, UpdateGroup, DeleteGroup, ListGroups.

use serde_json::{Map, Value, json};

use super::{
    gate::admit,
    input::{PATH, id, page, paging, store, text_in},
    members::{GROUP, TEXT},
    operations, read, refusal, write,
};
use crate::{
    identity_center::directory::{
        GroupChange, UserAttributes, create_group, delete_group, update_group,
    },
    json_service::{Input, JsonCall, JsonError},
    state::directory::Entry as _,
};

pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let attributes = read::members(&mut call.input, GROUP);
    call.input.done()?;
    let instance = admit(call, "CreateGroup", store_id, &[])?;
    complete(&attributes)?;
    let by = &call.principal.arn;
    let group = create_group(call.aws, call.op, by, attributes, &[])?;
    Ok(json!({ "IdentityStoreId": instance.identity_store_id, "GroupId": group.id }))
}

pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let group_id = id(&mut call.input, "GroupId");
    call.input.done()?;
    let resources = [format!("group/{group_id}")];
    let instance = admit(call, "DescribeGroup", store_id, &resources)?;
    let group = call
        .state
        .directory
        .groups
        .get(&group_id)
        .ok_or_else(|| refusal::not_found("GROUP", &group_id.to_string()))?;
    Ok(write::group(&instance, group))
}

pub(super) fn update(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let group_id = id(&mut call.input, "GroupId");
    let operations = operations::of_group(&mut call.input)?;
    call.input.done()?;
    let resources = [format!("group/{group_id}")];
    admit(call, "UpdateGroup", store_id, &resources)?;
    if call.state.directory.groups.get(&group_id).is_none() {
        return Err(refusal::not_found("GROUP", &group_id.to_string()));
    }
    let by = &call.principal.arn;
    update_group(call.aws, call.op, by, &group_id, |before, _| {
        let present = UserAttributes {
            scim: before.attributes.clone(),
            beyond_scim: Map::new(),
        };
        let after = operations::apply(present, &operations).scim;
        complete(&after)?;
        Ok::<_, JsonError>(GroupChange {
            attributes: Some(after),
            ..GroupChange::default()
        })
    })?;
    Ok(json!({}))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let group_id = id(&mut call.input, "GroupId");
    call.input.done()?;
    let resources = [format!("group/{group_id}")];
    admit(call, "DeleteGroup", store_id, &resources)?;
    if call.state.directory.groups.get(&group_id).is_none() {
        return Err(refusal::not_found("GROUP", &group_id.to_string()));
    }
    delete_group(call.aws, &group_id)?;
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let paging = paging(&mut call.input);
    let name = filter(&mut call.input, "DisplayName")?;
    call.input.done()?;
    let instance = admit(call, "ListGroups", store_id, &[])?;
    let page = page(
        call,
        &format!("groups {}", name.unwrap_or_default()),
        paging,
    )?;
    let groups = &call.state.directory.groups;
    let (found, next) = if let Some(name) = name {
        (groups.by_name(name).into_iter().collect(), None)
    } else {
        let after = page.after().and_then(|after| after.parse().ok());
        let skip = after.map_or(0, |after| groups.position_after(after));
        page.cut(groups.iter(skip), |group| group.sequence().to_string())
    };
    let found: Vec<Value> = found
        .into_iter()
        .map(|group| write::group(&instance, group))
        .collect();
    Ok(json!({ "Groups": found, "NextToken": next }))
}

/// The value that the only filter asks for; `attribute` is the only one to filter by.
pub(super) fn filter<'a>(
    input: &mut Input<'a>,
    attribute: &str,
) -> Result<Option<&'a str>, JsonError> {
    let filters = input.list("Filters").unwrap_or_default();
    input.check_size("Filters", filters, 0, 1);
    let Some(filter) = filters.first() else {
        return Ok(None);
    };
    let Some(filter) = filter.as_object() else {
        input.mistyped("filters.1.member");
        return Ok(None);
    };
    let at = "filters.1.member";
    let path = text_in(input, filter, (at, "AttributePath"), PATH);
    let value = text_in(input, filter, (at, "AttributeValue"), TEXT);
    match path {
        Some(path) if !path.eq_ignore_ascii_case(attribute) => {
            input.done()?;
            Err(JsonError::validation(format!(
                "The attribute {path} cannot be used in a filter. Use {attribute}."
            )))
        }
        _ => Ok(value),
    }
}

/// Refuses the names that AWS keeps for itself.
pub(super) fn refuse_reserved(name: &str) -> Result<(), JsonError> {
    const RESERVED: [&str; 2] = ["Administrator", "AWSAdministrators"];
    if RESERVED.iter().any(|word| word.eq_ignore_ascii_case(name)) {
        return Err(JsonError::validation(format!(
            "{name} is a reserved name and can't be used for users or groups."
        )));
    }
    Ok(())
}

fn complete(attributes: &Map<String, Value>) -> Result<(), JsonError> {
    match attributes.get("displayName").and_then(Value::as_str) {
        Some(name) => refuse_reserved(name),
        None => Err(JsonError::validation("displayName is a required attribute")),
    }
}
