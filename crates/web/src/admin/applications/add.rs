//! `POST /admin/applications/new`: the end of the wizard, and the two ways on (requirement G11).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::applications::{
    AddApplicationError, ApplicationProblem, InvalidApplication, SignOn, add_application,
};
use jetway_identity::store::Unique;
use jetway_identity::{CreateApplicationError, StoreError};
use jetway_pages::TileMark;
use jetway_pages::admin::applications::ApplicationCreated;

use super::catalogue::START;
use super::header::{find, page};
use super::new_general::{chosen, form};
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, see_other};

/// Makes the application once; what is wrong stands beside the fields of the step before.
pub(crate) async fn add(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let Some(new) = chosen(&fields)? else {
        return see_other(START);
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let url = site.settings.public_url();
    let added = add_application(&mut visit.op, store, sealing, url, new.clone()).await;
    let (status, invalid) = match added {
        Ok(id) => return see_other(&format!("/admin/applications/{id}/created")),
        Err(AddApplicationError::Invalid(invalid)) => (StatusCode::UNPROCESSABLE_ENTITY, invalid),
        Err(AddApplicationError::Create(CreateApplicationError::Store(StoreError::Taken(
            Unique::Slug,
        )))) => {
            let taken = ApplicationProblem {
                field: "slug".to_owned(),
                reason: "another application has this URL; choose another ending".to_owned(),
            };
            (StatusCode::CONFLICT, InvalidApplication(vec![taken]))
        }
        Err(AddApplicationError::Create(CreateApplicationError::NotAllowed(error))) => {
            return Err(error.into());
        }
        Err(AddApplicationError::Create(CreateApplicationError::Store(error))) => {
            return Err(error.into());
        }
        Err(AddApplicationError::Create(error)) => return Err(Failure::internal(error)),
    };
    form(&site, &visit, status, &new, Some(invalid), None)
}

/// "Configure Application" or "Close".
pub(crate) async fn created(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let application = found.application.as_ref();
    let (tab, next) = match &application.sign_on {
        SignOn::Saml(_) => (
            "sso",
            "It is switched off and nobody has it yet. Configure it now, or close and do that \
             later.",
        ),
        SignOn::Bookmark(_) => (
            "general",
            "Nobody has it yet: give it to a group on its tab User Groups, now or later.",
        ),
    };
    let body = ApplicationCreated {
        label: application.label.clone(),
        mark: TileMark::new(&application.label, Some(&application.color)),
        next: next.to_owned(),
        configure: format!("/admin/applications/{}/{tab}", application.id),
    };
    page(&site, &visit, StatusCode::OK, None, body)
}
