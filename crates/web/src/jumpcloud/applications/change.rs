//! `POST /api/applications`, `PUT` and `DELETE /api/applications/{id}`

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use http::HeaderMap;
use jetway_identity::applications::{
    AddApplicationError, ApplicationChange, CATALOGUE, CatalogueEntry, DeleteApplicationsError,
    EntryKind, NewBookmark, SamlKind, SignOn, UpdateApplicationError, catalogue_entry,
    certificate_to_pem, create_bookmark, delete_applications, unused_slug, update_application,
};
use jetway_identity::{
    ApplicationId, CreateApplicationError, NewApplication, create_application, idp_url,
};
use serde_json::Value;

use super::body::{Sent, invalid};
use super::config::configured;
use super::read::{current_key, find, one};
use crate::api::Problem;
use crate::api::applications::refusal::{not_added, not_updated};
use crate::api::refusal::Refusal;
use crate::shared::{ApiCaller, Site};

/// Create an application
///
/// Adds an application that nobody has yet. Unless `active` is sent, one with single sign-on is
/// switched off.
#[utoipa::path(
    post,
    path = "/api/applications",
    tag = "JumpCloud",
    operation_id = "jumpcloud_create_application",
    request_body = Object,
    responses((status = 200, description = "The application.", body = Object))
)]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let sent = Sent::read(&headers, &bytes)?;
    let entry = sent.name.as_deref().and_then(catalogue_entry);
    let entry = entry.ok_or_else(|| {
        let known = CATALOGUE.map(|entry| entry.key).join(", ");
        Refusal::bad_request(format!("name: use one of {known}."))
    })?;
    let id = match entry.kind {
        EntryKind::Saml(kind) => add_saml(&site, &mut caller, entry, kind, sent).await?,
        EntryKind::Bookmark => add_bookmark(&site, &mut caller, entry, sent).await?,
    };
    let made = find(&site, &id.to_string()).await?;
    Ok(Json(Value::Object(one(&site, &made).await?)))
}

async fn add_saml(
    site: &Site,
    caller: &mut ApiCaller,
    entry: &CatalogueEntry,
    kind: SamlKind,
    sent: Sent,
) -> Result<ApplicationId, Refusal> {
    let (store, public_url) = (site.store.as_ref(), site.settings.public_url());
    let slug = match &sent.sso_url {
        None => unused_slug(store, entry).await?,
        Some(url) => {
            let start = idp_url(public_url, "");
            let slug = url.strip_prefix(start.as_str()).ok_or_else(|| {
                Refusal::bad_request(format!(
                    "ssoUrl: leave it out, or begin it with {start} and end it with a name of \
                     your choice."
                ))
            })?;
            slug.to_owned()
        }
    };
    let label = label(&sent)?;
    let base = NewApplication::of_kind(kind, &slug, &label, public_url);
    let new = NewApplication {
        description: sent.description.unwrap_or_default(),
        color: sent.color.unwrap_or_else(|| entry.color.to_owned()),
        show_in_portal: !sent.hidden.unwrap_or_default(),
        active: sent.active.unwrap_or_default(),
        saml: configured(&sent.config, base.saml, None)?,
        ..base
    };
    create_application(&mut caller.op, store, site.keys.sealing(), new)
        .await
        .map_err(|error| match error {
            CreateApplicationError::Invalid(fields) => invalid(&fields),
            error => not_added(error.into()).into(),
        })
}

async fn add_bookmark(
    site: &Site,
    caller: &mut ApiCaller,
    entry: &CatalogueEntry,
    sent: Sent,
) -> Result<ApplicationId, Refusal> {
    let store = site.store.as_ref();
    if sent.active == Some(false) {
        let message = "active: a bookmark is switched on; switch it off afterwards.";
        return Err(Refusal::bad_request(message));
    }
    let new = NewBookmark {
        slug: unused_slug(store, entry).await?,
        label: label(&sent)?,
        description: sent.description.unwrap_or_default(),
        color: sent.color.unwrap_or_else(|| entry.color.to_owned()),
        show_in_portal: !sent.hidden.unwrap_or_default(),
        url: sent.sso_url.unwrap_or_default(),
    };
    create_bookmark(&mut caller.op, store, new)
        .await
        .map_err(|error| match AddApplicationError::from(error) {
            AddApplicationError::Invalid(fields) => invalid(&fields),
            error @ AddApplicationError::Create(_) => not_added(error).into(),
        })
}

