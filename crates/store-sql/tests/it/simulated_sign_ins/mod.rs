//! The simulator says beforehand what sign-ins then do: the same rows, once asked and once done.
//!
//! What the simulator is told (who, where, when, which browser, what was proved) is counted here, and
//! not read from the session, so that a sign-in that forgets something is noticed too.

mod people;
mod table;

use std::collections::BTreeMap;

use jetway_identity::sessions::step_up;
use jetway_identity::sign_in_policies::{
    Decision, FactorKind, FactorKinds, Proof, Proved, Proving, SavedSignInPolicy, SignInPolicy,
    SimulatedPerson, SimulatedTarget, WhatIf, list_sign_in_policies, simulate_sign_in,
};
use jetway_identity::{
    ApplicationId, AssertError, AssertRequest, SignInError, SignInPolicyId, SignedIn, Store,
    assert, current_session,
};
use secrecy::ExposeSecret;
use time::Duration;

use crate::bed::{Bed, new_application, on_both};
use people::World;
use table::Row;

on_both!(the_simulator_and_the_sign_in_agree);

const ROWS: usize = 400;

/// What becomes of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// With what the assertion states, where there is one.
    In(Option<String>),
    Asked(FactorKinds),
    Enrol(FactorKinds),
    Refused(String),
    Again,
}

impl Outcome {
    /// What a decision means for the person.
    fn of(decision: Decision, opens: bool) -> Self {
        match decision {
            Decision::Allow { authn_context, .. } => {
                Self::In(opens.then(|| authn_context.uri().to_owned()))
            }
            Decision::NeedFactor { kinds }
            | Decision::Reauthenticate {
                with: Proving::Factor(kinds),
            } => Self::Asked(kinds),
            Decision::MustEnrol {
                kinds, prove_first, ..
            } if prove_first.is_empty() => Self::Enrol(kinds),
            Decision::MustEnrol { prove_first, .. } => Self::Asked(prove_first),
            Decision::Reauthenticate { .. } => Self::Again,
            Decision::Deny { text, .. } => Self::Refused(text),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::In(_) => "in",
            Self::Asked(_) => "asked",
            Self::Enrol(_) => "enrol",
            Self::Refused(_) => "refused",
            Self::Again => "again",
        }
    }
}

/// A sign-in, and what it has come to.
struct Step {
    outcome: Outcome,
    /// Of the session, or of what waits.
    token: String,
}

impl Step {
    fn of(done: Result<SignedIn, SignInError>) -> Self {
        let (outcome, token) = match done {
            Ok(signed_in) => (Outcome::In(None), Some(signed_in.token)),
            Err(SignInError::FactorNeeded(needed)) => (
                Outcome::Asked(needed.kinds.into_iter().collect()),
                Some(needed.token),
            ),
            Err(SignInError::MustEnrol(needed)) => {
                (Outcome::Enrol(needed.kinds), Some(needed.token))
            }
            Err(SignInError::Denied { text }) => (Outcome::Refused(text), None),
            Err(other) => panic!("{other:?}"),
        };
        let token = token.map_or_else(String::new, |token| token.expose_secret().to_owned());
        Self { outcome, token }
    }
}

/// What the simulator is told.
struct Told {
    first: Proof,
    last_factor: Option<Proof>,
    target: SimulatedTarget,
}

/// Requirement M03: "what would happen if X opens Y from Z" is what happens then.
async fn the_simulator_and_the_sign_in_agree(bed: Bed) {
    let mut world = World::new(bed).await;
    let mut applications = Vec::new();
    for slug in ["strict", "lax"] {
        applications.push(world.place.bed.application(new_application(slug)).await);
    }
    for application in &applications {
        world.place.bed.assign(*application, world.everybody).await;
    }
    let applications = [applications[0], applications[1]];
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (number, row) in table::rows(ROWS, &world.groups, &applications)
        .iter()
        .enumerate()
    {
        let steps = world.run(row, &applications, number).await;
        for step in steps {
            *seen.entry(step).or_default() += 1;
        }
    }
    // Each thing that can happen did.
    for step in [
        "sign-in: in",
        "sign-in: asked",
        "sign-in: enrol",
        "sign-in: refused",
        "application: in",
        "application: asked",
        "application: enrol",
        "application: refused",
        "step-up: in",
    ] {
        assert!(seen.get(step).is_some_and(|count| *count >= 5), "{seen:?}");
    }
}

impl World {
    /// Signs in and opens the application as far as that goes. Each step is simulated before.
    async fn run(
        &mut self,
        row: &Row,
        applications: &[ApplicationId; 2],
        number: usize,
    ) -> Vec<String> {
        self.place.bed.pass(row.pause);
        self.replace_policies(row).await;
        let by_key = row.without_password && self.people[row.person].key.is_some();
        let what = if by_key {
            Proved::Passkey
        } else {
            Proved::Password
        };
        let mut told = Told {
            first: self.proof(what),
            last_factor: None,
            target: SimulatedTarget::UserPortal,
        };
        let mut names = Vec::new();
        let expected = self.expected(row, &told).await;
        let step = Step::of(self.first_step(row, by_key).await);
        let Some(token) = self
            .follow(row, number, (&mut told, &mut names), (step, expected))
            .await
        else {
            return names;
        };
        self.place.bed.pass(row.before_opening);
        told.target = SimulatedTarget::Application(applications[row.opens]);
        self.open(row, number, (&mut told, &mut names), token).await;
        names
    }

