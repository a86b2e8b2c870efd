//! `/admin/users/{id}/details`: every attribute, saved explicitly (requirements C12 to C18).

mod conflict;
mod typed;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::events::EventFilter;
use jetway_identity::users::{distinguished_name, list_public_keys};
use jetway_identity::{
    EventKind, Permission, StoreError, Unique, UpdateUserError, User, list_events, update_user,
};
use jetway_pages::admin::parts::{CustomAttribute, CustomAttributes};
use jetway_pages::admin::people::{Conflict, NewPublicKey, PublicKeyRow, UserDetails, UserTab};

use super::header::{find, go_on, header, moment, page};
pub(super) use typed::TypedUser;

use crate::shared::{AdminVisit, Failure, Site, admin_form_fields};

/// The form.
pub(crate) async fn details(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let typed = TypedUser::stored(&user);
    let key = NewPublicKey::default();
    let body = form(&site, &visit, &user, typed, None, key).await?;
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
    let user = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let mut typed = TypedUser::of(&fields)?;
    let key = NewPublicKey::default;
    if fields.get("do")? == Some("add-attribute") {
        typed.custom.rows.push(CustomAttribute::default());
        let body = form(&site, &visit, &user, typed, None, key()).await?;
        return page(&site, &visit, StatusCode::OK, None, body);
    }
    let Some(change) = typed.change(&user, &fields)? else {
        typed.problem = Some("Some values cannot be used; they are marked below.".to_owned());
        let body = form(&site, &visit, &user, typed, None, key()).await?;
        return page(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, None, body);
    };
    let (store, version) = (site.store.as_ref(), Some(typed.version));
    let sealing = site.keys.sealing();
    let outcome = update_user(&mut visit.op, store, sealing, user.id, version, change).await;
    let mut conflict = None;
    let status = match outcome {
        Ok(user) => return go_on(user.id, "details", "saved"),
        Err(UpdateUserError::NoSuchUser) => return Err(Failure::not_found()),
        Err(UpdateUserError::Invalid(problems)) => {
            typed.mark(&problems);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(UpdateUserError::Store(StoreError::Taken(unique))) => {
            typed.mark_taken(unique);
            StatusCode::CONFLICT
        }
        Err(UpdateUserError::Stale(present)) => {
            let found = conflict::conflict(&site, &visit, &typed, &present).await?;
            typed.version = present.version;
            conflict = Some(found);
            StatusCode::CONFLICT
        }
        Err(UpdateUserError::Store(error)) => return Err(error.into()),
    };
    let body = form(&site, &visit, &user, typed, conflict, key()).await?;
    page(&site, &visit, status, None, body)
}

/// The page with what is stored or was typed.
pub(super) async fn form(
    site: &Site,
    visit: &AdminVisit,
    user: &User,
    typed: TypedUser,
    conflict: Option<Conflict>,
    new_key: NewPublicKey,
) -> Result<UserDetails, Failure> {
    let now = visit.op.now;
    let keys = list_public_keys(site.store.as_ref(), user.id).await?;
    let can_edit = visit.may(Permission::WriteUsers);
    Ok(UserDetails {
        header: header(site, visit, user, UserTab::Details).await?,
        version: typed.version.to_string(),
        created: moment(user.created_at, now),
        distinguished_name: distinguished_name(user, visit.settings.organisation),
        last_change: last_change(site, visit, user).await?,
        fields: typed.fields,
        password_never_expires: typed.password_never_expires.into(),
        custom: CustomAttributes {
            owner: "user",
            attributes: typed.custom.rows,
            can_edit,
        },
        keys: keys
            .into_iter()
            .map(|key| PublicKeyRow {
                id: key.id.to_string(),
                name: key.name,
                algorithm: key.algorithm,
                fingerprint: key.fingerprint,
                added: moment(key.created_at, now),
            })
            .collect(),
        new_key,
        problem: typed.problem,
        conflict,
    })
}

/// Who changed the person last, and when, by the activity log.
async fn last_change(
    site: &Site,
    visit: &AdminVisit,
    user: &User,
) -> Result<Option<(String, jetway_pages::admin::parts::Moment)>, Failure> {
    let filter = EventFilter {
        kinds: vec![EventKind::UserUpdate],
        target: Some(user.id.to_string()),
        ..EventFilter::default()
    };
    let events = list_events(site.store.as_ref(), &filter, None, 1).await?;
    Ok(events.first().map(|event| {
        let by = event.actor.label().to_owned();
        (by, moment(event.at, visit.op.now))
    }))
}

impl TypedUser {
    fn mark_taken(&mut self, unique: Unique) {
        let (field, reason) = match unique {
            Unique::Email => ("email", "Another user has this e-mail address."),
            Unique::Username => ("username", "Another user has this username."),
            _ => ("", "Another record has this value."),
        };
        self.mark_field(field, reason);
    }
}
