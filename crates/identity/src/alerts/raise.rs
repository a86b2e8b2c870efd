//! Raising an alert, and taking it back when its cause is gone.

use crate::administrators::Permission;
use crate::alerts::{Alert, AlertKind, NewAlert, Severity};
use crate::email;
use crate::ids::AlertId;
use crate::mail::{NewMail, letter, queue_mail};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};

/// Longest text, in characters.
const MAX_TEXT: usize = 500;

/// Raises an alert within a change that is under way. Whether it is new: one with the same key
/// that is still open is only counted up, and nobody gets a second mail.
pub async fn raise_alert(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    new: NewAlert,
) -> Result<bool, StoreError> {
    let text: String = new.text.chars().take(MAX_TEXT).collect();
    if let Some(open) = write.open_alert(&new.dedupe_key).await? {
        write.repeat_alert(open.id, &text, op.now).await?;
        return Ok(false);
    }
    let alert = Alert {
        id: AlertId::new(op.now, &mut op.rng),
        kind: new.kind,
        severity: new.severity,
        text,
        link: new.link,
        dedupe_key: new.dedupe_key,
        raised_at: op.now,
        last_at: op.now,
        times: 1,
        closed: None,
    };
    write.insert_alert(&alert).await?;
    tell(write, op, sealing, &alert).await?;
    Ok(true)
}

/// A mail to everybody who is to be told.
async fn tell(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    alert: &Alert,
) -> Result<(), StoreError> {
    if alert.kind == AlertKind::MailFailing {
        // It would only make the pile higher.
        return Ok(());
    }
    let settings = write.settings().await?.sections;
    let organisation = &settings.profile.name;
    let subject = match alert.severity {
        Severity::Info => format!("Notice from {organisation}"),
        Severity::Warning => format!("Warning from {organisation}"),
        Severity::Critical => format!("Urgent: {organisation} needs attention"),
    };
    let paragraphs = [
        alert.text.as_str(),
        "You will find it under Alerts in the admin portal.",
    ];
    let text = letter(organisation, "", &paragraphs);
    let mut recipients = settings.alerting.recipients.clone();
    if alert.kind.is_for_full_administrators() {
        add_full_administrators(write, &mut recipients).await?;
    }
    for recipient in &recipients {
        let mail = NewMail {
            to: recipient,
            subject: &subject,
            text: &text,
            link: None,
        };
        queue_mail(write, op, sealing, mail).await?;
    }
    Ok(())
}

async fn add_full_administrators(
    write: &mut dyn Write,
    recipients: &mut Vec<String>,
) -> Result<(), StoreError> {
    for known in write.administrators().await? {
        let key = email::key(&known.email);
        let told = recipients.iter().any(|one| email::key(one) == key);
        if !told && known.may(Permission::ManageAdministrators) {
            recipients.push(known.email);
        }
    }
    Ok(())
}

/// Raises an alert that belongs to no other change.
pub async fn raise(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    new: NewAlert,
) -> Result<bool, StoreError> {
    let mut write = store.write().await?;
    let raised = raise_alert(write.as_mut(), op, sealing, new).await?;
    write.commit().await?;
    Ok(raised)
}

/// Closes the open alert with this key, if there is one: its cause is gone.
pub async fn resolve_alert(
    write: &mut dyn Write,
    op: &Op,
    dedupe_key: &str,
) -> Result<bool, StoreError> {
    match write.open_alert(dedupe_key).await? {
        Some(open) => write.close_alert(open.id, op.now, "").await,
        None => Ok(false),
    }
}
