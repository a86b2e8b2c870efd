//! CreateGroupMembership, DescribeGroupMembership, DeleteGroupMembership, GetGroupMembershipId,
//! ListGroupMemberships, ListGroupMembershipsForMember, IsMemberInGroups.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    gate::admit,
    input::{RESOURCE_ID, id, member_id, page, paging, store, uuid_of},
    refusal, write,
};
use crate::{
    identity_center::directory::{GroupChange, update_group},
    json_service::{JsonCall, JsonError},
    state::directory::Directory,
};

/// Groups in one IsMemberInGroups.
const MAX_GROUP_IDS: usize = 100;

pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let group = id(&mut call.input, "GroupId");
    let user = member_id(&mut call.input);
    call.input.done()?;
    let resources = [format!("group/{group}"), format!("user/{user}")];
    let instance = admit(call, "CreateGroupMembership", store_id, &resources)?;
    both(&call.state.directory, &group, &user)?;
    let by = &call.principal.arn;
    update_group(call.aws, call.op, by, &group, |_, directory| {
        both(directory, &group, &user)?;
        if directory.membership(&group, &user).is_some() {
            return Err(refusal::duplicate("GroupMembership"));
        }
        Ok(GroupChange {
            add: vec![user],
            ..GroupChange::default()
        })
    })?;
    let membership = call.aws.state().directory.membership(&group, &user);
    Ok(json!({ "IdentityStoreId": instance.identity_store_id, "MembershipId": membership }))
}

pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let membership = id(&mut call.input, "MembershipId");
    call.input.done()?;
    let resources = [format!("membership/{membership}")];
    let instance = admit(call, "DescribeGroupMembership", store_id, &resources)?;
    let (group, user) = existing(&call.state.directory, &membership)?;
    Ok(write::membership(&instance, &membership, (&group, &user)))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let membership = id(&mut call.input, "MembershipId");
    call.input.done()?;
    let resources = [format!("membership/{membership}")];
    admit(call, "DeleteGroupMembership", store_id, &resources)?;
    let (group, user) = existing(&call.state.directory, &membership)?;
    let by = &call.principal.arn;
    update_group(call.aws, call.op, by, &group, |_, directory| {
        existing(directory, &membership)?;
        Ok::<_, JsonError>(GroupChange {
            remove: vec![user],
            ..GroupChange::default()
        })
    })?;
    Ok(json!({}))
}

pub(super) fn id_of(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let group = id(&mut call.input, "GroupId");
    let user = member_id(&mut call.input);
    call.input.done()?;
    let resources = [format!("group/{group}"), format!("user/{user}")];
    let instance = admit(call, "GetGroupMembershipId", store_id, &resources)?;
    let directory = &call.state.directory;
    both(directory, &group, &user)?;
    let membership = directory
        .membership(&group, &user)
        .ok_or_else(|| refusal::not_found("GROUP_MEMBERSHIP", ""))?;
    Ok(json!({ "IdentityStoreId": instance.identity_store_id, "MembershipId": membership }))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let group = id(&mut call.input, "GroupId");
    let paging = paging(&mut call.input);
    call.input.done()?;
    let resources = [format!("group/{group}")];
    let instance = admit(call, "ListGroupMemberships", store_id, &resources)?;
    let page = page(call, &format!("memberships of group {group}"), paging)?;
    let directory = &call.state.directory;
    if directory.groups.get(&group).is_none() {
        return Err(refusal::not_found("GROUP", &group.to_string()));
    }
    let after = page.after().map(uuid_of);
    let members = directory.members(&group, after.as_ref());
    let (members, next) = page.cut(members, |(user, _)| user.to_string());
    let memberships: Vec<Value> = members
        .iter()
        .map(|(user, membership)| write::membership(&instance, membership, (&group, user)))
        .collect();
    Ok(json!({ "GroupMemberships": memberships, "NextToken": next }))
}

pub(super) fn list_for_member(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let user = member_id(&mut call.input);
    let paging = paging(&mut call.input);
    call.input.done()?;
    let resources = [format!("user/{user}")];
    let instance = admit(call, "ListGroupMembershipsForMember", store_id, &resources)?;
    let page = page(call, &format!("memberships of user {user}"), paging)?;
    let directory = &call.state.directory;
    if directory.users.get(&user).is_none() {
        return Err(refusal::not_found("USER", &user.to_string()));
    }
    let after = page.after().map(uuid_of);
    let groups = directory
        .groups_of(&user)
        .filter(|group| after.is_none_or(|after| *group > after))
        .filter_map(|group| Some((group, directory.membership(&group, &user)?)));
    let (groups, next) = page.cut(groups, |(group, _)| group.to_string());
    let memberships: Vec<Value> = groups
        .iter()
        .map(|(group, membership)| write::membership(&instance, membership, (group, &user)))
        .collect();
    Ok(json!({ "GroupMemberships": memberships, "NextToken": next }))
}

pub(super) fn exist(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let user = member_id(&mut call.input);
    call.input.require_presence("GroupIds");
    let given = call.input.list("GroupIds").unwrap_or_default();
    if call.input.raw("GroupIds").is_some() {
        call.input.check_size("GroupIds", given, 1, MAX_GROUP_IDS);
    }
    let mut groups = Vec::new();
    for (index, group) in given.iter().take(MAX_GROUP_IDS).enumerate() {
        let at = format!("groupIds.{}.member", index + 1);
        if let Some(text) = group.as_str() {
            call.input.check(&at, text, RESOURCE_ID);
            groups.push(uuid_of(text));
        } else {
            call.input.mistyped(&at);
        }
    }
    call.input.done()?;
    let mut resources = vec![format!("user/{user}")];
    resources.extend(groups.iter().map(|group| format!("group/{group}")));
    admit(call, "IsMemberInGroups", store_id, &resources)?;
    let directory = &call.state.directory;
    if directory.users.get(&user).is_none() {
        return Err(refusal::no_member(&user));
    }
    let results: Vec<Value> = groups
        .iter()
        .map(|group| {
            json!({
                "GroupId": group,
                "MemberId": { "UserId": user },
                "MembershipExists": directory.membership(group, &user).is_some(),
            })
        })
        .collect();
    Ok(json!({ "Results": results }))
}

fn both(directory: &Directory, group: &Uuid, user: &Uuid) -> Result<(), JsonError> {
    if directory.users.get(user).is_none() {
        return Err(refusal::no_member(user));
    }
    if directory.groups.get(group).is_none() {
        return Err(refusal::no_group(group));
    }
    Ok(())
}

fn existing(directory: &Directory, membership: &Uuid) -> Result<(Uuid, Uuid), JsonError> {
    directory
        .membership_by_id(membership)
        .ok_or_else(|| refusal::not_found("GROUP_MEMBERSHIP", &membership.to_string()))
}
