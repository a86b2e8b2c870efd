//! Giving users and groups permission sets in an account, and taking them away.

use std::collections::BTreeSet;

use jetway_pages::{
    admin::parts::{Confirm, Hidden},
    local::identity_center::console::{
        AssignPermissionSets, AssignPrincipals, BASE, CenterNav, PermissionSetChoice,
        PrincipalChoice,
    },
};
use serde_json::json;

use super::{
    account::member,
    failure::{Answer, Failure},
    form::Form,
    held::{self, name_of, principal_of, value_of},
    visit::Visit,
};
use crate::{
    json_service::{JsonError, JsonService},
    state::{
        center::{IdentityCenter, Principal},
        directory::Entry,
    },
};

const READ: &str = "sso:ListAccountAssignments";
/// How many are offered at once; more are found by their names.
const OFFERED: usize = 50;
/// How many can be assigned at once.
const MAX_PRINCIPALS: usize = 50;

/// Step 1.
pub(super) fn choose_principals(visit: &mut Visit) -> Answer {
    principals(visit, None)
}

fn principals(visit: &Visit, problem: Option<String>) -> Answer {
    visit.may(READ)?;
    let account = member(visit)?.account.clone();
    let groups = visit.query.text("tab") != "users";
    let search = visit.query.text("q");
    let directory = &visit.state.directory;
    let (choices, more) = if groups {
        offered(directory.groups.iter(0), search, |group| PrincipalChoice {
            principal: value_of(&Principal::Group(group.id)),
            name: group.name().to_owned(),
            detail: group.text("description").unwrap_or_default().to_owned(),
        })
    } else {
        offered(directory.users.iter(0), search, |user| PrincipalChoice {
            principal: value_of(&Principal::User(user.id)),
            name: user.name().to_owned(),
            detail: user.text("displayName").unwrap_or_default().to_owned(),
        })
    };
    let refused = problem.is_some();
    let view = AssignPrincipals {
        account_name: visit.account_name(&account),
        account_id: account,
        groups,
        search: search.to_owned(),
        choices,
        more,
        problem,
    };
    if refused {
        visit.again(CenterNav::Accounts, view)
    } else {
        visit.page(CenterNav::Accounts, view)
    }
}

/// The first of those whose name begins so, and how many more there are.
fn offered<'a, T: Entry + 'a>(
    all: impl Iterator<Item = &'a std::sync::Arc<T>>,
    search: &str,
    choice: impl Fn(&T) -> PrincipalChoice,
) -> (Vec<PrincipalChoice>, usize) {
    let search = search.to_lowercase();
    let mut found = all.filter(|entry| entry.name().to_lowercase().starts_with(&search));
    let choices = found
        .by_ref()
        .take(OFFERED)
        .map(|entry| choice(entry))
        .collect();
    (choices, found.count())
}

/// Those of a form or address who are there.
fn chosen(visit: &Visit, form: &Form) -> Vec<(Principal, String)> {
    form.all("principal")
        .filter_map(principal_of)
        .filter_map(|principal| Some((principal, name_of(visit, &principal)?)))
        .take(MAX_PRINCIPALS)
        .collect()
}

/// Step 2, and the way to change what one of them holds.
pub(super) fn choose_permission_sets(visit: &mut Visit) -> Answer {
    let center = visit.may(READ)?;
    let principals = chosen(visit, &visit.query);
    if principals.is_empty() {
        return self::principals(visit, Some("Select at least one user or group.".to_owned()));
    }
    let view = permission_sets(visit, &center, &principals, None)?;
    visit.page(CenterNav::Accounts, view)
}

fn permission_sets(
    visit: &Visit,
    center: &IdentityCenter,
    principals: &[(Principal, String)],
    problem: Option<String>,
) -> Result<AssignPermissionSets, Failure> {
    let account = member(visit)?.account.clone();
    let present = match principals {
        [(one, _)] => held_in(center, &account, one),
        _ => BTreeSet::new(),
    };
    let mut choices: Vec<PermissionSetChoice> = center
        .permission_sets
        .values()
        .map(|set| PermissionSetChoice {
            id: set.id.clone(),
            name: set.name.clone(),
            description: set.description.clone().unwrap_or_default(),
            ticked: present.contains(&set.id),
        })
        .collect();
    choices.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(AssignPermissionSets {
        csrf: visit.csrf.clone(),
        account_name: visit.account_name(&account),
        account_id: account,
        principals: principals
            .iter()
            .map(|(principal, name)| (value_of(principal), name.clone()))
            .collect(),
        change: !present.is_empty(),
        choices,
        problem,
    })
}

/// Ids of the permission sets that somebody holds in an account, not counting groups.
fn held_in(center: &IdentityCenter, account: &str, principal: &Principal) -> BTreeSet<String> {
    center
        .assignments_in(account)
        .filter(|(key, _)| key.principal == *principal)
        .map(|(key, _)| key.permission_set.clone())
        .collect()
}

