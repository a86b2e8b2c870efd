//! `/admin/users/{id}/reset-factors`: for somebody who has lost their phone (requirement M02).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::User;
use jetway_identity::factors::{ResetFactorsError, reset_factors};
use jetway_pages::admin::parts::Field;
use jetway_pages::admin::people::ResetFactors;

use super::header::{find, go_on, page};
use crate::admin::custom_attributes::sentence;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, typeable};

/// The form.
pub(crate) async fn reset_form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let body = form(&visit, &user, Field::default());
    page(&site, &visit, StatusCode::OK, None, body)
}

/// Takes them away.
pub(crate) async fn reset(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let fields = admin_form_fields(&headers, &body)?;
    let reason = fields.get("reason")?.unwrap_or_default();
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match reset_factors(&mut visit.op, store, sealing, user.id.into(), reason).await {
        Ok(()) => go_on(user.id, "highlights", "factors-reset"),
        Err(error @ ResetFactorsError::Reason) => {
            let field = Field::new(typeable(reason)).with_error(sentence(&error.to_string()));
            let body = form(&visit, &user, field);
            page(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, None, body)
        }
        // Users are never sealed.
        Err(ResetFactorsError::NobodyThere | ResetFactorsError::Sealed) => {
            Err(Failure::not_found())
        }
        Err(ResetFactorsError::NotAllowed(error)) => Err(error.into()),
        Err(ResetFactorsError::Store(error)) => Err(error.into()),
    }
}

fn form(visit: &AdminVisit, user: &User, reason: Field) -> ResetFactors {
    ResetFactors {
        user_id: user.id.to_string(),
        name: user.label(),
        csrf: visit.csrf.clone(),
        reason,
    }
}
