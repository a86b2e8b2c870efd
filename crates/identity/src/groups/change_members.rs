//! Adding people to a group, and removing them, by hand.

use std::collections::HashSet;

use crate::administrators::{NotAllowed, Permission, require};
use crate::groups::membership_events::{Direction, write_events};
use crate::groups::{Group, Membership, NewMember};
use crate::ids::{GroupId, UserId};
use crate::op::Op;
use crate::store::{Store, StoreError, Write};
use crate::users::User;

/// Most people in one change.
pub const MAX_MEMBERS_AT_ONCE: usize = 10_000;

/// Why the membership was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeMembersError {
    #[error("there is no such group")]
    NoSuchGroup,
    /// Nothing was changed for the others either.
    #[error("there is no user {0}")]
    NoSuchUser(UserId),
    #[error("everyone is in the built-in group; its members cannot be changed")]
    BuiltIn,
    #[error(
        "the rule of this group decides who is in it; change the rule, or switch the group to members chosen by hand"
    )]
    Dynamic,
    #[error("change at most {MAX_MEMBERS_AT_ONCE} members at once")]
    TooMany,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many people came into the group and left it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MembersChanged {
    pub added: usize,
    pub removed: usize,
}

/// Adds and removes people in one transaction; whoever is in both lists leaves. For each who was
/// not a member before, or was, there is an event `association_change`. Access that came from the
/// group ends with the next assertion (security.md item 44).
pub async fn change_members(
    op: &mut Op,
    store: &dyn Store,
    group: GroupId,
    add: &[UserId],
    remove: &[UserId],
) -> Result<MembersChanged, ChangeMembersError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteGroups).await??;
    let all: Vec<UserId> = add.iter().chain(remove).copied().collect();
    let (group, known) = prepare(write.as_mut(), group, &all).await?;
    let leave: HashSet<&UserId> = remove.iter().collect();
    let (leaving, staying): (Vec<_>, Vec<_>) =
        known.iter().partition(|(user, _)| leave.contains(&user.id));
    let new: Vec<&User> = pick(&staying, false);
    let gone: Vec<&User> = pick(&leaving, true);
    if new.is_empty() && gone.is_empty() {
        return Ok(MembersChanged::default());
    }
    let members: Vec<_> = new.iter().map(|user| NewMember::of(user)).collect();
    write.add_members(group.id, &members, op.now).await?;
    let ids: Vec<_> = gone.iter().map(|user| user.id).collect();
    write.remove_members(group.id, &ids).await?;
    write_events(op, write.as_mut(), &group, Direction::Add, &new, false).await?;
    write_events(op, write.as_mut(), &group, Direction::Remove, &gone, false).await?;
    write.commit().await?;
    Ok(MembersChanged {
        added: new.len(),
        removed: gone.len(),
    })
}

/// Those who are members, or those who are not.
fn pick<'a>(known: &[&'a (User, bool)], member: bool) -> Vec<&'a User> {
    let some = known.iter().filter(|(_, is)| *is == member);
    some.map(|(user, _)| user).collect()
}

/// Adds people; how many were not members before. See [`change_members`].
pub async fn add_members(
    op: &mut Op,
    store: &dyn Store,
    group: GroupId,
    users: &[UserId],
) -> Result<usize, ChangeMembersError> {
    let changed = change_members(op, store, group, users, &[]).await?;
    Ok(changed.added)
}

/// Removes people; how many were members before. See [`change_members`].
pub async fn remove_members(
    op: &mut Op,
    store: &dyn Store,
    group: GroupId,
    users: &[UserId],
) -> Result<usize, ChangeMembersError> {
    let changed = change_members(op, store, group, &[], users).await?;
    Ok(changed.removed)
}

/// Adds one person; whether they were not a member before.
pub async fn add_member(
    op: &mut Op,
    store: &dyn Store,
    group: GroupId,
    user: UserId,
) -> Result<bool, ChangeMembersError> {
    Ok(add_members(op, store, group, &[user]).await? > 0)
}

/// Removes one person; whether they were a member before.
pub async fn remove_member(
    op: &mut Op,
    store: &dyn Store,
    group: GroupId,
    user: UserId,
) -> Result<bool, ChangeMembersError> {
    Ok(remove_members(op, store, group, &[user]).await? > 0)
}

/// The group, if people may be put into it, and the people with whether each is a member, in the
/// order in which they were named.
async fn prepare(
    write: &mut dyn Write,
    group: GroupId,
    users: &[UserId],
) -> Result<(Group, Vec<(User, bool)>), ChangeMembersError> {
    if users.len() > MAX_MEMBERS_AT_ONCE {
        return Err(ChangeMembersError::TooMany);
    }
    let group = write
        .group(group)
        .await?
        .ok_or(ChangeMembersError::NoSuchGroup)?;
    if group.everyone {
        return Err(ChangeMembersError::BuiltIn);
    }
    if let Membership::Dynamic(_) = group.membership {
        return Err(ChangeMembersError::Dynamic);
    }
    let mut known = write.membership_of(group.id, users).await?;
    let found: HashSet<UserId> = known.iter().map(|(user, _)| user.id).collect();
    if let Some(missing) = users.iter().find(|id| !found.contains(id)) {
        return Err(ChangeMembersError::NoSuchUser(*missing));
    }
    let mut places = std::collections::HashMap::new();
    for (place, id) in users.iter().enumerate() {
        places.entry(*id).or_insert(place);
    }
    known.sort_by_key(|(user, _)| places.get(&user.id).copied());
    Ok((group, known))
}
