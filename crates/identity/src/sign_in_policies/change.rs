//! Changing, moving and deleting a policy.

use super::check::check_policy;
use super::choices::check_choices_exist;
use super::list::plain;
use super::policy::{Applications, Conditions, Effect, PolicyRule, SavedSignInPolicy, Who};
use super::problems::InvalidPolicy;
use super::record::record;
use crate::administrators::{NotAllowed, Permission, require};
use crate::ids::SignInPolicyId;
use crate::op::Op;
use crate::store::{Store, StoreError, Write};

/// What becomes different; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct SignInPolicyChange {
    pub name: Option<String>,
    pub enabled: Option<bool>,
    pub order: Option<u16>,
    pub who: Option<Who>,
    pub application: Option<Applications>,
    pub conditions: Option<Conditions>,
    pub effect: Option<Effect>,
}

/// Where a policy is moved in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// Why a policy was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeSignInPolicyError {
    #[error("there is no such policy")]
    NoSuchPolicy,
    #[error(transparent)]
    Invalid(#[from] InvalidPolicy),
    /// Somebody else changed it since it was read. Holds what it is now.
    #[error("the policy was changed by somebody else in the meantime")]
    Stale(Box<SavedSignInPolicy>),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes a policy; it holds from the next sign-in on. Switching it off is always possible, also
/// when it could not be saved anew. `expected` is the version that the person saw; `None` takes
/// whatever is there.
pub async fn change_sign_in_policy(
    op: &mut Op,
    store: &dyn Store,
    id: SignInPolicyId,
    expected: Option<i64>,
    change: SignInPolicyChange,
) -> Result<SavedSignInPolicy, ChangeSignInPolicyError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteSettings).await??;
    let all = write.saved_sign_in_policies().await?;
    let before = find(&all, id, expected)?;
    let mut after = before.clone();
    apply(change, &mut after.policy.rule);
    if after == before {
        return Ok(before);
    }
    if !only_off_or_moved(&before.policy.rule, &after.policy.rule) {
        check_policy(&after.policy, &plain(&all))?;
        check_choices_exist(write.as_mut(), &after.policy.rule).await??;
    }
    put(op, write.as_mut(), &before, &mut after).await?;
    write.commit().await?;
    Ok(after)
}

fn apply(change: SignInPolicyChange, rule: &mut PolicyRule) {
    if let Some(name) = change.name {
        name.trim().clone_into(&mut rule.name);
    }
    rule.enabled = change.enabled.unwrap_or(rule.enabled);
    rule.order = change.order.unwrap_or(rule.order);
    if let Some(who) = change.who {
        rule.who = who;
    }
    if let Some(application) = change.application {
        rule.application = application;
    }
    if let Some(conditions) = change.conditions {
        rule.conditions = conditions;
    }
    if let Some(effect) = change.effect {
        rule.effect = effect;
    }
}

/// Whether the change can neither ask more of anybody nor be wrong in itself.
fn only_off_or_moved(before: &PolicyRule, after: &PolicyRule) -> bool {
    let same = PolicyRule {
        enabled: after.enabled,
        order: after.order,
        ..before.clone()
    };
    same == *after && (!after.enabled || before.enabled)
}

/// Moves a policy by one place; at the end of the list it stays. The places of all policies are
/// numbered anew where they have to be.
pub async fn move_sign_in_policy(
    op: &mut Op,
    store: &dyn Store,
    id: SignInPolicyId,
    direction: Direction,
) -> Result<(), ChangeSignInPolicyError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteSettings).await??;
    let all = write.saved_sign_in_policies().await?;
    let mut moved: Vec<&SavedSignInPolicy> = all.iter().collect();
    let from = moved.iter().position(|saved| saved.policy.id == id);
    let from = from.ok_or(ChangeSignInPolicyError::NoSuchPolicy)?;
    let to = match direction {
        Direction::Up => from.checked_sub(1),
        Direction::Down => Some(from + 1).filter(|to| *to < moved.len()),
    };
    let Some(to) = to else {
        return Ok(());
    };
    moved.swap(from, to);
    for (place, before) in (1_u16..).zip(moved) {
        if before.policy.rule.order != place {
            let mut after = before.clone();
            after.policy.rule.order = place;
            put(op, write.as_mut(), before, &mut after).await?;
        }
    }
    write.commit().await?;
    Ok(())
}

/// Deletes a policy. What it asked is asked no more from the next sign-in on.
pub async fn delete_sign_in_policy(
    op: &mut Op,
    store: &dyn Store,
    id: SignInPolicyId,
    expected: Option<i64>,
) -> Result<(), ChangeSignInPolicyError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteSettings).await??;
    let all = write.saved_sign_in_policies().await?;
    let saved = find(&all, id, expected)?;
    write.delete_sign_in_policy(id).await?;
    record(op, write.as_mut(), Some(&saved), None).await?;
    write.commit().await?;
    Ok(())
}

fn find(
    all: &[SavedSignInPolicy],
    id: SignInPolicyId,
    expected: Option<i64>,
) -> Result<SavedSignInPolicy, ChangeSignInPolicyError> {
    let found = all.iter().find(|saved| saved.policy.id == id).cloned();
    let found = found.ok_or(ChangeSignInPolicyError::NoSuchPolicy)?;
    if expected.is_some_and(|version| version != found.version) {
        return Err(ChangeSignInPolicyError::Stale(Box::new(found)));
    }
    Ok(found)
}

async fn put(
    op: &mut Op,
    write: &mut dyn Write,
    before: &SavedSignInPolicy,
    after: &mut SavedSignInPolicy,
) -> Result<(), StoreError> {
    after.version += 1;
    after.changed_at = op.now;
    write.put_sign_in_policy(after).await?;
    record(op, write, Some(before), Some(after)).await
}
