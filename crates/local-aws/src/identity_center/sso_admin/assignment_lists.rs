//! ListAccountAssignments and ListAccountAssignmentsForPrincipal. Assignments of users and groups
//! that are gone stay in the lists, as on AWS.

use serde_json::{Value, json};

use super::{
    assignments::{principal, principal_members},
    paging::Paging,
    request_status::principal_of,
    scope::{self, Ask},
    shapes,
};
use crate::{
    json_service::{JsonCall, JsonError},
    state::center::{AssignmentKey, IdentityCenter, Principal},
};

pub(super) fn of_account(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    let account = call.input.required("AccountId", shapes::ACCOUNT_ID);
    let paging = Paging::read(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("ListAccountAssignments", arns).in_account(account);
    let (center, set) = scope::permission_set(call, ask)?;
    let assignments = center
        .assignments_in(account)
        .map(|(key, _)| key)
        .filter(|key| key.permission_set == set.id);
    paging.answer(
        "AccountAssignments",
        assignments,
        |key| order(key),
        |key| write(&center, key),
    )
}

/// What a user holds by themselves and through groups, or what a group holds.
pub(super) fn of_principal(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    let (kind, id) = principal_members(&mut call.input);
    let filter = call
        .input
        .structure("Filter")
        .and_then(|filter| filter.get("AccountId"))
        .filter(|account| !account.is_null());
    let account = filter.and_then(Value::as_str);
    if filter.is_some() && account.is_none() {
        call.input.mistyped("Filter");
    }
    if let Some(account) = account {
        call.input
            .check("filter.accountId", account, shapes::ACCOUNT_ID);
    }
    let paging = Paging::read(&mut call.input);
    call.input.done()?;
    let ask = Ask::instance("ListAccountAssignmentsForPrincipal", instance);
    let center = scope::center(call, ask)?;
    let wanted = principal(&center, kind, id)?;
    let directory = &call.state.directory;
    let holds = |holder: &Principal| {
        *holder == wanted
            || match (holder, &wanted) {
                (Principal::Group(group), Principal::User(user)) => {
                    directory.membership(group, user).is_some()
                }
                _ => false,
            }
    };
    let assignments = center
        .assignments
        .keys()
        .filter(|key| account.is_none_or(|account| key.account == account))
        .filter(|key| holds(&key.principal));
    paging.answer(
        "AccountAssignments",
        assignments,
        |key| order(key),
        |key| write(&center, key),
    )
}

fn order(key: &AssignmentKey) -> String {
    let (kind, id) = principal_of(&key.principal);
    format!("{}/{}/{kind}/{id}", key.account, key.permission_set)
}

fn write(center: &IdentityCenter, key: &AssignmentKey) -> Value {
    let (kind, id) = principal_of(&key.principal);
    json!({
        "AccountId": key.account,
        "PermissionSetArn": center.instance.permission_set_arn(&key.permission_set),
        "PrincipalType": kind,
        "PrincipalId": id,
    })
}
