//! A change in progress: the copy being edited and the writes that go with it.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    Account, AccountRecord, ManagedPolicy, ONLY, Role, SamlProvider, State,
    center::{
        AssignmentKey, AssignmentRecord, IdentityCenter, InstanceRecord, PermissionSetRecord,
        Principal, RequestRecord,
    },
    directory::{GroupRecord, MembershipRecord, UserRecord},
    entity_key, key_of,
    organization::OrganizationRecord,
    store::{Batch, Durability, StoreError, Table},
};

/// A change in progress: the copy being edited and the writes that go with it.
#[derive(Debug)]
pub(crate) struct Change {
    state: State,
    batch: Batch,
    durability: Durability,
}

impl Change {
    pub(super) fn of(state: State, durability: Durability) -> Self {
        Self {
            state,
            batch: Batch::default(),
            durability,
        }
    }

    pub(super) fn into_parts(self) -> (State, Batch, Durability) {
        (self.state, self.batch, self.durability)
    }

    /// It must be on the disk when it is confirmed: it takes something away from somebody.
    pub(crate) fn sync(&mut self) {
        self.durability = Durability::Synced;
    }

    /// Whether nothing is written so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// The state as changed so far.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Writes an account's own record; creates the account if it is new.
    pub(crate) fn put_account(&mut self, record: AccountRecord) -> Result<(), StoreError> {
        self.batch.put(Table::Accounts, &record.id, &record)?;
        self.state
            .access_keys
            .insert(record.access_key_id.clone(), record.id.clone());
        if let Some(account) = self.state.account_mut(&record.id) {
            account.record = record;
        } else {
            let id = record.id.clone();
            self.state
                .accounts
                .insert(id, Arc::new(Account::new(record)));
        }
        Ok(())
    }

    /// Creates or replaces a role.
    pub(crate) fn put_role(&mut self, role: Role) -> Result<Arc<Role>, StoreError> {
        let record = &role.record;
        let key = entity_key(&record.account, &record.name);
        self.batch.put(Table::Roles, &key, record)?;
        let role = Arc::new(role);
        if let Some(account) = self.state.account_mut(&role.record.account) {
            account
                .roles
                .insert(key_of(&role.record.name), Arc::clone(&role));
        }
        Ok(role)
    }

    /// Removes a role.
    pub(crate) fn remove_role(&mut self, account: &str, name: &str) {
        self.batch.remove(Table::Roles, &entity_key(account, name));
        if let Some(account) = self.state.account_mut(account) {
            account.roles.remove(&key_of(name));
        }
    }

    /// Creates or replaces a SAML provider.
    pub(crate) fn put_provider(
        &mut self,
        provider: SamlProvider,
    ) -> Result<Arc<SamlProvider>, StoreError> {
        let record = &provider.record;
        let key = entity_key(&record.account, &record.name);
        self.batch.put(Table::SamlProviders, &key, record)?;
        let provider = Arc::new(provider);
        if let Some(account) = self.state.account_mut(&provider.record.account) {
            account
                .providers
                .insert(key_of(&provider.record.name), Arc::clone(&provider));
        }
        Ok(provider)
    }

    /// Removes a SAML provider.
    pub(crate) fn remove_provider(&mut self, account: &str, name: &str) {
        let key = entity_key(account, name);
        self.batch.remove(Table::SamlProviders, &key);
        if let Some(account) = self.state.account_mut(account) {
            account.providers.remove(&key_of(name));
        }
    }

    /// Creates or replaces a customer managed policy.
    pub(crate) fn put_policy(
        &mut self,
        policy: ManagedPolicy,
    ) -> Result<Arc<ManagedPolicy>, StoreError> {
        let record = &policy.record;
        let key = entity_key(&record.account, &record.name);
        self.batch.put(Table::Policies, &key, record)?;
        let policy = Arc::new(policy);
        if let Some(account) = self.state.account_mut(&policy.record.account) {
            account
                .policies
                .insert(key_of(&policy.record.name), Arc::clone(&policy));
        }
        Ok(policy)
    }

    /// Removes a customer managed policy.
    pub(crate) fn remove_policy(&mut self, account: &str, name: &str) {
        let key = entity_key(account, name);
        self.batch.remove(Table::Policies, &key);
        if let Some(account) = self.state.account_mut(account) {
            account.policies.remove(&key_of(name));
        }
    }
}

/// Organisation and identity store.
impl Change {
    /// Creates or replaces the organisation.
    pub(crate) fn put_organization(
        &mut self,
        record: OrganizationRecord,
    ) -> Result<(), StoreError> {
        self.batch.put(Table::Organization, ONLY, &record)?;
        self.state.organization = Some(Arc::new(record));
        Ok(())
    }

    /// Removes the organisation; its accounts stay.
    pub(crate) fn remove_organization(&mut self) {
        self.batch.remove(Table::Organization, ONLY);
        self.state.organization = None;
    }

    /// Creates or replaces a user.
    pub(crate) fn put_user(&mut self, record: UserRecord) -> Result<Arc<UserRecord>, StoreError> {
        let key = record.id.to_string();
        self.batch.put(Table::Users, &key, &record)?;
        let record = Arc::new(record);
        self.state.directory.users.put(Arc::clone(&record));
        Ok(record)
    }

