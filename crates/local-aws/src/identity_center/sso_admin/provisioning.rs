//! ProvisionPermissionSet, and where permission sets are provisioned.

use serde_json::{Value, json};

use super::{
    paging::{Paging, oldest_first},
    request_status::{InProgress, write},
    scope::{self, Ask},
    shapes,
};
use crate::{
    identity_center::{Target, provision_permission_set},
    json_service::{Input, JsonCall, JsonError},
    state::center::PermissionSetRecord,
};

const LATEST: &str = "LATEST_PERMISSION_SET_PROVISIONED";
const NOT_LATEST: &str = "LATEST_PERMISSION_SET_NOT_PROVISIONED";

pub(super) fn provision(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    let account = call.input.optional("TargetId", shapes::ACCOUNT_ID);
    call.input.require_presence("TargetType");
    let kind = call
        .input
        .one_of("TargetType", &["AWS_ACCOUNT", "ALL_PROVISIONED_ACCOUNTS"]);
    call.input.done()?;
    let all = kind == Some("ALL_PROVISIONED_ACCOUNTS");
    let ask = Ask::permission_set("ProvisionPermissionSet", arns);
    let ask = match account {
        Some(account) if !all => ask.in_account(account),
        _ => ask,
    };
    let (center, set) = scope::permission_set(call, ask)?;
    let target = match account {
        _ if all => Target::AllProvisioned,
        Some(account) => Target::Account(account),
        None => {
            return Err(JsonError::validation(
                "TargetId is required when TargetType is AWS_ACCOUNT.",
            ));
        }
    };
    let editing = scope::editing(call, &set.id);
    let request = provision_permission_set(call.aws, call.op, editing, target)?;
    Ok(json!({ "PermissionSetProvisioningStatus": write(&center, &request, InProgress::Yes) }))
}

/// ListAccountsForProvisionedPermissionSet.
pub(super) fn accounts(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    let wanted = status_filter(&mut call.input);
    let paging = Paging::read(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("ListAccountsForProvisionedPermissionSet", arns);
    let (_, set) = scope::permission_set(call, ask)?;
    let accounts = set
        .provisioned
        .keys()
        .filter(|account| is_wanted(&set, account, wanted));
    paging.answer(
        "AccountIds",
        accounts,
        |account| (*account).clone(),
        |account| json!(account),
    )
}

/// ListPermissionSetsProvisionedToAccount.
pub(super) fn permission_sets(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    let account = call.input.required("AccountId", shapes::ACCOUNT_ID);
    let wanted = status_filter(&mut call.input);
    let paging = Paging::read(&mut call.input);
    call.input.done()?;
    let ask = Ask::instance("ListPermissionSetsProvisionedToAccount", instance).in_account(account);
    let center = scope::center(call, ask)?;
    let sets = center
        .permission_sets
        .values()
        .filter(|set| is_wanted(set, account, wanted));
    paging.answer(
        "PermissionSets",
        sets,
        |set| oldest_first(set.created_at, &set.id),
        |set| json!(center.instance.permission_set_arn(&set.id)),
    )
}

fn status_filter<'a>(input: &mut Input<'a>) -> Option<&'a str> {
    input.one_of("ProvisioningStatus", &[LATEST, NOT_LATEST])
}

/// Whether the set has a role in the account, and in the state that is asked for.
fn is_wanted(set: &PermissionSetRecord, account: &str, wanted: Option<&str>) -> bool {
    let Some(role) = set.provisioned.get(account) else {
        return false;
    };
    let status = if role.revision == set.revision {
        LATEST
    } else {
        NOT_LATEST
    };
    wanted.is_none_or(|wanted| wanted == status)
}
