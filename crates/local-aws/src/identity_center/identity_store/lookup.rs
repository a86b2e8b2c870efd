//! GetUserId and GetGroupId: by what is unique, or by the identifier of the identity provider.

use serde_json::{Map, Value, json};

use super::{
    gate::admit,
    input::{PATH, store, text_in},
    refusal, write,
};
use crate::{
    json_service::{Input, JsonCall, JsonError, Pattern},
    state::center::InstanceRecord,
};

const EXTERNAL: Pattern = Pattern {
    min: 1,
    max: 256,
    text: r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
    matches: |text| text.chars().all(jetway_scim::is_visible),
};

/// The union `AlternateIdentifier`.
enum Identifier<'a> {
    External { issuer: &'a str, id: &'a str },
    Unique { path: &'a str, value: &'a str },
}

pub(super) fn user(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let identifier = identifier(&mut call.input, &["userName", "emails.value"])?;
    let instance = admit(call, "GetUserId", store_id, &[])?;
    let users = &call.state.directory.users;
    let found = match identifier {
        Identifier::External { issuer, id } if is_own(issuer, &instance) => {
            users.by_external_id(id)
        }
        Identifier::External { .. } => None,
        Identifier::Unique { path, value } if path.eq_ignore_ascii_case("userName") => {
            users.by_name(value)
        }
        Identifier::Unique { value, .. } => users.by_email(value),
    };
    let user = found.ok_or_else(|| refusal::not_found("USER", ""))?;
    Ok(json!({ "IdentityStoreId": instance.identity_store_id, "UserId": user.id }))
}

pub(super) fn group(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let store_id = store(&mut call.input);
    let identifier = identifier(&mut call.input, &["displayName"])?;
    let instance = admit(call, "GetGroupId", store_id, &[])?;
    let groups = &call.state.directory.groups;
    let found = match identifier {
        Identifier::External { issuer, id } if is_own(issuer, &instance) => {
            groups.by_external_id(id)
        }
        Identifier::External { .. } => None,
        Identifier::Unique { value, .. } => groups.by_name(value),
    };
    let group = found.ok_or_else(|| refusal::not_found("GROUP", ""))?;
    Ok(json!({ "IdentityStoreId": instance.identity_store_id, "GroupId": group.id }))
}

fn is_own(issuer: &str, instance: &InstanceRecord) -> bool {
    issuer == write::external_issuer(instance)
}

/// Reads the union; `unique` are the attributes that are.
fn identifier<'a>(input: &mut Input<'a>, unique: &[&str]) -> Result<Identifier<'a>, JsonError> {
    let at = "alternateIdentifier";
    input.require_presence("AlternateIdentifier");
    let union = input.structure("AlternateIdentifier");
    input.done()?;
    let member = |name: &str| {
        let member = union.and_then(|union| union.get(name));
        member.and_then(Value::as_object)
    };
    let found = match (member("ExternalId"), member("UniqueAttribute")) {
        (Some(external), None) => external_id(input, at, external),
        (None, Some(attribute)) => {
            let path = text_in(input, attribute, (at, "AttributePath"), PATH);
            input.done()?;
            let path = path.unwrap_or_default();
            if !unique.iter().any(|name| name.eq_ignore_ascii_case(path)) {
                return Err(JsonError::validation(format!(
                    "The attribute {path} is not a unique attribute"
                )));
            }
            // The value is a document; all attributes that are unique are strings.
            attribute
                .get("AttributeValue")
                .and_then(Value::as_str)
                .map(|value| Identifier::Unique { path, value })
        }
        _ => {
            return Err(JsonError::validation(
                "AlternateIdentifier must have exactly one of ExternalId and UniqueAttribute.",
            ));
        }
    };
    input.done()?;
    found.ok_or_else(|| {
        JsonError::validation("attribute value cannot be empty or null for attribute path")
    })
}

fn external_id<'a>(
    input: &mut Input<'_>,
    at: &str,
    external: &'a Map<String, Value>,
) -> Option<Identifier<'a>> {
    let issuer = text_in(input, external, (at, "Issuer"), EXTERNAL);
    let id = text_in(input, external, (at, "Id"), EXTERNAL);
    Some(Identifier::External {
        issuer: issuer?,
        id: id?,
    })
}
