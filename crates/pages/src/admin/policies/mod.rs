//! Pages about what sign-ins need (requirement M03): the policies, one policy, and "what would
//! happen if".

mod form;
mod list;
mod simulator;

pub use form::{PolicyForm, TickedChoice, TimeWindowRow};
pub use list::{Policies, PolicyRow};
pub use simulator::{FoundPerson, SimulatedPolicy, SimulationResult, Simulator};
