//! Creating, reading, changing and deleting groups.

use std::collections::BTreeSet;

use jetway_scim::{
    Patch, ResourceKind, ScimError, ScimType, Selection, keep_beyond, read_replacement,
    read_resource,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    Answer, BY, Call, Refusal,
    members::{self, Memberships},
    resources::{answer, id, kept, patched_form},
};
use crate::{
    identity_center::directory::{
        DirectoryError, GroupChange, Kind, create_group_with, delete_group, update_group,
    },
    op::Op,
};

const NOT_FOUND: DirectoryError = DirectoryError::NotFound(Kind::Group);

pub(super) fn create(call: &Call<'_>, op: &mut Op) -> Result<Answer, Refusal> {
    let resource = read_resource(ResourceKind::Group, call.content, call.profile)?;
    Selection::parse(call.pairs(), call.profile)?;
    let group = create_group_with(call.aws, op, BY, |directory| {
        let members = members::of_resource(call, directory, resource.get("members"))?;
        Ok::<_, Refusal>((kept(resource), members))
    })?;
    answer(call, 201, group.as_ref())
}

pub(super) fn get(call: &Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let state = call.aws.state();
    let group = state.directory.groups.get(&known(id)?).ok_or(NOT_FOUND)?;
    answer(call, 200, group.as_ref())
}

pub(super) fn replace(call: &Call<'_>, op: &mut Op, id: &str) -> Result<Answer, Refusal> {
    if !call.profile.put_group {
        return Err(Refusal::Unsupported);
    }
    let resource = read_replacement(ResourceKind::Group, id, call.content, call.profile)?;
    Selection::parse(call.pairs(), call.profile)?;
    let id = known(id)?;
    let profile = call.profile;
    let group = update_group(call.aws, op, BY, &id, |before, directory| {
        let wanted = members::of_resource(call, directory, resource.get("members"))?;
        let stay: BTreeSet<Uuid> = wanted.iter().copied().collect();
        let gone = directory.members(&id, None).map(|(user, _)| user);
        let mut attributes = kept(resource);
        keep_beyond(
            ResourceKind::Group,
            &before.attributes,
            &mut attributes,
            profile,
        );
        Ok::<_, Refusal>(GroupChange {
            attributes: Some(attributes),
            remove: gone.filter(|user| !stay.contains(user)).collect(),
            add: wanted,
        })
    })?;
    answer(call, 200, group.as_ref())
}

pub(super) fn patch(call: &Call<'_>, op: &mut Op, id: &str) -> Result<Answer, Refusal> {
    let mut patch = Patch::parse(ResourceKind::Group, call.content, call.profile)?;
    let changes = patch.take_memberships(call.profile)?;
    Selection::parse(call.pairs(), call.profile)?;
    let id = known(id)?;
    let group = update_group(call.aws, op, BY, &id, |before, directory| {
        let memberships = Memberships::of_patch(call, directory, &id, &changes)?;
        Ok::<_, Refusal>(GroupChange {
            attributes: patched(&patch, &before.attributes, call)?,
            add: memberships.add.into_iter().collect(),
            remove: memberships.remove.into_iter().collect(),
        })
    })?;
    if call.profile.patch_group_status == 204 {
        return Ok(Answer::no_content());
    }
    answer(call, call.profile.patch_group_status, group.as_ref())
}

/// The attributes after the patch; `None` where it changes members only.
fn patched(
    patch: &Patch,
    before: &Map<String, Value>,
    call: &Call<'_>,
) -> Result<Option<Map<String, Value>>, Refusal> {
    if patch.is_empty() {
        return Ok(None);
    }
    let resource = patched_form(ResourceKind::Group, before);
    let patched = patch.apply(&resource, call.profile)?;
    if patched.contains_key("members") {
        return Err(Refusal::Scim(ScimError::bad_request(
            ScimType::InvalidPath,
            "Name \"members\" itself to change the members.",
        )));
    }
    Ok(Some(kept(patched)))
}

pub(super) fn delete(call: &Call<'_>, id: &str) -> Result<Answer, Refusal> {
    delete_group(call.aws, &known(id)?)?;
    Ok(Answer::no_content())
}

fn known(text: &str) -> Result<Uuid, Refusal> {
    id(text).ok_or(Refusal::Directory(NOT_FOUND))
}
