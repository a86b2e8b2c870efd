//! Storage as the use cases need it. `jetway-store-sql` implements it on SQLite and PostgreSQL.
//!
//! Writes are serial: [`Store::write`] waits for its turn and holds it until the transaction ends,
//! so what was read inside is still true at commit. Never hash a password, sign or call the
//! network while one is open. A [`Write`] that is dropped without [`Write::commit`] changes
//! nothing. Lookups return `Option`; only violated rules and failures are errors.

mod access;
mod administrators;
mod alerts;
mod api_keys;
mod application_images;
mod applications;
mod break_glass;
mod device_sign_ins;
mod events;
mod factors;
mod groups;
mod idempotency;
mod imports;
mod links;
mod log_destinations;
mod mails;
mod passkeys;
mod passwords;
mod push;
mod sessions;
mod settings;
mod sign_in_policies;
mod signing_keys;
mod users;

use std::error::Error;

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::events::Event;
use crate::ids::SessionId;

pub use access::{ReadAccess, WriteAccess};
pub use administrators::{ReadAdministrators, WriteAdministrators};
pub use alerts::{ReadAlerts, WriteAlerts};
pub use api_keys::{ReadApiKeys, WriteApiKeys};
pub use application_images::{ReadApplicationImages, WriteApplicationImages};
pub use applications::{ReadApplications, WriteApplications};
pub use break_glass::{ReadBreakGlass, WriteBreakGlass};
pub use device_sign_ins::{ReadDeviceSignIns, WriteDeviceSignIns};
pub use events::{BucketCount, LogEntry, ReadEvents, WriteEvents};
pub use factors::{ReadFactors, WriteFactors};
pub use groups::{ReadGroups, WriteGroups};
pub use idempotency::{ReadRequests, WriteRequests};
pub use imports::{ReadImports, WriteImports};
pub use links::{ReadLinks, WriteLinks};
pub use log_destinations::{ReadLogDestinations, WriteLogDestinations};
pub use mails::{Delivery, ReadMails, WriteMails};
pub use passkeys::{ReadPasskeys, WritePasskeys};
pub use passwords::{ReadPasswords, WritePasswords};
pub use push::{ReadPush, WritePush};
pub use sessions::{ReadSessions, SsoApplication, SsoSubject, WriteSessions};
pub use settings::{ReadSettings, WriteSettings};
pub use sign_in_policies::{ReadSignInPolicies, WriteSignInPolicies};
pub use signing_keys::{ReadSigningKeys, WriteSigningKeys};
pub use users::{Credential, ReadUsers, WriteUsers};

/// Why storage could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another record already has this value.
    #[error("{0} is already taken")]
    Taken(Unique),
    /// The change refers to a record that does not exist (any more).
    #[error("the record that this change refers to does not exist")]
    Missing,
    /// The database failed or cannot be reached. The source is for the log, not for the caller.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

/// Values of which no two records may have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    Email,
    Username,
    GroupName,
    Slug,
}

impl std::fmt::Display for Unique {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Email => "the e-mail address",
            Self::Username => "the username",
            Self::GroupName => "the group name",
            Self::Slug => "the application's name in the URL",
        })
    }
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync {
    /// For reading. Each question sees one committed state; where several facts must agree with
    /// each other there is one method that asks for all of them.
    async fn read(&self) -> Result<Box<dyn Read + '_>, StoreError>;

    /// For a change: waits until no other change is under way on any node.
    async fn write(&self) -> Result<Box<dyn Write + '_>, StoreError>;

    /// The same data for trying a change: what is written can be read inside its [`Write`], and is
    /// undone at the commit. Events and sessions in use are not noted.
    fn rehearsal(&self) -> Box<dyn Store + '_>;

    /// Adds one event that belongs to no other change. Returns once it is durable; many at once
    /// share one commit.
    async fn record(&self, event: Event) -> Result<(), StoreError>;

    /// Notes that a session was in use at `at`, unless a later use is known.
    async fn touch_session(&self, id: SessionId, at: OffsetDateTime) -> Result<(), StoreError>;

    /// Whether the database answers (for `/readyz`).
    async fn ping(&self) -> Result<(), StoreError>;
}

/// All questions.
pub trait Read:
    ReadUsers
    + ReadGroups
    + ReadApplications
    + ReadApplicationImages
    + ReadAccess
    + ReadSigningKeys
    + ReadSessions
    + ReadDeviceSignIns
    + ReadFactors
    + ReadSignInPolicies
    + ReadPasskeys
    + ReadEvents
    + ReadSettings
    + ReadRequests
    + ReadMails
    + ReadLinks
    + ReadImports
    + ReadPasswords
    + ReadPush
    + ReadAdministrators
    + ReadApiKeys
    + ReadAlerts
    + ReadBreakGlass
    + ReadLogDestinations
{
}

/// A change under way. Reads inside it see its own writes.
#[async_trait]
pub trait Write:
    Read
    + WriteUsers
    + WriteGroups
    + WriteApplications
    + WriteApplicationImages
    + WriteAccess
    + WriteSigningKeys
    + WriteSessions
    + WriteDeviceSignIns
    + WriteFactors
    + WriteSignInPolicies
    + WritePasskeys
    + WriteEvents
    + WriteSettings
    + WriteRequests
    + WriteMails
    + WriteLinks
    + WriteImports
    + WritePasswords
    + WritePush
    + WriteAdministrators
    + WriteApiKeys
    + WriteAlerts
    + WriteBreakGlass
    + WriteLogDestinations
{
    /// Makes the change durable. Without this call nothing happened.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
