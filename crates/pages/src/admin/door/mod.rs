//! What administrators see before they are signed in.

mod accept_invitation;
mod first_run;
mod sign_in;

pub use accept_invitation::AcceptInvitation;
pub use first_run::FirstRun;
pub use sign_in::{AdministratorSignIn, AdministratorSignInProblem, Provider};
