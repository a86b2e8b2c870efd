//! Adding a destination.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use rand::rngs::StdRng;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use zeroize::Zeroizing;

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::{Change, EventKind, changes_between};
use crate::ids::LogDestinationId;
use crate::log_destinations::target::{check, check_against};
use crate::log_destinations::{Delivery, DestinationTarget, InvalidDestination, LogDestination};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};

/// More than these would each be served too rarely.
const MOST: usize = 20;

/// What an administrator asks for.
#[derive(Debug, Clone)]
pub struct NewLogDestination {
    pub name: String,
    pub target: DestinationTarget,
    pub enabled: bool,
    /// Send the log from its beginning, not only what comes from now on.
    pub from_start: bool,
}

/// A new destination.
#[derive(Debug)]
pub struct CreatedLogDestination {
    pub destination: LogDestination,
    /// A webhook's signing secret: shown now and never again.
    pub secret: Option<SecretString>,
}

/// Why there is no new destination.
#[derive(Debug, thiserror::Error)]
pub enum CreateLogDestinationError {
    #[error(transparent)]
    Invalid(#[from] InvalidDestination),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a destination.
pub async fn create_log_destination(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    new: NewLogDestination,
) -> Result<CreatedLogDestination, CreateLogDestinationError> {
    check(&new.name, &new.target)?;
    let id = LogDestinationId::new(op.now, &mut op.rng);
    let secret = match new.target {
        DestinationTarget::Webhook { .. } => Some(new_secret(&mut op.rng)),
        DestinationTarget::Syslog { .. } | DestinationTarget::File { .. } => None,
    };
    let mut destination = LogDestination {
        id,
        name: new.name.trim().to_owned(),
        target: new.target,
        enabled: new.enabled,
        sealed_secret: secret.as_ref().map(|secret| seal(op, sealing, id, secret)),
        version: 1,
        created_at: op.now,
        delivery: Delivery::default(),
    };
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageLog).await??;
    let others = write.log_destinations().await?;
    check_against(&others, &destination)?;
    if others.len() >= MOST {
        return Err(CreateLogDestinationError::Invalid(InvalidDestination {
            field: "name",
            reason: format!("there are {MOST} destinations already; remove one first"),
        }));
    }
    if !new.from_start {
        destination.delivery.position = write.newest_position().await?.unwrap_or(0);
    }
    write.insert_log_destination(&destination).await?;
    let changes = changes_between(&json!({}), &destination.visible());
    let event = op.event(
        EventKind::LogDestinationCreate,
        true,
        Some(destination.event_target()),
        json!({"changes": Change::list(&changes)}),
    );
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(CreatedLogDestination {
        destination,
        secret,
    })
}

/// A signing secret: 256 random bits behind a prefix by which scanners of leaked secrets know it.
pub(super) fn new_secret(rng: &mut StdRng) -> SecretString {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    rng.fill_bytes(&mut *bytes);
    SecretString::from(format!("jwwh_{}", URL_SAFE_NO_PAD.encode(*bytes)))
}

pub(super) fn seal(
    op: &mut Op,
    sealing: &SealingKey,
    id: LogDestinationId,
    secret: &SecretString,
) -> Vec<u8> {
    let context = LogDestination::secret_context(id);
    sealing.seal(&mut op.rng, &context, secret.expose_secret().as_bytes())
}
