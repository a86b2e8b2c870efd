//! Pages of the local AWS: role chooser, refusals, console. All of them wear the LOCAL mark.

mod chooser;
mod console;
pub mod identity_center;
mod refusal;

pub use chooser::{AccountRoles, RoleChoice, RoleChooser};
pub use console::{Bucket, Buckets, Console, SessionTag, SignedOut};
pub use refusal::SignInRefused;
