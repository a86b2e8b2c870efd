//! Everything IAM and STS know, in memory, written through to the state file.
//!
//! Readers take a snapshot ([`StateCell::snapshot`]: one reference count), so no request waits for
//! a write. A change works on a copy whose entities are shared, is committed to the file in one
//! transaction, and only then becomes visible.

pub(crate) mod aws_managed;
mod batch;
pub mod center;
mod change;
pub(crate) mod database;
pub mod directory;
mod entities;
mod journal;
pub mod organization;
mod prune;
mod records;
pub(crate) mod store;
mod tables;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

pub use entities::{ManagedPolicy, Role, SamlProvider};
pub use records::{
    AccountRecord, InlinePolicyRecord, PolicyRecord, PolicyVersionRecord, RoleRecord,
    SamlProviderRecord, Tag,
};

pub(crate) use self::change::Change;
use self::{
    center::{
        AssignmentKey, AssignmentRecord, IdentityCenter, InstanceRecord, PermissionSetRecord,
        RequestRecord,
    },
    directory::{Directory, GroupRecord, MembershipRecord, UserRecord},
    organization::OrganizationRecord,
    store::{Durability, Store, StoreError, Table},
};
use crate::arn::IamArn;

/// One account and its entities. Names are unique without regard to case: the maps are keyed by
/// the lower-case name.
#[derive(Clone, Debug)]
pub struct Account {
    /// What is stored about the account itself.
    pub record: AccountRecord,
    /// SAML providers.
    pub providers: BTreeMap<String, Arc<SamlProvider>>,
    /// Roles.
    pub roles: BTreeMap<String, Arc<Role>>,
    /// Customer managed policies.
    pub policies: BTreeMap<String, Arc<ManagedPolicy>>,
}

impl Account {
    fn new(record: AccountRecord) -> Self {
        Self {
            record,
            providers: BTreeMap::new(),
            roles: BTreeMap::new(),
            policies: BTreeMap::new(),
        }
    }

    /// The role of this name.
    pub fn role(&self, name: &str) -> Option<&Arc<Role>> {
        self.roles.get(&key_of(name))
    }

    /// The SAML provider of this name.
    pub fn provider(&self, name: &str) -> Option<&Arc<SamlProvider>> {
        self.providers.get(&key_of(name))
    }
}

/// A consistent view of everything.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By account id.
    pub accounts: BTreeMap<String, Arc<Account>>,
    /// The organisation, once there is one.
    pub organization: Option<Arc<OrganizationRecord>>,
    /// The instance of IAM Identity Center, once it was enabled.
    pub identity_center: Option<Arc<IdentityCenter>>,
    /// The identity store of the instance.
    pub directory: Directory,
    /// Bootstrap access keys: access key id to account id.
    access_keys: BTreeMap<String, String>,
    /// AWS managed policies by ARN.
    aws_managed: Arc<BTreeMap<String, Arc<ManagedPolicy>>>,
}

impl State {
    /// The account with this id.
    pub fn account(&self, id: &str) -> Option<&Arc<Account>> {
        self.accounts.get(id)
    }

    /// The account whose bootstrap access key this is.
    pub(crate) fn account_of_key(&self, access_key_id: &str) -> Option<&Arc<Account>> {
        self.accounts.get(self.access_keys.get(access_key_id)?)
    }

    /// The role with exactly this ARN.
    pub(crate) fn role_by_arn(&self, arn: &str) -> Option<&Arc<Role>> {
        let parsed = IamArn::parse_kind(arn, "role")?;
        let role = self.account(parsed.account)?.role(parsed.name)?;
        (role.arn() == arn).then_some(role)
    }

    /// The SAML provider with exactly this ARN.
    pub(crate) fn provider_by_arn(&self, arn: &str) -> Option<&Arc<SamlProvider>> {
        let parsed = IamArn::parse_kind(arn, "saml-provider")?;
        let provider = self.account(parsed.account)?.provider(parsed.name)?;
        (provider.arn() == arn).then_some(provider)
    }

    /// The managed policy, customer's or AWS's, with exactly this ARN.
    pub(crate) fn policy_by_arn(&self, arn: &str) -> Option<&Arc<ManagedPolicy>> {
        if let Some(policy) = self.aws_managed.get(arn) {
            return Some(policy);
        }
        let parsed = IamArn::parse_kind(arn, "policy")?;
        let policy = self
            .account(parsed.account)?
            .policies
            .get(&key_of(parsed.name))?;
        (policy.arn() == arn).then_some(policy)
    }

    /// AWS managed policies, ordered by ARN.
    pub(crate) fn aws_managed(&self) -> impl Iterator<Item = &Arc<ManagedPolicy>> {
        self.aws_managed.values()
    }

    /// Providers of all accounts.
    pub(crate) fn providers(&self) -> impl Iterator<Item = &Arc<SamlProvider>> {
        self.accounts
            .values()
            .flat_map(|account| account.providers.values())
    }

    fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.get_mut(id).map(Arc::make_mut)
    }
}

/// The state of the running process and its file.
#[derive(Debug)]
pub(crate) struct StateCell {
    current: RwLock<Arc<State>>,
    /// Held while a change is made and committed, so that changes never overlap.
    writer: Mutex<()>,
    store: Arc<Store>,
}

