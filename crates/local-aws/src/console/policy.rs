//! The inline policy of a permission set, and bringing accounts up to date after a change.

use jetway_iam::{DocumentKind, PolicyDocument};
use jetway_pages::{
    admin::parts::Field,
    local::identity_center::console::{CenterNav, EditPolicy, Reprovision, ReprovisionAccount},
};
use serde_json::json;

use super::{
    assignments::outcome,
    failure::Answer,
    permission_sets::{found, named, with},
    visit::Visit,
};
use crate::json_service::JsonService;

/// Whether a text can be an inline policy; the error says what is wrong. Empty is none.
pub(super) fn check(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    PolicyDocument::parse(text, DocumentKind::Identity)
        .map(drop)
        .map_err(|error| error.to_string())
}

pub(super) fn edit(visit: &mut Visit) -> Answer {
    let (_, set) = found(visit)?;
    let view = EditPolicy {
        csrf: visit.csrf.clone(),
        id: set.id.clone(),
        name: set.name.clone(),
        policy: Field::new(set.inline.clone().unwrap_or_default()),
    };
    visit.page(CenterNav::PermissionSets, view)
}

/// `Save policy`.
pub(super) fn save(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let text = visit.form.text("policy").to_owned();
    let subject = named(&center, &set.id);
    let saved = check(&text).and_then(|()| {
        let answered = if text.is_empty() {
            visit.api(
                JsonService::SsoAdmin,
                "DeleteInlinePolicyFromPermissionSet",
                &subject,
            )
        } else {
            let input = with(&subject, "InlinePolicy", json!(text));
            visit.api(
                JsonService::SsoAdmin,
                "PutInlinePolicyToPermissionSet",
                &input,
            )
        };
        answered.map(drop).map_err(|error| error.message)
    });
    match saved {
        Ok(()) => after_change(visit, &set.id, "saved"),
        Err(problem) => {
            let view = EditPolicy {
                csrf: visit.csrf.clone(),
                id: set.id.clone(),
                name: set.name.clone(),
                policy: Field::new(text).with_error(problem),
            };
            visit.again(CenterNav::PermissionSets, view)
        }
    }
}

/// The question whether to reprovision, or the permission set where no account has an older version.
pub(super) fn after_change(visit: &Visit, set: &str, what: &str) -> Answer {
    let outdated = visit
        .state
        .identity_center
        .as_ref()
        .and_then(|center| center.permission_sets.get(set))
        .is_some_and(|set| {
            set.provisioned
                .values()
                .any(|role| role.revision != set.revision)
        });
    let rest = if outdated { "/reprovision" } else { "" };
    visit.done(&format!("/permission-sets/{set}{rest}"), what)
}

pub(super) fn ask_reprovision(visit: &mut Visit) -> Answer {
    let view = question(visit, None)?;
    visit.page(CenterNav::PermissionSets, view)
}

fn question(
    visit: &Visit,
    problem: Option<String>,
) -> Result<Reprovision, super::failure::Failure> {
    let (_, set) = found(visit)?;
    Ok(Reprovision {
        csrf: visit.csrf.clone(),
        id: set.id.clone(),
        name: set.name.clone(),
        accounts: set
            .provisioned
            .iter()
            .map(|(account, role)| ReprovisionAccount {
                id: account.clone(),
                name: visit.account_name(account),
                current: role.revision == set.revision,
            })
            .collect(),
        problem,
    })
}

/// After a change of the general settings: wherever the permission set is.
pub(super) fn reprovision_all(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let input = with(
        &named(&center, &set.id),
        "TargetType",
        json!("ALL_PROVISIONED_ACCOUNTS"),
    );
    let done = visit
        .api(JsonService::SsoAdmin, "ProvisionPermissionSet", &input)
        .and_then(|answer| outcome(visit, &answer));
    match done {
        Ok(()) => visit.done(&format!("/permission-sets/{}", set.id), "saved"),
        Err(error) => {
            let view = question(visit, Some(error.message))?;
            visit.again(CenterNav::PermissionSets, view)
        }
    }
}

/// `Reprovision`: wherever it can be done it is done, and the page says where it could not.
pub(super) fn reprovision(visit: &mut Visit) -> Answer {
    let (center, set) = found(visit)?;
    let accounts: Vec<String> = visit.form.all("account").map(str::to_owned).collect();
    if accounts.is_empty() {
        let problem = "Select at least one account, or skip it for now.".to_owned();
        let view = question(visit, Some(problem))?;
        return visit.again(CenterNav::PermissionSets, view);
    }
    let mut problems = Vec::new();
    for account in accounts {
        let mut input = named(&center, &set.id);
        input["TargetType"] = json!("AWS_ACCOUNT");
        input["TargetId"] = json!(account);
        let done = visit
            .api(JsonService::SsoAdmin, "ProvisionPermissionSet", &input)
            .and_then(|answer| outcome(visit, &answer));
        if let Err(error) = done {
            problems.push(format!(
                "{}: {}",
                visit.account_name(&account),
                error.message
            ));
        }
    }
    if !problems.is_empty() {
        let view = question(visit, Some(problems.join(" ")))?;
        return visit.again(CenterNav::PermissionSets, view);
    }
    visit.done(&format!("/permission-sets/{}", set.id), "reprovisioned")
}
