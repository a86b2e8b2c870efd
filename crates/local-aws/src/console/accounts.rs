//! The organisation's tree.

use jetway_pages::local::identity_center::console::{
    CenterNav, OrganizationNode, OrganizationPage, OrganizationPart,
};

use super::{
    failure::{Answer, Failure},
    visit::Visit,
};
use crate::state::{center::IdentityCenter, organization::OrganizationRecord};

/// Deeper than AWS lets units be.
const MAX_DEPTH: usize = 8;

pub(super) fn list(visit: &mut Visit) -> Answer {
    let center = visit.may("organizations:ListAccounts")?;
    let organization = visit
        .state
        .organization
        .clone()
        .ok_or(Failure::NotFound("The AWS organization"))?;
    let mut nodes = vec![OrganizationNode {
        depth: 0,
        id: organization.root_id.clone(),
        name: "Root".to_owned(),
        part: OrganizationPart::Root,
    }];
    let tree = Tree {
        visit,
        center: &center,
        organization: &organization,
    };
    tree.below(&organization.root_id, 1, &mut nodes);
    let view = OrganizationPage {
        organization_id: organization.id.clone(),
        nodes,
    };
    visit.page(CenterNav::Accounts, view)
}

struct Tree<'a> {
    visit: &'a Visit,
    center: &'a IdentityCenter,
    organization: &'a OrganizationRecord,
}

impl Tree<'_> {
    /// Accounts first, then units with what is in them; both by name.
    fn below(&self, parent: &str, depth: usize, nodes: &mut Vec<OrganizationNode>) {
        if depth > MAX_DEPTH {
            return;
        }
        let mut accounts: Vec<OrganizationNode> = self
            .organization
            .members
            .values()
            .filter(|member| member.parent == parent)
            .map(|member| OrganizationNode {
                depth,
                id: member.account.clone(),
                name: self.visit.account_name(&member.account),
                part: OrganizationPart::Account {
                    email: member.email.clone(),
                    management: member.account == self.organization.management_account,
                    suspended: member.status != "ACTIVE",
                    permission_sets: self.provisioned(&member.account),
                },
            })
            .collect();
        accounts.sort_by(|one, other| one.name.cmp(&other.name));
        nodes.append(&mut accounts);
        let mut units: Vec<_> = self
            .organization
            .units
            .values()
            .filter(|unit| unit.parent == parent)
            .collect();
        units.sort_by(|one, other| one.name.cmp(&other.name));
        for unit in units {
            nodes.push(OrganizationNode {
                depth,
                id: unit.id.clone(),
                name: unit.name.clone(),
                part: OrganizationPart::Unit,
            });
            self.below(&unit.id, depth + 1, nodes);
        }
    }

    fn provisioned(&self, account: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .center
            .permission_sets
            .values()
            .filter(|set| set.provisioned.contains_key(account))
            .map(|set| set.name.clone())
            .collect();
        names.sort();
        names
    }
}
