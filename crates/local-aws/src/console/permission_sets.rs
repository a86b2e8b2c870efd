//! The list of permission sets, making one, and changing its general settings.

use std::sync::Arc;

use jetway_pages::{
    admin::parts::Field,
    local::identity_center::console::{
        CenterNav, PermissionSetForm, PermissionSetList, PermissionSetRow,
    },
};
use serde_json::{Value, json};

use super::{
    failure::{Answer, Failure},
    policy,
    visit::Visit,
};
use crate::{
    identity_center::{Editing, PermissionSetUpdate, update_permission_set},
    json_service::{JsonError, JsonService},
    state::center::{IdentityCenter, PermissionSetRecord, PolicyReference},
};

pub(super) const READ: &str = "sso:DescribePermissionSet";

/// The permission set of the address.
pub(super) fn found(
    visit: &Visit,
) -> Result<(Arc<IdentityCenter>, Arc<PermissionSetRecord>), Failure> {
    let center = visit.may(READ)?;
    let set = center
        .permission_sets
        .get(visit.part(0))
        .cloned()
        .ok_or(Failure::NotFound("The permission set"))?;
    Ok((center, set))
}

/// The members that name it in the API.
pub(super) fn named(center: &IdentityCenter, set: &str) -> Value {
    json!({
        "InstanceArn": center.instance.arn(),
        "PermissionSetArn": center.instance.permission_set_arn(set),
    })
}

pub(super) fn list(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:ListPermissionSets")?;
    let mut sets: Vec<PermissionSetRow> = center
        .permission_sets
        .values()
        .map(|set| PermissionSetRow {
            id: set.id.clone(),
            name: set.name.clone(),
            description: set.description.clone().unwrap_or_default(),
            accounts: set.provisioned.len(),
            outdated: set
                .provisioned
                .values()
                .filter(|role| role.revision != set.revision)
                .count(),
        })
        .collect();
    sets.sort_by(|one, other| one.name.cmp(&other.name));
    visit.page(CenterNav::PermissionSets, PermissionSetList { sets })
}

pub(super) fn new(visit: &mut Visit) -> Answer {
    visit.may("sso:ListPermissionSets")?;
    let view = PermissionSetForm {
        csrf: visit.csrf.clone(),
        session_duration: "PT1H".into(),
        ..PermissionSetForm::default()
    };
    visit.page(CenterNav::PermissionSets, view)
}

/// What was typed, to show it again.
fn typed(visit: &Visit, problem: String) -> PermissionSetForm {
    let field = |name| Field::new(visit.form.text(name));
    PermissionSetForm {
        csrf: visit.csrf.clone(),
        id: None,
        set_name: field("name"),
        description: field("description"),
        session_duration: field("session_duration"),
        relay_state: field("relay_state"),
        managed: field("managed"),
        customer_managed: field("customer_managed"),
        inline: field("inline"),
        problem: Some(problem),
    }
}

/// Description, session duration and relay state; what is empty is left out.
fn general(visit: &Visit, mut input: Value) -> Value {
    for (member, field) in [
        ("Description", "description"),
        ("SessionDuration", "session_duration"),
        ("RelayState", "relay_state"),
    ] {
        let text = visit.form.text(field);
        if !text.is_empty() {
            input[member] = json!(text);
        }
    }
    input
}

/// `Create`: the permission set and its policies, or nothing.
pub(super) fn create(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:ListPermissionSets")?;
    let inline = visit.form.text("inline").to_owned();
    if let Err(error) = policy::check(&inline) {
        let mut view = typed(visit, "The inline policy cannot be used.".to_owned());
        view.inline = Field::new(inline).with_error(error);
        return visit.again(CenterNav::PermissionSets, view);
    }
    let input = general(
        visit,
        json!({
            "InstanceArn": center.instance.arn(),
            "Name": visit.form.text("name"),
        }),
    );
    let made = match visit.api(JsonService::SsoAdmin, "CreatePermissionSet", &input) {
        Ok(made) => made,
        Err(error) => {
            let view = typed(visit, error.message);
            return visit.again(CenterNav::PermissionSets, view);
        }
    };
    let arn = made
        .pointer("/PermissionSet/PermissionSetArn")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let id = arn.rsplit('/').next().unwrap_or_default().to_owned();
    let subject = named(&center, &id);
    if let Err(error) = fill(visit, &subject, &inline) {
        // A permission set without what it was made for would be half done.
        if let Err(error) = visit.api(JsonService::SsoAdmin, "DeletePermissionSet", &subject) {
            tracing::warn!(request.id = visit.op.request_id, %error, "a permission set without its policies stays behind");
        }
        let view = typed(visit, error.message);
        return visit.again(CenterNav::PermissionSets, view);
    }
    visit.done(&format!("/permission-sets/{id}"), "permission-set")
}

