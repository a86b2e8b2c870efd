//! `/admin/applications/new/general`: what the application is called, then everything once more
//! before it is saved (requirements G04 to G10).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::applications::{
    AddedApplication, ApplicationProblem, CatalogueEntry, EntryKind, InvalidApplication,
};
use jetway_identity::idp_url;
use jetway_pages::TileMark;
use jetway_pages::admin::applications::{ColorChoice, NewGeneral, NewIdpUrl, Review};
use jetway_pages::admin::parts::{Field, Hidden};

use super::catalogue::{START, chosen_entry, portal_value, shows_in_portal};
use super::header::page;
use super::problems::{Appearance, Marked, mark, typed_color};
use crate::shared::{
    AdminVisit, Failure, Fields, Site, admin_form_fields, query_fields, see_other, typeable,
};

/// The form. Without an entry of the catalogue the wizard begins anew.
pub(crate) async fn new_general(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let fields = query_fields(uri.query())?;
    match chosen(&fields)? {
        Some(chosen) => form(&site, &visit, StatusCode::OK, &chosen, None, None),
        None => see_other(START),
    }
}

/// What was typed, to be looked at once more; the form again when something is missing, or when one
/// went back to it.
pub(crate) async fn review(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let Some(chosen) = chosen(&fields)? else {
        return see_other(START);
    };
    if fields.get("do")? == Some("back") {
        return form(&site, &visit, StatusCode::OK, &chosen, None, None);
    }
    if let Some(missing) = missing(&chosen) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return form(&site, &visit, status, &chosen, Some(missing), None);
    }
    let body = Review {
        csrf: visit.csrf.clone(),
        label: typeable(&chosen.label),
        description: typeable(&chosen.description),
        mark: TileMark::new(&chosen.label, Some(&chosen.color)),
        facts: facts(&site, &chosen),
        hidden: hidden(&chosen),
    };
    page(&site, &visit, StatusCode::OK, None, body)
}

/// Everything that the wizard has asked for so far; `None` without an entry.
pub(super) fn chosen(fields: &Fields<'_>) -> Result<Option<AddedApplication>, Failure> {
    let Some(entry) = chosen_entry(fields)? else {
        return Ok(None);
    };
    let text = |name: &str| Ok::<_, Failure>(fields.get(name)?.unwrap_or_default().to_owned());
    Ok(Some(AddedApplication {
        entry,
        slug: text("slug")?,
        label: text("label")?,
        description: text("description")?,
        color: typed_color(fields)?.unwrap_or_else(|| entry.color.to_owned()),
        show_in_portal: shows_in_portal(fields)?,
        bookmark: text("bookmark_url")?,
    }))
}

/// The form with what is wrong beside the fields; `problem` belongs to none.
pub(super) fn form(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    chosen: &AddedApplication,
    invalid: Option<InvalidApplication>,
    problem: Option<String>,
) -> Result<Response, Failure> {
    let bookmark = is_bookmark(chosen.entry);
    let mut appearance = Appearance {
        label: Field::new(typeable(&chosen.label)),
        description: Field::new(typeable(&chosen.description)),
        color: ColorChoice::new(typeable(&chosen.color)),
    };
    let mut url = Field::new(typeable(&chosen.bookmark));
    let mut slug = Field::new(typeable(&chosen.slug));
    let marked = Marked {
        appearance: &mut appearance,
        bookmark_url: bookmark.then_some(&mut url),
        slug: (!bookmark).then_some(&mut slug),
    };
    let other = invalid.and_then(|invalid| mark(invalid, marked));
    let body = NewGeneral {
        csrf: visit.csrf.clone(),
        entry: chosen.entry.key.to_owned(),
        name: chosen.entry.name.to_owned(),
        portal: portal_value(chosen.show_in_portal).to_owned(),
        label: appearance.label,
        description: appearance.description,
        color: appearance.color,
        bookmark_url: bookmark.then_some(url),
        idp_url: (!bookmark).then(|| NewIdpUrl {
            slug,
            before: idp_url(site.settings.public_url(), ""),
            default: chosen.entry.default_slug(),
        }),
        problem: problem.or(other),
    };
    page(site, visit, status, None, body)
}

fn is_bookmark(entry: &CatalogueEntry) -> bool {
    matches!(entry.kind, EntryKind::Bookmark)
}

/// What has to be there before it is worth looking at. All else is checked as it is saved.
fn missing(chosen: &AddedApplication) -> Option<InvalidApplication> {
    let problem = |field: &str, reason: &str| ApplicationProblem {
        field: field.to_owned(),
        reason: reason.to_owned(),
    };
    let mut problems = Vec::new();
    if chosen.label.trim().is_empty() {
        problems.push(problem("label", "the label must not be empty"));
    }
    if is_bookmark(chosen.entry) && chosen.bookmark.trim().is_empty() {
        problems.push(problem("bookmark_url", "the address must not be empty"));
    }
    (!problems.is_empty()).then_some(InvalidApplication(problems))
}

fn facts(site: &Site, chosen: &AddedApplication) -> Vec<(&'static str, String)> {
    let portal = if chosen.show_in_portal {
        "Visible in user portal"
    } else {
        "Hidden in user portal"
    };
    let address = if is_bookmark(chosen.entry) {
        ("Bookmark URL", typeable(&chosen.bookmark))
    } else {
        let slug = match chosen.slug.trim() {
            "" => chosen.entry.default_slug(),
            typed => typeable(typed),
        };
        ("SSO IdP URL", idp_url(site.settings.public_url(), &slug))
    };
    vec![
        ("Application", chosen.entry.name.to_owned()),
        ("User portal", portal.to_owned()),
        address,
    ]
}

fn hidden(chosen: &AddedApplication) -> Vec<Hidden> {
    let mut all = vec![
        Hidden::new("entry", chosen.entry.key),
        Hidden::new("portal", portal_value(chosen.show_in_portal)),
        Hidden::new("label", typeable(&chosen.label)),
        Hidden::new("description", typeable(&chosen.description)),
        Hidden::new("color", typeable(&chosen.color)),
    ];
    all.push(if is_bookmark(chosen.entry) {
        Hidden::new("bookmark_url", typeable(&chosen.bookmark))
    } else {
        Hidden::new("slug", typeable(&chosen.slug))
    });
    all
}
