//! Who and what may change the directory: administrators, API keys, one's own account.

mod administrators;
mod api_keys;
mod break_glass;
mod own_profile;

pub use administrators::{AdministratorForm, AdministratorRow, Administrators};
pub use api_keys::{ApiKeyCreated, ApiKeyRow, ApiKeys, NewApiKey};
pub use break_glass::{BreakGlass, BreakGlassCard, BreakGlassCodes, BreakGlassUseRow};
pub use own_profile::AdministratorProfile;
