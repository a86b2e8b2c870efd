//! Creating, reading, changing and deleting users.

use jetway_scim::{Patch, ResourceKind, Selection, keep_beyond, read_replacement, read_resource};
use uuid::Uuid;

use super::{
    Answer, BY, Call, Refusal,
    resources::{answer, id, kept, patched_form},
};
use crate::{
    identity_center::directory::{DirectoryError, Kind, create_user, delete_user, update_user},
    op::Op,
};

const NOT_FOUND: DirectoryError = DirectoryError::NotFound(Kind::User);

pub(super) fn create(call: &Call<'_>, op: &mut Op) -> Result<Answer, Refusal> {
    let attributes = kept(read_resource(
        ResourceKind::User,
        call.content,
        call.profile,
    )?);
    Selection::parse(call.pairs(), call.profile)?;
    let user = create_user(call.aws, op, BY, attributes)?;
    answer(call, 201, user.as_ref())
}

pub(super) fn get(call: &Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let state = call.aws.state();
    let user = state.directory.users.get(&known(id)?).ok_or(NOT_FOUND)?;
    answer(call, 200, user.as_ref())
}

pub(super) fn replace(call: &Call<'_>, op: &Op, id: &str) -> Result<Answer, Refusal> {
    let resource = read_replacement(ResourceKind::User, id, call.content, call.profile)?;
    Selection::parse(call.pairs(), call.profile)?;
    let profile = call.profile;
    let user = update_user(call.aws, op, BY, &known(id)?, |before| {
        let mut attributes = kept(resource);
        keep_beyond(
            ResourceKind::User,
            &before.attributes,
            &mut attributes,
            profile,
        );
        Ok::<_, Refusal>(attributes)
    })?;
    answer(call, call.profile.put_user_status, user.as_ref())
}

pub(super) fn patch(call: &Call<'_>, op: &Op, id: &str) -> Result<Answer, Refusal> {
    let patch = Patch::parse(ResourceKind::User, call.content, call.profile)?;
    Selection::parse(call.pairs(), call.profile)?;
    let profile = call.profile;
    let user = update_user(call.aws, op, BY, &known(id)?, |before| {
        let resource = patched_form(ResourceKind::User, &before.attributes);
        Ok::<_, Refusal>(kept(patch.apply(&resource, profile)?))
    })?;
    answer(call, 200, user.as_ref())
}

pub(super) fn delete(call: &Call<'_>, id: &str) -> Result<Answer, Refusal> {
    delete_user(call.aws, &known(id)?)?;
    Ok(Answer::no_content())
}

fn known(text: &str) -> Result<Uuid, Refusal> {
    id(text).ok_or(Refusal::Directory(NOT_FOUND))
}
