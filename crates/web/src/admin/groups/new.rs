//! `/admin/groups/new` (requirement E02).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::{CreateGroupError, NewGroup, StoreError, create_group};
use jetway_pages::admin::groups;
use jetway_pages::admin::parts::{Choice, Field, Select};

use super::header::{go_on, page};
use crate::admin::custom_attributes::sentence;
use crate::admin::typed_lines;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, see_other, typeable};

/// What the form holds.
#[derive(Default)]
struct Typed {
    name: Field,
    description: Field,
    dynamic: bool,
}

/// The form.
pub(crate) async fn new(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    form(&site, &visit, StatusCode::OK, Typed::default())
}

/// Creates the group and goes on to its members, or to the rule of a dynamic one.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let name = fields.get("name")?.unwrap_or_default();
    let description = typed_lines(fields.get("description")?.unwrap_or_default());
    let dynamic = fields.get("membership")? == Some("dynamic");
    let new = NewGroup {
        name: name.to_owned(),
        description: description.clone(),
        ..NewGroup::default()
    };
    let mut typed = Typed {
        name: Field::new(typeable(name)),
        description: Field::new(description),
        dynamic,
    };
    match create_group(&mut visit.op, site.store.as_ref(), new).await {
        Ok(id) if dynamic => see_other(&format!(
            "/admin/groups/{id}/rule?membership=dynamic&done=created"
        )),
        Ok(id) => go_on(id, "members", "created"),
        Err(CreateGroupError::Store(StoreError::Taken(_))) => {
            typed.name.error = Some("Another group has this name.".to_owned());
            form(&site, &visit, StatusCode::CONFLICT, typed)
        }
        Err(CreateGroupError::NotAllowed(error)) => Err(error.into()),
        Err(CreateGroupError::Store(error)) => Err(error.into()),
        Err(CreateGroupError::Invalid(problems)) => {
            for problem in problems {
                let field = match problem.field.as_str() {
                    "description" => &mut typed.description,
                    _ => &mut typed.name,
                };
                field.error = Some(sentence(&problem.reason));
            }
            form(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, typed)
        }
    }
}

fn form(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    typed: Typed,
) -> Result<Response, Failure> {
    let body = groups::NewGroup {
        csrf: visit.csrf.clone(),
        name: typed.name,
        description: typed.description,
        membership: membership(typed.dynamic),
    };
    page(site, visit, status, None, body)
}

/// Static or dynamic.
pub(super) fn membership(dynamic: bool) -> Select {
    Select {
        choices: vec![
            Choice::new("static", "Static: members are chosen by hand", !dynamic),
            Choice::new("dynamic", "Dynamic: members follow a rule", dynamic),
        ],
        error: None,
    }
}
