//! Accounts that come into the organisation: new ones, and such as exist already.

use super::{OrganizationError, ids, organization::edit, tags};
use crate::{
    LocalAws,
    ids::{access_key_id, role_id},
    op::Op,
    state::{
        AccountRecord, Change, Role, RoleRecord, Tag,
        organization::{AccountCreationRecord, MemberRecord, OrganizationRecord},
    },
};

/// Accounts of an organisation. AWS begins with 10 and raises it on request.
const MAX_ACCOUNTS: usize = 10_000;
/// How many requests to create an account are remembered: the newest.
const MAX_CREATIONS: usize = 1000;
/// The role through which the management account gets into a new account.
const DEFAULT_ROLE: &str = "OrganizationAccountAccessRole";

/// What a new account needs.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// For people.
    pub name: String,
    /// Unique in the organisation, without regard to case.
    pub email: String,
    /// 12 digits; random when absent. If the account exists already, it gets the name and joins.
    pub id: Option<String>,
    /// The root or a unit; the root when absent.
    pub parent: Option<String>,
    /// The role for the management account; `OrganizationAccountAccessRole` when absent.
    pub role_name: Option<String>,
    /// Tags of the account in the organisation.
    pub tags: Vec<Tag>,
}

/// Creates an account in the organisation and gives the id of the request with what became of it:
/// an address that is taken fails the request, as on AWS, not the call.
pub fn create_account(
    aws: &LocalAws,
    op: &mut Op,
    new: &NewAccount,
) -> Result<(String, AccountCreationRecord), OrganizationError> {
    edit(aws, |organization, change| {
        room(organization)?;
        tags::check(&new.tags)?;
        let parent = new.parent.as_ref().unwrap_or(&organization.root_id).clone();
        if !organization.is_parent(&parent) {
            return Err(OrganizationError::ParentNotFound);
        }
        let mut creation = AccountCreationRecord {
            account_name: new.name.clone(),
            account: None,
            failure: None,
            requested_at: op.unix(),
        };
        if email_taken(organization, &new.email) {
            creation.failure = Some("EMAIL_ALREADY_EXISTS".to_owned());
        } else {
            let id = match &new.id {
                Some(id) if organization.members.contains_key(id) => {
                    return Err(OrganizationError::AlreadyIn);
                }
                Some(id) => id.clone(),
                None => ids::account(op, change.state()),
            };
            put_account(change, op, &id, &new.name)?;
            let role = new.role_name.as_deref().unwrap_or(DEFAULT_ROLE);
            put_access_role(change, op, &id, role, &organization.management_account)?;
            join(organization, op, &id, &new.email, &parent, "CREATED");
            tags::put(organization, &id, &new.tags)?;
            creation.account = Some(id);
        }
        let request = ids::creation(op);
        remember(organization, &request, &creation);
        Ok((request, creation))
    })
}

/// Keeps what became of a request, and forgets the oldest when there are too many.
fn remember(
    organization: &mut OrganizationRecord,
    request: &str,
    creation: &AccountCreationRecord,
) {
    let creations = &mut organization.creations;
    while creations.len() >= MAX_CREATIONS {
        let oldest = creations
            .iter()
            .min_by_key(|(_, creation)| creation.requested_at)
            .map(|(id, _)| id.clone());
        let Some(oldest) = oldest else { break };
        creations.remove(&oldest);
    }
    creations.insert(request.to_owned(), creation.clone());
}

/// Takes an account that exists already into the organisation, below the root, as if it had been
/// invited and had accepted.
pub fn join_organization(
    aws: &LocalAws,
    op: &mut Op,
    account: &str,
    email: &str,
) -> Result<(), OrganizationError> {
    edit(aws, |organization, change| {
        if change.state().account(account).is_none() {
            return Err(OrganizationError::AccountNotFound);
        }
        if organization.members.contains_key(account) || email_taken(organization, email) {
            return Err(OrganizationError::AlreadyIn);
        }
        room(organization)?;
        let root = organization.root_id.clone();
        join(organization, op, account, email, &root, "INVITED");
        Ok(())
    })
}

fn room(organization: &OrganizationRecord) -> Result<(), OrganizationError> {
    if organization.members.len() < MAX_ACCOUNTS {
        Ok(())
    } else {
        Err(OrganizationError::constraint(
            "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
            "You have exceeded the allowed number of AWS accounts.",
        ))
    }
}

fn email_taken(organization: &OrganizationRecord, email: &str) -> bool {
    organization
        .members
        .values()
        .any(|member| member.email.eq_ignore_ascii_case(email))
}

fn join(
    organization: &mut OrganizationRecord,
    op: &Op,
    account: &str,
    email: &str,
    parent: &str,
    method: &str,
) {
    let member = MemberRecord {
        account: account.to_owned(),
        email: email.to_owned(),
        parent: parent.to_owned(),
        joined_method: method.to_owned(),
        joined_at: op.unix(),
        status: super::ACTIVE.to_owned(),
    };
    organization.members.insert(account.to_owned(), member);
}

/// The account itself; one that exists keeps everything but its name.
fn put_account(
    change: &mut Change,
    op: &mut Op,
    id: &str,
    name: &str,
) -> Result<(), OrganizationError> {
    let existing = change.state().account(id).map(|owner| owner.record.clone());
    let mut record = existing.unwrap_or_else(|| AccountRecord {
        id: id.to_owned(),
        name: String::new(),
        created_at: op.unix(),
        access_key_id: access_key_id(op),
        alias: None,
    });
    name.clone_into(&mut record.name);
    Ok(change.put_account(record)?)
}

/// A role with all rights that the management account may assume; one of the name stays as it is.
fn put_access_role(
    change: &mut Change,
    op: &mut Op,
    account: &str,
    name: &str,
    management_account: &str,
) -> Result<(), OrganizationError> {
    let taken = change
        .state()
        .account(account)
        .is_some_and(|owner| owner.role(name).is_some());
    if taken {
        return Ok(());
    }
    let trust = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": crate::arn::root(management_account) },
            "Action": "sts:AssumeRole",
        }],
    });
    change.put_role(Role::from_record(RoleRecord {
        account: account.to_owned(),
        name: name.to_owned(),
        path: "/".to_owned(),
        id: role_id(op),
        created_at: op.unix(),
        trust: trust.to_string(),
        description: None,
        max_session_duration: 3600,
        boundary: None,
        tags: Vec::new(),
        inline: Vec::new(),
        attached: vec!["arn:aws:iam::aws:policy/AdministratorAccess".to_owned()],
    })?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_newest_thousand_requests_are_remembered() {
        let mut organization = OrganizationRecord {
            id: "o-0123456789".to_owned(),
            root_id: "r-0123".to_owned(),
            management_account: "123456789012".to_owned(),
            feature_set: "ALL".to_owned(),
            created_at: 0,
            units: BTreeMap::new(),
            members: BTreeMap::new(),
            delegated_administrators: BTreeMap::new(),
            trusted_services: BTreeMap::new(),
            tags: BTreeMap::new(),
            creations: BTreeMap::new(),
        };
        for requested_at in 0..1001 {
            let creation = AccountCreationRecord {
                account_name: "x".to_owned(),
                account: None,
                failure: None,
                requested_at,
            };
            remember(&mut organization, &format!("car-{requested_at}"), &creation);
        }
        assert_eq!(organization.creations.len(), 1000);
        assert!(!organization.creations.contains_key("car-0"));
        assert!(organization.creations.contains_key("car-1000"));
    }
}
