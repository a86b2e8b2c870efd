//! The tree of an organisation: root, units, accounts, and the ARNs and paths in it.

use crate::state::organization::{MemberRecord, OrganizationRecord, UnitRecord};

/// What a node of the tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The root.
    Root,
    /// An organisational unit.
    Unit,
    /// An account.
    Account,
}

impl OrganizationRecord {
    /// What has this id.
    pub fn kind_of(&self, id: &str) -> Option<NodeKind> {
        if id == self.root_id {
            Some(NodeKind::Root)
        } else if self.units.contains_key(id) {
            Some(NodeKind::Unit)
        } else if self.members.contains_key(id) {
            Some(NodeKind::Account)
        } else {
            None
        }
    }

    /// Whether units and accounts can stand below this id.
    pub fn is_parent(&self, id: &str) -> bool {
        matches!(self.kind_of(id), Some(NodeKind::Root | NodeKind::Unit))
    }

    /// The root or the unit above a unit or an account.
    pub fn parent_of(&self, id: &str) -> Option<&str> {
        let of_unit = self.units.get(id).map(|unit| unit.parent.as_str());
        of_unit.or_else(|| self.members.get(id).map(|member| member.parent.as_str()))
    }

    /// The units right below a parent, by id.
    pub fn units_in<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = &'a UnitRecord> {
        self.units
            .values()
            .filter(move |unit| unit.parent == parent)
    }

    /// The accounts right below a parent, by id.
    pub fn accounts_in<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = &'a MemberRecord> {
        self.members
            .values()
            .filter(move |member| member.parent == parent)
    }

    /// How many units there are from the root down to this id, itself included.
    pub fn depth(&self, id: &str) -> usize {
        self.units_down_to(id).len()
    }

    /// `o-…/r-…/ou-…/`, down to a root or a unit; of an account with its id at the end.
    pub fn path(&self, id: &str) -> String {
        let mut path = format!("{}/{}/", self.id, self.root_id);
        let account = self.members.get(id);
        let unit = account.map_or(id, |member| member.parent.as_str());
        for unit in self.units_down_to(unit) {
            path.push_str(unit);
            path.push('/');
        }
        if account.is_some() {
            path.push_str(id);
            path.push('/');
        }
        path
    }

    /// `arn:aws:organizations::<management account>:organization/o-…`
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:organizations::{}:organization/{}",
            self.management_account, self.id
        )
    }

    /// The ARN of a root, a unit or an account, whether it exists or not.
    pub fn arn_of(&self, id: &str) -> String {
        let kind = if id.starts_with("r-") {
            "root"
        } else if id.starts_with("ou-") {
            "ou"
        } else {
            "account"
        };
        format!(
            "arn:aws:organizations::{}:{kind}/{}/{id}",
            self.management_account, self.id
        )
    }

    /// Whether the account administers the service in place of the management account.
    pub fn is_delegated_administrator(&self, account: &str, service: &str) -> bool {
        self.delegated_administrators
            .get(account)
            .is_some_and(|services| services.contains_key(service))
    }

    /// From the top.
    fn units_down_to<'a>(&'a self, id: &'a str) -> Vec<&'a str> {
        let mut units = Vec::new();
        let mut next = self.units.get(id);
        while let Some(unit) = next {
            units.push(unit.id.as_str());
            next = self.units.get(&unit.parent);
        }
        units.reverse();
        units
    }
}
