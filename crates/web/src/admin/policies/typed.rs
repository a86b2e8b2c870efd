//! What the form of a policy holds: as stored, or as typed with what is wrong beside its field.

use std::collections::{BTreeMap, BTreeSet};

use jetway_identity::sign_in_policies::{
    Applications, Conditions, Day, Device, Effect, FactorKind, FactorKinds, InvalidPolicy,
    MAX_WINDOWS, Network, NetworkError, Networks, Offset, PolicyRule, SavedSignInPolicy,
    SecondFactor, TimeError, TimeWindow, Times, Who, WithoutFactor,
};
use jetway_identity::{ApplicationId, GroupId};

use crate::admin::custom_attributes::sentence;
use crate::admin::typed_lines;
use crate::shared::{Failure, Fields, typeable};

/// The form.
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) enabled: bool,
    /// `everyone`, `groups` or `administrators`.
    pub(super) who: String,
    pub(super) groups: BTreeSet<GroupId>,
    /// Names of groups, one a line.
    pub(super) more_groups: String,
    /// Whether it is about some applications alone.
    pub(super) some: bool,
    pub(super) applications: BTreeSet<ApplicationId>,
    pub(super) inside: String,
    pub(super) outside: String,
    pub(super) windows: Vec<TypedWindow>,
    pub(super) device: Device,
    /// `require`, `deny` or `allow`.
    pub(super) effect: String,
    pub(super) kinds: FactorKinds,
    pub(super) max_age: String,
    pub(super) without_factor: WithoutFactor,
    /// What is wrong, by the name of the control.
    pub(super) errors: BTreeMap<&'static str, String>,
    pub(super) problem: Option<String>,
}

/// A row of the form.
#[derive(Default)]
pub(super) struct TypedWindow {
    pub(super) outside: bool,
    pub(super) days: BTreeSet<Day>,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) offset: String,
    pub(super) error: Option<String>,
}

impl Typed {
    /// Of a new policy: everybody needs a second factor.
    pub(super) fn new() -> Self {
        Self {
            name: String::new(),
            enabled: true,
            who: "everyone".to_owned(),
            groups: BTreeSet::new(),
            more_groups: String::new(),
            some: false,
            applications: BTreeSet::new(),
            inside: String::new(),
            outside: String::new(),
            windows: Vec::new(),
            device: Device::Any,
            effect: "require".to_owned(),
            kinds: super::KINDS.into(),
            max_age: String::new(),
            without_factor: WithoutFactor::Enrol,
            errors: BTreeMap::new(),
            problem: None,
        }
    }

    pub(super) fn stored(saved: &SavedSignInPolicy) -> Self {
        let rule = &saved.policy.rule;
        let lines = |networks: &[Network]| {
            let lines: Vec<String> = networks.iter().map(Network::to_string).collect();
            lines.join("\n")
        };
        let times = &rule.conditions.times;
        let inside = times.inside.iter().map(|window| (window, false));
        let outside = times.outside.iter().map(|window| (window, true));
        let mut typed = Self {
            name: rule.name.clone(),
            enabled: rule.enabled,
            some: matches!(rule.application, Applications::Some(_)),
            inside: lines(&rule.conditions.networks.inside),
            outside: lines(&rule.conditions.networks.outside),
            windows: inside.chain(outside).map(stored_window).collect(),
            device: rule.conditions.device,
            ..Self::new()
        };
        match &rule.who {
            Who::Everyone => {}
            Who::Administrators => "administrators".clone_into(&mut typed.who),
            Who::Groups(groups) => {
                "groups".clone_into(&mut typed.who);
                typed.groups.clone_from(groups);
            }
        }
        if let Applications::Some(applications) = &rule.application {
            typed.applications.clone_from(applications);
        }
        match &rule.effect {
            Effect::Deny => "deny".clone_into(&mut typed.effect),
            Effect::AllowWithoutSecondFactor => "allow".clone_into(&mut typed.effect),
            Effect::RequireSecondFactor(factor) => {
                typed.kinds.clone_from(&factor.kinds);
                let minutes = factor.max_age_minutes.map(|minutes| minutes.to_string());
                typed.max_age = minutes.unwrap_or_default();
                typed.without_factor = factor.without_factor;
            }
        }
        typed
    }

