//! The groups and applications that policies name.

use std::collections::BTreeSet;

use super::policy::{Applications, PolicyRule, SavedSignInPolicy, Who};
use super::problems::{InvalidPolicy, Problems};
use super::record::record;
use crate::ids::{ApplicationId, GroupId};
use crate::op::Op;
use crate::store::{StoreError, Write};

/// Refuses groups and applications that do not exist.
pub(super) async fn check_choices_exist(
    write: &mut dyn Write,
    rule: &PolicyRule,
) -> Result<Result<(), InvalidPolicy>, StoreError> {
    let mut problems = Problems::default();
    if let Who::Groups(groups) = &rule.who {
        let asked: Vec<GroupId> = groups.iter().copied().collect();
        let known: BTreeSet<GroupId> = write
            .group_names(&asked)
            .await?
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        if let Some(unknown) = groups.difference(&known).next() {
            problems.add("who.groups", format!("there is no group {unknown}"));
        }
    }
    if let Applications::Some(applications) = &rule.application {
        let all = write.applications().await?;
        let known = all.iter().map(|found| found.application.id).collect();
        if let Some(unknown) = applications.difference(&known).next() {
            let reason = format!("there is no application {unknown}");
            problems.add("application.some", reason);
        }
    }
    Ok(problems.into_result())
}

/// Takes a group that is being deleted out of all policies.
pub(crate) async fn forget_group(
    op: &mut Op,
    write: &mut dyn Write,
    group: GroupId,
) -> Result<(), StoreError> {
    forget(op, write, |rule| match &mut rule.who {
        Who::Groups(groups) => groups.remove(&group),
        Who::Everyone | Who::Administrators => false,
    })
    .await
}

/// Takes applications that are being deleted out of all policies.
pub(crate) async fn forget_applications(
    op: &mut Op,
    write: &mut dyn Write,
    deleted: &[ApplicationId],
) -> Result<(), StoreError> {
    forget(op, write, |rule| match &mut rule.application {
        Applications::Some(ids) => {
            let before = ids.len();
            ids.retain(|id| !deleted.contains(id));
            ids.len() < before
        }
        Applications::Any => false,
    })
    .await
}

/// A policy that loses its last group or its last application is about nobody or nothing from
/// then on, never about everybody or everything. It is switched off as well, so that the list
/// says what is true, and cannot be switched on before something is chosen.
async fn forget(
    op: &mut Op,
    write: &mut dyn Write,
    take_out: impl Fn(&mut PolicyRule) -> bool + Send,
) -> Result<(), StoreError> {
    for before in write.saved_sign_in_policies().await? {
        let mut after: SavedSignInPolicy = before.clone();
        if !take_out(&mut after.policy.rule) {
            continue;
        }
        if after.policy.is_about_nothing() {
            after.policy.rule.enabled = false;
        }
        after.version += 1;
        after.changed_at = op.now;
        write.put_sign_in_policy(&after).await?;
        record(op, write, Some(&before), Some(&after)).await?;
    }
    Ok(())
}
