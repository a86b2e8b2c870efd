//! TagResource, UntagResource, ListTagsForResource.

use serde_json::{Value, json};

use super::{
    gate::{Audience, admit},
    input::{self, TAGGABLE_ID},
    render,
};
use crate::{
    json_service::{JsonCall, JsonError},
    organizations::{tag_resource, tags::target, untag_resource},
};

pub(super) fn tag(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "ResourceId", TAGGABLE_ID)?;
    input::require(call, "Tags")?;
    let tags = input::tags(call)?;
    let action = "organizations:TagResource";
    admit(call, action, Audience::Management, |own| own.arn_of(id))?;
    tag_resource(call.aws, id, &tags)?;
    Ok(json!({}))
}

pub(super) fn untag(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "ResourceId", TAGGABLE_ID)?;
    input::require(call, "TagKeys")?;
    let keys = input::strings(call, "TagKeys")?;
    let action = "organizations:UntagResource";
    admit(call, action, Audience::Management, |own| own.arn_of(id))?;
    untag_resource(call.aws, id, &keys)?;
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "ResourceId", TAGGABLE_ID)?;
    input::page(call, &format!("tags of {id}"))?;
    let action = "organizations:ListTagsForResource";
    let organization = admit(call, action, Audience::Reader, |own| own.arn_of(id))?;
    target(&organization, id)?;
    let tags = organization.tags.get(id).into_iter().flatten();
    let tags = tags
        .map(|tag| json!({ "Key": tag.key, "Value": tag.value }))
        .collect();
    Ok(render::list("Tags", tags, None))
}
