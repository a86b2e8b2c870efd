//! `POST /api/v1/applications` and the catalogue.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use jetway_identity::applications::{
    AddedApplication, CATALOGUE, CatalogueEntry, EntryKind, add_application, catalogue_entry,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::applications::document::Application;
use crate::api::applications::get::found;
use crate::api::applications::refusal::not_added;
use crate::api::{JsonBody, List, Problem};
use crate::shared::{ApiCaller, Site};

/// Something that an application can be made from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatalogueEntry)]
pub(crate) struct Entry {
    key: &'static str,
    name: &'static str,
    summary: &'static str,
    /// How to tell it from the entries that sound alike.
    which: &'static str,
    /// `saml` or `bookmark`.
    sign_on: &'static str,
}

impl Entry {
    fn of(entry: &CatalogueEntry) -> Self {
        Self {
            key: entry.key,
            name: entry.name,
            summary: entry.summary,
            which: entry.which,
            sign_on: match entry.kind {
                EntryKind::Saml(_) => "saml",
                EntryKind::Bookmark => "bookmark",
            },
        }
    }
}

/// List the catalogue
///
/// What applications can be made from; all of it at once.
#[utoipa::path(
    get,
    path = "/api/v1/application-catalogue",
    tag = "Applications",
    operation_id = "list_application_catalogue",
    responses((status = 200, description = "The entries.", body = List<Entry>))
)]
pub(crate) async fn catalogue(_caller: ApiCaller) -> Json<List<Entry>> {
    Json(List {
        items: CATALOGUE.iter().map(Entry::of).collect(),
        next_cursor: None,
    })
}

/// An application to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApplication)]
pub(crate) struct Body {
    /// The key of a catalogue entry.
    #[schema(example = "aws-iam")]
    kind: String,
    #[schema(min_length = 1, max_length = 256)]
    label: String,
    #[serde(default)]
    #[schema(max_length = 256)]
    description: String,
    /// Its name in the address `/saml2/<slug>`, which never changes. Without one it is made from the
    /// entry's name.
    slug: Option<String>,
    /// `#rrggbb`
    color: Option<String>,
    #[serde(default = "yes")]
    #[schema(default = true)]
    show_in_portal: bool,
    /// Of a bookmark.
    bookmark_url: Option<String>,
}

fn yes() -> bool {
    true
}

/// Create an application
///
/// It is granted to nobody yet, and one with single sign-on is switched off until it is configured.
#[utoipa::path(
    post,
    path = "/api/v1/applications",
    tag = "Applications",
    operation_id = "create_application",
    request_body = Body,
    responses((status = 201, description = "The application was created.", body = Application,
        headers(("ETag" = String, description = "Its version."), ("Location" = String))))
)]
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, Problem> {
    let entry = catalogue_entry(&body.kind);
    let entry = entry.ok_or_else(|| Problem::field("kind", "use the key of a catalogue entry"))?;
    let new = AddedApplication {
        entry,
        slug: body.slug.unwrap_or_default(),
        label: body.label,
        description: body.description,
        color: body.color.unwrap_or_else(|| entry.color.to_owned()),
        show_in_portal: body.show_in_portal,
        bookmark: body.bookmark_url.unwrap_or_default(),
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let public_url = site.settings.public_url();
    let id = add_application(&mut caller.op, store, sealing, public_url, new)
        .await
        .map_err(not_added)?;
    let made = found(&site, id).await?;
    Ok(made.created(&format!("/api/v1/applications/{id}")))
}
