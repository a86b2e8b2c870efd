//! `PATCH` and `DELETE /api/v1/applications/{id}`, and the service provider's metadata.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jetway_identity::ApplicationId;
use jetway_identity::applications::{
    ApplicationChange, DeleteApplicationsError, application, delete_applications,
    fill_from_metadata, update_application,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::applications::document::Application;
use crate::api::applications::get::found;
use crate::api::applications::refusal::{not_filled, not_updated};
use crate::api::applications::saml::Saml;
use crate::api::{JsonBody, PathId, Precondition, Problem, Versioned};
use crate::shared::{ApiCaller, Site};

/// What to change. A field that is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicationChange)]
pub(crate) struct Body {
    #[schema(min_length = 1, max_length = 256)]
    label: Option<String>,
    #[schema(max_length = 256)]
    description: Option<String>,
    /// `#rrggbb`
    color: Option<String>,
    show_in_portal: Option<bool>,
    /// Switches single sign-on, or the bookmark, on or off. What is not complete cannot be on.
    active: Option<bool>,
    /// It never changes: only the one that is there is taken.
    slug: Option<String>,
    /// Of a bookmark.
    bookmark_url: Option<String>,
    /// Merged into the settings that are there (RFC 7396); lists are replaced as a whole.
    #[schema(value_type = Option<Object>)]
    saml: Option<Value>,
}

/// Change an application
#[utoipa::path(
    patch,
    path = "/api/v1/applications/{id}",
    tag = "Applications",
    operation_id = "change_application",
    request_body = Body,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header,
        description = "The ETag that was read. With another version now the answer is 412.")),
    responses((status = 200, description = "The application as it is now.", body = Application,
        headers(("ETag" = String, description = "Its version."))))
)]
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    condition: Precondition,
    JsonBody(body): JsonBody<Body>,
) -> Result<Versioned<Application>, Problem> {
    let store = site.store.as_ref();
    let before = application(store, id).await?;
    let before = before.ok_or_else(|| Problem::not_found("application"))?;
    if body.slug.is_some_and(|slug| slug != before.slug) {
        let message =
            "the name in the address never changes; delete the application and make it anew";
        return Err(Problem::field("slug", message));
    }
    let mut expected = condition.expected();
    let saml = match (&body.saml, before.sign_on.saml()) {
        (None, _) => None,
        (Some(_), None) => {
            return Err(Problem::field("saml", "a bookmark has no such settings"));
        }
        (Some(change), Some(saml)) => {
            // What was merged into has to be what is there.
            expected = expected.or(Some(before.version));
            Some(Saml::merged(&saml.settings, change)?)
        }
    };
    let change = ApplicationChange {
        label: body.label,
        description: body.description,
        color: body.color,
        show_in_portal: body.show_in_portal,
        bookmark: body.bookmark_url,
        saml,
        active: body.active,
    };
    update_application(&mut caller.op, store, id, expected, change)
        .await
        .map_err(not_updated)?;
    found(&site, id).await
}

/// Delete an application
///
/// With its keys and grants. What it means at the service provider stays there.
#[utoipa::path(
    delete,
    path = "/api/v1/applications/{id}",
    tag = "Applications",
    operation_id = "delete_application",
    params(("id" = String, Path)),
    responses((status = 204, description = "The application is gone."))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
) -> Result<StatusCode, Problem> {
    let store = site.store.as_ref();
    delete_applications(&mut caller.op, store, &[id])
        .await
        .map_err(|error| match error {
            DeleteApplicationsError::NoSuchApplication(_) => Problem::not_found("application"),
            DeleteApplicationsError::TooMany => Problem::conflict("too-many", error.to_string()),
            DeleteApplicationsError::NotAllowed(error) => error.into(),
            DeleteApplicationsError::Store(error) => error.into(),
        })?;
    Ok(StatusCode::NO_CONTENT)
}

/// The service provider's metadata.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceProviderMetadata)]
pub(crate) struct Metadata {
    /// The XML.
    metadata: String,
}

/// An application whose settings were filled in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilledApplication {
    application: Application,
    /// What was doubtful about the metadata.
    warnings: Vec<String>,
}

/// Fill in the settings from metadata
///
/// ACS URLs, entity id, NameID format and certificates, of the service provider.
#[utoipa::path(
    post,
    path = "/api/v1/applications/{id}/service-provider-metadata",
    tag = "Applications",
    operation_id = "fill_application",
    request_body = Metadata,
    params(("id" = String, Path)),
    responses((status = 200, description = "What was filled in.", body = FilledApplication))
)]
pub(crate) async fn fill(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    JsonBody(body): JsonBody<Metadata>,
) -> Result<Json<FilledApplication>, Problem> {
    let store = site.store.as_ref();
    let filled = fill_from_metadata(&mut caller.op, store, id, &body.metadata)
        .await
        .map_err(not_filled)?;
    Ok(Json(FilledApplication {
        application: found(&site, id).await?.body,
        warnings: filled.warnings,
    }))
}
