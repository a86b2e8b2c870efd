//! What needs an administrator's attention (requirement U03): raised once for each cause, shown at
//! the bell until somebody dismisses it or the cause is gone.

mod dismiss;
mod from_events;
mod list;
mod raise;

use time::OffsetDateTime;

use crate::events::{Target, TargetKind, named};
use crate::ids::AlertId;

pub use dismiss::{DismissAlertError, dismiss_alert};
pub(crate) use from_events::raise_for_events;
pub use list::{AlertPage, count_open_alerts, find_alert, list_alerts};
pub use raise::{raise, raise_alert, resolve_alert};

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub id: AlertId,
    pub kind: AlertKind,
    pub severity: Severity,
    /// What is wrong and what to do, for people.
    pub text: String,
    /// A path of the admin portal.
    pub link: String,
    /// There is at most one open alert with the same key.
    pub dedupe_key: String,
    pub raised_at: OffsetDateTime,
    /// When its cause was last seen.
    pub last_at: OffsetDateTime,
    /// How often.
    pub times: i64,
    /// `None`: open.
    pub closed: Option<Closed>,
}

/// The end of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub at: OffsetDateTime,
    /// Who dismissed it; empty when its cause went away.
    pub by: String,
}

impl Alert {
    pub(crate) fn target(&self) -> Target {
        Target {
            kind: TargetKind::Alert,
            id: self.id.to_string(),
            label: self.text.clone(),
        }
    }
}

/// What is to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    pub kind: AlertKind,
    pub severity: Severity,
    pub text: String,
    pub link: String,
    pub dedupe_key: String,
}

named!(
    /// What an alert is about.
    AlertKind {
        MailFailing = "mail_failing",
        LogDestinationFailing = "log_destination_failing",
        LogBroken = "log_broken",
        ManyLockouts = "many_lockouts",
        PushReported = "push_reported",
        AdministratorCreated = "administrator_created",
        AdministratorReset = "administrator_reset",
        BreakGlassUsed = "break_glass_used",
        BreakGlassChanged = "break_glass_changed",
        BreakGlassDrillDue = "break_glass_drill_due",
        PasskeyCopied = "passkey_copied",
        CertificateEnding = "certificate_ending",
    }
);

impl AlertKind {
    /// Whether every full administrator gets the mail, besides those whom the settings name.
    pub(crate) fn is_for_full_administrators(self) -> bool {
        matches!(
            self,
            Self::BreakGlassUsed | Self::BreakGlassChanged | Self::BreakGlassDrillDue
        )
    }
}

named!(
    /// How urgent an alert is.
    Severity {
        Info = "info",
        Warning = "warning",
        Critical = "critical",
    }
);
