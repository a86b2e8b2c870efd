//! `/admin/users/settings`: the default state for each way of adding people (requirement D02).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::settings::DefaultStates;
use jetway_identity::{ChangeSettingsError, OrganisationSettings, UserState, change_settings};
use jetway_pages::admin::parts::{Choice, Select};
use jetway_pages::admin::people::UsersSettings;

use super::header::page;
use crate::admin::typed_version;
use crate::shared::{AdminVisit, Failure, Fields, Site, admin_form_fields, see_other};

/// The form.
pub(crate) async fn settings_form(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let states = visit.settings.sections.default_states.clone();
    let body = form(&visit, &visit.settings, &states, None);
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// Saves.
pub(crate) async fn save_settings(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = admin_form_fields(&headers, &body)?;
    let version = Some(typed_version(&fields)?);
    let states = DefaultStates {
        manual: chosen(&fields, "manual")?,
        bulk: chosen(&fields, "bulk")?,
        import: chosen(&fields, "import")?,
    };
    let new = states.clone();
    let store = site.store.as_ref();
    let outcome = change_settings(&mut visit.op, store, version, |sections| {
        sections.default_states = new;
    })
    .await;
    match outcome {
        Ok(_) => see_other("/admin/users/settings?done=settings"),
        Err(ChangeSettingsError::Stale(present)) => {
            let text = "Somebody else changed the settings in the meantime. Save again to keep \
                        what is chosen here.";
            let body = form(&visit, &present, &states, Some(text.to_owned()));
            page(&site, &visit, StatusCode::CONFLICT, None, body)
        }
        Err(ChangeSettingsError::NotAllowed(_) | ChangeSettingsError::SectionNotAllowed(_)) => {
            Err(Failure::forbidden())
        }
        Err(ChangeSettingsError::Store(error)) => Err(error.into()),
        Err(ChangeSettingsError::Invalid(_)) => Err(Failure::bad_request()),
    }
}

fn chosen(fields: &Fields<'_>, name: &str) -> Result<UserState, Failure> {
    match fields.get(name)?.and_then(UserState::from_name) {
        Some(state @ (UserState::Staged | UserState::Active)) => Ok(state),
        _ => Err(Failure::bad_request()),
    }
}

/// Staged or active, with one chosen.
pub(super) fn states(chosen: UserState) -> Select {
    let choice = |state: UserState, text| Choice::new(state.as_str(), text, state == chosen);
    Select {
        choices: vec![
            choice(UserState::Staged, "Staged"),
            choice(UserState::Active, "Active"),
        ],
        error: None,
    }
}

fn form(
    visit: &AdminVisit,
    settings: &OrganisationSettings,
    chosen: &DefaultStates,
    problem: Option<String>,
) -> UsersSettings {
    UsersSettings {
        csrf: visit.csrf.clone(),
        version: settings.version.to_string(),
        manual: states(chosen.manual),
        bulk: states(chosen.bulk),
        import: states(chosen.import),
        problem,
    }
}
