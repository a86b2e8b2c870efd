//! ListInstances, DescribeInstance, UpdateInstance, CreateInstance, DeleteInstance.

use serde_json::{Map, Value, json};

use super::{
    paging::Paging,
    scope::{self, Ask},
    shapes, tags,
};
use crate::{
    identity_center::{delete_instance, enabled, rename_instance},
    json_service::{JsonCall, JsonError},
    state::center::InstanceRecord,
};

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let paging = Paging::read(&mut call.input);
    call.input.done()?;
    call.allow("sso:ListInstances", "*", &call.principal.account)?;
    let account = &call.principal.account;
    let is_member = call
        .state
        .organization
        .as_ref()
        .is_some_and(|organization| organization.members.contains_key(account));
    let visible = enabled(&call.state)
        .filter(|center| is_member && center.instance.region == call.region)
        .map(|center| &center.instance);
    paging.answer(
        "Instances",
        visible,
        |record| record.id.clone(),
        |record| {
            let mut instance = summary(record);
            instance["PrimaryRegion"] = json!(record.region);
            instance["Regions"] = json!([{
                "RegionName": record.region,
                "Status": "ACTIVE",
                "AddedDate": record.created_at,
                "IsPrimaryRegion": true,
            }]);
            instance
        },
    )
}

pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arn = scope::instance_arn(&mut call.input);
    call.input.done()?;
    let center = scope::center(call, Ask::instance("DescribeInstance", arn))?;
    let mut instance = summary(&center.instance);
    instance["EncryptionConfigurationDetails"] = json!({
        "KeyType": "AWS_OWNED_KMS_KEY",
        "EncryptionStatus": "ENABLED",
    });
    Ok(instance)
}

/// Names the instance. It cannot be encrypted with a key of the customer's: there is no KMS here.
pub(super) fn update(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arn = scope::instance_arn(&mut call.input);
    let name = call.input.optional("Name", shapes::INSTANCE_NAME);
    let encryption = call.input.structure("EncryptionConfiguration");
    call.input.done()?;
    let ask = Ask::instance("UpdateInstance", arn);
    let center = scope::center(call, ask)?;
    scope::owner_only(call, ask, &center)?;
    if encryption.is_some_and(needs_customer_key) {
        return Err(JsonError::validation(
            "The local AWS has no KMS keys: KeyType must be AWS_OWNED_KMS_KEY.",
        ));
    }
    if let Some(name) = name {
        rename_instance(call.aws, name)?;
    }
    Ok(json!({}))
}

fn needs_customer_key(encryption: &Map<String, Value>) -> bool {
    encryption.get("KeyType").and_then(Value::as_str) != Some("AWS_OWNED_KMS_KEY")
}

/// Instances of single accounts do not exist here, and the organisation's is enabled in the console.
pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    call.input.optional("Name", shapes::INSTANCE_NAME);
    let tags = tags::read(&mut call.input);
    call.input.done()?;
    let context = tags::request_context(&tags);
    let account = &call.principal.account;
    call.allow_with("sso:CreateInstance", "*", account, context)?;
    Err(JsonError::validation(
        "The local AWS has one instance of IAM Identity Center, that of the organization. Its management account enables it in the console, under IAM Identity Center.",
    ))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arn = scope::instance_arn(&mut call.input);
    call.input.done()?;
    let ask = Ask::instance("DeleteInstance", arn);
    let center = scope::center(call, ask)?;
    scope::owner_only(call, ask, &center)?;
    delete_instance(call.aws)?;
    Ok(json!({}))
}

fn summary(record: &InstanceRecord) -> Value {
    let mut instance = json!({
        "InstanceArn": record.arn(),
        "IdentityStoreId": record.identity_store_id,
        "OwnerAccountId": record.owner_account,
        "CreatedDate": record.created_at,
        "Status": "ACTIVE",
    });
    if let Some(name) = &record.name {
        instance["Name"] = json!(name);
    }
    instance
}
