//! The local AWS: STS, IAM, S3 and the sign-in page on one port, with every check that matters to
//! a federation set-up made for real. It knows nothing of the identity provider, so that it can
//! disagree with it.
//!
//! * [`LocalAws::open`] loads the state of a data folder, [`LocalAws::router`] serves it.
//! * `dispatch.rs` decides which service a request is for (aws-iam-sts.md §8.4).
//! * `sts/`, `iam/`, `s3/`, `sign_in/`: one file per operation or small family.
//! * `state/`: what is stored; `credentials.rs`: access keys and sealed session tokens;
//!   `authorize.rs`: the one place where a signed request is allowed or refused.
//!
//! Set-up code calls the same functions as the wire operations: [`iam::create_role`] and its
//! siblings, [`organizations::create_organization`] and its siblings, with an [`Op`] from
//! [`LocalAws::op`].

mod arn;
mod authenticate;
mod authorize;
mod body;
mod console;
mod credentials;
mod data_folder;
mod dispatch;
pub mod iam;
pub mod identity_center;
mod ids;
mod instant;
mod json_service;
mod op;
pub mod organizations;
mod principal;
mod query_service;
pub mod s3;
mod sign_in;
pub mod state;
mod sts;

use std::{path::PathBuf, sync::Arc};

use url::Url;

pub use credentials::{RootCredentials, Session};
pub use op::{Caller, Clock, Entropy, Op};
pub use principal::Principal;
pub use state::store::StoreError;

use crate::{
    credentials::Vault,
    iam::IamError,
    state::{
        AccountRecord, State, StateCell, aws_managed,
        store::{Store, Table},
    },
};

/// Where and as what the local AWS runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How browsers and command lines reach it: `http://localhost:4566`. No path.
    pub public_url: Url,
    /// A folder of its own; created if missing.
    pub data_dir: PathBuf,
    /// The region it plays where a request names none: `us-east-1`.
    pub region: String,
}

/// Why the local AWS cannot start. One line each: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be created or written.
    #[error(
        "the data folder {path} is not writable: {reason}; make it writable or choose another one"
    )]
    NotWritable {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StoreError),
    /// The key file is missing or damaged.
    #[error(
        "the key file {path} {fault}; restore the data folder from a backup or start with an empty one"
    )]
    Key {
        /// The key file.
        path: PathBuf,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// An address that cannot be served.
    #[error(
        "the address {0} of the local AWS must be http:// or https:// with a host and without a path"
    )]
    PublicUrl(Url),
}

/// The local AWS. Cloning shares everything.
#[derive(Clone, Debug)]
pub struct LocalAws {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    vault: Vault,
    state: StateCell,
    store: Arc<Store>,
    s3: s3::Storage,
    console_attempts: console::Attempts,
    scim_faults: identity_center::scim::FaultQueue,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl LocalAws {
    /// Opens the data folder, or fills an empty one, and loads everything.
    pub fn open(
        settings: Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, OpenError> {
        check_public_url(&settings.public_url)?;
        data_folder::prepare(&settings.data_dir)?;
        let state_file = settings.data_dir.join("state.redb");
        // The file is opened, and so locked, before the key file is looked at: of two processes
        // that start at once only one gets to create a key.
        let store = Arc::new(Store::open(&state_file)?);
        let has_accounts = !store.is_empty(Table::Accounts)?;
        let master = data_folder::master_key(&settings.data_dir, has_accounts, entropy.as_ref())?;
        let vault = Vault::new(&master).ok_or_else(|| OpenError::Key {
            path: settings.data_dir.join(data_folder::KEY_FILE),
            fault: "is not usable",
        })?;
        let aws_managed = aws_managed::load()
            .map_err(|error| StoreError::damaged(format!("AWS managed policies: {error}")))?;
        let state = StateCell::load(Arc::clone(&store), aws_managed)?;
        // Console sessions that ended while nobody was looking.
        let now = clock.now().unix_timestamp();
        store.prune_expired(Table::ConsoleSessions, now)?;
        store.prune_expired(Table::AdministratorSessions, now)?;
        let s3 = s3::open(Arc::clone(&store), &settings.data_dir)?;
        Ok(Self {
            inner: Arc::new(Inner {
                settings,
                clock,
                entropy,
                vault,
                state,
                store,
                s3,
                console_attempts: console::Attempts::default(),
                scim_faults: identity_center::scim::FaultQueue::default(),
            }),
        })
    }

    /// Everything on one port.
    pub fn router(&self) -> axum::Router {
        dispatch::router(self)
    }

    /// An `Op` for set-up code that calls the domain functions directly.
    pub fn op(&self) -> Op {
        self.op_for(Caller {
            secure_transport: self.inner.settings.public_url.scheme() == "https",
            ..Caller::default()
        })
    }

    /// Makes sure that the account exists, under this name, and gives the access key of its
    /// bootstrap administrator, which stays the same over restarts.
    pub fn ensure_account(&self, id: &str, name: &str) -> Result<RootCredentials, IamError> {
        if !ids::is_account_id(id) {
            return Err(IamError::Validation(format!(
                "'{id}' is not an account id: it must be 12 digits"
            )));
        }
        let existing = self
            .state()
            .account(id)
            .map(|account| account.record.clone());
        let record = match existing {
            Some(record) if record.name == name => record,
            existing => self.inner.state.change(|change| -> Result<_, IamError> {
                let mut op = self.op();
                let mut record = existing.unwrap_or_else(|| AccountRecord {
                    id: id.to_owned(),
                    name: String::new(),
                    created_at: op.unix(),
                    access_key_id: ids::access_key_id(&mut op),
                    alias: None,
                });
                name.clone_into(&mut record.name);
                change.put_account(record.clone())?;
                Ok(record)
            })?,
        };
        Ok(RootCredentials {
            secret_access_key: self.inner.vault.secret_of(&record.access_key_id),
            access_key_id: record.access_key_id,
        })
    }

    /// A consistent view of accounts, roles, providers and policies.
    pub fn state(&self) -> Arc<State> {
        self.inner.state.snapshot()
    }

    /// How this instance was set up.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn op_for(&self, caller: Caller) -> Op {
        Op::new(self.inner.clock.now(), self.inner.entropy.rng(), caller)
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    pub(crate) fn cell(&self) -> &StateCell {
        &self.inner.state
    }

    pub(crate) fn s3_storage(&self) -> &s3::Storage {
        &self.inner.s3
    }

    pub(crate) fn console_attempts(&self) -> &console::Attempts {
        &self.inner.console_attempts
    }

    pub(crate) fn scim_faults(&self) -> &identity_center::scim::FaultQueue {
        &self.inner.scim_faults
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.inner.store
    }
}

fn check_public_url(url: &Url) -> Result<(), OpenError> {
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some()
        && url.path() == "/"
        && url.query().is_none();
    if plain {
        Ok(())
    } else {
        Err(OpenError::PublicUrl(url.clone()))
    }
}