    pub(super) fn sent(fields: &Fields<'_>) -> Result<Self, Failure> {
        let text = |name: &str| -> Result<String, Failure> {
            Ok(typeable(fields.get(name)?.unwrap_or_default().trim()))
        };
        let lines = |name: &str| -> Result<String, Failure> {
            Ok(typed_lines(fields.get(name)?.unwrap_or_default()))
        };
        let mut windows = Vec::new();
        for number in 0..MAX_WINDOWS {
            if fields.has(&format!("window-{number}-side")) {
                windows.extend(sent_window(fields, number)?);
            }
        }
        Ok(Self {
            name: text("name")?,
            enabled: fields.has("enabled"),
            who: text("who")?,
            groups: ids(fields, "group")?,
            more_groups: lines("more-groups")?,
            some: fields.get("applies-to")? == Some("some"),
            applications: ids(fields, "application")?,
            inside: lines("inside")?,
            outside: lines("outside")?,
            windows,
            device: match fields.get("device")? {
                Some("known") => Device::Known,
                Some("new") => Device::New,
                _ => Device::Any,
            },
            effect: text("effect")?,
            kinds: fields
                .all("kind")
                .filter_map(FactorKind::from_name)
                .collect(),
            max_age: text("max-age")?,
            without_factor: match fields.get("without-factor")? {
                Some("deny") => WithoutFactor::Deny,
                _ => WithoutFactor::Enrol,
            },
            ..Self::new()
        })
    }

    /// What was typed as a policy; `None` if something cannot be read, which is then noted.
    pub(super) fn rule(&mut self, order: u16) -> Result<Option<PolicyRule>, Failure> {
        let networks = Networks {
            inside: self.networks("inside"),
            outside: self.networks("outside"),
        };
        let mut times = Times::default();
        for row in &mut self.windows {
            match row.window() {
                Ok(window) if row.outside => times.outside.push(window),
                Ok(window) => times.inside.push(window),
                Err(error) => row.error = Some(sentence(&error.to_string())),
            }
        }
        let rule = PolicyRule {
            name: self.name.clone(),
            enabled: self.enabled,
            order,
            who: match self.who.as_str() {
                "everyone" => Who::Everyone,
                "groups" => Who::Groups(self.groups.clone()),
                "administrators" => Who::Administrators,
                _ => return Err(Failure::bad_request()),
            },
            application: if self.some {
                Applications::Some(self.applications.clone())
            } else {
                Applications::Any
            },
            conditions: Conditions {
                networks,
                times,
                device: self.device,
            },
            effect: self.effect()?,
        };
        let readable = self.errors.is_empty() && self.windows.iter().all(|row| row.error.is_none());
        Ok(readable.then_some(rule))
    }

    fn effect(&mut self) -> Result<Effect, Failure> {
        match self.effect.as_str() {
            "deny" => return Ok(Effect::Deny),
            "allow" => return Ok(Effect::AllowWithoutSecondFactor),
            "require" => {}
            _ => return Err(Failure::bad_request()),
        }
        let minutes = match self.max_age.as_str() {
            "" => None,
            text => text.parse().ok(),
        };
        if minutes.is_none() && !self.max_age.is_empty() {
            let reason = "Write a whole number of minutes, or leave it empty.";
            self.errors.insert("max-age", reason.to_owned());
        }
        Ok(Effect::RequireSecondFactor(SecondFactor {
            kinds: self.kinds.clone(),
            max_age_minutes: minutes,
            without_factor: self.without_factor,
        }))
    }

