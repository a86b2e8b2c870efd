//! The list of policies.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::sign_in_policies::{
    Applications, Effect, SavedSignInPolicy, Who, conditions_in_words, list_sign_in_policies,
};
use jetway_identity::{ApplicationId, GroupId, Permission, all_applications};
use jetway_pages::admin::NavItem;
use jetway_pages::admin::parts::{Badge, Tone};
use jetway_pages::admin::policies::{Policies, PolicyRow};

use crate::admin::counts::counted;
use crate::admin::done::done;
use crate::shared::{AdminVisit, Failure, Site, admin_html, query_fields};

/// More names than are written out in a cell.
const NAMES: usize = 3;

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let all = list_sign_in_policies(site.store.as_ref()).await?;
    let names = Names::of(&site, &all).await?;
    let body = Policies {
        csrf: visit.csrf.clone(),
        rows: all.iter().map(|saved| row(saved, &names)).collect(),
        can_edit: visit.may(Permission::WriteSettings),
    };
    let mut frame = site.admin_chrome(&visit, NavItem::Policies);
    frame.toast = done(
        &query_fields(uri.query())?,
        &[
            (
                "saved",
                "The policy is saved. It holds from the next sign-in on.",
            ),
            (
                "on",
                "The policy is switched on. It holds from the next sign-in on.",
            ),
            ("off", "The policy is switched off."),
            ("moved", "The policies are in another order."),
            ("deleted", "The policy is deleted."),
        ],
    )?;
    admin_html(StatusCode::OK, frame, body)
}

/// What the policies name.
struct Names {
    groups: HashMap<GroupId, String>,
    applications: HashMap<ApplicationId, String>,
}

impl Names {
    async fn of(site: &Site, all: &[SavedSignInPolicy]) -> Result<Self, Failure> {
        let mut groups: BTreeSet<GroupId> = BTreeSet::new();
        let mut applications = HashMap::new();
        for saved in all {
            if let Who::Groups(ids) = &saved.policy.rule.who {
                groups.extend(ids);
            }
        }
        let of_some = |saved: &SavedSignInPolicy| {
            matches!(saved.policy.rule.application, Applications::Some(_))
        };
        if all.iter().any(of_some) {
            let known = all_applications(site.store.as_ref()).await?;
            let known = known.into_iter().map(|found| found.application);
            applications.extend(known.map(|one| (one.id, one.label.clone())));
        }
        let groups: Vec<GroupId> = groups.into_iter().collect();
        let groups = site.store.read().await?.group_names(&groups).await?;
        Ok(Self {
            groups: groups.into_iter().collect(),
            applications,
        })
    }
}

fn row(saved: &SavedSignInPolicy, names: &Names) -> PolicyRow {
    let rule = &saved.policy.rule;
    let who = match &rule.who {
        Who::Everyone => "Everyone".to_owned(),
        Who::Administrators => "Administrators".to_owned(),
        Who::Groups(ids) => {
            let known = ids.iter().filter_map(|id| names.groups.get(id));
            listed(known.cloned().collect(), "group")
        }
    };
    let what = match &rule.application {
        Applications::Any => "Everything".to_owned(),
        Applications::Some(ids) => {
            let known = ids.iter().filter_map(|id| names.applications.get(id));
            listed(known.cloned().collect(), "application")
        }
    };
    let mut conditions = conditions_in_words(&rule.conditions);
    let effect = match &rule.effect {
        Effect::Deny => Badge::new(Tone::Bad, "refuses"),
        Effect::AllowWithoutSecondFactor => Badge::new(Tone::None, "nothing more"),
        Effect::RequireSecondFactor(factor) => {
            if let Some(minutes) = factor.max_age_minutes {
                let minutes = counted(minutes.into(), "minute");
                conditions.push(format!("The proof is at most {minutes} old."));
            }
            Badge::new(Tone::Good, "second factor")
        }
    };
    PolicyRow {
        id: saved.policy.id.to_string(),
        name: rule.name.clone(),
        enabled: rule.enabled,
        who,
        what,
        conditions,
        effect,
        warning: saved
            .policy
            .is_about_nothing()
            .then(|| "what it was about is deleted".to_owned()),
    }
}

/// `operations, sales`; `200 groups` where there are many.
fn listed(mut names: Vec<String>, one: &str) -> String {
    if names.is_empty() || names.len() > NAMES {
        return counted(names.len() as u64, one);
    }
    names.sort_by_key(|name| name.to_lowercase());
    names.join(", ")
}
