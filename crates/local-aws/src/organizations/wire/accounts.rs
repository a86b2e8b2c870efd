//! CreateAccount and its statuses, DescribeAccount, ListAccounts, ListAccountsForParent,
//! MoveAccount, CloseAccount, RemoveAccountFromOrganization.

use serde_json::{Value, json};

use super::{
    gate::{Audience, admit, everything},
    input::{self, ACCOUNT_ID, ACCOUNT_NAME, CREATION_ID, EMAIL, PARENT_ID, ROLE_NAME},
    render,
};
use crate::{
    json_service::{JsonCall, JsonError, Paging},
    organizations::{
        NewAccount, OrganizationError, close_account, create_account, membership::existing,
        move_account, remove_account,
    },
    state::organization::{MemberRecord, OrganizationRecord},
};

/// The account exists when this answers; the answer says `IN_PROGRESS` as AWS's does, so that
/// callers which do not ask for the status fail here as they would there.
pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let email = input::required(call, "Email", EMAIL)?;
    let name = input::required(call, "AccountName", ACCOUNT_NAME)?;
    let role_name = input::optional(call, "RoleName", ROLE_NAME)?;
    input::one_of(call, "IamUserAccessToBilling", &["ALLOW", "DENY"])?;
    let tags = input::tags(call)?;
    if role_name.is_some_and(|role| role.starts_with("AWSServiceRoleFor")) {
        return Err(OrganizationError::invalid(
            "INVALID_ROLE_NAME",
            "You provided a role name that isn't valid. A role name can't begin with the reserved prefix AWSServiceRoleFor.",
        )
        .into());
    }
    let action = "organizations:CreateAccount";
    admit(call, action, Audience::Management, everything)?;
    if !tags.is_empty() {
        let action = "organizations:TagResource";
        admit(call, action, Audience::Management, everything)?;
    }
    let new = NewAccount {
        name: name.to_owned(),
        email: email.to_owned(),
        role_name: role_name.map(str::to_owned),
        tags,
        ..NewAccount::default()
    };
    let (id, creation) = create_account(call.aws, call.op, &new)?;
    Ok(json!({ "CreateAccountStatus": render::creation_begun(&id, &creation) }))
}

pub(super) fn describe_creation(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "CreateAccountRequestId", CREATION_ID)?;
    let action = "organizations:DescribeCreateAccountStatus";
    let organization = admit(call, action, Audience::Reader, everything)?;
    let creation = organization
        .creations
        .get(id)
        .ok_or(OrganizationError::CreationNotFound)?;
    Ok(json!({ "CreateAccountStatus": render::creation(id, creation) }))
}

pub(super) fn list_creations(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let all = ["IN_PROGRESS", "SUCCEEDED", "FAILED"];
    let states = input::words(call, "States", &all)?;
    let page = input::page(call, &format!("creations {}", states.join(" ")))?;
    let action = "organizations:ListCreateAccountStatus";
    let organization = admit(call, action, Audience::Reader, everything)?;
    let rest = organization
        .creations
        .iter()
        .filter(|(_, creation)| {
            states.is_empty() || states.contains(&render::creation_state(creation))
        })
        .filter(|(id, _)| page.after().is_none_or(|after| id.as_str() > after));
    let (creations, next) = page.cut(rest, |(id, _)| (*id).clone());
    let creations = creations
        .into_iter()
        .map(|(id, creation)| render::creation(id, creation))
        .collect();
    Ok(render::list("CreateAccountStatuses", creations, next))
}

pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "AccountId", ACCOUNT_ID)?;
    let action = "organizations:DescribeAccount";
    let organization = admit(call, action, Audience::Reader, |own| own.arn_of(id))?;
    let member = existing(&organization, id)?;
    Ok(json!({ "Account": render::account(&call.state, &organization, member) }))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let page = input::page(call, "accounts")?;
    let action = "organizations:ListAccounts";
    let organization = admit(call, action, Audience::Reader, everything)?;
    let all = organization.members.values();
    Ok(accounts(call, &organization, &page, all))
}

pub(super) fn list_for_parent(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let parent = input::required(call, "ParentId", PARENT_ID)?;
    let page = input::page(call, &format!("accounts of {parent}"))?;
    let action = "organizations:ListAccountsForParent";
    let organization = admit(call, action, Audience::Reader, |own| own.arn_of(parent))?;
    if !organization.is_parent(parent) {
        return Err(OrganizationError::ParentNotFound.into());
    }
    let below = organization.accounts_in(parent);
    Ok(accounts(call, &organization, &page, below))
}

pub(super) fn relocate(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "AccountId", ACCOUNT_ID)?;
    let source = input::required(call, "SourceParentId", PARENT_ID)?;
    let destination = input::required(call, "DestinationParentId", PARENT_ID)?;
    let action = "organizations:MoveAccount";
    for resource in [id, source, destination] {
        admit(call, action, Audience::Management, |own| {
            own.arn_of(resource)
        })?;
    }
    move_account(call.aws, id, source, destination)?;
    Ok(json!({}))
}

pub(super) fn close(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "AccountId", ACCOUNT_ID)?;
    let action = "organizations:CloseAccount";
    admit(call, action, Audience::Management, |own| own.arn_of(id))?;
    close_account(call.aws, id)?;
    Ok(json!({}))
}

pub(super) fn remove(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let id = input::required(call, "AccountId", ACCOUNT_ID)?;
    let action = "organizations:RemoveAccountFromOrganization";
    admit(call, action, Audience::Management, |own| own.arn_of(id))?;
    remove_account(call.aws, id)?;
    Ok(json!({}))
}

fn accounts<'a>(
    call: &JsonCall<'_>,
    organization: &OrganizationRecord,
    page: &Paging,
    members: impl Iterator<Item = &'a MemberRecord>,
) -> Value {
    let rest = members.filter(|member| {
        page.after()
            .is_none_or(|after| member.account.as_str() > after)
    });
    let (members, next) = page.cut(rest, |member| member.account.clone());
    let accounts = members
        .into_iter()
        .map(|member| render::account(&call.state, organization, member).into())
        .collect();
    render::list("Accounts", accounts, next)
}
