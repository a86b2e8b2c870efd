//! Doing a change to many people, and what came of it for each.

use std::collections::HashMap;

use jetway_identity::credentials::{
    InviteUserError, RequirePasswordChangeError, invite_user, require_password_change,
};
use jetway_identity::sessions::{RevokeSessionError, revoke_sessions};
use jetway_identity::{
    BulkOutcome, ChangeMembersError, GroupId, Op, Store, StoreError, UserId, UserState,
    add_members, delete_users, remove_members, set_user_states,
};

use super::{BulkUserResult, Outcome};
use crate::api::Problem;
use crate::shared::Site;

/// A change with what it needs.
pub(super) enum Change {
    State(UserState),
    Delete,
    AddTo(GroupId),
    RemoveFrom(GroupId),
    Invite,
    RequireNewPassword,
    EndSessions,
}

/// 422 for a group that does not exist.
pub(super) fn no_group() -> Problem {
    Problem::field("group", "there is no such group")
}

fn result(id: UserId, outcome: Outcome) -> BulkUserResult {
    BulkUserResult {
        id: id.to_string(),
        outcome,
        reason: None,
    }
}

impl Change {
    /// On `store`, which may be a rehearsal.
    pub(super) async fn run(
        &self,
        op: &mut Op,
        site: &Site,
        store: &dyn Store,
        ids: &[UserId],
    ) -> Result<Vec<BulkUserResult>, Problem> {
        match *self {
            Self::State(state) => Ok(shown(set_user_states(op, store, ids, state).await?)),
            Self::Delete => Ok(shown(delete_users(op, store, ids).await?)),
            Self::AddTo(group) => membership(op, store, ids, group, true).await,
            Self::RemoveFrom(group) => membership(op, store, ids, group, false).await,
            Self::Invite | Self::RequireNewPassword | Self::EndSessions => {
                let mut results = Vec::with_capacity(ids.len());
                for id in ids {
                    results.push(match self.one(op, site, store, *id).await? {
                        Ok(outcome) => result(*id, outcome),
                        Err(reason) => BulkUserResult {
                            reason: Some(reason),
                            ..result(*id, Outcome::Refused)
                        },
                    });
                }
                Ok(results)
            }
        }
    }

    /// For one person; inside, why not.
    async fn one(
        &self,
        op: &mut Op,
        site: &Site,
        store: &dyn Store,
        id: UserId,
    ) -> Result<Result<Outcome, String>, StoreError> {
        Ok(match self {
            Self::Invite => {
                let (sealing, public_url) = (site.keys.sealing(), site.settings.public_url());
                match invite_user(op, store, sealing, public_url, id).await {
                    Ok(_) => Ok(Outcome::Done),
                    Err(InviteUserError::NoSuchUser) => Ok(Outcome::NotFound),
                    Err(InviteUserError::Store(error)) => return Err(error),
                    Err(error) => Err(error.to_string()),
                }
            }
            Self::RequireNewPassword => match require_password_change(op, store, id).await {
                Ok(()) => Ok(Outcome::Done),
                Err(RequirePasswordChangeError::NoSuchUser) => Ok(Outcome::NotFound),
                Err(RequirePasswordChangeError::Store(error)) => return Err(error),
                Err(error) => Err(error.to_string()),
            },
            _ => match revoke_sessions(op, store, id, None).await {
                Ok(0) => Ok(Outcome::Unchanged),
                Ok(_) => Ok(Outcome::Done),
                Err(RevokeSessionError::Store(error)) => return Err(error),
                Err(_) => Ok(Outcome::NotFound),
            },
        })
    }
}

fn shown(outcomes: Vec<(UserId, BulkOutcome)>) -> Vec<BulkUserResult> {
    let one = |(id, outcome)| {
        let outcome = match outcome {
            BulkOutcome::Done => Outcome::Done,
            BulkOutcome::Unchanged => Outcome::Unchanged,
            BulkOutcome::NoSuchUser => Outcome::NotFound,
        };
        result(id, outcome)
    };
    outcomes.into_iter().map(one).collect()
}

/// Puts people into a group, or takes them out. People who do not exist are left out.
async fn membership(
    op: &mut Op,
    store: &dyn Store,
    ids: &[UserId],
    group: GroupId,
    add: bool,
) -> Result<Vec<BulkUserResult>, Problem> {
    let mut read = store.read().await?;
    let members: HashMap<UserId, bool> = read
        .membership_of(group, ids)
        .await?
        .into_iter()
        .map(|(user, is_member)| (user.id, is_member))
        .collect();
    drop(read);
    let known: Vec<UserId> = ids
        .iter()
        .copied()
        .filter(|id| members.contains_key(id))
        .collect();
    let changed = if add {
        add_members(op, store, group, &known).await
    } else {
        remove_members(op, store, group, &known).await
    };
    changed.map_err(|error| match error {
        ChangeMembersError::NoSuchGroup => no_group(),
        ChangeMembersError::NoSuchUser(_) => Problem::conflict(
            "missing",
            "Somebody was deleted in the meantime. Try again.",
        ),
        ChangeMembersError::BuiltIn | ChangeMembersError::Dynamic => {
            Problem::field("group", error.to_string())
        }
        ChangeMembersError::TooMany => Problem::field("ids", error.to_string()),
        ChangeMembersError::NotAllowed(error) => error.into(),
        ChangeMembersError::Store(error) => error.into(),
    })?;
    let outcome = |id: &UserId| match members.get(id) {
        None => Outcome::NotFound,
        Some(is_member) if *is_member == add => Outcome::Unchanged,
        Some(_) => Outcome::Done,
    };
    Ok(ids.iter().map(|id| result(*id, outcome(id))).collect())
}
