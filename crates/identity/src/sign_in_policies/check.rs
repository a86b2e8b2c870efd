//! Which policies can be saved.

use super::FactorKind;
use super::lock_out::locks_administrators_out;
use super::policy::{
    Applications, Conditions, Effect, PolicyRule, SecondFactor, SignInPolicy, Who,
};
use super::problems::{InvalidPolicy, Problems};
use super::times::{TimeOfDay, TimeWindow};
use crate::text;

/// Most policies of one organisation.
pub const MAX_POLICIES: usize = 64;
/// Most networks of one policy.
pub const MAX_NETWORKS: usize = 100;
/// Most time windows of one policy.
pub const MAX_WINDOWS: usize = 14;
/// Most groups, and most applications, of one policy.
pub const MAX_CHOSEN: usize = 200;
/// Longest name, in characters.
const MAX_NAME: usize = 128;
/// Thirty days: the longest session.
const MAX_AGE_MINUTES: u32 = 30 * 24 * 60;

/// Refuses what cannot work, would never do anything or would shut everybody out. `others` are the
/// policies that exist besides; one of the same id is the former state of `policy` and is not
/// looked at. All problems at once, each with the field it is about.
pub fn check_policy(policy: &SignInPolicy, others: &[SignInPolicy]) -> Result<(), InvalidPolicy> {
    let others: Vec<&SignInPolicy> = others
        .iter()
        .filter(|other| other.id != policy.id)
        .collect();
    let rule = &policy.rule;
    let mut problems = Problems::default();
    check_name(rule, &others, &mut problems);
    check_choices(rule, &mut problems);
    check_conditions(&rule.conditions, &mut problems);
    if let Effect::RequireSecondFactor(factor) = &rule.effect {
        check_factor(factor, &mut problems);
    }
    if others.len() >= MAX_POLICIES {
        let reason =
            format!("an organisation has at most {MAX_POLICIES} policies; delete one first");
        problems.add("name", reason);
    }
    // Also bounds the work of looking for a way in.
    if problems.is_empty() && locks_administrators_out(policy, &others) {
        let reason = "with this policy no administrator could ever sign in; narrow its conditions or whom it is for, or change its effect";
        problems.add("effect", reason);
    }
    problems.into_result()
}

fn check_name(rule: &PolicyRule, others: &[&SignInPolicy], problems: &mut Problems) {
    if let Err(error) = text::check_filled("the name", &rule.name, MAX_NAME) {
        problems.add("name", error);
    }
    let key = |name: &str| name.trim().to_lowercase();
    if others
        .iter()
        .any(|other| key(&other.rule.name) == key(&rule.name))
    {
        problems.add("name", "another policy has this name");
    }
}

fn check_choices(rule: &PolicyRule, problems: &mut Problems) {
    if let Who::Groups(groups) = &rule.who {
        problems.count("who.groups", groups.len(), 1..=MAX_CHOSEN, "groups");
    }
    if let Applications::Some(ids) = &rule.application {
        problems.count(
            "application.some",
            ids.len(),
            1..=MAX_CHOSEN,
            "applications",
        );
        if rule.who == Who::Administrators {
            let reason = "administrators open the admin portal and no application; choose any";
            problems.add("application.some", reason);
        }
    }
}

fn check_conditions(conditions: &Conditions, problems: &mut Problems) {
    let networks = &conditions.networks;
    let count = networks.inside.len() + networks.outside.len();
    problems.count("conditions.networks", count, 0..=MAX_NETWORKS, "networks");
    let times = &conditions.times;
    let count = times.inside.len() + times.outside.len();
    problems.count("conditions.times", count, 0..=MAX_WINDOWS, "time windows");
    for (side, windows) in [("inside", &times.inside), ("outside", &times.outside)] {
        for (index, window) in windows.iter().take(MAX_WINDOWS).enumerate() {
            check_window(
                window,
                &format!("conditions.times.{side}.{index}"),
                problems,
            );
        }
    }
}

fn check_window(window: &TimeWindow, field: &str, problems: &mut Problems) {
    problems.count(
        &format!("{field}.days"),
        window.days.len(),
        1..=7,
        "days of the week",
    );
    if window.from == TimeOfDay::END_OF_DAY {
        problems.add(
            format!("{field}.from"),
            "a window begins from 00:00 to 23:59",
        );
    } else if window.from == window.until {
        let reason = "a window ends at another time than it begins; a whole day is 00:00 to 24:00";
        problems.add(format!("{field}.until"), reason);
    }
}

/// Recovery codes run out, and phones may have no network: both come beside another factor, and
/// nobody can set them up during a sign-in.
fn can_be_set_up(factor: &SecondFactor) -> bool {
    [FactorKind::Totp, FactorKind::Webauthn]
        .iter()
        .any(|kind| factor.kinds.contains(kind))
}

fn check_factor(factor: &SecondFactor, problems: &mut Problems) {
    const KINDS: &str = "effect.require_second_factor.kinds";
    if factor.kinds.is_empty() {
        problems.add(KINDS, "allow at least one kind of factor");
    } else if !can_be_set_up(factor) {
        let reason = "allow authenticator apps, or passkeys and security keys, too: nobody can set up the other kinds alone";
        problems.add(KINDS, reason);
    }
    if let Some(minutes) = factor.max_age_minutes
        && !(1..=MAX_AGE_MINUTES).contains(&minutes)
    {
        let reason = format!("use a number from 1 to {MAX_AGE_MINUTES}, which is 30 days");
        problems.add("effect.require_second_factor.max_age_minutes", reason);
    }
}