fn label(sent: &Sent) -> Result<String, Refusal> {
    let label = sent
        .display_label
        .as_ref()
        .filter(|label| !label.is_empty());
    let label = label.or(sent.display_name.as_ref());
    label
        .cloned()
        .ok_or_else(|| Refusal::bad_request("displayLabel is required."))
}

/// Change an application
///
/// Changes what the body names; lists in it stand for the whole list. The address of single
/// sign-on is final (requirement G10), and so is the template.
#[utoipa::path(
    put,
    path = "/api/applications/{id}",
    tag = "JumpCloud",
    operation_id = "jumpcloud_change_application",
    request_body = Object,
    params(("id" = String, Path)),
    responses((status = 200, description = "The application as it is now.", body = Object))
)]
pub(crate) async fn update(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let before = find(&site, &id).await?;
    let sent = Sent::read(&headers, &bytes)?;
    let kind = before.sign_on.kind();
    if sent.name.is_some_and(|name| name != kind) {
        let message = format!("name: this application is and stays of the kind {kind}.");
        return Err(Refusal::bad_request(message));
    }
    let mut change = ApplicationChange {
        label: sent.display_label,
        description: sent.description,
        color: sent.color,
        show_in_portal: sent.hidden.map(|hidden| !hidden),
        active: sent.active,
        ..ApplicationChange::default()
    };
    match &before.sign_on {
        SignOn::Bookmark(_) => change.bookmark = sent.sso_url,
        SignOn::Saml(saml) => {
            let address = idp_url(site.settings.public_url(), &before.slug);
            if sent.sso_url.is_some_and(|url| url != address) {
                let message = "ssoUrl: the address of single sign-on never changes; delete the \
                               application and make it anew.";
                return Err(Refusal::bad_request(message));
            }
            let key = current_key(&site, before.id).await?;
            let certificate = key.map(|key| certificate_to_pem(&key.certificate_der));
            let present = saml.settings.clone();
            change.saml = Some(configured(&sent.config, present, certificate.as_deref())?);
        }
    }
    let (store, version) = (site.store.as_ref(), Some(before.version));
    let after = update_application(&mut caller.op, store, before.id, version, change)
        .await
        .map_err(|error| match error {
            UpdateApplicationError::Invalid(fields) => invalid(&fields),
            UpdateApplicationError::Stale(_) => Refusal::conflict(format!("{error}.")),
            error => not_updated(error).into(),
        })?;
    Ok(Json(Value::Object(one(&site, &after).await?)))
}

/// Delete an application
///
/// Deletes an application; the answer is what it was.
#[utoipa::path(
    delete,
    path = "/api/applications/{id}",
    tag = "JumpCloud",
    operation_id = "jumpcloud_delete_application",
    params(("id" = String, Path)),
    responses((status = 200, description = "What it was.", body = Object))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let application = find(&site, &id).await?;
    let was = one(&site, &application).await?;
    delete_applications(&mut caller.op, site.store.as_ref(), &[application.id])
        .await
        .map_err(|error| match error {
            DeleteApplicationsError::NoSuchApplication(_) => Refusal::not_found(),
            DeleteApplicationsError::TooMany => Refusal::bad_request(format!("{error}.")),
            DeleteApplicationsError::NotAllowed(error) => Problem::from(error).into(),
            DeleteApplicationsError::Store(error) => error.into(),
        })?;
    Ok(Json(Value::Object(was)))
}
