//! `/admin/applications/{id}/general`: label, description, look, visibility, the address of a
//! bookmark (requirements G04 to G10, H05).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::applications::{
    Application, ApplicationChange, SignOn, UpdateApplicationError, update_application,
};
use jetway_identity::{Permission, idp_url};
use jetway_pages::admin::applications::{
    ApplicationGeneral, ApplicationTab, ColorChoice, SignOnFacts,
};
use jetway_pages::admin::parts::Field;

use super::catalogue::{portal_choice, shows_in_portal};
use super::header::{Found, find, go_on, header, moment, page};
use super::problems::{Appearance, Marked, mark, typed_color};
use crate::admin::typed_version;
use crate::shared::{AdminVisit, Failure, Site, admin_form_fields, see_other, typeable};

/// What the form holds.
struct Typed {
    version: i64,
    appearance: Appearance,
    show: bool,
    bookmark_url: Option<Field>,
    problem: Option<String>,
    image_error: Option<String>,
}

impl Typed {
    fn stored(application: &Application) -> Self {
        Self {
            version: application.version,
            appearance: Appearance {
                label: Field::new(application.label.clone()),
                description: Field::new(application.description.clone()),
                color: ColorChoice::new(application.color.clone()),
            },
            show: application.show_in_portal,
            bookmark_url: bookmark_of(application).map(Field::new),
            problem: None,
            image_error: None,
        }
    }
}

/// `/admin/applications/{id}` goes on to the general tab.
pub(crate) async fn open(
    State(site): State<Arc<Site>>,
    _visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let id = found.application.id;
    see_other(&format!("/admin/applications/{id}/general"))
}

/// The form.
pub(crate) async fn general(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let typed = Typed::stored(&found.application);
    let body = form(&site, &visit, &found, typed).await?;
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Saves, or says what is wrong.
pub(crate) async fn save_general(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let stored = found.application.as_ref();
    let fields = admin_form_fields(&headers, &body)?;
    let version = typed_version(&fields)?;
    let label = fields.get("label")?.unwrap_or(&stored.label);
    let description = fields.get("description")?.unwrap_or(&stored.description);
    let color = typed_color(&fields)?.unwrap_or_else(|| stored.color.clone());
    let show = shows_in_portal(&fields)?;
    let bookmark = match bookmark_of(stored) {
        Some(present) => Some(fields.get("bookmark_url")?.map_or(present, str::to_owned)),
        None => None,
    };
    let mut typed = Typed {
        version,
        appearance: Appearance {
            label: Field::new(typeable(label)),
            description: Field::new(typeable(description)),
            color: ColorChoice::new(typeable(&color)),
        },
        show,
        bookmark_url: bookmark.as_deref().map(typeable).map(Field::new),
        problem: None,
        image_error: None,
    };
    let change = ApplicationChange {
        label: Some(label.to_owned()),
        description: Some(description.to_owned()),
        color: Some(color),
        show_in_portal: Some(show),
        bookmark,
        ..ApplicationChange::default()
    };
    let (store, id) = (site.store.as_ref(), stored.id);
    let status = match update_application(&mut visit.op, store, id, Some(version), change).await {
        Ok(_) => return go_on(id, "general", "saved"),
        Err(UpdateApplicationError::NoSuchApplication) => return Err(Failure::not_found()),
        Err(UpdateApplicationError::Invalid(invalid)) => {
            let marked = Marked {
                appearance: &mut typed.appearance,
                bookmark_url: typed.bookmark_url.as_mut(),
                slug: None,
            };
            typed.problem = mark(invalid, marked);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(UpdateApplicationError::Stale(present)) => {
            typed.problem = Some(changed_meanwhile(&present));
            typed.version = present.version;
            StatusCode::CONFLICT
        }
        Err(UpdateApplicationError::NotAllowed(error)) => return Err(error.into()),
        Err(UpdateApplicationError::Store(error)) => return Err(error.into()),
    };
    let body = form(&site, &visit, &found, typed).await?;
    page(&site, &visit, status, None, body)
}

/// The page once more, with why a picture was not taken.
pub(super) async fn refuse_image(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    reason: &str,
) -> Result<Response, Failure> {
    let typed = Typed {
        image_error: Some(reason.to_owned()),
        ..Typed::stored(&found.application)
    };
    let body = form(site, visit, found, typed).await?;
    page(site, visit, StatusCode::UNPROCESSABLE_ENTITY, None, body)
}

fn bookmark_of(application: &Application) -> Option<String> {
    match &application.sign_on {
        SignOn::Bookmark(url) => Some(url.to_string()),
        SignOn::Saml(_) => None,
    }
}

/// Says what is there now, since what was typed stays in the form.
fn changed_meanwhile(present: &Application) -> String {
    let portal = if present.show_in_portal {
        "shown"
    } else {
        "hidden"
    };
    let address = bookmark_of(present).map_or_else(String::new, |url| format!(", address “{url}”"));
    format!(
        "Somebody else changed this application in the meantime. Now its label is “{}”, its \
         description “{}”, its colour {}, its tile {portal}{address}. Save again to keep what \
         stands here, or open the page anew to keep theirs.",
        present.label, present.description, present.color
    )
}

async fn form(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    typed: Typed,
) -> Result<ApplicationGeneral, Failure> {
    let application = found.application.as_ref();
    Ok(ApplicationGeneral {
        application: header(site, visit, found, ApplicationTab::General).await?,
        csrf: visit.csrf.clone(),
        can_edit: visit.may(Permission::WriteApplications),
        version: typed.version.to_string(),
        created: moment(application.created_at, visit.op.now).iso,
        label: typed.appearance.label,
        description: typed.appearance.description,
        color: typed.appearance.color,
        portal: portal_choice(typed.show),
        sign_on: match typed.bookmark_url {
            Some(url) => SignOnFacts::Bookmark {
                url,
                active: application.active,
            },
            None => SignOnFacts::Saml {
                idp_url: idp_url(site.settings.public_url(), &application.slug),
            },
        },
        problem: typed.problem,
        image_error: typed.image_error,
    })
}
