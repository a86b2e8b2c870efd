//! `PATCH /api/v1/settings`

use std::sync::Arc;

use axum::extract::State;
use jetway_identity::{ChangeSettingsError, change_settings};
use serde_json::Value;

use crate::api::problem::FieldError;
use crate::api::settings::document::{Settings, patched, shown};
use crate::api::{JsonBody, Precondition, Problem, Versioned};
use crate::shared::{ApiCaller, Failure, Site};

/// How often a change is applied to what somebody else has just saved, when the caller does not
/// say what it expects.
const ATTEMPTS: usize = 4;

/// Change settings
///
/// A JSON merge patch (RFC 7396): what the body does not name stays as it is, `null` goes back to
/// the default. The sections `mail` and `administrator_oidc` open the way to administrators: changing
/// them takes the scope `full`.
#[utoipa::path(
    patch,
    path = "/api/v1/settings",
    tag = "Organisation",
    operation_id = "change_settings",
    request_body(content((Settings = "application/json"), (Settings = "application/merge-patch+json"))),
    params(("If-Match" = Option<String>, Header,
        description = "The ETag that was read. With another version now the answer is 412.")),
    responses((status = 200, description = "The settings as they are now.", body = Settings,
        headers(("ETag" = String, description = "Their version."))))
)]
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    caller: ApiCaller,
    condition: Precondition,
    JsonBody(patch): JsonBody<Value>,
) -> Result<Versioned<Value>, Problem> {
    let mut op = caller.op;
    if !patch.is_object() {
        return Err(Problem::unreadable(
            "Send a JSON object with what to change.",
        ));
    }
    for _ in 0..ATTEMPTS {
        let present = site.store.read().await?.settings().await?;
        if let Some(expected) = condition.expected()
            && expected != present.version
        {
            return Err(Problem::stale(present.version));
        }
        let sections = patched(&present.sections, &patch, site.keys.sealing(), &mut op)?;
        let change = |settings: &mut _| *settings = sections;
        let expected = Some(present.version);
        match change_settings(&mut op, site.store.as_ref(), expected, change).await {
            Ok(settings) => {
                let body = shown(&settings.sections)?;
                let version = settings.version;
                return Ok(Versioned { version, body });
            }
            Err(ChangeSettingsError::Stale(present)) if condition.expected().is_some() => {
                return Err(Problem::stale(present.version));
            }
            Err(ChangeSettingsError::Stale(_)) => {}
            Err(ChangeSettingsError::Invalid(problems)) => {
                let errors = problems.into_iter();
                let errors = errors.map(|problem| FieldError::new(problem.field, problem.reason));
                return Err(Problem::invalid(errors.collect()));
            }
            Err(ChangeSettingsError::NotAllowed(_)) => return Err(Failure::forbidden().into()),
            Err(ChangeSettingsError::SectionNotAllowed(section)) => {
                return Err(Problem::forbidden(format!(
                    "The section {section} opens the way to administrators. Changing it takes a \
                     key with the scope full, of an administrator who may manage administrators."
                ))
                .with_errors(vec![FieldError::new(section, "this key may not change it")]));
            }
            Err(ChangeSettingsError::Store(error)) => return Err(error.into()),
        }
    }
    Err(
        Problem::conflict("busy", "Others change the settings right now. Try again.")
            .retry_after(1),
    )
}
