//! The dashboard, and the two buttons before there is an instance.

use jetway_pages::local::identity_center::console::{
    BASE, CenterDashboard, CenterNav, CenterSummary, EnableCenter, SetupStep,
};
use serde_json::json;

use super::{
    failure::{Answer, Failure},
    visit::Visit,
};
use crate::{
    identity_center::portal_url,
    json_service::JsonService,
    state::center::{IdentityCenter, IdentitySource},
};

pub(super) fn show(visit: &mut Visit) -> Answer {
    if visit.state.identity_center.is_some() {
        let center = visit.may("sso:DescribeInstance")?;
        return overview(visit, &center);
    }
    let view = EnableCenter {
        csrf: visit.csrf.clone(),
        organization: visit.state.organization.is_some(),
        region: visit.region(),
        refused: not_here(visit),
    };
    visit.page(CenterNav::Dashboard, view)
}

/// Why this account cannot enable it.
fn not_here(visit: &Visit) -> Option<String> {
    let organization = visit.state.organization.as_deref()?;
    let manager = &organization.management_account;
    (*manager != visit.principal.account).then(|| {
        format!(
            "Only the management account can enable IAM Identity Center: sign in as the administrator of {} ({manager}).",
            visit.account_name(manager)
        )
    })
}

fn overview(visit: &Visit, center: &IdentityCenter) -> Answer {
    let instance = &center.instance;
    let external = matches!(instance.identity_source, IdentitySource::External(_));
    let step = |path: &str, text: &str, help: &str, done| SetupStep {
        href: format!("{BASE}/{path}"),
        text: text.to_owned(),
        help: help.to_owned(),
        done,
    };
    let steps = vec![
        step(
            "settings/identity-source",
            "Choose your identity source",
            "Where users and groups are kept, and where people sign in.",
            external,
        ),
        step(
            "settings/provisioning",
            "Enable automatic provisioning",
            "The identity provider then creates users and groups here by itself.",
            instance.provisioning.is_some(),
        ),
        step(
            "permission-sets",
            "Create permission sets",
            "What people may do in an account.",
            !center.permission_sets.is_empty(),
        ),
        step(
            "accounts",
            "Manage access to multiple AWS accounts",
            "Give users and groups access to the accounts of the organization.",
            !center.assignments.is_empty(),
        ),
    ];
    let organization = visit.state.organization.as_deref();
    let summary = CenterSummary {
        start_url: instance.start_url(),
        portal: portal_url(&visit.aws),
        region: instance.region.clone(),
        instance_arn: instance.arn(),
        identity_source: if external {
            "External identity provider"
        } else {
            "Identity Center directory"
        }
        .to_owned(),
        users: visit.state.directory.users.len(),
        groups: visit.state.directory.groups.len(),
        permission_sets: center.permission_sets.len(),
        accounts: organization.map_or(0, |organization| organization.members.len()),
    };
    visit.page(CenterNav::Dashboard, CenterDashboard { steps, summary })
}

pub(super) fn create_organization(visit: &mut Visit) -> Answer {
    let input = json!({ "FeatureSet": "ALL" });
    visit
        .api(JsonService::Organizations, "CreateOrganization", &input)
        .map_err(|error| Failure::refused("The organization was not created", error))?;
    visit.done("", "organization")
}

pub(super) fn enable(visit: &mut Visit) -> Answer {
    visit
        .api(JsonService::LocalAdmin, "EnableInstance", &json!({}))
        .map_err(|error| Failure::refused("IAM Identity Center was not enabled", error))?;
    visit.done("", "enabled")
}
