//! One account: who may do what in it.

use std::collections::BTreeMap;

use jetway_pages::local::identity_center::console::{AccountAccess, CenterNav};

use super::{
    failure::{Answer, Failure},
    held,
    visit::Visit,
};
use crate::state::{center::Principal, organization::MemberRecord};

/// The account of the address, which has to be in the organisation.
pub(super) fn member(visit: &Visit) -> Result<&MemberRecord, Failure> {
    visit
        .state
        .organization
        .as_deref()
        .and_then(|organization| organization.members.get(visit.part(0)))
        .ok_or(Failure::NotFound("The account"))
}

pub(super) fn show(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:ListAccountAssignments")?;
    let member = member(visit)?;
    let id = &member.account;
    let mut by_principal: BTreeMap<Principal, Vec<String>> = BTreeMap::new();
    for (key, _) in center.assignments_in(id) {
        by_principal
            .entry(key.principal)
            .or_default()
            .push(held::set_name(&center, &key.permission_set));
    }
    let mut provisioned: Vec<(String, String, String, bool)> = center
        .permission_sets
        .values()
        .filter_map(|set| {
            let role = set.provisioned.get(id)?;
            Some((
                set.name.clone(),
                set.id.clone(),
                role.role_name.clone(),
                role.revision == set.revision,
            ))
        })
        .collect();
    provisioned.sort();
    let view = AccountAccess {
        id: id.clone(),
        name: visit.account_name(id),
        email: member.email.clone(),
        assigned: by_principal
            .into_iter()
            .map(|(principal, mut sets)| {
                sets.sort();
                held::assigned(visit, &principal, sets)
            })
            .collect(),
        provisioned,
    };
    visit.page(CenterNav::Accounts, view)
}
