//! Organisation, units, accounts and requests in AWS's members.

use serde_json::{Map, Value, json};

use crate::state::{
    State,
    organization::{AccountCreationRecord, MemberRecord, OrganizationRecord, UnitRecord},
};

/// `Organization`
pub(super) fn organization(record: &OrganizationRecord) -> Value {
    let management = &record.management_account;
    let email = record.members.get(management).map(|member| &member.email);
    json!({
        "Id": record.id,
        "Arn": record.arn(),
        "FeatureSet": record.feature_set,
        "MasterAccountArn": record.arn_of(management),
        "MasterAccountId": management,
        "MasterAccountEmail": email,
        "AvailablePolicyTypes": [],
    })
}

/// `OrganizationalUnit`
pub(super) fn unit(organization: &OrganizationRecord, unit: &UnitRecord) -> Value {
    json!({
        "Id": unit.id,
        "Arn": organization.arn_of(&unit.id),
        "Name": unit.name,
        "Path": organization.path(&unit.id),
    })
}

/// `Account`. The name is the one that IAM knows.
pub(super) fn account(
    state: &State,
    organization: &OrganizationRecord,
    member: &MemberRecord,
) -> Map<String, Value> {
    let name = state
        .account(&member.account)
        .map_or("", |account| account.record.name.as_str());
    let account = json!({
        "Id": member.account,
        "Arn": organization.arn_of(&member.account),
        "Email": member.email,
        "Name": name,
        "Status": member.status,
        "State": member.status,
        "Paths": [organization.path(&member.account)],
        "JoinedMethod": member.joined_method,
        "JoinedTimestamp": member.joined_at,
    });
    match account {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// `CreateAccountStatus`
pub(super) fn creation(id: &str, record: &AccountCreationRecord) -> Value {
    let mut status = json!({
        "Id": id,
        "AccountName": record.account_name,
        "State": creation_state(record),
        "RequestedTimestamp": record.requested_at,
        "CompletedTimestamp": record.requested_at,
    });
    if let Some(account) = &record.account {
        status["AccountId"] = json!(account);
    }
    if let Some(failure) = &record.failure {
        status["FailureReason"] = json!(failure);
    }
    status
}

/// `CreateAccountStatus` as CreateAccount answers it: what becomes of the request is not told yet.
pub(super) fn creation_begun(id: &str, record: &AccountCreationRecord) -> Value {
    json!({
        "Id": id,
        "AccountName": record.account_name,
        "State": "IN_PROGRESS",
        "RequestedTimestamp": record.requested_at,
    })
}

/// `SUCCEEDED` or `FAILED`.
pub(super) const fn creation_state(record: &AccountCreationRecord) -> &'static str {
    if record.failure.is_some() {
        "FAILED"
    } else {
        "SUCCEEDED"
    }
}

/// A list with the token of its next page, if there is one.
pub(super) fn list(name: &str, entries: Vec<Value>, next: Option<String>) -> Value {
    let mut answer = Map::from_iter([(name.to_owned(), Value::Array(entries))]);
    if let Some(token) = next {
        answer.insert("NextToken".to_owned(), Value::String(token));
    }
    Value::Object(answer)
}