    fn networks(&mut self, field: &'static str) -> Vec<Network> {
        let text = if field == "inside" {
            &self.inside
        } else {
            &self.outside
        };
        let mut networks = Vec::new();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        for line in lines {
            match line.parse() {
                Ok(network) => networks.push(network),
                Err(error) => {
                    let error: NetworkError = error;
                    let reason = typeable(&error.to_string());
                    self.errors
                        .entry(field)
                        .or_insert_with(|| sentence(&reason));
                }
            }
        }
        networks
    }

    /// Puts what the rules refuse beside its fields.
    pub(super) fn mark(&mut self, invalid: &InvalidPolicy) {
        let mut other = None;
        for problem in &invalid.0 {
            let reason = sentence(&problem.reason);
            let control = match problem.field.as_str() {
                "name" => "name",
                "who.groups" => "group",
                "application.some" => "application",
                "conditions.networks" => "inside",
                "conditions.times" => "windows",
                "effect" => "effect",
                "effect.require_second_factor.kinds" => "kind",
                "effect.require_second_factor.max_age_minutes" => "max-age",
                field => {
                    let row = self.window_of(field).map(|row| &mut row.error);
                    *row.unwrap_or(&mut other) = Some(reason);
                    continue;
                }
            };
            self.errors.insert(control, reason);
        }
        self.problem = other.or_else(|| self.problem.take());
    }

    /// The row of `conditions.times.inside.0.days`.
    fn window_of(&mut self, field: &str) -> Option<&mut TypedWindow> {
        let rest = field.strip_prefix("conditions.times.")?;
        let mut parts = rest.split('.');
        let outside = parts.next()? == "outside";
        let number: usize = parts.next()?.parse().ok()?;
        let mut rows = self.windows.iter_mut().filter(|row| row.outside == outside);
        rows.nth(number)
    }
}

impl TypedWindow {
    fn window(&self) -> Result<TimeWindow, TimeError> {
        Ok(TimeWindow {
            days: self.days.clone(),
            from: self.from.parse()?,
            until: self.until.parse()?,
            utc_offset: match self.offset.as_str() {
                "" => Offset::UTC,
                text => text.parse()?,
            },
        })
    }
}

fn stored_window((window, outside): (&TimeWindow, bool)) -> TypedWindow {
    TypedWindow {
        outside,
        days: window.days.clone(),
        from: window.from.to_string(),
        until: window.until.to_string(),
        offset: window.utc_offset.to_string(),
        error: None,
    }
}

/// A row; `None` if nothing was given in it.
fn sent_window(fields: &Fields<'_>, number: usize) -> Result<Option<TypedWindow>, Failure> {
    let text = |part: &str| -> Result<String, Failure> {
        let value = fields.get(&format!("window-{number}-{part}"))?;
        Ok(typeable(value.unwrap_or_default().trim()))
    };
    let days = format!("window-{number}-day");
    let given: BTreeSet<&str> = fields.all(&days).collect();
    let row = TypedWindow {
        outside: text("side")? == "outside",
        days: DAYS
            .into_iter()
            .filter(|(_, value, _)| given.contains(value))
            .map(|(day, ..)| day)
            .collect(),
        from: text("from")?,
        until: text("until")?,
        offset: text("offset")?,
        error: None,
    };
    let empty = row.days.is_empty() && row.from.is_empty() && row.until.is_empty();
    Ok((!empty).then_some(row))
}

/// The days, their values in the form, and what stands beside their boxes.
pub(super) const DAYS: [(Day, &str, &str); 7] = [
    (Day::Monday, "monday", "Mon"),
    (Day::Tuesday, "tuesday", "Tue"),
    (Day::Wednesday, "wednesday", "Wed"),
    (Day::Thursday, "thursday", "Thu"),
    (Day::Friday, "friday", "Fri"),
    (Day::Saturday, "saturday", "Sat"),
    (Day::Sunday, "sunday", "Sun"),
];

/// Ids of ticked boxes.
fn ids<T: std::str::FromStr + Ord>(
    fields: &Fields<'_>,
    name: &str,
) -> Result<BTreeSet<T>, Failure> {
    let ids = fields.all(name).map(str::parse).collect::<Result<_, _>>();
    ids.map_err(|_| Failure::bad_request())
}
