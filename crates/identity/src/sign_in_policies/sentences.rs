//! The words of the simulator.

use time::OffsetDateTime;

use super::authn_context::AuthnContext;
use super::decision::{Decision, Proving, Rule};
use super::facts::{Facts, Proved};
use super::matching::Mismatch;
use super::policy::{Conditions, Device, Effect, SignInPolicy, Who, WithoutFactor};
use super::times::{Offset, TimeWindow};
use super::{FactorKind, FactorKinds};

pub(super) const UNKNOWN_ADDRESS: &str =
    "The address is not known, so that its condition on networks counts as met.";

pub(super) fn question(facts: &Facts) -> String {
    let address = facts.address.map_or("an unknown address".to_owned(), |ip| {
        ip.to_canonical().to_string()
    });
    format!(
        "What would happen if {} opens {} from {address} on a {} device, {}?",
        facts.person.label,
        facts.target.label(),
        if facts.device_known { "known" } else { "new" },
        instant(facts.now),
    )
}

pub(super) fn proved(facts: &Facts) -> String {
    let mut proofs = facts.proofs.clone();
    proofs.sort_by_key(|proof| proof.at);
    let name = |what| match what {
        Proved::Password => "the password".to_owned(),
        Proved::Passkey => "a passkey in place of the password".to_owned(),
        Proved::Factor(kind) => kind.to_string(),
    };
    let proofs: Vec<String> = proofs
        .iter()
        .map(|proof| format!("{} {}", name(proof.what), age(facts.now - proof.at)))
        .collect();
    if proofs.is_empty() {
        "Nothing has been proved yet.".to_owned()
    } else {
        format!("Proved so far: {}.", proofs.join(", "))
    }
}

fn age(age: time::Duration) -> String {
    match age.whole_minutes() {
        i64::MIN..0 => "in the future".to_owned(),
        0 => "just now".to_owned(),
        minutes => format!("{} ago", self::minutes(minutes)),
    }
}

fn minutes(minutes: i64) -> String {
    match minutes {
        1 => "one minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

pub(super) fn built_in(rule: &Rule, facts: &Facts) -> String {
    match rule {
        Rule::Administrators => "Administrators always need a second factor.".to_owned(),
        Rule::BreakGlass => {
            "This is an emergency account: no policy applies to it, and it needs its own factor."
                .to_owned()
        }
        Rule::OwnFactor => format!(
            "No policy says whether a second factor is needed: {} has one and is asked for it.",
            facts.person.label
        ),
        Rule::ServiceProvider => format!(
            "{} asks for a sign-in with two factors.",
            facts.target.label()
        ),
        Rule::Policy { name, .. } => format!("The policy “{name}” applies."),
    }
}

pub(super) fn mismatch(mismatch: &Mismatch<'_>, policy: &SignInPolicy, facts: &Facts) -> String {
    let person = &facts.person.label;
    let address = facts.address.map(|ip| ip.to_canonical().to_string());
    let address = address.unwrap_or_default();
    match mismatch {
        Mismatch::Off => "It is switched off.".to_owned(),
        Mismatch::BreakGlass => "Emergency accounts are exempt from policies.".to_owned(),
        Mismatch::Who => match &policy.rule.who {
            Who::Administrators => format!("It is for administrators, and {person} is not one."),
            Who::Groups(_) | Who::Everyone => {
                format!("It is for members of groups that {person} is not in.")
            }
        },
        Mismatch::Application => {
            format!(
                "It is for other applications than {}.",
                facts.target.label()
            )
        }
        Mismatch::NotInside(networks) => format!(
            "It is for sign-ins from {}, and {address} is not in there.",
            some(networks.iter())
        ),
        Mismatch::Inside(network) => {
            format!("It leaves out {network}, and {address} is in there.")
        }
        Mismatch::NotDuring(windows) => {
            let offset = windows
                .first()
                .map_or(Offset::UTC, |window| window.utc_offset);
            let times = some(windows.iter().map(window));
            format!("It holds {times}; it is {} now.", local(facts.now, offset))
        }
        Mismatch::During(out) => format!(
            "It leaves out {}; it is {} now.",
            window(out),
            local(facts.now, out.utc_offset)
        ),
        Mismatch::Device => match policy.rule.conditions.device {
            Device::Known => "It is for known devices, and this one is new.".to_owned(),
            Device::New | Device::Any => "It is for new devices, and this one is known.".to_owned(),
        },
    }
}

pub(super) fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Deny => "It applies, and refuses the sign-in.".to_owned(),
        Effect::AllowWithoutSecondFactor => {
            "It applies, and asks for nothing more, also of people who have a second factor. What other policies ask still holds.".to_owned()
        }
        Effect::RequireSecondFactor(factor) => {
            let age = factor.max_age_minutes.map_or(String::new(), |age| {
                format!(", proved at most {} ago", minutes(i64::from(age)))
            });
            let without = match factor.without_factor {
                WithoutFactor::Enrol => "have to enrol one",
                WithoutFactor::Deny => "are refused",
            };
            format!(
                "It applies, and asks for {}{age}. People without one {without}.",
                kinds(&factor.kinds)
            )
        }
    }
}

