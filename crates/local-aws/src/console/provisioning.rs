//! Automatic provisioning: the SCIM endpoint and its tokens.

use jetway_pages::{
    admin::parts::Confirm,
    local::identity_center::console::{BASE, CenterNav, Provisioning, ScimTokenRow, ShownOnce},
};
use serde_json::json;

use super::{
    failure::{Answer, Failure},
    visit::Visit,
};
use crate::{
    identity_center::scim_endpoint,
    json_service::JsonService,
    state::center::{IdentityCenter, IdentitySource, ProvisioningRecord},
};

const HERE: &str = "/settings/provisioning";
const NINETY_DAYS: i64 = 90 * 24 * 3600;

pub(super) fn show(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:DescribeDirectories")?;
    let view = view(visit, &center, None);
    visit.page(CenterNav::Settings, view)
}

fn view(visit: &Visit, center: &IdentityCenter, fresh: Option<ShownOnce>) -> Provisioning {
    let instance = &center.instance;
    let provisioning = instance.provisioning.as_ref();
    let refused = (instance.identity_source == IdentitySource::Directory).then(|| {
        "The identity source is the Identity Center directory. Change it to an external identity provider first.".to_owned()
    });
    Provisioning {
        csrf: visit.csrf.clone(),
        endpoint: provisioning.map(|record| scim_endpoint(&visit.aws, record)),
        tokens: provisioning.map_or_else(Vec::new, |record| tokens(visit, record)),
        fresh,
        refused,
    }
}

fn tokens(visit: &Visit, record: &ProvisioningRecord) -> Vec<ScimTokenRow> {
    let now = visit.op.unix();
    record
        .tokens
        .iter()
        .map(|token| ScimTokenRow {
            id: token.id.to_string(),
            created: visit.moment(token.created_at),
            expires: visit.moment(token.expires_at),
            soon: token.expires_at - now <= NINETY_DAYS,
            expired: token.expires_at <= now,
        })
        .collect()
}

/// Enables it, with the first token.
pub(super) fn enable(visit: &mut Visit) -> Answer {
    visit
        .api(JsonService::LocalAdmin, "EnableProvisioning", &json!({}))
        .map_err(|error| {
            Failure::refused("Automatic provisioning was not enabled", error)
                .back_to(HERE, "Automatic provisioning")
        })?;
    generate(visit)
}

/// The page that shows a new token, once.
pub(super) fn generate(visit: &mut Visit) -> Answer {
    let made = visit
        .api(JsonService::LocalAdmin, "CreateScimToken", &json!({}))
        .map_err(|error| {
            Failure::refused("No token was generated", error)
                .back_to(HERE, "Automatic provisioning")
        })?;
    let token = made.get("Token").and_then(|token| token.as_str());
    let center = visit.center()?;
    let view = view(
        visit,
        &center,
        token.map(|token| ShownOnce(token.to_owned())),
    );
    visit.page(CenterNav::Settings, view)
}

fn confirm(visit: &Visit, heading: &str, path: &str, submit: &str) -> Confirm {
    Confirm {
        heading: heading.to_owned(),
        subjects: Vec::new(),
        more: None,
        consequences: Vec::new(),
        action: format!("{BASE}{path}"),
        csrf: visit.csrf.clone(),
        hidden: Vec::new(),
        choice: None,
        typed: None,
        submit: submit.to_owned(),
        danger: true,
        cancel: format!("{BASE}{HERE}"),
    }
}

pub(super) fn ask_delete(visit: &mut Visit) -> Answer {
    visit.may("sso:DescribeDirectories")?;
    let id = visit.uuid(0, "The access token")?.to_string();
    let path = format!("{HERE}/tokens/{id}/delete");
    let view = Confirm {
        subjects: vec![id],
        consequences: vec![
            "Whoever uses this token gets 401 from now on. A synchronization that has no other token stops.".to_owned(),
            "Users and groups stay as they are.".to_owned(),
        ],
        ..confirm(visit, "Delete this access token?", &path, "Delete token")
    };
    visit.page(CenterNav::Settings, view)
}

pub(super) fn delete(visit: &mut Visit) -> Answer {
    let input = json!({ "TokenId": visit.part(0) });
    visit
        .api(JsonService::LocalAdmin, "DeleteScimToken", &input)
        .map_err(|error| {
            Failure::refused("The access token was not deleted", error)
                .back_to(HERE, "Automatic provisioning")
        })?;
    visit.done(HERE, "token-deleted")
}

pub(super) fn ask_disable(visit: &mut Visit) -> Answer {
    visit.may("sso:DescribeDirectories")?;
    let path = format!("{HERE}/disable");
    let view = Confirm {
        consequences: vec![
            "The SCIM endpoint is gone. Enabling it again gives it another address.".to_owned(),
            "Users and groups stay as they are, and can be changed in this console again."
                .to_owned(),
        ],
        ..confirm(
            visit,
            "Disable automatic provisioning?",
            &path,
            "Disable automatic provisioning",
        )
    };
    visit.page(CenterNav::Settings, view)
}

pub(super) fn disable(visit: &mut Visit) -> Answer {
    visit
        .api(JsonService::LocalAdmin, "DisableProvisioning", &json!({}))
        .map_err(|error| {
            Failure::refused("Automatic provisioning was not disabled", error)
                .back_to(HERE, "Automatic provisioning")
        })?;
    visit.done(HERE, "provisioning-off")
}
