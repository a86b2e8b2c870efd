//! What is uploaded on the tab SSO: the service provider's metadata and keys (requirements I01, I04,
//! I05, I06).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, Request, StatusCode};
use jetway_identity::KeyId;
use jetway_identity::applications::{
    ChangeKeyError, FillError, KeyChange, NewKey, SamlKind, UpdateApplicationError, add_key,
    change_key, fill_from_metadata,
};
use jetway_pages::admin::parts::Field;
use jetway_saml::{MAX_SP_METADATA, read_uploaded_key};
use url::Url;

use super::header::{find, go_on, page};
use super::sso::{self, Refused, again, failure, saml_of};
use crate::admin::custom_attributes::sentence;
use crate::settings::is_loopback;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, multipart, typeable};

/// Longest form with metadata: the file, and what surrounds it.
pub(crate) const MAX_METADATA_FORM: usize = MAX_SP_METADATA + (64 << 10);
/// Longest form with a key and a certificate.
pub(crate) const MAX_KEY_FORM: usize = 256 << 10;

/// Takes the service provider's metadata from a file, or reads it from an address.
pub(crate) async fn upload_metadata(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    if !multipart::is_multipart(&headers) {
        return Err(Failure::unsupported_media_type());
    }
    let found = find(&site, &id).await?;
    let kind = saml_of(&found.application)?.kind;
    let form = multipart::parts(&headers, &body).await?;
    let url = form.text("url")?.unwrap_or_default().trim().to_owned();
    let mut refused = Refused {
        metadata_url: Field::new(typeable(&url)),
        ..Refused::default()
    };
    let file = form.get("metadata")?.filter(|part| !part.bytes.is_empty());
    let read = match file {
        Some(part) => text_of(&part.bytes),
        None if url.is_empty() || kind != SamlKind::Custom => {
            Err("Choose the file with the service provider's metadata first.".to_owned())
        }
        None => fetch(&site, &url).await,
    };
    let outcome = match read {
        Ok(xml) => {
            let (store, id) = (site.store.as_ref(), found.application.id);
            fill_from_metadata(&mut visit.op, store, id, &xml).await
        }
        Err(reason) => {
            refused.metadata = Some(reason);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return again(&site, &visit, &found, status, refused).await;
        }
    };
    match outcome {
        Ok(filled) if filled.warnings.is_empty() => go_on(filled.application.id, "sso", "filled"),
        Ok(filled) => {
            let found = find(&site, &id).await?;
            let warnings = filled.warnings.iter().map(|text| sentence(text)).collect();
            let refused = Refused {
                warnings,
                ..Refused::default()
            };
            let body = sso::form(&site, &visit, &found, refused).await?;
            page(&site, &visit, StatusCode::OK, Some("done=filled"), body)
        }
        Err(FillError::NoSuchApplication | FillError::Bookmark) => Err(Failure::not_found()),
        Err(FillError::Store(error)) => Err(error.into()),
        Err(
            error @ (FillError::Metadata(_)
            | FillError::Update(
                UpdateApplicationError::Invalid(_) | UpdateApplicationError::Stale(_),
            )),
        ) => {
            refused.metadata = Some(format!(
                "{} Nothing was changed.",
                sentence(&error.to_string())
            ));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            again(&site, &visit, &found, status, refused).await
        }
        Err(FillError::Update(error)) => Err(failure(error)),
    }
}

fn text_of(bytes: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(bytes);
    text.map(str::to_owned)
        .map_err(|_| "The metadata is not UTF-8 text. Nothing was changed.".to_owned())
}

/// Reads metadata over TLS from another machine. What listens on this one is nobody's metadata.
async fn fetch(site: &Site, address: &str) -> Result<String, String> {
    let url = Url::parse(address).ok().filter(|url| {
        url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
    });
    let url = url.ok_or("The address must begin with https:// and hold no password.")?;
    if is_loopback(&url) {
        return Err("This address is on this machine; upload the file instead.".to_owned());
    }
    let request = Request::get(url.as_str()).body(Vec::new());
    let request = request.map_err(|_| "This is not an address.")?;
    let answer = site.outbound.send(request).await;
    let answer = answer.map_err(|error| format!("The metadata could not be read: {error}."))?;
    if answer.status() != StatusCode::OK {
        let status = answer.status().as_u16();
        return Err(format!(
            "The metadata could not be read: the answer was {status}."
        ));
    }
    text_of(answer.body())
}

/// Adds a key: one that was brought, or a new one.
pub(crate) async fn add_signing_key(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    if !multipart::is_multipart(&headers) {
        return Err(Failure::unsupported_media_type());
    }
    let found = find(&site, &id).await?;
    saml_of(&found.application)?;
    let form = multipart::parts(&headers, &body).await?;
    let use_now = form.text("use_now")?.is_some();
    let refuse = |reason: String| Refused {
        key: Some(reason),
        ..Refused::default()
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let new = if form.text("do")? == Some("generate") {
        NewKey::Generated
    } else {
        let file = |name| -> Result<&[u8], Failure> {
            Ok(form.get(name)?.map_or(&[], |part| &part.bytes[..]))
        };
        match read_uploaded_key(file("private_key")?, file("certificate")?) {
            Ok(given) => NewKey::Given(given),
            Err(error) => {
                let refused = refuse(sentence(&error.to_string()));
                return again(&site, &visit, &found, status, refused).await;
            }
        }
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let id = found.application.id;
    match add_key(&mut visit.op, store, sealing, id, (new, use_now)).await {
        Ok(_) => go_on(id, "sso", "key-added"),
        Err(error) => match key_failure(error) {
            Ok(reason) => again(&site, &visit, &found, status, refuse(reason)).await,
            Err(failure) => Err(failure),
        },
    }
}

/// Uses, retires or deletes a key.
pub(crate) async fn act_on_key(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let key: KeyId = key.parse().map_err(|_| Failure::not_found())?;
    let fields = admin_form_fields(&headers, &body)?;
    let (change, done) = match fields.get("do")? {
        Some("use") => (KeyChange::Use, "key-used"),
        Some("retire") => (KeyChange::Retire, "key-retired"),
        Some("delete") => (KeyChange::Delete, "key-deleted"),
        _ => return Err(Failure::bad_request()),
    };
    let (store, id) = (site.store.as_ref(), found.application.id);
    match change_key(&mut visit.op, store, id, key, change).await {
        Ok(()) => go_on(id, "sso", done),
        Err(error) => match key_failure(error) {
            Ok(reason) => {
                let refused = Refused {
                    key: Some(reason),
                    ..Refused::default()
                };
                again(&site, &visit, &found, StatusCode::CONFLICT, refused).await
            }
            Err(failure) => Err(failure),
        },
    }
}

/// The sentence for the page, or what else to answer.
fn key_failure(error: ChangeKeyError) -> Result<String, Failure> {
    match error {
        ChangeKeyError::NoSuchApplication
        | ChangeKeyError::NoSuchKey
        | ChangeKeyError::Bookmark => Err(Failure::not_found()),
        ChangeKeyError::NotAllowed(error) => Err(error.into()),
        ChangeKeyError::Store(error) => Err(error.into()),
        ChangeKeyError::Key(error) => Err(Failure::internal(error)),
        error @ (ChangeKeyError::Current
        | ChangeKeyError::NotRetired
        | ChangeKeyError::TooMany
        | ChangeKeyError::Expired(_)) => Ok(sentence(&error.to_string())),
    }
}