/// `Finish`, and `Save changes` for one who holds something already.
pub(super) fn save(visit: &mut Visit) -> Answer {
    let center = visit.may(READ)?;
    let account = member(visit)?.account.clone();
    let principals = chosen(visit, &visit.form);
    let wanted: BTreeSet<String> = visit
        .form
        .all("permission_set")
        .map(str::to_owned)
        .collect();
    let change = visit.form.text("change") == "yes" && principals.len() == 1;
    if principals.is_empty() || (wanted.is_empty() && !change) {
        let problem = Some("Select at least one permission set.".to_owned());
        let view = permission_sets(visit, &center, &principals, problem)?;
        return visit.again(CenterNav::Accounts, view);
    }
    let back = |error| {
        Failure::refused("Not all permission sets were assigned", error)
            .back_to(&format!("/accounts/{account}"), "Back to the account")
    };
    for (principal, _) in &principals {
        let present = held_in(&center, &account, principal);
        // What can always be done comes first: in a closed account nothing can be added.
        if change {
            for set in present.difference(&wanted) {
                assign(visit, "DeleteAccountAssignment", &account, principal, set).map_err(back)?;
            }
        }
        for set in wanted.difference(&present) {
            assign(visit, "CreateAccountAssignment", &account, principal, set).map_err(back)?;
        }
    }
    let what = if change { "changed" } else { "assigned" };
    visit.done(&format!("/accounts/{account}"), what)
}

/// One assignment more or less. What is asked for is carried out before the answer comes; when that
/// failed, the answer says why.
fn assign(
    visit: &mut Visit,
    operation: &str,
    account: &str,
    principal: &Principal,
    set: &str,
) -> Result<(), JsonError> {
    let instance = match visit.state.identity_center.as_ref() {
        Some(center) => center.instance.clone(),
        None => return Err(JsonError::not_found("IAM Identity Center is not enabled.")),
    };
    let (kind, id) = match principal {
        Principal::User(id) => ("USER", id),
        Principal::Group(id) => ("GROUP", id),
    };
    let input = json!({
        "InstanceArn": instance.arn(),
        "PermissionSetArn": instance.permission_set_arn(set),
        "TargetType": "AWS_ACCOUNT",
        "TargetId": account,
        "PrincipalType": kind,
        "PrincipalId": id.to_string(),
    });
    let answer = visit.api(JsonService::SsoAdmin, operation, &input)?;
    outcome(visit, &answer)
}

/// What became of an asynchronous request.
pub(super) fn outcome(visit: &Visit, answer: &serde_json::Value) -> Result<(), JsonError> {
    let request = answer
        .as_object()
        .and_then(|answer| answer.values().next())
        .and_then(|status| status.get("RequestId"))
        .and_then(|id| id.as_str()?.parse().ok());
    let failure = request.and_then(|id: uuid::Uuid| {
        let center = visit.state.identity_center.as_ref()?;
        center.requests.get(&id)?.failure.clone()
    });
    match failure {
        None => Ok(()),
        Some(reason) => Err(JsonError::conflict(reason)),
    }
}

fn principal_in(visit: &Visit, form: &Form) -> Result<Principal, Failure> {
    principal_of(form.text("principal"))
        .ok_or(Failure::NotFound("The user or group"))
        .inspect_err(|_| tracing::debug!(request.id = visit.op.request_id, "no such principal"))
}

pub(super) fn ask_remove(visit: &mut Visit) -> Answer {
    let center = visit.may(READ)?;
    let account = member(visit)?.account.clone();
    let principal = principal_in(visit, &visit.query)?;
    let value = value_of(&principal);
    let sets = held_in(&center, &account, &principal)
        .iter()
        .map(|id| held::set_name(&center, id))
        .collect::<Vec<_>>()
        .join(", ");
    let view = Confirm {
        heading: "Remove access?".to_owned(),
        subjects: vec![name_of(visit, &principal).unwrap_or_else(|| value.clone())],
        more: None,
        consequences: vec![
            format!("Takes away in {}: {sets}.", visit.account_name(&account)),
            "Credentials that were given out stay valid until they expire.".to_owned(),
        ],
        action: format!("{BASE}/accounts/{account}/remove"),
        csrf: visit.csrf.clone(),
        hidden: vec![Hidden::new("principal", value)],
        choice: None,
        typed: None,
        submit: "Remove access".to_owned(),
        danger: true,
        cancel: format!("{BASE}/accounts/{account}"),
    };
    visit.page(CenterNav::Accounts, view)
}

pub(super) fn remove(visit: &mut Visit) -> Answer {
    let center = visit.may(READ)?;
    let account = member(visit)?.account.clone();
    let principal = principal_in(visit, &visit.form)?;
    for set in held_in(&center, &account, &principal) {
        assign(visit, "DeleteAccountAssignment", &account, &principal, &set).map_err(|error| {
            Failure::refused("Not all access was removed", error)
                .back_to(&format!("/accounts/{account}"), "Back to the account")
        })?;
    }
    visit.done(&format!("/accounts/{account}"), "removed")
}
