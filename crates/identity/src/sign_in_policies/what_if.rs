//! "What would happen if X opens Y from Z": the simulator, on the people and policies that there
//! are (requirement M03).

use std::net::IpAddr;

use time::OffsetDateTime;

use super::authn_context::RequestedContext;
use super::explain::{Explanation, simulate};
use super::facts::{Proof, Target};
use super::gather::{Circumstances, Subject, facts_about};
use crate::administrators::AdministratorState;
use crate::ids::{AdministratorId, ApplicationId, UserId};
use crate::store::{Read, Store, StoreError};
use crate::users::UserState;

/// Who signs in, in a simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SimulatedPerson {
    User(UserId),
    Administrator(AdministratorId),
}

/// What is opened, in a simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SimulatedTarget {
    Application(ApplicationId),
    UserPortal,
    AdminPortal,
}

/// A sign-in that does not happen.
#[derive(Debug, Clone)]
pub struct WhatIf {
    pub person: SimulatedPerson,
    pub target: SimulatedTarget,
    /// `None`: not known.
    pub address: Option<IpAddr>,
    pub at: OffsetDateTime,
    pub device_known: bool,
    pub proofs: Vec<Proof>,
    pub requested: Option<RequestedContext>,
    /// The program runs as `dev`.
    pub dev: bool,
}

/// What would happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    pub explanation: Explanation,
    /// What keeps the person out besides policies, in sentences.
    pub besides: Vec<String>,
}

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    #[error("there is no such person")]
    NoSuchPerson,
    #[error("there is no such application")]
    NoSuchApplication,
    #[error("administrators open the admin portal, and nobody else does")]
    OtherPortal,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks the engine of the real sign-in, with the facts that it would have. Nothing is written.
pub async fn simulate_sign_in(
    store: &dyn Store,
    what_if: WhatIf,
) -> Result<Simulation, SimulateError> {
    let mut read = store.read().await?;
    let (target, of_administrators) = target(read.as_mut(), what_if.target).await?;
    let circumstances = Circumstances {
        target,
        address: what_if.address,
        now: what_if.at,
        device_known: what_if.device_known,
        proofs: what_if.proofs,
        requested: what_if.requested,
        dev: what_if.dev,
    };
    let for_administrator = matches!(what_if.person, SimulatedPerson::Administrator(_));
    if for_administrator != of_administrators {
        return Err(SimulateError::OtherPortal);
    }
    let mut besides = Vec::new();
    let facts = match what_if.person {
        SimulatedPerson::User(id) => {
            let user = read.user(id).await?.ok_or(SimulateError::NoSuchPerson)?;
            if user.state != UserState::Active {
                let state = user.state.as_str();
                besides.push(not_active(&user.label(), state));
            }
            if let Target::Application { id, label } = &circumstances.target {
                let granted = read.applications_of_user(user.id).await?;
                if !granted.iter().any(|found| found.application.id == *id) {
                    besides.push(format!(
                        "{label} is not granted to {} or to a group of theirs, so that it stays \
                         closed whatever the policies say.",
                        user.label()
                    ));
                }
            }
            facts_about(read.as_mut(), Subject::User(&user), circumstances).await?
        }
        SimulatedPerson::Administrator(id) => {
            let found = read.administrator(id).await?;
            let administrator = found.ok_or(SimulateError::NoSuchPerson)?;
            if administrator.state != AdministratorState::Active {
                let state = administrator.state.as_str();
                besides.push(not_active(administrator.label(), state));
            }
            let subject = Subject::Administrator(&administrator);
            facts_about(read.as_mut(), subject, circumstances).await?
        }
    };
    let policies = read.sign_in_policies().await?;
    Ok(Simulation {
        explanation: simulate(&policies, &facts),
        besides,
    })
}

/// With whether only administrators open it.
async fn target(
    read: &mut dyn Read,
    target: SimulatedTarget,
) -> Result<(Target, bool), SimulateError> {
    match target {
        SimulatedTarget::UserPortal => Ok((Target::UserPortal, false)),
        SimulatedTarget::AdminPortal => Ok((Target::AdminPortal, true)),
        SimulatedTarget::Application(id) => {
            let found = read.application(id).await?;
            let found = found.ok_or(SimulateError::NoSuchApplication)?;
            let label = found.label.clone();
            Ok((Target::Application { id, label }, false))
        }
    }
}

fn not_active(label: &str, state: &str) -> String {
    format!("{label} is {state} and cannot sign in at all, whatever the policies say.")
}
