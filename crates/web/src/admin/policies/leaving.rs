//! What becomes of policies when a group or an application that they name is deleted, for the pages
//! that ask before it.

use std::collections::BTreeSet;

use jetway_identity::sign_in_policies::{Applications, Who, list_sign_in_policies};
use jetway_identity::{ApplicationId, GroupId, Store, StoreError};

/// Something that is about to be deleted.
pub(crate) enum Leaving<'a> {
    Group(GroupId),
    Applications(&'a [ApplicationId]),
}

/// A sentence for each policy that names it.
pub(crate) async fn policies_left_behind(
    store: &dyn Store,
    leaving: &Leaving<'_>,
) -> Result<Vec<String>, StoreError> {
    let all = list_sign_in_policies(store).await?;
    let told = all.iter().filter_map(|saved| {
        let rule = &saved.policy.rule;
        let last = match (leaving, &rule.who, &rule.application) {
            (Leaving::Group(id), Who::Groups(groups), _) => left(groups, &[*id]),
            (Leaving::Applications(gone), _, Applications::Some(ids)) => left(ids, gone),
            _ => None,
        }?;
        Some(match (last, rule.enabled) {
            (true, true) => format!(
                "The policy {} is about nothing else: it is switched off, and what it asks is asked no more.",
                rule.name
            ),
            (true, false) => format!("The policy {} is about nothing else.", rule.name),
            (false, _) => format!("The policy {} stays, without it.", rule.name),
        })
    });
    Ok(told.collect())
}

/// Whether nothing is left of `named` without `gone`. `None`: it names none of them.
fn left<T: Ord>(named: &BTreeSet<T>, gone: &[T]) -> Option<bool> {
    let leaving = named.iter().filter(|one| gone.contains(one)).count();
    (leaving > 0).then_some(leaving == named.len())
}