    /// Proves what is asked for until there is a session, or an end.
    async fn follow(
        &mut self,
        row: &Row,
        number: usize,
        (told, names): (&mut Told, &mut Vec<String>),
        (mut step, mut expected): (Step, Outcome),
    ) -> Option<String> {
        let what = match told.target {
            SimulatedTarget::UserPortal => "sign-in",
            _ => "step-up",
        };
        loop {
            assert_eq!(step.outcome, expected, "row {number}, {what}: {row:?}");
            names.push(format!("{what}: {}", expected.name()));
            let kinds = match expected {
                Outcome::In(_) => return Some(step.token),
                Outcome::Asked(kinds) => kinds,
                _ => return None,
            };
            // No code of an app works twice.
            self.place
                .bed
                .pass(row.before_factor + Duration::seconds(30));
            let kind = self.choose(row, &kinds)?;
            told.last_factor = Some(self.proof(Proved::Factor(kind)));
            expected = self.after_factor(row, told, kind).await;
            if let Outcome::In(stated) = &mut expected {
                // It is stated only in the assertion that follows.
                *stated = None;
            }
            let done = self.prove(row, &step.token, kind).await;
            step = Step::of(done);
        }
    }

    /// Opens the application; where more is asked for, proves it and opens it again.
    async fn open(
        &mut self,
        row: &Row,
        number: usize,
        (told, names): (&mut Told, &mut Vec<String>),
        mut token: String,
    ) {
        for attempt in 0..2 {
            let expected = self.expected(row, told).await;
            names.push(format!("application: {}", expected.name()));
            let slug = ["strict", "lax"][row.opens];
            let request = AssertRequest {
                session_token: &token,
                slug,
                wish: None,
            };
            let mut op = self.stranger(row);
            let bed = &self.place.bed;
            let done = assert(&mut op, &bed.store, &bed.keys, request).await;
            let said = match done {
                Ok(grant) => {
                    let stated = grant.response.assertion.authn_context_class.clone();
                    Outcome::In(Some(stated))
                }
                Err(AssertError::Denied { text, .. }) => Outcome::Refused(text),
                Err(AssertError::SignInAgain) => Outcome::Again,
                Err(AssertError::StepUp { .. }) => {
                    assert_eq!(attempt, 0, "row {number} asks again: {row:?}");
                    let session = current_session(&mut op, &bed.store, &token).await;
                    let session = session.unwrap().unwrap();
                    let SimulatedTarget::Application(application) = told.target else {
                        unreachable!("an application is opened")
                    };
                    let mut op = self.stranger(row);
                    let step = Step::of(step_up(&mut op, &bed.store, session, application).await);
                    match self
                        .follow(row, number, (told, names), (step, expected))
                        .await
                    {
                        Some(new) => token = new,
                        None => return,
                    }
                    continue;
                }
                Err(other) => panic!("row {number}: {other:?}"),
            };
            assert_eq!(said, expected, "row {number}, application: {row:?}");
            return;
        }
    }

    /// What the simulator says.
    async fn expected(&self, row: &Row, told: &Told) -> Outcome {
        let bed = &self.place.bed;
        let what_if = WhatIf {
            person: SimulatedPerson::User(self.people[row.person].id),
            target: told.target,
            address: Some(row.address.parse().unwrap()),
            at: bed.now,
            device_known: row.own_browser,
            proofs: std::iter::once(told.first)
                .chain(told.last_factor)
                .collect(),
            requested: None,
            dev: false,
        };
        let said = simulate_sign_in(&bed.store, what_if).await.unwrap();
        assert_eq!(said.besides, [""; 0]);
        let opens = told.target != SimulatedTarget::UserPortal;
        Outcome::of(said.explanation.decision, opens)
    }

    /// The same, once the factor is proved: a recovery code is used up by that.
    async fn after_factor(&self, row: &Row, told: &Told, kind: FactorKind) -> Outcome {
        let last = kind == FactorKind::RecoveryCode && self.people[row.person].codes.len() == 1;
        assert!(!last, "no row uses the last code up");
        self.expected(row, told).await
    }

    fn proof(&self, what: Proved) -> Proof {
        Proof {
            what,
            at: self.place.bed.now,
        }
    }

    async fn replace_policies(&self, row: &Row) {
        let bed = &self.place.bed;
        let old = list_sign_in_policies(&bed.store).await.unwrap();
        let mut write = bed.store.write().await.unwrap();
        for saved in old {
            write.delete_sign_in_policy(saved.policy.id).await.unwrap();
        }
        for rule in &row.policies {
            let now = bed.now;
            let saved = SavedSignInPolicy {
                policy: SignInPolicy {
                    id: SignInPolicyId::new(now, &mut bed.op().rng),
                    rule: rule.clone(),
                },
                version: 1,
                created_at: now,
                changed_at: now,
            };
            write.insert_sign_in_policy(&saved).await.unwrap();
        }
        write.commit().await.unwrap();
    }
}
