//! Changing and removing a destination.

use secrecy::SecretString;
use serde_json::json;

use crate::administrators::{NotAllowed, Permission, require};
use crate::alerts::resolve_alert;
use crate::events::{Change, EventKind, changes_between};
use crate::ids::LogDestinationId;
use crate::log_destinations::create::{new_secret, seal};
use crate::log_destinations::target::{check, check_against};
use crate::log_destinations::{Delivery, DestinationTarget, InvalidDestination, LogDestination};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};

/// What becomes different; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct LogDestinationChange {
    pub name: Option<String>,
    /// Of the same kind as before.
    pub target: Option<DestinationTarget>,
    pub enabled: Option<bool>,
}

/// Why a destination was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeLogDestinationError {
    #[error("there is no such log destination")]
    NoSuchDestination,
    #[error(transparent)]
    Invalid(#[from] InvalidDestination),
    /// Somebody else changed it since it was read. Holds what it is now.
    #[error("the destination was changed by somebody else in the meantime")]
    Stale(Box<LogDestination>),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes a destination. What failed before is tried again at once.
pub async fn change_log_destination(
    op: &mut Op,
    store: &dyn Store,
    id: LogDestinationId,
    expected_version: Option<i64>,
    change: LogDestinationChange,
) -> Result<LogDestination, ChangeLogDestinationError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageLog).await??;
    let before = find(write.as_mut(), id, expected_version).await?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        name.trim().clone_into(&mut after.name);
    }
    if let Some(target) = change.target {
        if target.kind() != before.target.kind() {
            let reason = "the kind of a destination cannot be changed; add another".to_owned();
            let field = "target.kind";
            return Err(InvalidDestination { field, reason }.into());
        }
        after.target = target;
    }
    after.enabled = change.enabled.unwrap_or(before.enabled);
    check(&after.name, &after.target)?;
    check_against(&write.log_destinations().await?, &after)?;
    if after == before {
        return Ok(before);
    }
    after.version += 1;
    after.delivery = Delivery {
        failures: 0,
        next_attempt_at: None,
        ..before.delivery.clone()
    };
    write.put_log_destination(&after).await?;
    write.put_log_delivery(id, &after.delivery).await?;
    resolve_alert(write.as_mut(), op, &LogDestination::alert_key(id)).await?;
    let (was, mut is) = (before.visible(), after.visible());
    if was["target"] == is["target"] && before.target != after.target {
        is["target"]["url"] = format!(
            "{} (another path)",
            is["target"]["url"].as_str().unwrap_or_default()
        )
        .into();
    }
    let changes = changes_between(&was, &is);
    let detail = json!({"changes": Change::list(&changes)});
    let target = Some(after.event_target());
    let event = op.event(EventKind::LogDestinationUpdate, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(after)
}

/// Gives a webhook a new signing secret; the old one signs nothing any more.
pub async fn rotate_signing_secret(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    id: LogDestinationId,
) -> Result<SecretString, ChangeLogDestinationError> {
    let secret = new_secret(&mut op.rng);
    let sealed = seal(op, sealing, id, &secret);
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageLog).await??;
    let mut destination = find(write.as_mut(), id, None).await?;
    if destination.sealed_secret.is_none() {
        let reason = "only webhooks have a signing secret".to_owned();
        let field = "target.kind";
        return Err(InvalidDestination { field, reason }.into());
    }
    destination.sealed_secret = Some(sealed);
    destination.version += 1;
    write.put_log_destination(&destination).await?;
    let detail = json!({"op": "rotate_signing_secret"});
    let target = Some(destination.event_target());
    let event = op.event(EventKind::LogDestinationUpdate, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(secret)
}

/// Removes a destination. Nothing more is sent once this returns, but for a batch on its way.
pub async fn delete_log_destination(
    op: &mut Op,
    store: &dyn Store,
    id: LogDestinationId,
    expected_version: Option<i64>,
) -> Result<(), ChangeLogDestinationError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageLog).await??;
    let destination = find(write.as_mut(), id, expected_version).await?;
    write.delete_log_destination(id).await?;
    resolve_alert(write.as_mut(), op, &LogDestination::alert_key(id)).await?;
    let changes = changes_between(&destination.visible(), &json!({}));
    let detail = json!({"changes": Change::list(&changes)});
    let target = Some(destination.event_target());
    let event = op.event(EventKind::LogDestinationDelete, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

async fn find(
    write: &mut dyn Write,
    id: LogDestinationId,
    expected_version: Option<i64>,
) -> Result<LogDestination, ChangeLogDestinationError> {
    let found = write.log_destination(id).await?;
    let found = found.ok_or(ChangeLogDestinationError::NoSuchDestination)?;
    if expected_version.is_some_and(|version| version != found.version) {
        return Err(ChangeLogDestinationError::Stale(Box::new(found)));
    }
    Ok(found)
}
