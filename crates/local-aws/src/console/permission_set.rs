//! One permission set.

use std::collections::BTreeMap;

use jetway_pages::{
    admin::parts::{Confirm, Field},
    local::identity_center::console::{
        BASE, CenterNav, PermissionSetDetails, PermissionSetFacts, PolicyName, TagRow,
    },
};
use serde_json::{Value, json};

use super::{
    failure::{Answer, Failure},
    held,
    permission_sets::{
        attach_customer, attach_managed as attach, found, named, reference, text_of, with,
    },
    visit::Visit,
};
use crate::{
    json_service::{JsonError, JsonService},
    state::center::{IdentityCenter, PermissionSetRecord, PermissionsBoundary, Principal},
};

pub(super) fn show(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let view = details(visit, &center, &set);
    visit.page(CenterNav::PermissionSets, view)
}

fn details(
    visit: &Visit,
    center: &IdentityCenter,
    set: &PermissionSetRecord,
) -> PermissionSetDetails {
    let policy = |value: String| PolicyName {
        name: value.rsplit('/').next().unwrap_or_default().to_owned(),
        value,
    };
    PermissionSetDetails {
        csrf: visit.csrf.clone(),
        facts: PermissionSetFacts {
            id: set.id.clone(),
            name: set.name.clone(),
            arn: center.instance.permission_set_arn(&set.id),
            description: set.description.clone().unwrap_or_default(),
            session_duration: set.session_duration.clone(),
            relay_state: set.relay_state.clone().unwrap_or_default(),
            created: visit.moment(set.created_at),
        },
        managed: set.managed.iter().cloned().map(policy).collect(),
        customer_managed: set
            .customer_managed
            .iter()
            .map(text_of)
            .map(policy)
            .collect(),
        inline: set.inline.clone().unwrap_or_default(),
        boundary: match &set.boundary {
            None => String::new(),
            Some(PermissionsBoundary::Managed(arn)) => arn.clone(),
            Some(PermissionsBoundary::CustomerManaged(reference)) => text_of(reference),
        },
        tags: set
            .tags
            .iter()
            .map(|tag| TagRow {
                key: tag.key.clone(),
                value: tag.value.clone(),
            })
            .collect(),
        accounts: set
            .provisioned
            .iter()
            .map(|(account, role)| {
                (
                    visit.account_name(account),
                    account.clone(),
                    role.revision == set.revision,
                )
            })
            .collect(),
        assigned: assigned(visit, center, &set.id),
        attach_managed: Field::default(),
        attach_customer: Field::default(),
    }
}

/// Who holds it, with the names of the accounts.
fn assigned(
    visit: &Visit,
    center: &IdentityCenter,
    set: &str,
) -> Vec<jetway_pages::local::identity_center::console::AssignedPrincipal> {
    let mut accounts: BTreeMap<Principal, Vec<String>> = BTreeMap::new();
    for key in center.assignments.keys() {
        if key.permission_set == set {
            accounts
                .entry(key.principal)
                .or_default()
                .push(visit.account_name(&key.account));
        }
    }
    accounts
        .into_iter()
        .map(|(principal, names)| held::assigned(visit, &principal, names))
        .collect()
}

pub(super) fn attach_managed(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let typed = visit.form.text("policy").to_owned();
    match attach(visit, &named(&center, &set.id), &typed) {
        Ok(()) => super::policy::after_change(visit, &set.id, "attached"),
        Err(error) => {
            let mut view = details(visit, &center, &set);
            view.attach_managed = Field::new(typed).with_error(error.message);
            visit.again(CenterNav::PermissionSets, view)
        }
    }
}

pub(super) fn attach_customer_managed(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let typed = visit.form.text("policy").to_owned();
    match attach_customer(visit, &named(&center, &set.id), &typed) {
        Ok(()) => super::policy::after_change(visit, &set.id, "attached"),
        Err(error) => {
            let mut view = details(visit, &center, &set);
            view.attach_customer = Field::new(typed).with_error(error.message);
            visit.again(CenterNav::PermissionSets, view)
        }
    }
}

pub(super) fn detach_managed(visit: &mut Visit) -> Answer {
    let policy = json!(visit.form.text("policy"));
    detach(
        visit,
        "DetachManagedPolicyFromPermissionSet",
        "ManagedPolicyArn",
        policy,
    )
}

pub(super) fn detach_customer(visit: &mut Visit) -> Answer {
    let policy = reference(visit.form.text("policy"));
    detach(
        visit,
        "DetachCustomerManagedPolicyReferenceFromPermissionSet",
        "CustomerManagedPolicyReference",
        policy,
    )
}

fn detach(visit: &mut Visit, operation: &str, member: &str, policy: Value) -> Answer {
    let (center, set) = found(visit)?;
    let input = with(&named(&center, &set.id), member, policy);
    visit
        .api(JsonService::SsoAdmin, operation, &input)
        .map_err(|error| back("The policy was not detached", error, &set))?;
    super::policy::after_change(visit, &set.id, "detached")
}

fn back(heading: &'static str, error: JsonError, set: &PermissionSetRecord) -> Failure {
    Failure::refused(heading, error).back_to(
        &format!("/permission-sets/{}", set.id),
        "Back to the permission set",
    )
}

pub(super) fn ask_delete(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let held = center
        .assignments
        .keys()
        .filter(|key| key.permission_set == set.id)
        .count();
    let view = Confirm {
        heading: "Delete this permission set?".to_owned(),
        subjects: vec![set.name.clone()],
        more: None,
        consequences: vec![match held {
            0 => "Nobody holds it.".to_owned(),
            _ => format!(
                "It has {held} assignments. Remove them in the accounts first: it cannot be deleted while somebody holds it."
            ),
        }],
        action: format!("{BASE}/permission-sets/{}/delete", set.id),
        csrf: visit.csrf.clone(),
        hidden: Vec::new(),
        choice: None,
        typed: None,
        submit: "Delete permission set".to_owned(),
        danger: true,
        cancel: format!("{BASE}/permission-sets/{}", set.id),
    };
    visit.page(CenterNav::PermissionSets, view)
}

pub(super) fn delete(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let input = named(&center, &set.id);
    visit
        .api(JsonService::SsoAdmin, "DeletePermissionSet", &input)
        .map_err(|error| back("The permission set was not deleted", error, &set))?;
    visit.done("/permission-sets", "permission-set-deleted")
}
