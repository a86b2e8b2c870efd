//! The form of a policy, filled in.

use jetway_identity::groups::list_groups;
use jetway_identity::sign_in_policies::{Device, FactorKind, SavedSignInPolicy, WithoutFactor};
use jetway_identity::{GroupId, Permission, all_applications};
use jetway_pages::admin::parts::{Choice, Field, Select};
use jetway_pages::admin::policies::{PolicyForm, TickedChoice, TimeWindowRow};

use super::typed::{DAYS, Typed, TypedWindow};
use crate::shared::{AdminVisit, Failure, Site};

/// Groups that are listed to be ticked; others are named.
const LISTED_GROUPS: u32 = 100;

/// The page. `saved` is what is stored, if it is; `version` what the form was made from.
pub(super) async fn form(
    site: &Site,
    visit: &AdminVisit,
    saved: Option<&SavedSignInPolicy>,
    version: Option<i64>,
    mut typed: Typed,
) -> Result<PolicyForm, Failure> {
    let (groups, more) = groups(site, &typed).await?;
    let applications = all_applications(site.store.as_ref()).await?;
    let applications = applications.into_iter().map(|found| {
        let application = &found.application;
        TickedChoice {
            value: application.id.to_string(),
            text: application.label.clone(),
            ticked: typed.applications.contains(&application.id),
        }
    });
    let applications = applications.collect();
    let can_edit = visit.may(Permission::WriteSettings);
    let mut errors = std::mem::take(&mut typed.errors);
    let mut error = |control: &str| errors.remove(control);
    let field = |value: &str, error: Option<String>| Field {
        value: value.to_owned(),
        error,
    };
    Ok(PolicyForm {
        id: saved.map(|saved| saved.policy.id.to_string()),
        heading: saved.map_or_else(
            || "New policy".to_owned(),
            |saved| saved.policy.rule.name.clone(),
        ),
        csrf: visit.csrf.clone(),
        can_edit,
        version,
        name: field(&typed.name, error("name")),
        enabled: typed.enabled.into(),
        who: who(&typed.who),
        groups,
        groups_error: error("group"),
        more_groups: more.then(|| field(&typed.more_groups, error("more-groups"))),
        applies_to: Select {
            choices: vec![
                Choice::new("any", "any application, and both portals", !typed.some),
                Choice::new("some", "one of these applications", typed.some),
            ],
            error: None,
        },
        applications,
        applications_error: error("application"),
        inside: field(&typed.inside, error("inside")),
        outside: field(&typed.outside, error("outside")),
        windows_error: error("windows"),
        device: device(typed.device),
        effect: effect(&typed.effect, error("effect")),
        kinds: kinds(&typed),
        kinds_error: error("kind"),
        max_age: field(&typed.max_age, error("max-age")),
        without_factor: without_factor(typed.without_factor),
        windows: rows(typed.windows),
        problem: typed.problem,
    })
}

/// The first groups by name, the ticked ones among the others before them, and whether there are
/// more.
async fn groups(site: &Site, typed: &Typed) -> Result<(Vec<TickedChoice>, bool), Failure> {
    let store = site.store.as_ref();
    let page = list_groups(store, "", None, LISTED_GROUPS).await?;
    let listed: Vec<(GroupId, String)> = page
        .groups
        .into_iter()
        .map(|found| (found.group.id, found.group.name))
        .collect();
    let is_listed = |id: &GroupId| listed.iter().any(|(one, _)| one == id);
    let others: Vec<GroupId> = typed.groups.iter().copied().collect();
    let others: Vec<GroupId> = others.into_iter().filter(|id| !is_listed(id)).collect();
    let mut named = store.read().await?.group_names(&others).await?;
    named.sort_by_key(|(_, name)| name.to_lowercase());
    let choice = |(id, name): (GroupId, String)| TickedChoice {
        value: id.to_string(),
        text: name,
        ticked: typed.groups.contains(&id),
    };
    let all = named.into_iter().chain(listed).map(choice);
    Ok((all.collect(), page.next.is_some()))
}

fn who(current: &str) -> Select {
    let choice = |value: &str, text: &str| Choice::new(value, text, value == current);
    Select {
        choices: vec![
            choice("everyone", "everyone, administrators too"),
            choice("groups", "members of one of these groups"),
            choice("administrators", "administrators"),
        ],
        error: None,
    }
}

fn device(current: Device) -> Select {
    let choice = |value: &str, text: &str, device| Choice::new(value, text, device == current);
    Select {
        choices: vec![
            choice("any", "any", Device::Any),
            choice("known", "known", Device::Known),
            choice("new", "new", Device::New),
        ],
        error: None,
    }
}

fn effect(current: &str, error: Option<String>) -> Select {
    let choice = |value: &str, text: &str| Choice::new(value, text, value == current);
    Select {
        choices: vec![
            choice("require", "needs a second factor"),
            choice("deny", "is refused"),
            choice(
                "allow",
                "needs nothing more; what other policies ask still holds",
            ),
        ],
        error,
    }
}

fn kinds(typed: &Typed) -> Vec<TickedChoice> {
    let choice = |kind: FactorKind| TickedChoice {
        value: kind.as_str().to_owned(),
        text: kind.to_string(),
        ticked: typed.kinds.contains(&kind),
    };
    super::KINDS.into_iter().map(choice).collect()
}

fn without_factor(current: WithoutFactor) -> Select {
    let choice = |value: &str, text: &str, one| Choice::new(value, text, one == current);
    Select {
        choices: vec![
            choice("enrol", "has to set one up first", WithoutFactor::Enrol),
            choice("deny", "is refused", WithoutFactor::Deny),
        ],
        error: None,
    }
}

/// The rows that hold something, and one more if there is none.
fn rows(mut windows: Vec<TypedWindow>) -> Vec<TimeWindowRow> {
    if windows.is_empty() {
        windows.push(TypedWindow::default());
    }
    windows.into_iter().map(row).collect()
}

fn row(window: TypedWindow) -> TimeWindowRow {
    let side = |value: &str, text: &str, outside| Choice::new(value, text, outside);
    let day =
        |(day, value, text): (_, &str, &str)| Choice::new(value, text, window.days.contains(&day));
    TimeWindowRow {
        side: Select {
            choices: vec![
                side("inside", "holds only then", !window.outside),
                side("outside", "holds except then", window.outside),
            ],
            error: None,
        },
        days: DAYS.into_iter().map(day).collect(),
        from: window.from,
        until: window.until,
        offset: if window.offset.is_empty() {
            "+00:00".to_owned()
        } else {
            window.offset
        },
        error: window.error,
    }
}
