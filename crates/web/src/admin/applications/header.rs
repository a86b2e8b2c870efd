//! What every page of an application shows, and how its pages are answered.

use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use jetway_identity::applications::{
    KeyState, SamlKind, SignOn, SigningKeyInfo, application, list_keys,
};
use jetway_identity::events::{EventFilter, list_events};
use jetway_identity::{Application, ApplicationId, EventKind, Permission};
use jetway_pages::admin::NavItem;
use jetway_pages::admin::applications::{ApplicationHeader, ApplicationTab};
use jetway_pages::admin::parts::{Badge, Moment, Tone};
use jetway_pages::{Body, TileMark};
use time::{Duration, OffsetDateTime};

use crate::admin::done::done;
use crate::admin::who::who;
use crate::shared::{
    AdminVisit, Failure, Site, admin_html, admin_picture, query_fields, see_other,
};

/// How soon before its end a certificate is shown as ending.
const SOON: Duration = Duration::days(60);

/// What the pages say once something is done: the code in `?done=`, and its sentence.
const DONE: &[(&str, &str)] = &[
    ("saved", "The application is saved."),
    ("activated", "Single sign-on is activated."),
    ("deactivated", "Single sign-on is deactivated."),
    ("bookmark-activated", "The bookmark is activated."),
    ("bookmark-deactivated", "The bookmark is deactivated."),
    ("filled", "The metadata has filled in the settings."),
    ("key-added", "The key is added."),
    ("key-used", "The key signs from now on."),
    ("key-retired", "The key is retired."),
    ("key-deleted", "The key is deleted."),
    ("access", "Who has the application is saved."),
    ("deleted", "Deleted."),
    ("roles", "The roles are replaced."),
    ("rules", "The role rules are added."),
    ("image", "The image is saved."),
    ("no-image", "The image is removed."),
    ("held", "Your next sign-in to it is held."),
];

/// An application with its keys.
pub(super) struct Found {
    pub(super) application: Arc<Application>,
    /// The current one first.
    pub(super) keys: Vec<SigningKeyInfo>,
}

/// The application with the id of the path. What is no id names nothing.
pub(super) async fn find(site: &Site, id: &str) -> Result<Found, Failure> {
    let id: ApplicationId = id.parse().map_err(|_| Failure::not_found())?;
    let store = site.store.as_ref();
    let application = application(store, id).await?;
    let application = application.ok_or_else(Failure::not_found)?;
    let keys = list_keys(store, id).await?.unwrap_or_default();
    Ok(Found { application, keys })
}

/// Its image, or its initials.
pub(super) fn mark(application: &Application) -> TileMark {
    let hash = application.image.as_deref();
    let image = hash.map(|hash| admin_picture(application.id, hash));
    TileMark::new(&application.label, Some(&application.color)).with_image(image)
}

/// The head of one of its pages.
pub(super) async fn header(
    site: &Site,
    visit: &AdminVisit,
    found: &Found,
    tab: ApplicationTab,
) -> Result<ApplicationHeader, Failure> {
    let application = found.application.as_ref();
    let filter = EventFilter {
        kinds: vec![EventKind::ApplicationUpdate, EventKind::AssociationChange],
        target: Some(application.id.to_string()),
        ..EventFilter::default()
    };
    let events = list_events(site.store.as_ref(), &filter, None, 1).await?;
    Ok(ApplicationHeader {
        id: application.id.to_string(),
        label: application.label.clone(),
        mark: mark(application),
        kind: kind_words(&application.sign_on).to_owned(),
        facts: facts(found, visit.op.now),
        tabs: tabs(&application.sign_on),
        tab,
        can_delete: visit.may(Permission::WriteApplications),
        changed: events
            .first()
            .map(|event| (moment(event.at, visit.op.now), who(&event.actor))),
    })
}

fn tabs(sign_on: &SignOn) -> Vec<ApplicationTab> {
    use ApplicationTab::{Attributes, Aws, General, Groups, Preview, Sso};
    match sign_on {
        SignOn::Bookmark(_) => vec![General, Groups],
        SignOn::Saml(saml) if saml.kind == SamlKind::Custom => {
            vec![General, Sso, Attributes, Groups, Preview]
        }
        SignOn::Saml(_) => vec![General, Sso, Attributes, Groups, Preview, Aws],
    }
}

/// How the parts of an application stand (requirement H01).
fn facts(found: &Found, now: OffsetDateTime) -> Vec<(&'static str, Badge)> {
    let application = found.application.as_ref();
    let on = if application.active {
        Badge::new(Tone::Good, "active")
    } else {
        Badge::new(Tone::None, "switched off")
    };
    let visibility = if application.show_in_portal {
        Badge::new(Tone::Good, "Visible in user portal")
    } else {
        Badge::new(Tone::None, "Hidden in user portal")
    };
    let mut facts = match &application.sign_on {
        SignOn::Bookmark(_) => vec![("Bookmark", on)],
        SignOn::Saml(_) => {
            let mut facts = vec![("Single sign-on", on)];
            let current = found.keys.iter().find(|key| key.state == KeyState::Current);
            facts.push(("IdP certificate", certificate(current, now)));
            facts
        }
    };
    facts.push(("User portal", visibility));
    facts
}

/// How a certificate stands: valid, ending, ended.
pub(super) fn certificate(key: Option<&SigningKeyInfo>, now: OffsetDateTime) -> Badge {
    let Some(key) = key else {
        return Badge::new(Tone::Bad, "missing");
    };
    let (tone, date) = certificate_end(key.not_after, now);
    match tone {
        Tone::Bad => Badge::new(tone, format!("expired {date}")),
        Tone::Waiting => Badge::new(tone, format!("expires {date}")),
        _ => Badge::new(tone, format!("valid, expires {date}")),
    }
}

/// The day on which a certificate ends, and how near that is.
pub(super) fn certificate_end(end: OffsetDateTime, now: OffsetDateTime) -> (Tone, String) {
    let date = format!(
        "{:02}-{:02}-{}",
        u8::from(end.month()),
        end.day(),
        end.year()
    );
    let tone = if end <= now {
        Tone::Bad
    } else if end <= now + SOON {
        Tone::Waiting
    } else {
        Tone::Good
    };
    (tone, date)
}

/// A kind as people read it.
pub(crate) fn kind_words(sign_on: &SignOn) -> &'static str {
    match sign_on {
        SignOn::Saml(saml) => match saml.kind {
            SamlKind::AwsIam => "AWS IAM",
            SamlKind::AwsIamRoles => "AWS IAM, multiple roles",
            SamlKind::IdentityCenter => "AWS IAM Identity Center",
            SamlKind::Custom => "SAML 2.0",
        },
        SignOn::Bookmark(_) => "Bookmark",
    }
}

/// A page about applications, with a word about what was just done.
pub(super) fn page(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    query: Option<&str>,
    body: impl Body,
) -> Result<Response, Failure> {
    let mut frame = site.admin_chrome(visit, NavItem::Applications);
    frame.toast = done(&query_fields(query)?, DONE)?;
    admin_html(status, frame, body)
}

/// Goes on to a page of the application.
pub(super) fn go_on(id: ApplicationId, tab: &str, done: &str) -> Result<Response, Failure> {
    see_other(&format!("/admin/applications/{id}/{tab}?done={done}"))
}

/// An instant for a page.
pub(super) fn moment(at: OffsetDateTime, now: OffsetDateTime) -> Moment {
    let millis = |at: OffsetDateTime| {
        i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
    };
    Moment::new(millis(at), millis(now))
}
