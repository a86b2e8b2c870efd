//! CreateUser, DescribeUser, UpdateUser, DeleteUser, ListUsers.

use serde_json::{Map, Value, json};

use super::{
    gate::admit,
    groups::{filter, refuse_reserved},
    input::{id, page, paging, store},
    members::EXTENSION,
    operations, read, refusal, write,
};
use crate::{
    identity_center::directory::{UserAttributes, create_user_with, delete_user, update_user_with},
    json_service::{Input, JsonCall, JsonError, Pattern},
    state::directory::Entry as _,
};

const EXTENSION_NAME: Pattern = Pattern {
    min: 1,
    max: 50,
    text: "aws:identitystore:[a-z]{1,20}",
    matches: |text| {
        text.strip_prefix("aws:identitystore:").is_some_and(|rest| {
            (1..=20).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_lowercase())
        })
    },
};

pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let attributes = read::user(&mut call.input)?;
    call.input.done()?;
    let instance = admit(call, "CreateUser", store_id, &[])?;
    complete(&attributes.scim)?;
    let by = &call.principal.arn;
    let user = create_user_with(call.aws, call.op, by, attributes)?;
    Ok(json!({ "IdentityStoreId": instance.identity_store_id, "UserId": user.id }))
}

pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let user_id = id(&mut call.input, "UserId");
    let extended = extensions(&mut call.input)?;
    call.input.done()?;
    let resources = [format!("user/{user_id}")];
    let instance = admit(call, "DescribeUser", store_id, &resources)?;
    let user = call
        .state
        .directory
        .users
        .get(&user_id)
        .ok_or_else(|| refusal::not_found("USER", &user_id.to_string()))?;
    Ok(write::user(&instance, user, extended))
}

pub(super) fn update(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let user_id = id(&mut call.input, "UserId");
    let operations = operations::of_user(&mut call.input)?;
    call.input.done()?;
    let resources = [format!("user/{user_id}")];
    admit(call, "UpdateUser", store_id, &resources)?;
    if call.state.directory.users.get(&user_id).is_none() {
        return Err(refusal::not_found("USER", &user_id.to_string()));
    }
    let by = &call.principal.arn;
    update_user_with(call.aws, call.op, by, &user_id, |before| {
        let present = UserAttributes {
            scim: before.attributes.clone(),
            beyond_scim: before.beyond_scim.clone(),
        };
        let after = operations::apply(present, &operations);
        complete(&after.scim)?;
        Ok::<_, JsonError>(after)
    })?;
    Ok(json!({}))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let user_id = id(&mut call.input, "UserId");
    call.input.done()?;
    let resources = [format!("user/{user_id}")];
    admit(call, "DeleteUser", store_id, &resources)?;
    if call.state.directory.users.get(&user_id).is_none() {
        return Err(refusal::not_found("USER", &user_id.to_string()));
    }
    delete_user(call.aws, &user_id)?;
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let paging = paging(&mut call.input);
    let name = filter(&mut call.input, "UserName")?;
    let extended = extensions(&mut call.input)?;
    call.input.done()?;
    let instance = admit(call, "ListUsers", store_id, &[])?;
    let page = page(call, &format!("users {}", name.unwrap_or_default()), paging)?;
    let users = &call.state.directory.users;
    let (found, next) = if let Some(name) = name {
        (users.by_name(name).into_iter().collect(), None)
    } else {
        let after = page.after().and_then(|after| after.parse().ok());
        let skip = after.map_or(0, |after| users.position_after(after));
        page.cut(users.iter(skip), |user| user.sequence().to_string())
    };
    let found: Vec<Value> = found
        .into_iter()
        .map(|user| write::user(&instance, user, extended))
        .collect();
    Ok(json!({ "Users": found, "NextToken": next }))
}

/// Names of extensions in one request.
const MAX_EXTENSIONS: usize = 10;

/// Whether the extension is wanted.
fn extensions(input: &mut Input<'_>) -> Result<bool, JsonError> {
    let Some(names) = input.list("Extensions") else {
        return Ok(false);
    };
    input.check_size("Extensions", names, 1, MAX_EXTENSIONS);
    for (index, name) in names.iter().take(MAX_EXTENSIONS).enumerate() {
        let at = format!("extensions.{}.member", index + 1);
        match name.as_str() {
            Some(EXTENSION) => {}
            Some(name) => {
                input.check(&at, name, EXTENSION_NAME);
                input.done()?;
                return Err(read::unknown_extension(name));
            }
            None => input.mistyped(&at),
        }
    }
    Ok(!names.is_empty())
}

/// Refuses users without what IAM Identity Center asks for.
fn complete(attributes: &Map<String, Value>) -> Result<(), JsonError> {
    let Some(user_name) = attributes.get("userName").and_then(Value::as_str) else {
        return Err(JsonError::validation("userName is a required attribute"));
    };
    refuse_reserved(user_name)?;
    let name = attributes.get("name");
    let has_part = |part| name.is_some_and(|name| name.get(part).is_some());
    let mut missing = Vec::new();
    if !attributes.contains_key("displayName") {
        missing.push("displayname");
    }
    if name.is_none() {
        missing.push("name");
    } else {
        if !has_part("givenName") {
            missing.push("givenname");
        }
        if !has_part("familyName") {
            missing.push("familyname");
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let texts: Vec<String> = missing
        .into_iter()
        .map(|name| format!("{name}: The attribute {name} is required"))
        .collect();
    Err(JsonError::validation(texts.join(", ")))
}
