//! Keeping the members of dynamic groups what their rules say.
//!
//! Membership is recorded, not computed when it is asked for: single sign-on and the portal read
//! it as that of any other group. So every change of a rule or of a user brings it up to date in
//! its own transaction.

use std::collections::HashSet;

use crate::groups::membership_events::{Direction, write_events};
use crate::groups::{Group, NewMember, member_key};
use crate::ids::UserId;
use crate::op::Op;
use crate::store::{StoreError, Write};
use crate::users::User;

/// People that are looked at in one question.
pub(super) const BATCH: u32 = 500;

/// Makes the members of a dynamic group those whom its rule names. Does nothing for a static one.
pub(super) async fn apply_rule(
    op: &mut Op,
    write: &mut dyn Write,
    group: &Group,
) -> Result<(), StoreError> {
    let Some(rule) = group.rule() else {
        return Ok(());
    };
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    let mut after: Option<UserId> = None;
    loop {
        let users = write
            .users_and_membership(Some(group.id), after, BATCH)
            .await?;
        let Some((last, _)) = users.last() else { break };
        after = Some(last.id);
        for (user, member) in users {
            match (rule.matches(&user), member) {
                (true, false) => added.push(user),
                (false, true) => removed.push(user),
                _ => {}
            }
        }
    }
    for some in added.chunks(BATCH as usize) {
        let members: Vec<_> = some.iter().map(NewMember::of).collect();
        write.add_members(group.id, &members, op.now).await?;
    }
    for some in removed.chunks(BATCH as usize) {
        let ids: Vec<_> = some.iter().map(|user| user.id).collect();
        write.remove_members(group.id, &ids).await?;
    }
    let (added, removed): (Vec<_>, Vec<_>) = (added.iter().collect(), removed.iter().collect());
    write_events(op, write, group, Direction::Add, &added, true).await?;
    write_events(op, write, group, Direction::Remove, &removed, true).await
}

/// Brings every dynamic group up to date with one user who was added or changed, and the key under
/// which groups list the user. To be called in the transaction that changes the user, after the
/// change.
pub(crate) async fn reevaluate(
    write: &mut dyn Write,
    op: &mut Op,
    user: &User,
) -> Result<(), StoreError> {
    let mut evaluation = Evaluation::begin(write).await?;
    evaluation.follow(write, op, user).await
}

/// As [`reevaluate`], for many users in one transaction.
pub(crate) struct Evaluation {
    groups: Vec<Group>,
    attribute_names: HashSet<String>,
}

impl Evaluation {
    /// Reads the rules. Good until the transaction ends.
    pub(crate) async fn begin(write: &mut dyn Write) -> Result<Self, StoreError> {
        let groups = write.dynamic_groups().await?;
        let names = write.user_attribute_names().await?;
        Ok(Self {
            groups,
            attribute_names: names.into_iter().collect(),
        })
    }

    /// To be called for each user after the change.
    pub(crate) async fn follow(
        &mut self,
        write: &mut dyn Write,
        op: &mut Op,
        user: &User,
    ) -> Result<(), StoreError> {
        for name in user.custom_attributes.keys() {
            if !self.attribute_names.contains(name) {
                write.note_user_attribute_name(name).await?;
                self.attribute_names.insert(name.clone());
            }
        }
        let memberships = write.memberships(user.id).await?;
        let key = member_key(user);
        if memberships.iter().any(|(_, known)| *known != key) {
            write.set_member_key(user.id, &key).await?;
        }
        for group in &self.groups {
            let member = memberships.iter().any(|(id, _)| *id == group.id);
            follow_rule(write, op, group, user, member).await?;
        }
        Ok(())
    }
}

async fn follow_rule(
    write: &mut dyn Write,
    op: &mut Op,
    group: &Group,
    user: &User,
    member: bool,
) -> Result<(), StoreError> {
    let matches = group.rule().is_some_and(|rule| rule.matches(user));
    let direction = match (matches, member) {
        (true, false) => {
            let members = [NewMember::of(user)];
            write.add_members(group.id, &members, op.now).await?;
            Direction::Add
        }
        (false, true) => {
            write.remove_members(group.id, &[user.id]).await?;
            Direction::Remove
        }
        _ => return Ok(()),
    };
    write_events(op, write, group, direction, &[user], true).await
}
