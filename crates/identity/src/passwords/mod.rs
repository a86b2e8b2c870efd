//! Passwords: what is accepted, how they are hashed, and by whom.

mod hashers;
mod phc;
mod replace;
mod rules;
mod shares;

pub use hashers::{Busy, HashError, PasswordHashers, Verification};
pub use phc::PasswordHash;
pub(crate) use replace::Replacement;
pub use rules::{MAX_CHARACTERS, MIN_CHARACTERS, PasswordError, check_new};
