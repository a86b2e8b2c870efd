//! TagRole, UntagRole, ListRoleTags.

use jetway_aws_wire::AwsError;
use jetway_iam::RequestContext;

use super::{
    call::{Call, Paging, Reply, request_tags},
    error::IamError,
    roles, shapes, tags, write,
};
use crate::{LocalAws, state::Tag};

/// Adds or replaces tags.
pub fn tag_role(aws: &LocalAws, account: &str, name: &str, new: &[Tag]) -> Result<(), IamError> {
    roles::edit(aws, account, name, |record, _| {
        record.tags = tags::merge(&record.tags, new)?;
        Ok(())
    })
    .map(drop)
}

/// Removes tags; missing ones do not matter.
pub fn untag_role(
    aws: &LocalAws,
    account: &str,
    name: &str,
    keys: &[&str],
) -> Result<(), IamError> {
    roles::edit(aws, account, name, |record, _| {
        record.tags = tags::without(&record.tags, keys);
        Ok(())
    })
    .map(drop)
}

pub(super) fn tag(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let new = members.tags("Tags");
    members.done()?;
    let mut context = RequestContext::default();
    request_tags(&mut context, &new);
    let role = call.role_with("iam:TagRole", name, context)?;
    tag_role(call.aws, call.account_id(), &role.record.name, &new)?;
    Ok(Reply::Empty)
}

pub(super) fn untag(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let keys = members.tag_keys();
    members.done()?;
    let mut context = RequestContext::default();
    context.set_many("aws:TagKeys", keys.iter().copied());
    let role = call.role_with("iam:UntagRole", name, context)?;
    untag_role(call.aws, call.account_id(), &role.record.name, &keys)?;
    Ok(Reply::Empty)
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let paging = Paging::read(&mut members)?;
    members.done()?;
    let role = call.role("iam:ListRoleTags", name)?;
    Ok(paging
        .page(tags::sorted(&role.record.tags), |tag| tag.key.clone())
        .into_reply("Tags", |xml, tag| write::write_tag(xml, &tag)))
}
