//! Users, groups and memberships in AWS's members.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::members::{BEYOND_SCIM, ENTERPRISE, EXTENSION, GROUP, Member, Shape, USER};
use crate::state::{
    center::InstanceRecord,
    directory::{Entry, GroupRecord, UserRecord},
};

/// `User`; with the extension if it was asked for and the user has it.
pub(super) fn user(instance: &InstanceRecord, user: &UserRecord, extended: bool) -> Value {
    let mut answer = members(&user.attributes, USER);
    answer.extend(members(&user.beyond_scim, BEYOND_SCIM));
    answer.insert("UserId".to_owned(), json!(user.id));
    let status = if user.is_active() {
        "ENABLED"
    } else {
        "DISABLED"
    };
    answer.insert("UserStatus".to_owned(), json!(status));
    if extended && let Some(extension) = user.attributes.get(ENTERPRISE.attribute) {
        let extensions = json!({ EXTENSION: extension });
        answer.insert("Extensions".to_owned(), extensions);
    }
    common(instance, user, &mut answer);
    history(
        &mut answer,
        (user.created_at, &user.created_by),
        (user.updated_at, &user.updated_by),
    );
    Value::Object(answer)
}

/// `Group`
pub(super) fn group(instance: &InstanceRecord, group: &GroupRecord) -> Value {
    let mut answer = members(&group.attributes, GROUP);
    answer.insert("GroupId".to_owned(), json!(group.id));
    common(instance, group, &mut answer);
    history(
        &mut answer,
        (group.created_at, &group.created_by),
        (group.updated_at, &group.updated_by),
    );
    Value::Object(answer)
}

/// `GroupMembership`
pub(super) fn membership(
    instance: &InstanceRecord,
    id: &Uuid,
    (group, user): (&Uuid, &Uuid),
) -> Value {
    json!({
        "IdentityStoreId": instance.identity_store_id,
        "MembershipId": id,
        "GroupId": group,
        "MemberId": { "UserId": user },
    })
}

/// The issuer of the identifiers that came by SCIM.
pub(super) fn external_issuer(instance: &InstanceRecord) -> String {
    format!(
        "https://scim.{}.amazonaws.com/{}",
        instance.region, instance.identity_store_id
    )
}

fn common(instance: &InstanceRecord, entry: &impl Entry, answer: &mut Map<String, Value>) {
    let store = json!(instance.identity_store_id);
    answer.insert("IdentityStoreId".to_owned(), store);
    if let Some(id) = entry.external_id() {
        let external = json!([{ "Issuer": external_issuer(instance), "Id": id }]);
        answer.insert("ExternalIds".to_owned(), external);
    }
}

fn history(answer: &mut Map<String, Value>, created: (i64, &str), updated: (i64, &str)) {
    for (name, value) in [
        ("CreatedAt", json!(created.0)),
        ("CreatedBy", json!(created.1)),
        ("UpdatedAt", json!(updated.0)),
        ("UpdatedBy", json!(updated.1)),
    ] {
        answer.insert(name.to_owned(), value);
    }
}

fn members(attributes: &Map<String, Value>, members: &[Member]) -> Map<String, Value> {
    members
        .iter()
        .filter_map(|member| {
            let value = attributes.get(member.attribute)?;
            Some((member.name.to_owned(), value_of(value, member.shape)))
        })
        .collect()
}

fn value_of(value: &Value, shape: Shape) -> Value {
    match (shape, value) {
        (Shape::Structure(fields), Value::Object(attributes)) => {
            Value::Object(members(attributes, fields))
        }
        (Shape::List(_, fields), Value::Array(entries)) => entries
            .iter()
            .map(|entry| value_of(entry, Shape::Structure(fields)))
            .collect(),
        _ => value.clone(),
    }
}
