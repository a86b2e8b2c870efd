//! Who holds which permission set in which account, and the asynchronous requests that change it
//! (identity-center.md §2.2). They are carried out at once; what became of one is kept for the
//! client that asks.

mod requests;

use self::requests::{NewRequest, record};
use super::{
    error::CenterError,
    permission_sets::{Editing, existing},
    provisioning::{self, ProvisionError},
};
use crate::{
    LocalAws, StoreError,
    op::Op,
    state::{
        Change, State,
        center::{AssignmentKey, AssignmentRecord, Principal, RequestKind, RequestRecord},
    },
};

/// Where a permission set is provisioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// In this account.
    Account(&'a str),
    /// Wherever it has a role already.
    AllProvisioned,
}

/// Assigns a permission set and provisions it in the account. What IAM refuses there makes the
/// request fail; the assignment is not made then.
pub fn create_assignment(
    aws: &LocalAws,
    op: &mut Op,
    key: AssignmentKey,
) -> Result<RequestRecord, CenterError> {
    check_account(&aws.state(), &key.account)?;
    let fresh = provisioning::prepare(aws, op, &key.account)?;
    aws.cell().change(|change| {
        existing(change.state(), &key.permission_set)?;
        check_account(change.state(), &key.account)?;
        check_principal(change.state(), &key.principal)?;
        let (set, account) = (&key.permission_set, &key.account);
        let failure = refusal(provisioning::provision(change, op, set, account, fresh))?;
        let request = NewRequest::of_assignment(RequestKind::CreateAssignment, &key);
        if failure.is_none() && !is_assigned(change, &key) {
            let created_at = op.unix();
            change.put_assignment(key, AssignmentRecord { created_at })?;
        }
        record(change, op, request, failure)
    })
}

/// Takes an assignment away. With the last one in the account the role goes, too.
pub fn delete_assignment(
    aws: &LocalAws,
    op: &mut Op,
    key: &AssignmentKey,
) -> Result<RequestRecord, CenterError> {
    aws.cell().change(|change| {
        existing(change.state(), &key.permission_set)?;
        let request = NewRequest::of_assignment(RequestKind::DeleteAssignment, key);
        if !is_assigned(change, key) {
            let failure = "Received a 404 status error: Assignment not found.".to_owned();
            return record(change, op, request, Some(failure));
        }
        change.remove_assignment(key);
        let still_used = change.state().identity_center.iter().any(|center| {
            center
                .assignments_in(&key.account)
                .any(|(other, _)| other.permission_set == key.permission_set)
        });
        if !still_used {
            provisioning::deprovision(change, &key.permission_set, &key.account)?;
        }
        record(change, op, request, None)
    })
}

/// Brings the roles of a permission set up to date, in one account or wherever it has one.
///
/// A delegated administrator provisions nothing in the management account.
pub fn provision_permission_set<'a>(
    aws: &LocalAws,
    op: &mut Op,
    set: impl Into<Editing<'a>>,
    target: Target<'_>,
) -> Result<RequestRecord, CenterError> {
    let editing = set.into();
    let permission_set = editing.id;
    let mut fresh = match target {
        Target::Account(account) => {
            check_account(&aws.state(), account)?;
            provisioning::prepare(aws, op, account)?
        }
        Target::AllProvisioned => None,
    };
    aws.cell().change(|change| {
        let set = existing(change.state(), permission_set)?;
        let (account, accounts) = match target {
            Target::Account(account) => {
                check_account(change.state(), account)?;
                (Some(account.to_owned()), vec![account.to_owned()])
            }
            Target::AllProvisioned => {
                editing.check(change.state())?;
                (None, set.provisioned.keys().cloned().collect())
            }
        };
        let mut failure = None;
        for account in &accounts {
            // Where it can be done it is done; the first refusal is the one that is told.
            if let Err(closed) = check_account(change.state(), account) {
                failure = failure.or(Some(closed.to_string()));
                continue;
            }
            let provisioned =
                provisioning::provision(change, op, permission_set, account, fresh.take());
            failure = failure.or(refusal(provisioned)?);
        }
        let request = NewRequest {
            kind: RequestKind::Provision,
            permission_set: permission_set.to_owned(),
            account,
            principal: None,
        };
        record(change, op, request, failure)
    })
}

/// Takes an account out that leaves the organisation: nobody holds anything in it any more, and what
/// Identity Center made there goes.
pub(crate) fn release_account(change: &mut Change, account: &str) -> Result<(), StoreError> {
    let Some(center) = change.state().identity_center.clone() else {
        return Ok(());
    };
    for (key, _) in center.assignments_in(account) {
        change.remove_assignment(key);
    }
    for (id, set) in &center.permission_sets {
        if set.provisioned.contains_key(account) {
            provisioning::deprovision(change, id, account)?;
        }
    }
    provisioning::remove_from(change, account);
    Ok(())
}

/// The account must be an active one of the organisation.
pub(crate) fn check_account(state: &State, account: &str) -> Result<(), CenterError> {
    let member = state
        .organization
        .as_deref()
        .and_then(|organization| organization.members.get(account))
        .filter(|_| state.account(account).is_some());
    match member {
        None => Err(CenterError::NotFound(format!(
            "Could not find account {account} in the organization"
        ))),
        Some(member) if member.status != "ACTIVE" => Err(CenterError::Conflict(format!(
            "The account {account} is {}; only an active account can be assigned.",
            member.status.to_lowercase()
        ))),
        Some(_) => Ok(()),
    }
}

fn check_principal(state: &State, principal: &Principal) -> Result<(), CenterError> {
    let directory = &state.directory;
    let (found, kind, id) = match principal {
        Principal::User(id) => (directory.users.get(id).is_some(), "USER", id),
        Principal::Group(id) => (directory.groups.get(id).is_some(), "GROUP", id),
    };
    if found {
        Ok(())
    } else {
        Err(CenterError::NotFound(format!(
            "Could not find {kind} with id {id}"
        )))
    }
}

fn is_assigned(change: &Change, key: &AssignmentKey) -> bool {
    change
        .state()
        .identity_center
        .as_deref()
        .is_some_and(|center| center.assignments.contains_key(key))
}

/// The reason for which a request fails, if it does.
fn refusal(provisioned: Result<(), ProvisionError>) -> Result<Option<String>, CenterError> {
    match provisioned {
        Ok(()) => Ok(None),
        Err(ProvisionError::Refused(reason)) => Ok(Some(reason)),
        Err(ProvisionError::Store(error)) => Err(error.into()),
    }
}
