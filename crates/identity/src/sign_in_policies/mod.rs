//! What a sign-in needs: the policies of the organisation, and the engine that decides by them.
//!
//! The engine is a function of its arguments: [`decide`] is asked whenever somebody signs in or opens
//! something, [`simulate`] answers "what would happen if", by the same rules, and [`check_policy`]
//! says whether a policy can be saved. [`facts_about`] reads what is known about a person, for a
//! sign-in and for a simulation alike.

mod as_text;
mod authn_context;
mod change;
mod check;
mod choices;
mod create;
mod decide;
mod decision;
mod demand;
mod explain;
mod facts;
mod gather;
mod list;
mod lock_out;
mod matching;
mod network;
mod policy;
mod problems;
mod record;
mod sentences;
mod times;
mod what_if;

pub use crate::factors::{FactorKind, FactorKinds};
pub use authn_context::{AuthnContext, Comparison, RequestedContext};
pub use change::{
    ChangeSignInPolicyError, Direction, SignInPolicyChange, change_sign_in_policy,
    delete_sign_in_policy, move_sign_in_policy,
};
pub use check::{MAX_CHOSEN, MAX_NETWORKS, MAX_POLICIES, MAX_WINDOWS, check_policy};
pub(crate) use choices::{forget_applications, forget_group};
pub use create::{CreateSignInPolicyError, create_sign_in_policy};
pub use decide::decide;
pub use decision::{Decision, Proving, Rule};
pub use explain::{ExplainedPolicy, Explanation, simulate};
pub use facts::{Account, Facts, Person, Proof, Proved, Target};
pub use gather::{Circumstances, Subject, facts_about};
pub use list::{find_sign_in_policy, list_sign_in_policies, order_behind};
pub use network::{Network, NetworkError};
pub use policy::{
    Applications, Conditions, Device, Effect, Networks, PolicyRule, SavedSignInPolicy,
    SecondFactor, SignInPolicy, Times, Who, WithoutFactor,
};
pub use problems::{InvalidPolicy, PolicyProblem};
pub use sentences::conditions_in_words;
pub use times::{Day, Offset, TimeError, TimeOfDay, TimeWindow};
pub use what_if::{
    SimulateError, SimulatedPerson, SimulatedTarget, Simulation, WhatIf, simulate_sign_in,
};
