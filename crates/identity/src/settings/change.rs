//! Changing the settings.

use serde_json::{Value, json};

use crate::administrators::{NotAllowed, Permission, may, require};
use crate::events::{Change, EventKind, Target, TargetKind, changes_between};
use crate::op::Op;
use crate::settings::{InvalidSetting, OrganisationSettings, Sections};
use crate::store::{Store, StoreError};

/// Why the settings were not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeSettingsError {
    /// Each with its field.
    #[error("the settings cannot be used")]
    Invalid(Vec<InvalidSetting>),
    /// Somebody else changed them since they were read. Holds what they are now.
    #[error("the settings were changed by somebody else in the meantime")]
    Stale(Box<OrganisationSettings>),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// The section opens the way to administrators, and the actor may not manage them.
    #[error("who changes \"{0}\" must be allowed to manage administrators")]
    SectionNotAllowed(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Applies `change` to the settings and adds the event `organization_update` with what changed.
/// `expected` is the version that the person saw; `None` takes whatever is there.
pub async fn change_settings(
    op: &mut Op,
    store: &dyn Store,
    expected: Option<i64>,
    change: impl FnOnce(&mut Sections) + Send,
) -> Result<OrganisationSettings, ChangeSettingsError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteSettings).await??;
    let mut settings = write.settings().await?;
    if expected.is_some_and(|version| version != settings.version) {
        return Err(ChangeSettingsError::Stale(Box::new(settings)));
    }
    let before = settings.sections.clone();
    change(&mut settings.sections);
    let sections = &settings.sections;
    if let Some(section) = way_to_administrators(&before, sections)
        && !may(write.as_mut(), op, Permission::ManageAdministrators).await?
    {
        return Err(ChangeSettingsError::SectionNotAllowed(section));
    }
    sections.check().map_err(ChangeSettingsError::Invalid)?;
    check_kept_secrets(&before, sections).map_err(ChangeSettingsError::Invalid)?;
    if settings.sections == before && settings.version > 0 {
        return Ok(settings);
    }
    settings.version += 1;
    settings.changed_at = Some(op.now);
    write.put_settings(&settings).await?;
    let changes = changes_between(&visible(&before), &visible(&settings.sections));
    let target = Target {
        kind: TargetKind::Organization,
        id: settings.organisation.to_string(),
        label: settings.sections.profile.name.clone(),
    };
    let detail = json!({ "changes": Change::list(&changes) });
    let event = op.event(EventKind::OrganizationUpdate, true, Some(target), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(settings)
}

/// The changed section by which one becomes an administrator: mails carry their reset links, and
/// the provider says who they are.
fn way_to_administrators(before: &Sections, after: &Sections) -> Option<&'static str> {
    if before.mail != after.mail {
        return Some("mail");
    }
    (before.administrator_oidc != after.administrator_oidc).then_some("administrator_oidc")
}

/// A stored secret goes only to whom it was given for: whoever may change the settings, but does
/// not know the secret, could otherwise have it sent to a server of their own.
fn check_kept_secrets(before: &Sections, after: &Sections) -> Result<(), Vec<InvalidSetting>> {
    let mut problems = Vec::new();
    let mut refuse = |field, reason: &str| {
        let reason = reason.to_owned();
        problems.push(InvalidSetting { field, reason });
    };
    if let (Some(old), Some(new)) = (&before.mail, &after.mail)
        && new.sealed_password.is_some()
        && new.sealed_password == old.sealed_password
        && (&new.host, new.port) != (&old.host, old.port)
    {
        let reason = "give the password again: the stored one belongs to the former server";
        refuse("mail.password", reason);
    }
    if let (Some(old), Some(new)) = (&before.administrator_oidc, &after.administrator_oidc)
        && new.sealed_client_secret.is_some()
        && new.sealed_client_secret == old.sealed_client_secret
        && new.issuer != old.issuer
    {
        let reason = "give the client secret again: the stored one belongs to the former issuer";
        refuse("administrator_oidc.client_secret", reason);
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// The settings as the activity log may show them: without secrets and pictures.
fn visible(sections: &Sections) -> Value {
    let mut sections = sections.clone();
    let mark = |secret: &mut Option<String>| {
        if let Some(text) = secret {
            // Tells that it changed, not what it is: the sealed form differs each time.
            *text = format!("(secret {})", text.get(..8).unwrap_or_default());
        }
    };
    if let Some(mail) = &mut sections.mail {
        mark(&mut mail.sealed_password);
    }
    if let Some(provider) = &mut sections.administrator_oidc {
        mark(&mut provider.sealed_client_secret);
    }
    if let Some(logo) = &mut sections.appearance.logo {
        logo.data = format!("({} bytes)", logo.data.len() / 4 * 3);
    }
    serde_json::to_value(sections).unwrap_or_default()
}
