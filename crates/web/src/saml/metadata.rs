//! `GET /saml2/{application}/metadata`: what a service provider is told about us (requirements I02
//! and I03). Public: the certificate and the addresses are meant to be given away.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use jetway_identity::{application_metadata, applications::idp_url};

use crate::saml::is_slug;
use crate::shared::{Failure, Site};

/// The media type of SAML metadata (saml-metadata-2.0-os, appendix A).
const SAML_METADATA: HeaderValue = HeaderValue::from_static("application/samlmetadata+xml");

/// The metadata as a file to upload at the service provider.
pub(crate) async fn metadata(
    State(site): State<Arc<Site>>,
    application: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let Path(slug) = application.map_err(|_| Failure::not_found())?;
    if !is_slug(&slug) {
        return Err(Failure::not_found());
    }
    let sso_url = idp_url(site.settings.public_url(), &slug);
    let metadata = application_metadata(site.store.as_ref(), &slug, &sso_url)
        .await?
        .ok_or_else(Failure::not_found)?;
    let xml = metadata.to_xml().map_err(Failure::internal)?;
    let file = format!("attachment; filename=\"jetway-{slug}-metadata.xml\"");
    let file = HeaderValue::try_from(file).map_err(Failure::internal)?;
    Ok((
        [(CONTENT_TYPE, SAML_METADATA), (CONTENT_DISPOSITION, file)],
        xml,
    )
        .into_response())
}
