//! How a tab is shown and saved. What each one has of its own is its [`Tab`].

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::{
    ChangeSettingsError, OrganisationSettings, Permission, SealingKey, Sections, change_settings,
};
use jetway_pages::Body;
use jetway_pages::admin::settings::{SettingsHead, SettingsTab};
use jetway_pages::admin::{NavItem, Toast};
use rand::rngs::StdRng;

use super::history::{last_change, meanwhile};
use super::mail;
use super::problems::Problems;
use crate::admin::done::done;
use crate::admin::typed_version;
use crate::shared::{
    AdminVisit, Failure, Fields, Site, admin_form_fields, admin_html, query_fields, see_other,
    typeable,
};

/// What was done, by the code in the address.
const DONE: [(&str, &str); 4] = [
    ("saved", "The settings are saved."),
    ("logo", "The logo is saved."),
    ("no-logo", "The logo is removed."),
    (
        "test",
        "The settings are saved, and a test mail is on its way.",
    ),
];

/// The form of one tab: the texts of its fields.
pub(crate) trait Tab: Sized + Send + Sync {
    const TAB: SettingsTab;
    /// The sections of the settings that it is about.
    const SECTIONS: &'static [&'static str];

    /// As stored.
    fn stored(sections: &Sections) -> Self;

    /// As typed. Secrets are sealed at once.
    fn typed(fields: &Fields<'_>, seal: &mut Seal<'_>) -> Result<Self, Failure>;

    /// Writes what can be read into `sections`; `problems` gets the rest.
    fn apply(&self, sections: &mut Sections, problems: &mut Problems);

    fn page(self, head: SettingsHead, problems: &Problems, around: &Around<'_>) -> impl Body;

    /// Whether a test mail is asked for.
    fn wants_test(&self) -> bool {
        false
    }
}

/// What secrets are sealed with.
pub(crate) struct Seal<'a> {
    pub(super) key: &'a SealingKey,
    pub(super) rng: &'a mut StdRng,
}

/// The text of a field of one line.
pub(super) fn typed_text(fields: &Fields<'_>, name: &str) -> Result<String, Failure> {
    Ok(typeable(fields.get(name)?.unwrap_or_default()))
}

/// What a page may show besides its form.
pub(crate) struct Around<'a> {
    pub(super) site: &'a Site,
    pub(super) visit: &'a AdminVisit,
    pub(super) settings: &'a OrganisationSettings,
    /// The mail that was sent as a test.
    pub(super) test: Option<jetway_identity::Mail>,
}

/// The tab as stored.
pub(crate) async fn show<T: Tab>(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let form = T::stored(&visit.settings.sections);
    let answer = Answer {
        status: StatusCode::OK,
        version: visit.settings.version,
        problem: None,
        problems: Problems::default(),
        toast: done(&query, &DONE)?,
        test: mail::tested(&site, &visit, &query).await?,
    };
    answer.page(&site, &visit, form).await
}

/// Saves the tab, unless something is wrong with it or somebody else changed the same meanwhile.
pub(crate) async fn save<T: Tab>(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    mut visit: AdminVisit,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let version = typed_version(&fields)?;
    let mut seal = Seal {
        key: site.keys.sealing(),
        rng: &mut visit.op.rng,
    };
    let form = T::typed(&fields, &mut seal)?;
    let mut problems = Problems::default();
    let mut trial = visit.settings.sections.clone();
    form.apply(&mut trial, &mut problems);
    if let Err(refused) = trial.check() {
        problems.add_all(refused);
    }
    let refused = if problems.is_empty() {
        commit(&site, &mut visit, &form, version).await?
    } else {
        Some(Answer::invalid(version, problems, T::SECTIONS))
    };
    if let Some(answer) = refused {
        return answer.page(&site, &visit, form).await;
    }
    let address = T::TAB.href();
    if form.wants_test() {
        let id = mail::send_test(&site, &mut visit).await?;
        return see_other(&format!("{address}?done=test&mail={id}"));
    }
    see_other(&format!("{address}?done=saved"))
}

/// Applies the form to the settings as they are now. The answer when that cannot be.
async fn commit<T: Tab>(
    site: &Site,
    visit: &mut AdminVisit,
    form: &T,
    version: i64,
) -> Result<Option<Answer>, Failure> {
    let store = site.store.as_ref();
    let mut expected = version;
    // Changes of other tabs are no reason to refuse; there are not many in a moment.
    for _ in 0..3 {
        let change = |sections: &mut Sections| form.apply(sections, &mut Problems::default());
        match change_settings(&mut visit.op, store, Some(expected), change).await {
            Ok(settings) => {
                site.organisation.keep(settings);
                return Ok(None);
            }
            Err(ChangeSettingsError::Invalid(refused)) => {
                let mut problems = Problems::default();
                problems.add_all(refused);
                return Ok(Some(Answer::invalid(version, problems, T::SECTIONS)));
            }
            Err(ChangeSettingsError::Stale(now)) => {
                let meanwhile = meanwhile(store, version, &now, T::SECTIONS).await?;
                expected = now.version;
                if meanwhile.concerns_form {
                    visit.settings = *now;
                    return Ok(Some(Answer {
                        status: StatusCode::CONFLICT,
                        version: expected,
                        problem: Some(meanwhile.told),
                        problems: Problems::default(),
                        toast: None,
                        test: None,
                    }));
                }
            }
            Err(ChangeSettingsError::NotAllowed(_) | ChangeSettingsError::SectionNotAllowed(_)) => {
                return Err(Failure::forbidden());
            }
            Err(ChangeSettingsError::Store(error)) => return Err(error.into()),
        }
    }
    Err(Failure::unavailable("the settings change all the time"))
}

/// A page with the form.
struct Answer {
    status: StatusCode,
    /// What the form is made from.
    version: i64,
    /// What belongs to no field.
    problem: Option<String>,
    problems: Problems,
    toast: Option<Toast>,
    test: Option<jetway_identity::Mail>,
}

impl Answer {
    fn invalid(version: i64, problems: Problems, sections: &[&str]) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            version,
            problem: problems.elsewhere(sections),
            problems,
            toast: None,
            test: None,
        }
    }

    async fn page<T: Tab>(
        self,
        site: &Site,
        visit: &AdminVisit,
        form: T,
    ) -> Result<Response, Failure> {
        let settings = &visit.settings;
        let head = SettingsHead {
            tab: T::TAB,
            csrf: visit.csrf.clone(),
            version: self.version.to_string(),
            can_edit: visit.may(Permission::WriteSettings),
            problem: self.problem,
            changed: last_change(site.store.as_ref(), &visit.op, settings).await?,
        };
        let around = Around {
            site,
            visit,
            settings,
            test: self.test,
        };
        let mut frame = site.admin_chrome(visit, NavItem::Settings);
        frame.toast = self.toast;
        admin_html(self.status, frame, form.page(head, &self.problems, &around))
    }
}

/// The logo could not be used: the tab with the reason beside the logo.
pub(super) async fn refuse_logo(
    site: &Site,
    visit: &AdminVisit,
    reason: &str,
) -> Result<Response, Failure> {
    let form = super::Organisation::stored(&visit.settings.sections);
    let mut problems = Problems::default();
    problems.add(super::organisation::LOGO, reason);
    let answer = Answer {
        problem: None,
        ..Answer::invalid(visit.settings.version, problems, &[])
    };
    answer.page(site, visit, form).await
}
