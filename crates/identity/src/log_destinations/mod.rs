//! Where the activity log is sent: a webhook, a syslog receiver, a file.
//!
//! Events go out in the order in which they were sealed, each at least once: how far a destination
//! has got is in the database, moved on after the receiver has taken a batch. An event that is
//! committed late is sealed late and so never passed over.

mod change;
mod create;
mod deliver;
mod list;
mod target;

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::events::{Target, TargetKind};
use crate::ids::LogDestinationId;

pub use change::{
    ChangeLogDestinationError, LogDestinationChange, change_log_destination,
    delete_log_destination, rotate_signing_secret,
};
pub use create::{
    CreateLogDestinationError, CreatedLogDestination, NewLogDestination, create_log_destination,
};
pub use deliver::{Batch, Claim, MAX_BATCH_EVENTS, claim_delivery, settle_delivery};
pub use list::{find_log_destination, list_log_destinations};
pub use target::{DestinationTarget, InvalidDestination, SyslogTransport};

/// One destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogDestination {
    pub id: LogDestinationId,
    pub name: String,
    pub target: DestinationTarget,
    /// Switched off, it keeps its place and goes on from there later.
    pub enabled: bool,
    /// A webhook's signing secret, sealed.
    pub sealed_secret: Option<Vec<u8>>,
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub delivery: Delivery,
}

/// How far a destination has got and how it goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Everything up to this position was taken by the receiver.
    pub position: i64,
    /// Events that were taken, counted with repetitions.
    pub delivered: i64,
    pub last_attempt_at: Option<OffsetDateTime>,
    pub last_success_at: Option<OffsetDateTime>,
    /// Failures since the last success.
    pub failures: u32,
    pub last_error: Option<String>,
    /// No attempt before.
    pub next_attempt_at: Option<OffsetDateTime>,
}

impl LogDestination {
    pub(crate) fn event_target(&self) -> Target {
        Target {
            kind: TargetKind::LogDestination,
            id: self.id.to_string(),
            label: self.name.clone(),
        }
    }

    /// What the log may show of it. The path of a webhook may hold a token, so only where it leads
    /// is shown.
    pub(crate) fn visible(&self) -> Value {
        let mut target = json!(self.target);
        if let DestinationTarget::Webhook { url } = &self.target {
            target["url"] = format!("{}/…", url.origin().ascii_serialization()).into();
        }
        json!({"name": self.name, "enabled": self.enabled, "target": target})
    }

    /// The key of the alert that this destination fails.
    pub(crate) fn alert_key(id: LogDestinationId) -> String {
        format!("log-destination/{id}")
    }

    /// What its sealed secret is bound to.
    pub(crate) fn secret_context(id: LogDestinationId) -> String {
        format!("log-destination/{id}")
    }
}
