//! Users and groups as they are answered.

use jetway_scim::{ENTERPRISE_URN, ErrorShape, ResourceKind, Selection};
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use super::{Answer, Call, Refusal};
use crate::state::directory::{Directory, Entry, GroupRecord, UserRecord};

/// What the server writes itself and does not keep among the attributes.
const OWN: [&str; 5] = ["schemas", "id", "meta", "members", "groups"];

/// A user or a group, for lists.
pub(super) trait Listed: Entry {
    const KIND: ResourceKind;

    /// All that may be answered of it. `wants` says whether an attribute that is gathered from
    /// memberships is needed.
    fn resource(
        &self,
        call: &Call<'_>,
        directory: &Directory,
        wants: impl Fn(&str) -> bool,
    ) -> Map<String, Value>;
}

impl Listed for UserRecord {
    const KIND: ResourceKind = ResourceKind::User;

    fn resource(
        &self,
        call: &Call<'_>,
        directory: &Directory,
        wants: impl Fn(&str) -> bool,
    ) -> Map<String, Value> {
        let mut resource = common(
            call,
            self,
            Self::KIND,
            &self.attributes,
            (self.created_at, self.updated_at),
        );
        if call.profile.errors == ErrorShape::Rfc && wants("groups") {
            let groups: Vec<Value> = directory
                .groups_of(&self.id)
                .filter_map(|id| directory.groups.get(&id))
                .map(|group| {
                    json!({
                        "value": group.id.to_string(),
                        "$ref": address(call, ResourceKind::Group, &group.id),
                        "display": group.name(),
                    })
                })
                .collect();
            if !groups.is_empty() {
                resource.insert("groups".to_owned(), groups.into());
            }
        }
        resource
    }
}

impl Listed for GroupRecord {
    const KIND: ResourceKind = ResourceKind::Group;

    fn resource(
        &self,
        call: &Call<'_>,
        directory: &Directory,
        wants: impl Fn(&str) -> bool,
    ) -> Map<String, Value> {
        let mut resource = common(
            call,
            self,
            Self::KIND,
            &self.attributes,
            (self.created_at, self.updated_at),
        );
        if call.profile.group_members && wants("members") {
            let members: Vec<Value> = directory
                .members(&self.id, None)
                .map(|(user, _)| member(call, &user))
                .collect();
            if !members.is_empty() {
                resource.insert("members".to_owned(), members.into());
            }
        }
        resource
    }
}

/// A member of a group.
pub(super) fn member(call: &Call<'_>, id: &Uuid) -> Value {
    json!({
        "value": id.to_string(),
        "$ref": address(call, ResourceKind::User, id),
        "type": ResourceKind::User.name(),
    })
}

/// The answer with one resource.
pub(super) fn answer<T: Listed>(
    call: &Call<'_>,
    status: u16,
    record: &T,
) -> Result<Answer, Refusal> {
    let selection = Selection::parse(call.pairs(), call.profile)?;
    let state = call.aws.state();
    let resource = record.resource(call, &state.directory, |name| selection.wants(name));
    let resource = selection.answer(T::KIND, resource, call.profile);
    let location = call
        .profile
        .locations
        .then(|| address(call, T::KIND, &record.id()));
    Ok(Answer::resource(status, resource, location))
}

/// What is kept of a resource that was read or patched.
pub(super) fn kept(mut resource: Map<String, Value>) -> Map<String, Value> {
    for name in OWN.into_iter().chain(["password"]) {
        resource.shift_remove(name);
    }
    resource
}

/// What a patch is applied to: the attributes that are kept, with what the schema wants beside.
pub(super) fn patched_form(
    kind: ResourceKind,
    attributes: &Map<String, Value>,
) -> Map<String, Value> {
    let mut resource = Map::new();
    resource.insert("schemas".to_owned(), schemas(kind, attributes));
    resource.extend(attributes.clone());
    resource
}

/// The id in an address. Nobody has one of another shape.
pub(super) fn id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

fn address(call: &Call<'_>, kind: ResourceKind, id: &Uuid) -> String {
    format!("{}/{}s/{id}", call.base, kind.name())
}

fn schemas(kind: ResourceKind, attributes: &Map<String, Value>) -> Value {
    let mut schemas = vec![kind.urn()];
    if attributes.contains_key(ENTERPRISE_URN) {
        schemas.push(ENTERPRISE_URN);
    }
    json!(schemas)
}

fn common(
    call: &Call<'_>,
    entry: &impl Entry,
    kind: ResourceKind,
    attributes: &Map<String, Value>,
    (created, changed): (i64, i64),
) -> Map<String, Value> {
    let mut meta = json!({
        "resourceType": kind.name(),
        "created": instant(created),
        "lastModified": instant(changed),
    });
    if call.profile.locations {
        meta["location"] = address(call, kind, &entry.id()).into();
    }
    let mut resource = Map::new();
    resource.insert("id".to_owned(), entry.id().to_string().into());
    resource.insert("meta".to_owned(), meta);
    resource.insert("schemas".to_owned(), schemas(kind, attributes));
    for (name, value) in attributes {
        if !OWN.contains(&name.as_str()) {
            resource.insert(name.clone(), value.clone());
        }
    }
    resource
}

/// `2020-03-31T02:36:15Z`
fn instant(unix: i64) -> String {
    OffsetDateTime::from_unix_timestamp(unix)
        .ok()
        .and_then(|instant| instant.format(&Rfc3339).ok())
        .unwrap_or_default()
}
