//! Tags of a permission set.

use jetway_pages::local::identity_center::console::{CenterNav, EditTags, TagRow};
use serde_json::{Value, json};

use super::{failure::Answer, permission_sets::found, visit::Visit};
use crate::{
    json_service::{JsonError, JsonService},
    state::center::{IdentityCenter, PermissionSetRecord},
};

pub(super) fn edit(visit: &mut Visit) -> Answer {
    let (_, set) = found(visit)?;
    let tags = set
        .tags
        .iter()
        .map(|tag| TagRow {
            key: tag.key.clone(),
            value: tag.value.clone(),
        })
        .collect();
    let view = view(visit, &set, tags, None);
    visit.page(CenterNav::PermissionSets, view)
}

fn view(
    visit: &Visit,
    set: &PermissionSetRecord,
    tags: Vec<TagRow>,
    problem: Option<String>,
) -> EditTags {
    EditTags {
        csrf: visit.csrf.clone(),
        id: set.id.clone(),
        name: set.name.clone(),
        tags,
        problem,
    }
}

/// `Save changes`, and the buttons that add or remove a row.
pub(super) fn save(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let rows: Vec<TagRow> = visit
        .form
        .rows("key", "value")
        .into_iter()
        .map(|(key, value)| TagRow { key, value })
        .collect();
    if visit.form.text("do") != "save" {
        let view = view(visit, &set, rows, None);
        return visit.page(CenterNav::PermissionSets, view);
    }
    match write(visit, &center, &set, &rows) {
        Ok(()) => visit.done(&format!("/permission-sets/{}", set.id), "saved"),
        Err(error) => {
            let view = view(visit, &set, rows, Some(error.message));
            visit.again(CenterNav::PermissionSets, view)
        }
    }
}

/// First what is there, then without what is gone: a refusal takes nothing away.
fn write(
    visit: &mut Visit,
    center: &IdentityCenter,
    set: &PermissionSetRecord,
    rows: &[TagRow],
) -> Result<(), JsonError> {
    let subject = json!({
        "InstanceArn": center.instance.arn(),
        "ResourceArn": center.instance.permission_set_arn(&set.id),
    });
    for (index, row) in rows.iter().enumerate() {
        if rows[..index].iter().any(|other| other.key == row.key) {
            return Err(JsonError::validation(format!(
                "The key {} stands there twice.",
                row.key
            )));
        }
    }
    if !rows.is_empty() {
        let tags: Vec<Value> = rows
            .iter()
            .map(|row| json!({ "Key": row.key, "Value": row.value }))
            .collect();
        let mut input = subject.clone();
        input["Tags"] = json!(tags);
        visit.api(JsonService::SsoAdmin, "TagResource", &input)?;
    }
    let gone: Vec<&str> = set
        .tags
        .iter()
        .map(|tag| tag.key.as_str())
        .filter(|key| !rows.iter().any(|row| row.key == *key))
        .collect();
    if !gone.is_empty() {
        let mut input = subject;
        input["TagKeys"] = json!(gone);
        visit.api(JsonService::SsoAdmin, "UntagResource", &input)?;
    }
    Ok(())
}
