//! Attributes for access control.

use jetway_pages::{
    admin::parts::Confirm,
    local::identity_center::console::{AccessControl, AccessControlRow, BASE, CenterNav},
};
use serde_json::{Value, json};

use super::{
    failure::{Answer, Failure},
    visit::Visit,
};
use crate::{
    json_service::JsonService,
    state::center::{AttributePrecedence, IdentityCenter},
};

const HERE: &str = "/settings/access-control";
const READ: &str = "sso:DescribeInstanceAccessControlAttributeConfiguration";

pub(super) fn show(visit: &mut Visit) -> Answer {
    let center = visit.may(READ)?;
    let rows = center.instance.access_control.as_ref().map(|attributes| {
        attributes
            .iter()
            .map(|attribute| AccessControlRow {
                key: attribute.key.clone(),
                source: attribute.source.clone(),
            })
            .collect()
    });
    let view = view(visit, &center, rows, None);
    visit.page(CenterNav::Settings, view)
}

fn view(
    visit: &Visit,
    center: &IdentityCenter,
    rows: Option<Vec<AccessControlRow>>,
    problem: Option<String>,
) -> AccessControl {
    AccessControl {
        csrf: visit.csrf.clone(),
        rows,
        problem,
        precedence: match center.instance.attribute_precedence {
            AttributePrecedence::Assertion => {
                "If an assertion carries the same attribute, the assertion's value counts."
            }
            AttributePrecedence::Directory => {
                "If an assertion carries the same attribute, the value of the user here counts."
            }
        }
        .to_owned(),
    }
}

fn input(visit: &Visit, rows: &[AccessControlRow]) -> Value {
    let arn = visit
        .state
        .identity_center
        .as_ref()
        .map(|center| center.instance.arn());
    let attributes: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "Key": row.key, "Value": { "Source": [row.source] } }))
        .collect();
    json!({
        "InstanceArn": arn,
        "InstanceAccessControlAttributeConfiguration": { "AccessControlAttributes": attributes },
    })
}

pub(super) fn enable(visit: &mut Visit) -> Answer {
    let input = input(visit, &[]);
    visit
        .api(
            JsonService::SsoAdmin,
            "CreateInstanceAccessControlAttributeConfiguration",
            &input,
        )
        .map_err(|error| {
            Failure::refused("Attributes for access control were not enabled", error)
                .back_to(HERE, "Attributes for access control")
        })?;
    visit.done(HERE, "abac")
}

/// `Save changes`, and the buttons that add or remove a row.
pub(super) fn save(visit: &mut Visit) -> Answer {
    let center = visit.may(READ)?;
    let rows: Vec<AccessControlRow> = visit
        .form
        .rows("key", "source")
        .into_iter()
        .map(|(key, source)| AccessControlRow { key, source })
        .collect();
    if visit.form.text("do") != "save" {
        let view = view(visit, &center, Some(rows), None);
        return visit.page(CenterNav::Settings, view);
    }
    let input = input(visit, &rows);
    let saved = visit.api(
        JsonService::SsoAdmin,
        "UpdateInstanceAccessControlAttributeConfiguration",
        &input,
    );
    match saved {
        Ok(_) => visit.done(HERE, "saved"),
        Err(error) => {
            let view = view(visit, &center, Some(rows), Some(error.message));
            visit.again(CenterNav::Settings, view)
        }
    }
}

pub(super) fn ask_disable(visit: &mut Visit) -> Answer {
    visit.may(READ)?;
    let view = Confirm {
        heading: "Disable attributes for access control?".to_owned(),
        subjects: Vec::new(),
        more: None,
        consequences: vec![
            "All attributes of the list are deleted.".to_owned(),
            "New sessions carry no tags: conditions on aws:PrincipalTag no longer match."
                .to_owned(),
        ],
        action: format!("{BASE}{HERE}/disable"),
        csrf: visit.csrf.clone(),
        hidden: Vec::new(),
        choice: None,
        typed: None,
        submit: "Disable".to_owned(),
        danger: true,
        cancel: format!("{BASE}{HERE}"),
    };
    visit.page(CenterNav::Settings, view)
}

pub(super) fn disable(visit: &mut Visit) -> Answer {
    let input = json!({ "InstanceArn": visit.center()?.instance.arn() });
    visit
        .api(
            JsonService::SsoAdmin,
            "DeleteInstanceAccessControlAttributeConfiguration",
            &input,
        )
        .map_err(|error| {
            Failure::refused("Attributes for access control were not disabled", error)
                .back_to(HERE, "Attributes for access control")
        })?;
    visit.done(HERE, "abac-off")
}
