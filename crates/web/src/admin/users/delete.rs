//! `/admin/users/{id}/delete`, with the username typed.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::{DeleteUserError, User, delete_user};
use jetway_pages::admin::parts::{Confirm, Typed};

use super::header::find;
use super::state::ask;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, see_other, typeable};

/// Says what would be lost.
pub(crate) async fn confirm_delete(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let question = question(&visit, &user, None);
    ask(&site, &visit, StatusCode::OK, question)
}

/// Deletes the person when the username was typed.
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let typed = fields.get("typed")?.unwrap_or_default().trim();
    if typed != user.username {
        let question = question(&visit, &user, Some(typed));
        return ask(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, question);
    }
    match delete_user(&mut visit.op, site.store.as_ref(), user.id, None).await {
        Ok(()) => see_other("/admin/users?done=deleted"),
        Err(DeleteUserError::NoSuchUser | DeleteUserError::Stale(_)) => Err(Failure::not_found()),
        Err(DeleteUserError::Store(error)) => Err(error.into()),
    }
}

fn question(visit: &AdminVisit, user: &User, typed: Option<&str>) -> Confirm {
    Confirm {
        heading: format!("Delete {}?", user.label()),
        subjects: vec![format!("{} · {}", user.label(), user.email)],
        more: None,
        consequences: vec![
            "Every session ends and every application is out of reach at once.".to_owned(),
            "Memberships, public keys and scheduled changes are removed.".to_owned(),
            "Events about this user stay in the activity log.".to_owned(),
            "This cannot be taken back. To shut somebody out for a while, suspend them.".to_owned(),
        ],
        action: format!("/admin/users/{}/delete", user.id),
        csrf: visit.csrf.clone(),
        hidden: Vec::new(),
        choice: None,
        typed: Some(Typed {
            label: "Type the username".to_owned(),
            expected: user.username.clone(),
            value: typed.map(typeable).unwrap_or_default(),
            error: typed.map(|_| "That is not the username.".to_owned()),
        }),
        submit: "Delete the user".to_owned(),
        danger: true,
        cancel: format!("/admin/users/{}", user.id),
    }
}