impl StateCell {
    /// Loads everything from `store`.
    pub(crate) fn load(
        store: Arc<Store>,
        aws_managed: BTreeMap<String, Arc<ManagedPolicy>>,
    ) -> Result<Self, StoreError> {
        let mut state = State {
            aws_managed: Arc::new(aws_managed),
            ..State::default()
        };
        for record in store.read_all::<AccountRecord>(Table::Accounts)? {
            state
                .access_keys
                .insert(record.access_key_id.clone(), record.id.clone());
            let id = record.id.clone();
            state.accounts.insert(id, Arc::new(Account::new(record)));
        }
        load_entities(&store, &mut state)?;
        load_directory(&store, &mut state.directory)?;
        state.organization = store
            .read::<OrganizationRecord>(Table::Organization, ONLY)?
            .map(Arc::new);
        state.identity_center = load_identity_center(&store)?.map(Arc::new);
        Ok(Self {
            current: RwLock::new(Arc::new(state)),
            writer: Mutex::new(()),
            store,
        })
    }

    /// The state as of the last committed change.
    pub(crate) fn snapshot(&self) -> Arc<State> {
        let guard = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&guard)
    }

    /// Makes one change: all of it is committed and visible, or nothing is.
    pub(crate) fn change<T, E: From<StoreError>>(
        &self,
        edit: impl FnOnce(&mut Change) -> Result<T, E>,
    ) -> Result<T, E> {
        self.change_with(Durability::Synced, edit)
    }

    /// Like [`Self::change`], but on the disk only within [`store::SYNC_WITHIN`]. It outlives the
    /// process in any case; a power failure may take the last moment. For what arrives by the
    /// thousand and is sent again by whoever sent it: users, groups and memberships. What takes
    /// something away is synced all the same ([`Change::sync`]).
    pub(crate) fn change_soon_synced<T, E: From<StoreError>>(
        &self,
        edit: impl FnOnce(&mut Change) -> Result<T, E>,
    ) -> Result<T, E> {
        self.change_with(Durability::SoonSynced, edit)
    }

    fn change_with<T, E: From<StoreError>>(
        &self,
        durability: Durability,
        edit: impl FnOnce(&mut Change) -> Result<T, E>,
    ) -> Result<T, E> {
        let _one_at_a_time = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut change = Change::of((*self.snapshot()).clone(), durability);
        let result = edit(&mut change)?;
        let (state, batch, durability) = change.into_parts();
        if batch.is_empty() {
            return Ok(result);
        }
        self.store.commit_with(&batch, durability)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(state);
        Ok(result)
    }
}

fn load_entities(store: &Store, state: &mut State) -> Result<(), StoreError> {
    for record in store.read_all::<SamlProviderRecord>(Table::SamlProviders)? {
        let what = format!(
            "SAML provider {} of account {}",
            record.name, record.account
        );
        let account = owner(state, &record.account, &what)?;
        let provider = SamlProvider::from_record(record)
            .map_err(|error| StoreError::damaged(format!("{what}: {error}")))?;
        let key = key_of(&provider.record.name);
        account.providers.insert(key, Arc::new(provider));
    }
    for record in store.read_all::<RoleRecord>(Table::Roles)? {
        let what = format!("role {} of account {}", record.name, record.account);
        let account = owner(state, &record.account, &what)?;
        let role = Role::from_record(record)
            .map_err(|error| StoreError::damaged(format!("{what}: {error}")))?;
        account
            .roles
            .insert(key_of(&role.record.name), Arc::new(role));
    }
    for record in store.read_all::<PolicyRecord>(Table::Policies)? {
        let what = format!("policy {} of account {}", record.name, record.account);
        let account = owner(state, &record.account, &what)?;
        let policy = ManagedPolicy::from_record(record)
            .map_err(|error| StoreError::damaged(format!("{what}: {error}")))?;
        account
            .policies
            .insert(key_of(&policy.record.name), Arc::new(policy));
    }
    Ok(())
}

fn load_directory(store: &Store, directory: &mut Directory) -> Result<(), StoreError> {
    let mut users = store.read_all::<UserRecord>(Table::Users)?;
    users.sort_by_key(|user| user.sequence);
    for user in users {
        directory.users.put(Arc::new(user));
    }
    let mut groups = store.read_all::<GroupRecord>(Table::Groups)?;
    groups.sort_by_key(|group| group.sequence);
    for group in groups {
        directory.groups.put(Arc::new(group));
    }
    for membership in store.read_all::<MembershipRecord>(Table::Memberships)? {
        directory.put_membership(&membership);
    }
    Ok(())
}

fn load_identity_center(store: &Store) -> Result<Option<IdentityCenter>, StoreError> {
    let Some(instance) = store.read::<InstanceRecord>(Table::IdentityCenter, ONLY)? else {
        return Ok(None);
    };
    let mut center = IdentityCenter::new(instance);
    for record in store.read_all::<PermissionSetRecord>(Table::PermissionSets)? {
        center
            .permission_sets
            .insert(record.id.clone(), Arc::new(record));
    }
    for (key, record) in
        store.read_all::<(AssignmentKey, AssignmentRecord)>(Table::AccountAssignments)?
    {
        center.assignments.insert(key, record);
    }
    for record in store.read_all::<RequestRecord>(Table::AssignmentRequests)? {
        center.requests.insert(record.id, Arc::new(record));
    }
    Ok(Some(center))
}

fn owner<'a>(
    state: &'a mut State,
    account: &str,
    what: &str,
) -> Result<&'a mut Account, StoreError> {
    state
        .account_mut(account)
        .ok_or_else(|| StoreError::damaged(format!("{what} belongs to no known account")))
}

/// The key in tables that hold one record.
const ONLY: &str = "only";

/// The key of a name: IAM names are unique without regard to case.
pub(crate) fn key_of(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn entity_key(account: &str, name: &str) -> String {
    format!("{account}/{}", key_of(name))
}
