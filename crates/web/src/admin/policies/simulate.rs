//! `/admin/policies/simulate`: "what would happen if X opens Y from Z" (requirement M03).

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::sign_in_policies::{
    Decision, Proof, Proved, SimulateError, SimulatedPerson, SimulatedTarget, Simulation, WhatIf,
    simulate_sign_in,
};
use jetway_identity::{Administrator, User, all_applications, list_administrators, search};
use jetway_pages::admin::NavItem;
use jetway_pages::admin::parts::{Badge, Choice, Field, Select, Tone};
use jetway_pages::admin::policies::{
    FoundPerson, SimulatedPolicy, SimulationResult, Simulator, TickedChoice,
};
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use crate::shared::{AdminVisit, Failure, Fields, Site, admin_html, query_fields, typeable};

/// People of each kind who are offered.
const FOUND: usize = 8;
/// Longest text, in characters; the field takes no more.
const LONGEST: usize = 200;
/// The oldest proof: the longest session.
const MAX_MINUTES: i64 = 30 * 24 * 60;

pub(crate) async fn simulate(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let query = query_fields(uri.query())?;
    let asked = query.has("q");
    let mut wish = Wish::read(&query, asked, visit.op.now)?;
    let (found, chosen) = people(&site, &query, &wish.query.value).await?;
    if asked && chosen.is_none() {
        wish.query.error = Some(match found.len() {
            0 => "Nobody is found by this; write a part of the name or the address.".to_owned(),
            _ => "More than one fits: choose one of them.".to_owned(),
        });
    }
    let mut result = None;
    if let Some((person, question)) = chosen.zip(wish.question.take()) {
        match simulate_sign_in(
            site.store.as_ref(),
            question.about(person, site.settings.is_dev()),
        )
        .await
        {
            Ok(simulation) => result = Some(shown(simulation)),
            Err(SimulateError::Store(error)) => return Err(error.into()),
            // Deleted since the page was made.
            Err(error) => wish.query.error = Some(format!("That did not work: {error}.")),
        }
    }
    let refused = [&wish.query, &wish.address, &wish.at, &wish.minutes];
    let refused = refused.iter().any(|field| field.error.is_some());
    let body = Simulator {
        query: wish.query,
        found,
        target: targets(&site, &wish.target).await?,
        address: wish.address,
        at: wish.at,
        device: wish.device,
        proved: wish.proved,
        minutes: wish.minutes,
        result,
    };
    let status = if refused {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let frame = site.admin_chrome(&visit, NavItem::Policies);
    admin_html(status, frame, body)
}

/// The form as it was sent.
struct Wish {
    query: Field,
    target: String,
    address: Field,
    at: Field,
    device: Select,
    proved: Vec<TickedChoice>,
    minutes: Field,
    /// `None` if something cannot be read, or nothing was asked.
    question: Option<Question>,
}

/// A question without the person.
struct Question {
    target: SimulatedTarget,
    address: Option<IpAddr>,
    at: OffsetDateTime,
    device_known: bool,
    proofs: Vec<Proof>,
}

impl Question {
    /// Administrators open the admin portal, whatever was chosen.
    fn about(self, person: SimulatedPerson, dev: bool) -> WhatIf {
        WhatIf {
            person,
            target: match person {
                SimulatedPerson::Administrator(_) => SimulatedTarget::AdminPortal,
                SimulatedPerson::User(_) => self.target,
            },
            address: self.address,
            at: self.at,
            device_known: self.device_known,
            proofs: self.proofs,
            requested: None,
            dev,
        }
    }
}

impl Wish {
    fn read(query: &Fields<'_>, asked: bool, now: OffsetDateTime) -> Result<Self, Failure> {
        let text = |name: &str| -> Result<String, Failure> {
            let text = typeable(query.get(name)?.unwrap_or_default().trim());
            Ok(text.chars().take(LONGEST).collect())
        };
        let mut address = Field::new(text("address")?);
        let ip: Option<IpAddr> = address.value.parse().ok();
        if ip.is_none() && !address.value.is_empty() {
            address.error = Some("Write one IP address, such as 192.0.2.7.".to_owned());
        }
        let (at, instant) = moment_of(text("at")?, now);
        let (minutes, age) = minutes_of(text("minutes")?);
        let known = !asked || query.get("device")? != Some("new");
        let ticked: Vec<&str> = if asked {
            query.all("proved").collect()
        } else {
            vec!["password"]
        };
        let target = text("target")?;
        let proved: Vec<(Proved, &str, String)> = proofs();
        let question = match (instant, age) {
            (Some(at), Some(age)) if asked && address.error.is_none() => Some(Question {
                target: target_of(&target)?,
                address: ip,
                at,
                device_known: known,
                proofs: proved
                    .iter()
                    .filter(|(_, value, _)| ticked.contains(value))
                    .map(|(what, ..)| Proof {
                        what: *what,
                        at: at - age,
                    })
                    .collect(),
            }),
            _ => None,
        };
        let choices = proved.into_iter().map(|(_, value, text)| TickedChoice {
            ticked: ticked.contains(&value),
            value: value.to_owned(),
            text,
        });
        Ok(Self {
            query: Field::new(text("q")?),
            target,
            address,
            at,
            device: Select {
                choices: vec![
                    Choice::new("known", "known", known),
                    Choice::new("new", "new", !known),
                ],
                error: None,
            },
            proved: choices.collect(),
            minutes,
            question,
        })
    }
}

/// What can be proved, its value in the form, and what stands beside its box.
fn proofs() -> Vec<(Proved, &'static str, String)> {
    let mut all = vec![
        (Proved::Password, "password", "the password".to_owned()),
        (
            Proved::Passkey,
            "passkey",
            "a passkey in place of the password".to_owned(),
        ),
    ];
    let factors = super::KINDS.into_iter();
    all.extend(factors.map(|kind| (Proved::Factor(kind), kind.as_str(), kind.to_string())));
    all
}

/// The field and the instant; now if nothing was typed.
fn moment_of(typed: String, now: OffsetDateTime) -> (Field, Option<OffsetDateTime>) {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    if typed.is_empty() {
        let shown = now.format(format).unwrap_or_default();
        return (Field::new(shown), Some(now));
    }
    // With seconds, browsers send more than that.
    match PrimitiveDateTime::parse(typed.get(..16).unwrap_or(&typed), format) {
        Ok(at) if (2000..=2999).contains(&at.year()) => (Field::new(typed), Some(at.assume_utc())),
        _ => {
            let wrong = "Write date and time as 2026-03-04T08:00.";
            (Field::new(typed).with_error(wrong), None)
        }
    }
}

/// The field and the duration; none if nothing was typed.
fn minutes_of(typed: String) -> (Field, Option<Duration>) {
    if typed.is_empty() {
        return (Field::new("0"), Some(Duration::ZERO));
    }
    if let Ok(minutes @ 0..=MAX_MINUTES) = typed.parse() {
        return (Field::new(typed), Some(Duration::minutes(minutes)));
    }
    let wrong = format!("Write a number from 0 to {MAX_MINUTES}.");
    (Field::new(typed).with_error(wrong), None)
}

fn target_of(value: &str) -> Result<SimulatedTarget, Failure> {
    if matches!(value, "" | "portal") {
        return Ok(SimulatedTarget::UserPortal);
    }
    let id = value.parse().map_err(|_| Failure::bad_request())?;
    Ok(SimulatedTarget::Application(id))
}

async fn targets(site: &Site, current: &str) -> Result<Select, Failure> {
    let portal = Choice::new(
        "portal",
        "the user portal",
        matches!(current, "" | "portal"),
    );
    let mut choices = vec![portal];
    for found in all_applications(site.store.as_ref()).await? {
        let id = found.application.id.to_string();
        let selected = id == current;
        choices.push(Choice::new(id, found.application.label.as_str(), selected));
    }
    Ok(Select {
        choices,
        error: None,
    })
}

/// Those whom the text fits, and whom of them the question is about: the one who was chosen, the
/// only one, or the one whose address was typed in full.
async fn people(
    site: &Site,
    query: &Fields<'_>,
    text: &str,
) -> Result<(Vec<FoundPerson>, Option<SimulatedPerson>), Failure> {
    if text.is_empty() {
        return Ok((Vec::new(), None));
    }
    let store = site.store.as_ref();
    let most = u32::try_from(FOUND).unwrap_or(u32::MAX);
    let users = search(store, text, most).await?.users.first;
    let wanted = text.to_lowercase();
    let fits = |one: &Administrator| {
        let words = [&one.email, &one.name];
        words
            .iter()
            .any(|word| word.to_lowercase().contains(&wanted))
    };
    let administrators = list_administrators(store).await?;
    let administrators = administrators.iter().filter(|one| fits(one)).take(FOUND);
    let mut found: Vec<(SimulatedPerson, FoundPerson)> = users.iter().map(user).collect();
    found.extend(administrators.map(administrator));
    let sent = query.get("person")?.unwrap_or_default();
    let named = |is: &dyn Fn(&FoundPerson) -> bool| {
        let mut fitting = found.iter().filter(|(_, one)| is(one));
        let first = fitting.next().map(|(person, _)| *person);
        first.filter(|_| fitting.next().is_none())
    };
    let chosen = named(&|one| one.value == sent)
        .or_else(|| named(&|_| true))
        .or_else(|| named(&|one| one.detail.to_lowercase() == wanted));
    let mark = |(person, mut shown): (SimulatedPerson, FoundPerson)| {
        shown.chosen = Some(person) == chosen;
        shown
    };
    Ok((found.into_iter().map(mark).collect(), chosen))
}

fn user(user: &User) -> (SimulatedPerson, FoundPerson) {
    let shown = FoundPerson {
        value: format!("user:{}", user.id),
        name: user.label(),
        detail: user.email.clone(),
        administrator: false,
        chosen: false,
    };
    (SimulatedPerson::User(user.id), shown)
}

fn administrator(one: &Administrator) -> (SimulatedPerson, FoundPerson) {
    let shown = FoundPerson {
        value: format!("administrator:{}", one.id),
        name: one.label().to_owned(),
        detail: one.email.clone(),
        administrator: true,
        chosen: false,
    };
    (SimulatedPerson::Administrator(one.id), shown)
}

fn shown(simulation: Simulation) -> SimulationResult {
    let explanation = simulation.explanation;
    let (badge, told) = match explanation.decision {
        Decision::Allow { .. } if !simulation.besides.is_empty() => {
            (Badge::new(Tone::Waiting, "policies let in"), None)
        }
        Decision::Allow { .. } => (Badge::new(Tone::Good, "let in"), None),
        Decision::Deny { text, .. } => (Badge::new(Tone::Bad, "refused"), Some(text)),
        Decision::NeedFactor { .. } => (Badge::new(Tone::Waiting, "second factor"), None),
        Decision::MustEnrol { .. } => (Badge::new(Tone::Waiting, "set up a factor"), None),
        Decision::Reauthenticate { .. } => (Badge::new(Tone::Waiting, "sign in"), None),
    };
    let policies = explanation.policies.into_iter();
    SimulationResult {
        badge,
        question: explanation.question,
        answer: explanation.answer,
        proved: explanation.proved,
        told,
        besides: simulation.besides,
        built_in: explanation.built_in,
        policies: policies
            .map(|policy| SimulatedPolicy {
                id: policy.id.to_string(),
                name: policy.name,
                matched: policy.matched,
                reasons: policy.reasons,
            })
            .collect(),
    }
}
