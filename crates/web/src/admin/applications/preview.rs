//! `/admin/applications/{id}/preview`: what the application would be told about a person, and for
//! whom it would not work (requirement W05).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{StatusCode, Uri};
use jetway_identity::applications::SamlSignOn;
use jetway_identity::sso::{
    CheckPeopleError, Outcome, Preview, PreviewError, check_people, preview as make_preview,
};
use jetway_identity::users::UserFilter;
use jetway_identity::{User, UserSort, list_users};
use jetway_pages::Link;
use jetway_pages::admin::applications::{
    ApplicationPreview, ApplicationTab, EveryoneChecked, PersonPreview, PreviewAttribute,
    PreviewCandidate, PreviewCheck, PreviewConflict,
};
use jetway_pages::admin::parts::{Badge, Tone};

use super::header::{Found, find, go_on, header, page};
use crate::admin::counts::grouped;
use crate::admin::custom_attributes::sentence;
use crate::saml::readable_xml::readable;
use crate::saml::trace::hold_next;
use crate::shared::{AdminVisit, Failure, Site, query_fields, typeable};

/// People that a search offers.
const CANDIDATES: u32 = 20;

/// The tab: a search for people, the preview of one, or everyone looked at.
pub(crate) async fn preview(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    let saml = saml_of(&found)?;
    let fields = query_fields(uri.query())?;
    let query = fields.get("q")?.unwrap_or_default();
    let candidates = match query.trim() {
        "" => None,
        _ => Some(candidates(&site, query).await?),
    };
    let person = match fields.get("user")? {
        Some(user) => Some(person(&site, &mut visit, &found, user).await?),
        None => None,
    };
    let everyone = match fields.get("everyone")? {
        Some("1") => Some(everyone(&site, &mut visit, &found).await?),
        _ => None,
    };
    let body = ApplicationPreview {
        application: header(&site, &visit, &found, ApplicationTab::Preview).await?,
        csrf: visit.csrf.clone(),
        query: typeable(query),
        found: candidates,
        person,
        everyone,
        sign_in: format!("/saml2/{}", found.application.slug),
        encrypted: saml.settings.encryption.is_some(),
    };
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Holds the next sign-in to the application in this browser.
pub(crate) async fn hold(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let found = find(&site, &id).await?;
    saml_of(&found)?;
    let application = found.application.as_ref();
    let cookie = hold_next(&site, &mut visit.op, &application.slug)?;
    let mut response = go_on(application.id, "preview", "held")?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// Bookmarks have no such page.
fn saml_of(found: &Found) -> Result<&SamlSignOn, Failure> {
    let saml = found.application.sign_on.saml();
    saml.ok_or_else(Failure::not_found)
}

async fn candidates(site: &Site, query: &str) -> Result<Vec<PreviewCandidate>, Failure> {
    let filter = UserFilter {
        text: query.to_owned(),
        ..UserFilter::default()
    };
    let store = site.store.as_ref();
    let found = list_users(store, &filter, UserSort::Name, false, None, CANDIDATES).await?;
    Ok(found.users.iter().map(candidate).collect())
}

fn candidate(user: &User) -> PreviewCandidate {
    PreviewCandidate {
        id: user.id.to_string(),
        name: user.label(),
        email: user.email.clone(),
    }
}

async fn person(
    site: &Site,
    visit: &mut AdminVisit,
    found: &Found,
    user: &str,
) -> Result<PersonPreview, Failure> {
    let user = user.parse().map_err(|_| Failure::not_found())?;
    let (store, id) = (site.store.as_ref(), found.application.id);
    match make_preview(&mut visit.op, store, id, user).await {
        Ok(preview) => Ok(shown(preview)),
        Err(
            PreviewError::NoSuchApplication | PreviewError::NoSuchUser | PreviewError::Bookmark,
        ) => Err(Failure::not_found()),
        Err(PreviewError::NotAllowed(error)) => Err(error.into()),
        Err(PreviewError::Store(error)) => Err(error.into()),
    }
}

fn shown(preview: Preview) -> PersonPreview {
    let user = &preview.user;
    let through = preview.through.into_iter().map(|group| Link {
        href: format!("/admin/groups/{}", group.id),
        text: group.name,
    });
    let checks = preview.checks.into_iter().map(|check| PreviewCheck {
        badge: match check.outcome {
            Outcome::Good => Badge::new(Tone::Good, "good"),
            Outcome::Warning => Badge::new(Tone::Waiting, "warning"),
            Outcome::Bad => Badge::new(Tone::Bad, "bad"),
        },
        text: full_sentence(&check.text),
    });
    let attributes = preview.attributes.into_iter().map(|one| PreviewAttribute {
        name: typeable(&one.name),
        values: one
            .values
            .iter()
            .map(|(value, origin)| (typeable(value), typeable(&origin.to_string())))
            .collect(),
    });
    let conflicts = preview.conflicts.into_iter().map(|one| PreviewConflict {
        source: one.source.to_string(),
        values: one.values,
    });
    PersonPreview {
        id: user.id.to_string(),
        name: user.label(),
        email: user.email.clone(),
        through: through.collect(),
        checks: checks.collect(),
        name_id: preview
            .name_id
            .map(|(format, value)| (format, typeable(&value))),
        attributes: attributes.collect(),
        conflicts: conflicts.collect(),
        xml: preview.xml.as_deref().map(readable),
    }
}

/// Checks are sentences already; what comes from an error is not.
fn full_sentence(text: &str) -> String {
    let text = typeable(text);
    if text.ends_with('.') {
        text
    } else {
        sentence(&text)
    }
}

async fn everyone(
    site: &Site,
    visit: &mut AdminVisit,
    found: &Found,
) -> Result<EveryoneChecked, Failure> {
    let checked = check_people(&mut visit.op, site.store.as_ref(), found.application.id).await;
    let checked = match checked {
        Ok(checked) => checked,
        Err(CheckPeopleError::NoSuchApplication) => return Err(Failure::not_found()),
        Err(CheckPeopleError::NotAllowed(error)) => return Err(error.into()),
        Err(CheckPeopleError::Store(error)) => return Err(error.into()),
    };
    let looked = match (checked.complete, checked.checked) {
        (true, 0) => "Nobody has the application.".to_owned(),
        (true, count) => format!("Looked at everyone who has it: {}.", people(count)),
        (false, count) => format!("Looked at the first {}; there are more.", people(count)),
    };
    let failing = match checked.failing {
        0 if checked.checked == 0 => String::new(),
        0 => " It would work for each of them.".to_owned(),
        1 => " It would not work for 1 of them.".to_owned(),
        many => format!(" It would not work for {} of them.", grouped(many as u64)),
    };
    let more = checked.failing - checked.first.len();
    Ok(EveryoneChecked {
        summary: format!("{looked}{failing}"),
        all_good: checked.failing == 0 && checked.checked > 0,
        failing: checked
            .first
            .iter()
            .map(|(user, reason)| (candidate(user), full_sentence(&reason.to_string())))
            .collect(),
        more: (more > 0).then(|| format!("and {} more", grouped(more as u64))),
    })
}

fn people(count: usize) -> String {
    match count {
        1 => "1 person".to_owned(),
        many => format!("{} people", grouped(many as u64)),
    }
}