    /// Removes a user and their memberships. Assignments keep the id, as on AWS.
    pub(crate) fn remove_user(&mut self, id: &Uuid) {
        let groups: Vec<Uuid> = self.state.directory.groups_of(id).collect();
        for group in groups {
            self.remove_membership(&group, id);
        }
        self.sync();
        self.batch.remove(Table::Users, &id.to_string());
        self.state.directory.users.remove(id);
        self.state.directory.forget(id);
    }

    /// Creates or replaces a group.
    pub(crate) fn put_group(
        &mut self,
        record: GroupRecord,
    ) -> Result<Arc<GroupRecord>, StoreError> {
        let key = record.id.to_string();
        self.batch.put(Table::Groups, &key, &record)?;
        let record = Arc::new(record);
        self.state.directory.groups.put(Arc::clone(&record));
        Ok(record)
    }

    /// Removes a group and its memberships. Assignments keep the id, as on AWS.
    pub(crate) fn remove_group(&mut self, id: &Uuid) {
        let users: Vec<Uuid> = self
            .state
            .directory
            .members(id, None)
            .map(|(user, _)| user)
            .collect();
        for user in users {
            self.remove_membership(id, &user);
        }
        self.sync();
        self.batch.remove(Table::Groups, &id.to_string());
        self.state.directory.groups.remove(id);
        self.state.directory.forget(id);
    }

    /// Puts a user into a group.
    pub(crate) fn put_membership(&mut self, record: &MembershipRecord) -> Result<(), StoreError> {
        let key = membership_key(&record.group, &record.user);
        self.batch.put(Table::Memberships, &key, record)?;
        self.state.directory.put_membership(record);
        Ok(())
    }

    /// Takes a user out of a group, if they are in it.
    pub(crate) fn remove_membership(&mut self, group: &Uuid, user: &Uuid) {
        if self.state.directory.membership(group, user).is_none() {
            return;
        }
        self.sync();
        let key = membership_key(group, user);
        self.batch.remove(Table::Memberships, &key);
        self.state.directory.remove_membership(group, user);
    }
}

/// Identity Center.
impl Change {
    /// Creates the instance, or replaces its record.
    pub(crate) fn put_instance(&mut self, record: InstanceRecord) -> Result<(), StoreError> {
        self.batch.put(Table::IdentityCenter, ONLY, &record)?;
        match self.center_mut() {
            Some(center) => center.instance = Arc::new(record),
            None => self.state.identity_center = Some(Arc::new(IdentityCenter::new(record))),
        }
        Ok(())
    }

    /// Removes the instance. Its users, groups, permission sets and assignments must be gone.
    pub(crate) fn remove_instance(&mut self) {
        self.batch.remove(Table::IdentityCenter, ONLY);
        self.state.identity_center = None;
    }

    /// Creates or replaces a permission set.
    pub(crate) fn put_permission_set(
        &mut self,
        record: PermissionSetRecord,
    ) -> Result<Arc<PermissionSetRecord>, StoreError> {
        self.batch.put(Table::PermissionSets, &record.id, &record)?;
        let record = Arc::new(record);
        if let Some(center) = self.center_mut() {
            let id = record.id.clone();
            center.permission_sets.insert(id, Arc::clone(&record));
        }
        Ok(record)
    }

    /// Removes a permission set.
    pub(crate) fn remove_permission_set(&mut self, id: &str) {
        self.batch.remove(Table::PermissionSets, id);
        if let Some(center) = self.center_mut() {
            center.permission_sets.remove(id);
        }
    }

    /// Creates an assignment.
    pub(crate) fn put_assignment(
        &mut self,
        key: AssignmentKey,
        record: AssignmentRecord,
    ) -> Result<(), StoreError> {
        let row = assignment_key(&key);
        self.batch
            .put(Table::AccountAssignments, &row, &(&key, &record))?;
        if let Some(center) = self.center_mut() {
            center.assignments.insert(key, record);
        }
        Ok(())
    }

    /// Removes an assignment.
    pub(crate) fn remove_assignment(&mut self, key: &AssignmentKey) {
        self.batch
            .remove(Table::AccountAssignments, &assignment_key(key));
        if let Some(center) = self.center_mut() {
            center.assignments.remove(key);
        }
    }

    /// Records an asynchronous request, or what became of it.
    pub(crate) fn put_request(&mut self, record: RequestRecord) -> Result<(), StoreError> {
        let key = record.id.to_string();
        self.batch.put(Table::AssignmentRequests, &key, &record)?;
        if let Some(center) = self.center_mut() {
            center.requests.insert(record.id, Arc::new(record));
        }
        Ok(())
    }

    /// Forgets an asynchronous request.
    pub(crate) fn remove_request(&mut self, id: &Uuid) {
        self.batch
            .remove(Table::AssignmentRequests, &id.to_string());
        if let Some(center) = self.center_mut() {
            center.requests.remove(id);
        }
    }

    fn center_mut(&mut self) -> Option<&mut IdentityCenter> {
        self.state.identity_center.as_mut().map(Arc::make_mut)
    }
}

fn membership_key(group: &Uuid, user: &Uuid) -> String {
    format!("{group}/{user}")
}

fn assignment_key(key: &AssignmentKey) -> String {
    let (kind, id) = match key.principal {
        Principal::User(id) => ("user", id),
        Principal::Group(id) => ("group", id),
    };
    format!("{}/{}/{kind}/{id}", key.account, key.permission_set)
}
