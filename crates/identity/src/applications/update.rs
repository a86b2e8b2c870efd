//! Changing an application.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::administrators::{NotAllowed, Permission, require};
use crate::applications::create_bookmark::read_url;
use crate::applications::new_application::check_appearance;
use crate::applications::problems::Problems;
use crate::applications::{
    Application, ApplicationProblem, InvalidApplication, SamlSettings, SignOn,
};
use crate::events::{Change, EventKind, changes_between};
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// What to change; `None` leaves a field as it is. The slug is final (requirement G10).
#[derive(Debug, Clone, Default)]
pub struct ApplicationChange {
    pub label: Option<String>,
    pub description: Option<String>,
    /// `#rrggbb`
    pub color: Option<String>,
    pub show_in_portal: Option<bool>,
    /// The address of a bookmark.
    pub bookmark: Option<String>,
    /// All settings of single sign-on.
    pub saml: Option<SamlSettings>,
    /// Switches single sign-on, or the bookmark, on or off (requirements I11 and I13).
    pub active: Option<bool>,
}

/// Why the application was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateApplicationError {
    #[error("there is no such application")]
    NoSuchApplication,
    /// Each with its field.
    #[error(transparent)]
    Invalid(#[from] InvalidApplication),
    /// Somebody else changed the application since it was read. Holds what it is now.
    #[error("the application was changed by somebody else in the meantime")]
    Stale(Arc<Application>),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes an application in one transaction, with the event `application_update` and what changed.
/// `expected` is the version that the person saw; `None` takes whatever is there. Nothing changed: no
/// event, the same version. An active application has to stay one that can work.
pub async fn update_application(
    op: &mut Op,
    store: &dyn Store,
    id: ApplicationId,
    expected: Option<i64>,
    change: ApplicationChange,
) -> Result<Arc<Application>, UpdateApplicationError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteApplications).await??;
    let before = write
        .application(id)
        .await?
        .ok_or(UpdateApplicationError::NoSuchApplication)?;
    if expected.is_some_and(|version| version != before.version) {
        return Err(UpdateApplicationError::Stale(before));
    }
    let mut after = changed(&before, change)?;
    if after == *before {
        return Ok(before);
    }
    after.version += 1;
    write.update_application(&after).await?;
    let changes = changes_between(&visible(&before), &visible(&after));
    let detail = json!({ "changes": Change::list(&changes) });
    let target = Some(after.target());
    let event = op.event(EventKind::ApplicationUpdate, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(Arc::new(after))
}

/// Switches an application on, if it can work, or off: then nobody gets an assertion for it.
pub async fn set_application_active(
    op: &mut Op,
    store: &dyn Store,
    id: ApplicationId,
    active: bool,
) -> Result<Arc<Application>, UpdateApplicationError> {
    let change = ApplicationChange {
        active: Some(active),
        ..ApplicationChange::default()
    };
    update_application(op, store, id, None, change).await
}

/// What keeps an application from being switched on; nothing when it can be.
pub fn activation_problems(application: &Application) -> Vec<ApplicationProblem> {
    let mut problems = Problems::default();
    if let Some(saml) = application.sign_on.saml() {
        saml.settings.check(saml.kind, true, &mut problems);
    }
    problems
        .into_result()
        .err()
        .map_or(Vec::new(), |invalid| invalid.0)
}

fn changed(
    before: &Application,
    change: ApplicationChange,
) -> Result<Application, InvalidApplication> {
    let mut after = before.clone();
    let mut problems = Problems::default();
    if let Some(label) = change.label {
        label.trim().clone_into(&mut after.label);
    }
    if let Some(description) = change.description {
        description.trim().clone_into(&mut after.description);
    }
    if let Some(color) = change.color {
        after.color = color.to_ascii_lowercase();
    }
    if let Some(show) = change.show_in_portal {
        after.show_in_portal = show;
    }
    if let Some(active) = change.active {
        after.active = active;
    }
    let misplaced = |field: &str, problems: &mut Problems| {
        problems.add(
            field,
            format!(
                "an application of the kind {} has no such settings",
                before.sign_on.kind()
            ),
        );
    };
    if let Some(url) = change.bookmark {
        match &mut after.sign_on {
            SignOn::Bookmark(present) => match read_url(&url) {
                Ok(url) => *present = url,
                Err(reason) => problems.add("bookmark_url", reason),
            },
            SignOn::Saml(_) => misplaced("bookmark_url", &mut problems),
        }
    }
    if let Some(settings) = change.saml {
        match &mut after.sign_on {
            SignOn::Saml(saml) => saml.settings = settings,
            SignOn::Bookmark(_) => misplaced("saml", &mut problems),
        }
    }
    let appearance = (
        after.label.as_str(),
        after.description.as_str(),
        after.color.as_str(),
    );
    check_appearance(appearance, &mut problems);
    if let Some(saml) = after.sign_on.saml() {
        saml.settings.check(saml.kind, after.active, &mut problems);
    }
    problems.into_result()?;
    Ok(after)
}

/// The fields as the activity log shows them. Nothing in them is secret.
pub(super) fn visible(application: &Application) -> Value {
    let sign_on = match &application.sign_on {
        SignOn::Saml(saml) => json!({ "saml": saml.settings, "key": saml.key.to_string() }),
        SignOn::Bookmark(url) => json!({ "bookmark_url": url }),
    };
    let mut fields = json!({
        "label": application.label,
        "description": application.description,
        "color": application.color,
        "image": application.image,
        "show_in_portal": application.show_in_portal,
        "active": application.active,
    });
    if let (Some(fields), Value::Object(more)) = (fields.as_object_mut(), sign_on) {
        fields.extend(more);
    }
    fields
}
