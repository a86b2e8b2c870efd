//! CreatePermissionSet, DescribePermissionSet, UpdatePermissionSet, DeletePermissionSet,
//! ListPermissionSets.

use serde_json::{Value, json};

use super::{
    paging::{Paging, oldest_first},
    scope::{self, Ask},
    tags,
};
use crate::{
    identity_center::permission_sets::{
        NewPermissionSet, PermissionSetUpdate, create_permission_set, delete_permission_set,
        shapes, update_permission_set,
    },
    json_service::{Input, JsonCall, JsonError},
    state::center::{IdentityCenter, PermissionSetRecord},
};

/// Description, session duration and relay state.
fn texts(input: &mut Input<'_>) -> PermissionSetUpdate {
    PermissionSetUpdate {
        description: input
            .optional("Description", shapes::DESCRIPTION)
            .map(str::to_owned),
        session_duration: input
            .optional("SessionDuration", shapes::DURATION)
            .map(str::to_owned),
        relay_state: input
            .optional("RelayState", shapes::RELAY_STATE)
            .map(str::to_owned),
    }
}

pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    let name = call.input.required("Name", shapes::NAME);
    let texts = texts(&mut call.input);
    let tags = tags::read(&mut call.input);
    call.input.done()?;
    let context = tags::request_context(&tags);
    let ask = Ask::instance("CreatePermissionSet", instance);
    let center = scope::center_with(call, ask, &context)?;
    let new = NewPermissionSet {
        name: name.to_owned(),
        description: texts.description,
        session_duration: texts.session_duration,
        relay_state: texts.relay_state,
        tags,
    };
    let record = create_permission_set(call.aws, call.op, new)?;
    Ok(json!({ "PermissionSet": write(&center, &record) }))
}

pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("DescribePermissionSet", arns);
    let (center, record) = scope::permission_set(call, ask)?;
    Ok(json!({ "PermissionSet": write(&center, &record) }))
}

pub(super) fn update(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    let texts = texts(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("UpdatePermissionSet", arns);
    let (_, record) = scope::permission_set(call, ask)?;
    update_permission_set(call.aws, scope::editing(call, &record.id), texts)?;
    Ok(json!({}))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("DeletePermissionSet", arns);
    let (_, record) = scope::permission_set(call, ask)?;
    delete_permission_set(call.aws, scope::editing(call, &record.id))?;
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    let paging = Paging::read(&mut call.input);
    call.input.done()?;
    let center = scope::center(call, Ask::instance("ListPermissionSets", instance))?;
    paging.answer(
        "PermissionSets",
        center.permission_sets.values(),
        |set| oldest_first(set.created_at, &set.id),
        |set| json!(center.instance.permission_set_arn(&set.id)),
    )
}

fn write(center: &IdentityCenter, record: &PermissionSetRecord) -> Value {
    let mut set = json!({
        "Name": record.name,
        "PermissionSetArn": center.instance.permission_set_arn(&record.id),
        "CreatedDate": record.created_at,
        "SessionDuration": record.session_duration,
    });
    for (name, value) in [
        ("Description", &record.description),
        ("RelayState", &record.relay_state),
    ] {
        if let Some(value) = value {
            set[name] = json!(value);
        }
    }
    set
}
