//! `GET /api/organizations` and `GET /api/organizations/{id}`

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use jetway_identity::{OrganisationSettings, UserState};
use serde_json::{Value, json};

use super::document::state_word;
use crate::api::refusal::Refusal;
use crate::shared::{ApiCaller, Site};

/// The one organisation of this server.
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
) -> Result<Json<Value>, Refusal> {
    let settings = site.store.read().await?.settings().await?;
    let results = [document(&settings)];
    Ok(Json(json!({ "totalCount": 1, "results": results })))
}

/// The organisation with its settings.
pub(crate) async fn get(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let settings = site.store.read().await?.settings().await?;
    if settings.organisation.to_string() != id {
        return Err(Refusal::not_found());
    }
    Ok(Json(document(&settings)))
}

fn document(settings: &OrganisationSettings) -> Value {
    let sections = &settings.sections;
    let word = |state: UserState| state_word(state);
    json!({
        "_id": settings.organisation.to_string(),
        "id": settings.organisation.to_string(),
        "displayName": sections.profile.name,
        "settings": {
            "name": sections.profile.name,
            "contactName": sections.profile.contact_name,
            "contactEmail": sections.profile.contact_email,
            "newSystemUserStateDefaults": {
                "manualEntry": word(sections.default_states.manual),
                "csvImport": word(sections.default_states.bulk),
                "applicationImport": word(sections.default_states.import),
            },
            "passwordPolicy": {
                "minLength": sections.passwords.min_characters,
                "enableMaxHistory": sections.passwords.history > 0,
                "maxHistory": sections.passwords.history,
                "enablePasswordExpirationInDays": sections.passwords.expires_after_days.is_some(),
                "passwordExpirationInDays": sections.passwords.expires_after_days,
                "disallowCommonlyUsedPasswords": sections.passwords.refuse_common,
                "enableMaxLoginAttempts": true,
                "maxLoginAttempts": sections.lockout.attempts,
                "lockoutTimeInSeconds": sections.lockout.longest_wait_minutes * 60,
            },
            "userPortal": { "idleSessionDurationMinutes": sections.sessions.idle_minutes },
        },
    })
}