/// Its policies.
fn fill(visit: &mut Visit, subject: &Value, inline: &str) -> Result<(), JsonError> {
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect()
    };
    for arn in lines(visit.form.text("managed")) {
        attach_managed(visit, subject, &arn)?;
    }
    for reference in lines(visit.form.text("customer_managed")) {
        attach_customer(visit, subject, &reference)?;
    }
    if inline.is_empty() {
        return Ok(());
    }
    let input = with(subject, "InlinePolicy", json!(inline));
    visit
        .api(
            JsonService::SsoAdmin,
            "PutInlinePolicyToPermissionSet",
            &input,
        )
        .map(drop)
}

/// The input with one more member.
pub(super) fn with(subject: &Value, member: &str, value: Value) -> Value {
    let mut input = subject.clone();
    input[member] = value;
    input
}

pub(super) fn attach_managed(
    visit: &mut Visit,
    subject: &Value,
    arn: &str,
) -> Result<(), JsonError> {
    let input = with(subject, "ManagedPolicyArn", json!(arn));
    visit
        .api(
            JsonService::SsoAdmin,
            "AttachManagedPolicyToPermissionSet",
            &input,
        )
        .map(drop)
}

pub(super) fn attach_customer(
    visit: &mut Visit,
    subject: &Value,
    text: &str,
) -> Result<(), JsonError> {
    let input = with(subject, "CustomerManagedPolicyReference", reference(text));
    visit
        .api(
            JsonService::SsoAdmin,
            "AttachCustomerManagedPolicyReferenceToPermissionSet",
            &input,
        )
        .map(drop)
}

/// `/team/DeployPolicy` or `DeployPolicy`.
pub(super) fn reference(text: &str) -> Value {
    match text.rsplit_once('/') {
        Some((path, name)) => json!({ "Name": name, "Path": format!("{path}/") }),
        None => json!({ "Name": text, "Path": "/" }),
    }
}

/// What [`reference`] reads.
pub(super) fn text_of(reference: &PolicyReference) -> String {
    format!("{}{}", reference.path, reference.name)
}

pub(super) fn edit(visit: &mut Visit) -> Answer {
    let (_, set) = found(visit)?;
    let view = PermissionSetForm {
        csrf: visit.csrf.clone(),
        id: Some(set.id.clone()),
        set_name: Field::new(&set.name),
        description: Field::new(set.description.clone().unwrap_or_default()),
        session_duration: Field::new(&set.session_duration),
        relay_state: Field::new(set.relay_state.clone().unwrap_or_default()),
        ..PermissionSetForm::default()
    };
    visit.page(CenterNav::PermissionSets, view)
}

pub(super) fn save(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let current = set
        .provisioned
        .values()
        .all(|role| role.revision == set.revision);
    let input = general(visit, named(&center, &set.id));
    let saved = visit
        .api(JsonService::SsoAdmin, "UpdatePermissionSet", &input)
        .and_then(|_| empty(visit, &center, &set));
    match saved {
        // Nothing else waits for being provisioned: what was just saved reaches the accounts.
        Ok(()) if current && !set.provisioned.is_empty() => policy::reprovision_all(visit),
        Ok(()) => policy::after_change(visit, &set.id, "saved"),
        Err(error) => {
            let view = PermissionSetForm {
                id: Some(set.id.clone()),
                set_name: Field::new(&set.name),
                ..typed(visit, error.message)
            };
            visit.again(CenterNav::PermissionSets, view)
        }
    }
}

/// Takes away what the form says nothing for any more: no operation of the API can, and the one that
/// has just been allowed is the nearest.
fn empty(
    visit: &mut Visit,
    center: &IdentityCenter,
    set: &PermissionSetRecord,
) -> Result<(), JsonError> {
    let gone = |before: &Option<String>, field| {
        (before.is_some() && visit.form.text(field).is_empty()).then(String::new)
    };
    let update = PermissionSetUpdate {
        description: gone(&set.description, "description"),
        session_duration: None,
        relay_state: gone(&set.relay_state, "relay_state"),
    };
    if update.description.is_some() || update.relay_state.is_some() {
        let editing = Editing::by(&visit.principal.account, center, &set.id);
        update_permission_set(&visit.aws, editing, update)?;
        visit.state = visit.aws.state();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_named_with_or_without_its_path() {
        assert_eq!(
            reference("Deploy"),
            json!({ "Name": "Deploy", "Path": "/" })
        );
        assert_eq!(
            reference("/team/a/Deploy"),
            json!({ "Name": "Deploy", "Path": "/team/a/" })
        );
        let stored = PolicyReference {
            name: "Deploy".into(),
            path: "/team/".into(),
        };
        assert_eq!(
            reference(&text_of(&stored)),
            json!({ "Name": "Deploy", "Path": "/team/" })
        );
    }
}
