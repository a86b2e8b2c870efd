//! The activity log: who did what to what, from where, with which result.

mod association;
mod changes;
mod export;
mod filter;
mod histogram;
mod insights;
mod list;
mod seal;
mod verify;

use std::net::IpAddr;

use serde_json::Value;
use time::OffsetDateTime;

use crate::ids::EventId;
use crate::op::Actor;

pub(crate) use association::association_event;
pub use association::{associated_ids, associated_names};
pub use changes::{Change, changes_between};
pub use export::{EventExport, ExportFormat, export_events};
pub use filter::{EventFilter, EventPage};
pub use histogram::{Bucket, MAX_BUCKETS, event_histogram};
pub use insights::event_json;
pub use list::{MAX_EVENT_PAGE, count_events, find_event, list_events, page_of_events};
pub use seal::{InvalidLogHead, LogHead, Seal, seal_events};
pub use verify::{BreakKind, LogBreak, LogReport, still_holds, verify_log};

/// One entry. Entries are only ever added.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: EventId,
    pub at: OffsetDateTime,
    pub kind: EventKind,
    pub actor: Actor,
    pub target: Option<Target>,
    pub success: bool,
    /// A JSON object with what is particular to the kind. Never holds a secret.
    pub detail: Value,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub request_id: String,
}

/// What an event is about. The label is kept as it was then, since things are renamed and deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub kind: TargetKind,
    pub id: String,
    pub label: String,
}

/// An enumeration whose members have names in the database and in the API.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the log and in the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The reverse of [`Self::as_str`].
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

pub(crate) use named;

named!(
    /// What happened, by the names of JumpCloud's Directory Insights (requirements.md §5.6).
    EventKind {
        UserLoginAttempt = "user_login_attempt",
        UserLockout = "user_lockout",
        UserUnlocked = "user_unlocked",
        UserLogout = "user_logout",
        UserCreate = "user_create",
        UserUpdate = "user_update",
        UserDelete = "user_delete",
        UserActivated = "user_activated",
        UserSuspended = "user_suspended",
        UserUnsuspended = "user_unsuspended",
        UserStateScheduleCreate = "user_state_schedule_create",
        UserStateScheduleDelete = "user_state_schedule_delete",
        UserActivationEmail = "user_activation_email",
        UserPasswordSet = "user_password_set",
        UserPasswordChange = "user_password_change",
        UserPasswordExpired = "user_password_expired",
        UserPasswordResetRequest = "user_password_reset_request",
        TotpStartEnrollment = "totp_start_enrollment",
        TotpFinishEnrollment = "totp_finish_enrollment",
        TotpDeleteEnrollment = "totp_delete_enrollment",
        UserMfaEnrolmentTime = "user_mfa_enrolment_time",
        UserMfaReminder = "user_mfa_reminder",
        WebauthnFinishEnrollment = "webauthn_finish_enrollment",
        WebauthnRename = "webauthn_rename",
        WebauthnDeleteEnrollment = "webauthn_delete_enrollment",
        RecoveryCodesRenew = "recovery_codes_renew",
        UserDeviceSignIn = "user_device_sign_in",
        UserPhoneConnect = "user_phone_connect",
        UserPhoneRemove = "user_phone_remove",
        UserPushAnswer = "user_push_answer",
        UserSessionsRevoke = "user_sessions_revoke",
        UserImport = "user_import",
        UserExport = "user_export",
        GroupCreate = "group_create",
        GroupUpdate = "group_update",
        GroupDelete = "group_delete",
        AdminCreate = "admin_create",
        AdminUpdate = "admin_update",
        AdminDelete = "admin_delete",
        AdminLoginAttempt = "admin_login_attempt",
        AdminLockout = "admin_lockout",
        AdminLogout = "admin_logout",
        AdminSessionsRevoke = "admin_sessions_revoke",
        BreakGlassSeal = "break_glass_seal",
        BreakGlassUnseal = "break_glass_unseal",
        BreakGlassCodesRenew = "break_glass_codes_renew",
        BreakGlassUsed = "break_glass_used",
        BreakGlassAcknowledge = "break_glass_acknowledge",
        BreakGlassDrillStart = "break_glass_drill_start",
        BreakGlassDrillInterval = "break_glass_drill_interval",
        AccessDenied = "access_denied",
        AdminPasswordChange = "admin_password_change",
        AdminPasswordResetRequest = "admin_password_reset_request",
        ApiKeyCreate = "api_key_create",
        ApiKeyDelete = "api_key_delete",
        OrganizationUpdate = "organization_update",
        SignInPolicyCreate = "sign_in_policy_create",
        SignInPolicyUpdate = "sign_in_policy_update",
        SignInPolicyDelete = "sign_in_policy_delete",
        LogDestinationCreate = "log_destination_create",
        LogDestinationUpdate = "log_destination_update",
        LogDestinationDelete = "log_destination_delete",
        LogExport = "log_export",
        AlertDismiss = "alert_dismiss",
        MailView = "mail_view",
        MailRetry = "mail_retry",
        AssociationChange = "association_change",
        ApplicationCreate = "application_create",
        ApplicationUpdate = "application_update",
        ApplicationDelete = "application_delete",
        SsoAuth = "sso_auth",
    }
);

named!(
    /// The kind of thing an event is about, by JumpCloud's names.
    TargetKind {
        User = "user",
        Group = "user_group",
        Application = "application",
        Administrator = "admin",
        ApiKey = "api_key",
        Organization = "organization",
        SignInPolicy = "sign_in_policy",
        LogDestination = "log_destination",
        Alert = "alert",
        Mail = "mail",
    }
);

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The sources of the use cases.
    fn sources(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, text);
            } else if path != Path::new(env!("CARGO_MANIFEST_DIR")).join("src/events/mod.rs") {
                text.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// Security.md item 57: the catalogue names nothing that no use case writes.
    #[test]
    fn every_kind_of_the_catalogue_is_written_by_a_use_case() {
        let mut text = String::new();
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut text,
        );
        let unwritten: Vec<_> = EventKind::ALL
            .iter()
            .filter(|kind| !text.contains(&format!("EventKind::{kind:?}")))
            .collect();
        assert!(unwritten.is_empty(), "{unwritten:?}");
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_name(kind.as_str()), Some(*kind));
            assert!(kind.as_str().len() <= 32, "RFC 5424 MSGID");
        }
    }
}
