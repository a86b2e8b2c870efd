//! Settings: the instance, and how long the portal remembers somebody.

use jetway_pages::{
    admin::parts::Field,
    local::identity_center::console::{CenterNav, CenterSettings},
};
use serde_json::json;

use super::{failure::Answer, visit::Visit};
use crate::{
    identity_center::portal_url, json_service::JsonService, state::center::IdentityCenter,
};

const HOUR: i64 = 3600;

pub(super) fn show(visit: &mut Visit) -> Answer {
    let center = visit.may("sso:DescribeInstance")?;
    let hours = center.instance.portal_session_seconds / HOUR;
    let view = view(visit, &center, Field::new(hours.to_string()));
    visit.page(CenterNav::Settings, view)
}

fn view(visit: &Visit, center: &IdentityCenter, portal_session_hours: Field) -> CenterSettings {
    let instance = &center.instance;
    CenterSettings {
        csrf: visit.csrf.clone(),
        instance_arn: instance.arn(),
        identity_store_id: instance.identity_store_id.clone(),
        start_url: instance.start_url(),
        portal: portal_url(&visit.aws),
        issuer_url: instance.issuer_url(),
        region: instance.region.clone(),
        owner_account: instance.owner_account.clone(),
        endpoint: visit
            .aws
            .settings()
            .public_url
            .as_str()
            .trim_end_matches('/')
            .to_owned(),
        portal_session_hours,
    }
}

pub(super) fn change_portal_session(visit: &mut Visit) -> Answer {
    let typed = visit.form.text("portal_session_hours").to_owned();
    let Some(hours) = typed
        .parse::<i64>()
        .ok()
        .filter(|hours| (1..=2160).contains(hours))
    else {
        let center = visit.may("sso:DescribeInstance")?;
        let field = Field::new(typed).with_error("Give a whole number from 1 to 2160.");
        let view = view(visit, &center, field);
        return visit.again(CenterNav::Settings, view);
    };
    let input = json!({ "SessionSeconds": hours * HOUR });
    if let Err(error) = visit.api(JsonService::LocalAdmin, "UpdatePortal", &input) {
        let center = visit.may("sso:DescribeInstance")?;
        let view = view(visit, &center, Field::new(typed).with_error(error.message));
        return visit.again(CenterNav::Settings, view);
    }
    visit.done("/settings", "saved")
}
