//! `/admin/applications/new` and `…/new/options`: what to integrate, and what of it (requirements F04
//! to F06, G01 to G03, G07).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::applications::{CatalogueEntry, EntryKind, catalogue_entry, search_catalogue};
use jetway_pages::TileMark;
use jetway_pages::admin::applications::{ApplicationOptions, Catalogue, CatalogueCard};
use jetway_pages::admin::parts::{Choice, Select};

use super::header::page;
use crate::shared::{AdminVisit, Failure, Fields, Site, query_fields, see_other, typeable};

/// Where the wizard begins.
pub(super) const START: &str = "/admin/applications/new";

/// The entries that answer to `q`.
pub(crate) async fn catalogue(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let fields = query_fields(uri.query())?;
    let text = fields.get("q")?.unwrap_or_default();
    let body = Catalogue {
        query: typeable(text),
        cards: search_catalogue(text).into_iter().map(card).collect(),
    };
    page(&site, &visit, StatusCode::OK, None, body)
}

/// What the chosen entry supports. Without an entry of the catalogue the wizard begins anew.
pub(crate) async fn options(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let fields = query_fields(uri.query())?;
    let Some(entry) = chosen_entry(&fields)? else {
        return see_other(START);
    };
    let body = ApplicationOptions {
        entry: entry.key.to_owned(),
        name: entry.name.to_owned(),
        supports: match entry.kind {
            EntryKind::Saml(_) => "SSO with SAML".to_owned(),
            EntryKind::Bookmark => "A bookmark: its tile opens an address".to_owned(),
        },
        portal: portal_choice(shows_in_portal(&fields)?),
    };
    page(&site, &visit, StatusCode::OK, None, body)
}

/// The entry that the field `entry` names.
pub(super) fn chosen_entry(
    fields: &Fields<'_>,
) -> Result<Option<&'static CatalogueEntry>, Failure> {
    Ok(fields.get("entry")?.and_then(catalogue_entry))
}

/// What the field `portal` says; shown unless it says otherwise.
pub(super) fn shows_in_portal(fields: &Fields<'_>) -> Result<bool, Failure> {
    Ok(fields.get("portal")? != Some("hide"))
}

/// The value of the field `portal`.
pub(super) fn portal_value(show: bool) -> &'static str {
    if show { "show" } else { "hide" }
}

/// Show or hide.
pub(super) fn portal_choice(show: bool) -> Select {
    Select {
        choices: vec![
            Choice::new("show", "Show in User Portal", show),
            Choice::new("hide", "Hide in User Portal", !show),
        ],
        error: None,
    }
}

fn card(entry: &CatalogueEntry) -> CatalogueCard {
    CatalogueCard {
        key: entry.key.to_owned(),
        name: entry.name.to_owned(),
        mark: TileMark::new(entry.name, Some(entry.color)),
        summary: entry.summary.to_owned(),
        which: entry.which.to_owned(),
        chip: match entry.kind {
            EntryKind::Saml(_) => "SSO",
            EntryKind::Bookmark => "Bookmark",
        },
    }
}
