//! `/admin/groups/{id}/details`: name, description, custom attributes (requirements E03, E06).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::{
    Group, GroupChange, GroupSummary, InvalidGroup, Permission, StoreError, UpdateGroupError,
    update_group,
};
use jetway_pages::admin::groups::{GroupDetails, GroupTab};
use jetway_pages::admin::parts::{CustomAttribute, CustomAttributes, Field};

use super::header::{LastChange, find, go_on, header, last_change, moment, page};
use crate::admin::custom_attributes::{TypedAttributes, rows_of, sentence};
use crate::admin::{typed_lines, typed_version};
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, see_other, typeable};

/// What the form holds.
struct Typed {
    version: i64,
    name: Field,
    description: Field,
    rows: Vec<CustomAttribute>,
    problem: Option<String>,
}

impl Typed {
    fn stored(group: &Group) -> Self {
        Self {
            version: group.version,
            name: Field::new(group.name.clone()),
            description: Field::new(group.description.clone()),
            rows: rows_of(&group.attributes),
            problem: None,
        }
    }
}

/// `/admin/groups/{id}` goes on to the details.
pub(crate) async fn open(
    State(site): State<Arc<Site>>,
    _visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    see_other(&format!("/admin/groups/{}/details", found.group.id))
}

/// The form.
pub(crate) async fn details(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let typed = Typed::stored(&found.group);
    let changed = last_change(&site, &visit, &found).await?;
    let body = form(&visit, &found, typed, changed);
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Saves, or shows the form with one more empty row.
pub(crate) async fn save_details(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let stored = &found.group;
    // The form of the built-in group sends neither.
    let name = fields.get("name")?.unwrap_or(&stored.name);
    let description = typed_lines(fields.get("description")?.unwrap_or(&stored.description));
    let mut attributes = TypedAttributes::of(&fields);
    let mut typed = Typed {
        version: typed_version(&fields)?,
        name: Field::new(typeable(name)),
        description: Field::new(description.clone()),
        rows: Vec::new(),
        problem: None,
    };
    let changed = last_change(&site, &visit, &found).await?;
    let again = |visit: &AdminVisit, status, typed| {
        let body = form(visit, &found, typed, changed.clone());
        page(&site, visit, status, None, body)
    };
    if fields.get("do")? == Some("add-attribute") {
        typed.rows = attributes.rows;
        typed.rows.push(CustomAttribute::default());
        return again(&visit, StatusCode::OK, typed);
    }
    let Some(meant) = attributes.attributes.take() else {
        typed.rows = attributes.rows;
        return again(&visit, StatusCode::UNPROCESSABLE_ENTITY, typed);
    };
    let change = GroupChange {
        name: Some(name.to_owned()),
        description: Some(description),
        attributes: Some(meant),
        membership: None,
    };
    let store = site.store.as_ref();
    let version = Some(typed.version);
    let outcome = update_group(&mut visit.op, store, stored.id, version, change).await;
    let status = match outcome {
        Ok(group) => return go_on(group.id, "details", "saved"),
        Err(UpdateGroupError::NoSuchGroup) => return Err(Failure::not_found()),
        Err(UpdateGroupError::Invalid(problems)) => {
            mark(&mut typed, &mut attributes, problems);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(UpdateGroupError::Store(StoreError::Taken(_))) => {
            typed.name.error = Some("Another group has this name.".to_owned());
            StatusCode::CONFLICT
        }
        Err(UpdateGroupError::Stale(present)) => {
            typed.problem = Some(changed_meanwhile(&present));
            typed.version = present.version;
            StatusCode::CONFLICT
        }
        Err(error @ UpdateGroupError::BuiltIn) => {
            typed.problem = Some(sentence(&error.to_string()));
            StatusCode::CONFLICT
        }
        Err(UpdateGroupError::NotAllowed(error)) => return Err(error.into()),
        Err(UpdateGroupError::Store(error)) => return Err(error.into()),
    };
    typed.rows = attributes.rows;
    again(&visit, status, typed)
}

fn mark(typed: &mut Typed, attributes: &mut TypedAttributes, problems: Vec<InvalidGroup>) {
    for problem in problems {
        let reason = sentence(&problem.reason);
        match problem.field.as_str() {
            "name" => typed.name.error = Some(reason),
            "description" => typed.description.error = Some(reason),
            field => {
                let name = field.strip_prefix("attributes.").unwrap_or_default();
                if !attributes.mark(name, &problem.reason) {
                    typed.problem = Some(reason);
                }
            }
        }
    }
}

/// Says what is there now, since what was typed stays in the form.
fn changed_meanwhile(present: &Group) -> String {
    let attributes: Vec<_> = present
        .attributes
        .iter()
        .map(|(name, value)| format!("{name} = {}", value.to_text()))
        .collect();
    format!(
        "Somebody else changed this group in the meantime. It is now: name “{}”, description \
         “{}”, attributes “{}”. Save again to keep what stands here, or open the page anew to \
         keep theirs.",
        present.name,
        present.description,
        attributes.join(", ")
    )
}

fn form(
    visit: &AdminVisit,
    found: &GroupSummary,
    typed: Typed,
    changed: LastChange,
) -> GroupDetails {
    let can_edit = visit.may(Permission::WriteGroups);
    GroupDetails {
        group: header(visit, found, GroupTab::Details, changed),
        csrf: visit.csrf.clone(),
        can_edit,
        version: typed.version.to_string(),
        created: moment(found.group.created_at, visit.op.now).iso,
        name: typed.name,
        description: typed.description,
        custom: CustomAttributes {
            owner: "group",
            attributes: typed.rows,
            can_edit,
        },
        problem: typed.problem,
    }
}
