//! `/admin/applications/{id}/sso` (requirements I01 to I13).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jetway_identity::applications::{
    ApplicationChange, InvalidApplication, KeyState, SamlSignOn, SignOn, SigningKeyInfo,
    UpdateApplicationError, activation_problems, certificate_to_pem, update_application,
};
use jetway_identity::{Application, Permission, idp_url};
use jetway_pages::admin::applications::{ApplicationSso, ApplicationTab, KeyRow};
use jetway_pages::admin::parts::{Badge, Field, Tone};

use super::header::{Found, certificate, find, go_on, header, moment, page};
use super::sso_form::Typed;
use crate::admin::custom_attributes::sentence;
use crate::admin::typed_version;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields};

/// What a form was refused for; the page is shown again with it.
#[derive(Default)]
pub(super) struct Refused {
    /// The form of the settings as it was typed.
    pub(super) typed: Option<Typed>,
    /// The version to save against, where it differs from the stored one.
    pub(super) version: Option<i64>,
    pub(super) problem: Option<String>,
    pub(super) metadata: Option<String>,
    pub(super) metadata_url: Field,
    pub(super) key: Option<String>,
    /// Not a refusal: what was doubtful about metadata that was read.
    pub(super) warnings: Vec<String>,
}

/// The tab.
pub(crate) async fn sso(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let body = form(&site, &visit, &found, Refused::default()).await?;
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Saves the settings.
pub(crate) async fn save_sso(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let saml = saml_of(&found.application)?;
    let fields = admin_form_fields(&headers, &body)?;
    let mut typed = Typed::sent(&fields)?;
    let version = typed_version(&fields)?;
    let mut refused = Refused {
        version: Some(version),
        ..Refused::default()
    };
    let Some(settings) = typed.settings(&saml.settings)? else {
        refused.typed = Some(typed);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return again(&site, &visit, &found, status, refused).await;
    };
    let change = ApplicationChange {
        saml: Some(settings),
        ..ApplicationChange::default()
    };
    let (store, id) = (site.store.as_ref(), found.application.id);
    let status = match update_application(&mut visit.op, store, id, Some(version), change).await {
        Ok(application) => return go_on(application.id, "sso", "saved"),
        Err(UpdateApplicationError::Invalid(InvalidApplication(problems))) => {
            let rest = typed.mark(problems);
            refused.problem = (!rest.is_empty()).then(|| rest.join(" "));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(UpdateApplicationError::Stale(present)) => {
            refused.version = Some(present.version);
            refused.problem = Some(CHANGED_MEANWHILE.to_owned());
            StatusCode::CONFLICT
        }
        Err(error) => return Err(failure(error)),
    };
    refused.typed = Some(typed);
    again(&site, &visit, &found, status, refused).await
}

/// Said when two administrators edit the same application.
pub(super) const CHANGED_MEANWHILE: &str = "Somebody else changed this application in the \
     meantime. Save again to keep what stands here, or open the page anew to see theirs.";

/// Switches single sign-on on or off.
pub(crate) async fn set_active(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    saml_of(&found.application)?;
    let active = admin_form_fields(&headers, &body)?.get("active")? == Some("yes");
    let change = ApplicationChange {
        active: Some(active),
        ..ApplicationChange::default()
    };
    let (store, id) = (site.store.as_ref(), found.application.id);
    match update_application(&mut visit.op, store, id, None, change).await {
        Ok(_) if active => go_on(id, "sso", "activated"),
        Ok(_) => go_on(id, "sso", "deactivated"),
        Err(UpdateApplicationError::Invalid(_)) => {
            // The page lists what is missing.
            let refused = Refused::default();
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            again(&site, &visit, &found, status, refused).await
        }
        Err(error) => Err(failure(error)),
    }
}

/// The certificate of a key as a file, for service providers that want it alone.
pub(crate) async fn certificate_file(
    State(site): State<Arc<Site>>,
    _visit: AdminVisit,
    Path((id, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let key = found.keys.iter().find(|one| one.id.to_string() == key);
    let key = key.ok_or_else(Failure::not_found)?;
    let slug = &found.application.slug;
    let file = format!("attachment; filename=\"jetway-{slug}-certificate.pem\"");
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-pem-file"),
        ),
        (
            CONTENT_DISPOSITION,
            HeaderValue::try_from(file).map_err(Failure::internal)?,
        ),
    ];
    Ok((headers, certificate_to_pem(&key.certificate_der)).into_response())
}

/// Bookmarks have no such tab.
pub(super) fn saml_of(application: &Application) -> Result<&SamlSignOn, Failure> {
    match &application.sign_on {
        SignOn::Saml(saml) => Ok(saml),
        SignOn::Bookmark(_) => Err(Failure::not_found()),
    }
}

/// What is neither shown beside a field nor above the form.
pub(super) fn failure(error: UpdateApplicationError) -> Failure {
    match error {
        UpdateApplicationError::NoSuchApplication => Failure::not_found(),
        UpdateApplicationError::NotAllowed(error) => error.into(),
        UpdateApplicationError::Store(error) => error.into(),
        error @ (UpdateApplicationError::Invalid(_) | UpdateApplicationError::Stale(_)) => {
            Failure::internal(error)
        }
    }
}

/// The page once more.
pub(super) async fn again(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    status: StatusCode,
    refused: Refused,
) -> Result<Response, Failure> {
    let body = form(site, visit, found, refused).await?;
    page(site, visit, status, None, body)
}

/// What the page shows.
pub(super) async fn form(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    refused: Refused,
) -> Result<ApplicationSso, Failure> {
    let application = found.application.as_ref();
    let saml = saml_of(application)?;
    let typed = refused
        .typed
        .unwrap_or_else(|| Typed::stored(&saml.settings));
    let idp_url = idp_url(site.settings.public_url(), &application.slug);
    let missing = activation_problems(application).into_iter();
    Ok(ApplicationSso {
        application: header(site, visit, found, ApplicationTab::Sso).await?,
        csrf: visit.csrf.clone(),
        can_edit: visit.may(Permission::WriteApplications),
        version: refused.version.unwrap_or(application.version).to_string(),
        active: application.active,
        missing: missing.map(|problem| sentence(&problem.reason)).collect(),
        by_url: saml.kind == jetway_identity::applications::SamlKind::Custom,
        metadata_url: refused.metadata_url,
        metadata_error: refused.metadata,
        warnings: refused.warnings,
        metadata: format!("{idp_url}/metadata"),
        idp_url,
        name_id_source: typed.name_id_source(),
        name_id_format: typed.name_id_format(),
        signing: typed.signing(),
        digest: typed.digest(),
        encryption: typed.encryption(saml.kind),
        idp_entity_id: typed.idp_entity_id,
        audience: typed.audience,
        acs_url: typed.acs_url,
        other_acs: typed.other_acs,
        login_url: typed.login_url,
        relay_state: typed.relay_state,
        name_id_custom: typed.name_id_custom,
        session_seconds: typed.session_seconds,
        require_signed_requests: typed.require_signed_requests,
        request_certificates: typed.request_certificates,
        keys: found.keys.iter().map(|key| key_row(key, visit)).collect(),
        key_error: refused.key,
        problem: refused.problem,
    })
}

fn key_row(key: &SigningKeyInfo, visit: &AdminVisit) -> KeyRow {
    let (tone, actions) = match key.state {
        KeyState::Current => (Tone::Good, vec![]),
        KeyState::Next => (
            Tone::Running,
            vec![("use", "sign with it"), ("retire", "retire")],
        ),
        KeyState::Retired => (
            Tone::None,
            vec![("use", "sign with it"), ("delete", "delete")],
        ),
    };
    KeyRow {
        id: key.id.to_string(),
        state: Badge::new(tone, key.state.as_str()),
        certificate: certificate(Some(key), visit.op.now),
        fingerprint: key.fingerprint.clone(),
        created: moment(key.created_at, visit.op.now),
        actions,
    }
}