pub(super) fn answer(decision: &Decision, facts: &Facts) -> String {
    let (person, target) = (&facts.person.label, facts.target.label());
    match decision {
        Decision::Allow {
            authn_context,
            enrol_until: None,
        } => {
            format!(
                "{person} is let in to {target}, {}.",
                stated(*authn_context)
            )
        }
        Decision::Allow {
            enrol_until: Some(ends),
            ..
        } => format!(
            "{person} is let in to {target} without a second factor, and is reminded to enrol one until {}.",
            instant(*ends)
        ),
        Decision::Deny { by, .. } => {
            format!("{person} is refused: {by} does not let the sign-in to {target} through.")
        }
        Decision::NeedFactor { kinds: usable } => {
            format!("{person} is asked for {}.", kinds(usable))
        }
        Decision::MustEnrol {
            kinds: wanted,
            prove_first,
            ..
        } => {
            let first = if prove_first.is_empty() {
                String::new()
            } else {
                format!(", after proving {}", kinds(prove_first))
            };
            let wanted = kinds(wanted);
            format!("{person} has to enrol {wanted} before opening {target}{first}.")
        }
        Decision::Reauthenticate { with } => match with {
            Proving::PasswordOrPasskey => {
                format!("{person} is asked to sign in with the password or a passkey.")
            }
            Proving::Password => format!(
                "{person} is asked for the password, because {target} insists on a sign-in with one."
            ),
            Proving::Factor(usable) => format!(
                "{person} is asked again for {}, because the last proof is too old.",
                kinds(usable)
            ),
        },
    }
}

/// When a policy holds, a sentence for each condition; none if it always holds.
pub fn conditions_in_words(conditions: &Conditions) -> Vec<String> {
    let (networks, times) = (&conditions.networks, &conditions.times);
    let mut words = Vec::new();
    if !networks.inside.is_empty() {
        words.push(format!("From {}.", some(networks.inside.iter())));
    }
    if !networks.outside.is_empty() {
        words.push(format!("Not from {}.", some(networks.outside.iter())));
    }
    if !times.inside.is_empty() {
        words.push(format!("On {}.", some(times.inside.iter().map(window))));
    }
    if !times.outside.is_empty() {
        words.push(format!(
            "Not on {}.",
            some(times.outside.iter().map(window))
        ));
    }
    match conditions.device {
        Device::Any => {}
        Device::Known => words.push("With a known browser.".to_owned()),
        Device::New => words.push("With a new browser.".to_owned()),
    }
    words
}

fn stated(context: AuthnContext) -> &'static str {
    match context {
        AuthnContext::Unspecified => "and nothing is said about how",
        AuthnContext::Password | AuthnContext::PasswordProtectedTransport => {
            "as signed in by password"
        }
        AuthnContext::MultiFactor => "as signed in with two factors",
    }
}

fn kinds(kinds: &FactorKinds) -> String {
    let names: Vec<String> = kinds.iter().map(FactorKind::to_string).collect();
    match names.split_last() {
        None => "a second factor".to_owned(),
        Some((one, [])) => one.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// The first few, so that a list of hundreds stays a sentence.
fn some(items: impl ExactSizeIterator<Item: std::fmt::Display>) -> String {
    const SHOWN: usize = 3;
    let more = items.len().saturating_sub(SHOWN);
    let shown: Vec<String> = items.take(SHOWN).map(|item| item.to_string()).collect();
    match more {
        0 => shown.join(" or "),
        more => format!("{} or {more} more", shown.join(", ")),
    }
}

fn window(window: &TimeWindow) -> String {
    let days: Vec<String> = window.days.iter().map(|day| format!("{day:?}")).collect();
    let days = if days.len() == 7 {
        "every day".to_owned()
    } else {
        days.join(", ")
    };
    let TimeWindow {
        from,
        until,
        utc_offset,
        ..
    } = window;
    format!("{days} from {from} to {until} (UTC{utc_offset})")
}

fn local(at: OffsetDateTime, offset: Offset) -> String {
    let (day, time) = offset.local(at);
    format!("{day:?} {time} (UTC{offset})")
}

fn instant(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    let (year, month, day) = at.to_calendar_date();
    let month = u8::from(month);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02} UTC",
        at.hour(),
        at.minute()
    )
}
