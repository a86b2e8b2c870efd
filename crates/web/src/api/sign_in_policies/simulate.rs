//! `POST /api/v1/sign-in-policies/simulate`: "what would happen if X opens Y from Z".

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::Permission;
use jetway_identity::sign_in_policies::{
    Decision, FactorKind, Proof, Proved, Proving, SimulateError, SimulatedPerson, SimulatedTarget,
    Simulation, WhatIf, simulate_sign_in,
};
use serde::{Deserialize, Serialize};
use time::Duration;
use utoipa::ToSchema;

use super::described;
use crate::api::instant::Instant;
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Site};

/// Who signs in, by id.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SimulatedPerson)]
enum Person {
    User(String),
    Administrator(String),
}

/// What is opened. Administrators open the admin portal, and nobody else does.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SimulatedTarget)]
enum Opened {
    UserPortal,
    AdminPortal,
    /// An application, by id.
    Application(String),
}

/// Something that the session has proved.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SimulatedProofKind)]
enum ProofKind {
    Password,
    /// A passkey in place of the password.
    Passkey,
    Totp,
    Webauthn,
    Push,
    RecoveryCode,
}

/// A proof and its age.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SimulatedProof)]
struct Proven {
    what: ProofKind,
    #[serde(default)]
    #[schema(maximum = 43200, default = 0)]
    minutes_ago: u32,
}

/// A sign-in that does not happen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignInSimulation)]
pub(crate) struct Question {
    person: Person,
    opens: Opened,
    /// The address of the client. Absent: not known, and conditions on networks count as met.
    #[schema(example = "198.51.100.7")]
    address: Option<String>,
    /// Absent: now.
    at: Option<Instant>,
    /// Whether the person has signed in with the browser before.
    #[serde(default = "yes")]
    #[schema(default = true)]
    device_known: bool,
    #[serde(default)]
    #[schema(max_items = 12)]
    proved: Vec<Proven>,
}

fn yes() -> bool {
    true
}

/// What would happen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignInSimulationResult)]
pub(crate) struct Found {
    decision: Outcome,
    /// For `need_factor`, `must_enrol` and a factor that is to be proved again: one of these.
    #[schema(value_type = Vec<described::FactorKind>)]
    kinds: Vec<FactorKind>,
    question: String,
    /// The decision in words.
    answer: String,
    /// What the person reads when refused.
    told: Option<String>,
    /// What keeps the person out besides policies.
    besides: Vec<String>,
    /// The rules that hold without a policy, where they apply.
    built_in: Vec<String>,
    policies: Vec<Explained>,
}

/// What a sign-in needs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SignInDecision)]
enum Outcome {
    /// Nothing more.
    Allow,
    Deny,
    /// One of the person's factors.
    NeedFactor,
    /// The person sets up a factor first.
    MustEnrol,
    /// The person signs in, or proves again what was proved too long ago.
    Reauthenticate,
}

/// A policy and whether it was about the sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExplainedSignInPolicy)]
struct Explained {
    #[schema(format = "uuid")]
    id: String,
    name: String,
    matched: bool,
    /// What it asks, or each thing that kept it from being about the sign-in.
    reasons: Vec<String>,
}

/// Say what a sign-in would need
///
/// By the rules and the facts of the real sign-in. Nothing happens. Needs the right to read the
/// directory too.
#[utoipa::path(post, path = "/api/v1/sign-in-policies/simulate", tag = "Sign-in policies",
    operation_id = "simulate_sign_in", request_body = Question,
    responses((status = 200, description = "What would happen.", body = Found)))]
pub(crate) async fn simulate(
    State(site): State<Arc<Site>>,
    caller: ApiCaller,
    JsonBody(body): JsonBody<Question>,
) -> Result<Json<Found>, Problem> {
    if !caller.may(Permission::ReadDirectory) {
        let reason = "The answer tells about a person, and this key may not read the directory.";
        return Err(Problem::forbidden(reason));
    }
    let at = body.at.map_or(caller.op.now, |at| at.0);
    let address = body.address.as_deref();
    let proofs = body.proved.iter().map(|proven| Proof {
        what: proved(proven.what),
        at: at - Duration::minutes(i64::from(proven.minutes_ago.min(MAX_MINUTES))),
    });
    let what_if = WhatIf {
        person: match &body.person {
            Person::User(id) => SimulatedPerson::User(read("person.user", id)?),
            Person::Administrator(id) => {
                SimulatedPerson::Administrator(read("person.administrator", id)?)
            }
        },
        target: match &body.opens {
            Opened::UserPortal => SimulatedTarget::UserPortal,
            Opened::AdminPortal => SimulatedTarget::AdminPortal,
            Opened::Application(id) => SimulatedTarget::Application(read("opens.application", id)?),
        },
        address: address
            .map(|text| read::<IpAddr>("address", text))
            .transpose()?,
        at,
        device_known: body.device_known,
        proofs: proofs.collect(),
        requested: None,
        dev: site.settings.is_dev(),
    };
    let simulation = simulate_sign_in(site.store.as_ref(), what_if).await;
    simulation.map(|found| Json(answer(found))).map_err(refused)
}

/// The oldest proof that is told apart: the longest session.
const MAX_MINUTES: u32 = 30 * 24 * 60;

fn read<T: FromStr<Err: std::fmt::Display>>(field: &str, text: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|error: T::Err| Problem::field(field, error.to_string()))
}

fn proved(kind: ProofKind) -> Proved {
    match kind {
        ProofKind::Password => Proved::Password,
        ProofKind::Passkey => Proved::Passkey,
        ProofKind::Totp => Proved::Factor(FactorKind::Totp),
        ProofKind::Webauthn => Proved::Factor(FactorKind::Webauthn),
        ProofKind::Push => Proved::Factor(FactorKind::Push),
        ProofKind::RecoveryCode => Proved::Factor(FactorKind::RecoveryCode),
    }
}

fn refused(error: SimulateError) -> Problem {
    match error {
        SimulateError::NoSuchPerson => Problem::field("person", error.to_string()),
        SimulateError::NoSuchApplication | SimulateError::OtherPortal => {
            Problem::field("opens", error.to_string())
        }
        SimulateError::Store(error) => error.into(),
    }
}

fn answer(simulation: Simulation) -> Found {
    let explanation = simulation.explanation;
    let (decision, kinds, told) = match explanation.decision {
        Decision::Allow { .. } => (Outcome::Allow, None, None),
        Decision::Deny { text, .. } => (Outcome::Deny, None, Some(text)),
        Decision::NeedFactor { kinds } => (Outcome::NeedFactor, Some(kinds), None),
        Decision::MustEnrol { kinds, .. } => (Outcome::MustEnrol, Some(kinds), None),
        Decision::Reauthenticate { with } => match with {
            Proving::Factor(kinds) => (Outcome::Reauthenticate, Some(kinds), None),
            Proving::PasswordOrPasskey | Proving::Password => (Outcome::Reauthenticate, None, None),
        },
    };
    let policies = explanation.policies.into_iter().map(|policy| Explained {
        id: policy.id.to_string(),
        name: policy.name,
        matched: policy.matched,
        reasons: policy.reasons,
    });
    Found {
        decision,
        kinds: kinds.unwrap_or_default().into_iter().collect(),
        question: explanation.question,
        answer: explanation.answer,
        told,
        besides: simulation.besides,
        built_in: explanation.built_in,
        policies: policies.collect(),
    }
}
