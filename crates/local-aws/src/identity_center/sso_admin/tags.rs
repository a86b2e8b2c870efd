//! TagResource, UntagResource, ListTagsForResource: of the instance and of permission sets.

use std::sync::Arc;

use jetway_iam::RequestContext;
use serde_json::{Value, json};

use super::{
    paging::Paging,
    scope::{self, Ask},
    shapes::{INSTANCE_ARN, TAGGABLE_ARN},
};
use crate::{
    identity_center::{
        permission_sets::shapes, tag_instance, tag_permission_set, untag_instance,
        untag_permission_set,
    },
    json_service::{Input, JsonCall, JsonError},
    state::{
        Tag,
        center::{IdentityCenter, PermissionSetRecord},
    },
};

/// Tags in one request.
const MAX_IN_REQUEST: usize = 75;

/// What has tags.
enum Resource {
    Instance(Arc<IdentityCenter>),
    PermissionSet(Arc<PermissionSetRecord>),
}

pub(super) fn tag(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    call.input.require_presence("Tags");
    let tags = read(&mut call.input);
    let arns = arns(&mut call.input);
    call.input.done()?;
    let context = request_context(&tags);
    match resource(call, "TagResource", arns, &context)? {
        Resource::Instance(_) => tag_instance(call.aws, &tags)?,
        Resource::PermissionSet(set) => {
            tag_permission_set(call.aws, scope::editing(call, &set.id), &tags)?;
        }
    }
    Ok(json!({}))
}

pub(super) fn untag(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    call.input.require_presence("TagKeys");
    let keys = keys(&mut call.input);
    let arns = arns(&mut call.input);
    call.input.done()?;
    let mut context = RequestContext::default();
    context.set_many("aws:TagKeys", keys.iter().copied());
    match resource(call, "UntagResource", arns, &context)? {
        Resource::Instance(_) => untag_instance(call.aws, &keys)?,
        Resource::PermissionSet(set) => {
            untag_permission_set(call.aws, scope::editing(call, &set.id), &keys)?;
        }
    }
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = arns(&mut call.input);
    let paging = Paging::read(&mut call.input);
    call.input.done()?;
    let resource = resource(
        call,
        "ListTagsForResource",
        arns,
        &RequestContext::default(),
    )?;
    let tags = match &resource {
        Resource::Instance(center) => &center.instance.tags,
        Resource::PermissionSet(set) => &set.tags,
    };
    paging.answer(
        "Tags",
        tags,
        |tag| tag.key.clone(),
        |tag| json!({ "Key": tag.key, "Value": tag.value }),
    )
}

/// Reads `Tags`.
pub(super) fn read(input: &mut Input<'_>) -> Vec<Tag> {
    let items = input.list("Tags").unwrap_or_default();
    let mut tags = Vec::with_capacity(items.len());
    for (index, item) in items.iter().take(MAX_IN_REQUEST).enumerate() {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        let place = format!("tags.{}.member", index + 1);
        let (key, value) = (text("Key"), text("Value"));
        let errors = input.errors();
        errors.required(&format!("{place}.key"), key.is_some());
        errors.required(&format!("{place}.value"), value.is_some());
        let (Some(key), Some(value)) = (key, value) else {
            continue;
        };
        input.check(&format!("{place}.key"), key, shapes::TAG_KEY);
        input.check(&format!("{place}.value"), value, shapes::TAG_VALUE);
        tags.push(Tag::new(key, value));
    }
    let names: Vec<&str> = items
        .iter()
        .map(|item| item.get("Key").and_then(Value::as_str).unwrap_or_default())
        .collect();
    input
        .errors()
        .list_length("tags", &names, 0, MAX_IN_REQUEST);
    tags
}

/// `aws:RequestTag/…` and `aws:TagKeys`.
pub(super) fn request_context(tags: &[Tag]) -> RequestContext {
    let mut context = RequestContext::default();
    for tag in tags {
        context.set(format!("aws:RequestTag/{}", tag.key), tag.value.clone());
    }
    context.set_many("aws:TagKeys", tags.iter().map(|tag| tag.key.clone()));
    context
}

fn keys<'a>(input: &mut Input<'a>) -> Vec<&'a str> {
    let items = input.list("TagKeys").unwrap_or_default();
    let keys: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
    if keys.len() < items.len() {
        input.mistyped("TagKeys");
    }
    for (index, key) in keys.iter().take(MAX_IN_REQUEST).enumerate() {
        input.check(
            &format!("tagKeys.{}.member", index + 1),
            key,
            shapes::TAG_KEY,
        );
    }
    input
        .errors()
        .list_length("tagKeys", &keys, 1, MAX_IN_REQUEST);
    keys
}

/// `ResourceArn`, and `InstanceArn`, which may be left out.
fn arns<'a>(input: &mut Input<'a>) -> (&'a str, Option<&'a str>) {
    (
        input.required("ResourceArn", TAGGABLE_ARN),
        input.optional("InstanceArn", INSTANCE_ARN),
    )
}

fn resource(
    call: &JsonCall<'_>,
    operation: &'static str,
    (resource, instance): (&str, Option<&str>),
    context: &RequestContext,
) -> Result<Resource, JsonError> {
    let is_instance = (INSTANCE_ARN.matches)(resource);
    let implied = if is_instance {
        Some(resource.to_owned())
    } else {
        instance_of(resource)
    };
    let instance = instance.map(str::to_owned).or(implied).unwrap_or_default();
    let ask = Ask {
        permission_set: Some(resource).filter(|_| !is_instance),
        ..Ask::instance(operation, &instance)
    };
    let center = scope::center_with(call, ask, context)?;
    if is_instance && center.instance.arn() == resource {
        return Ok(Resource::Instance(center));
    }
    scope::find(&center, resource)
        .map(Resource::PermissionSet)
        .ok_or_else(|| JsonError::not_found(format!("Could not find resource with ARN {resource}")))
}

/// The ARN of the instance that a permission set belongs to.
fn instance_of(permission_set: &str) -> Option<String> {
    let (_, rest) = permission_set.split_once('/')?;
    let (instance, _) = rest.split_once('/')?;
    Some(format!("arn:aws:sso:::instance/{instance}"))
}
