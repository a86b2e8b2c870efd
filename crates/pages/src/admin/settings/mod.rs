//! Settings of the organisation, a tab each.
//!
//! Fields have the names that the API gives them (`sessions.idle_minutes`), so that a refused
//! setting finds its field. Each form posts to the address of its tab with `csrf`, `version` (what
//! it was read at) and its fields.

mod directory;
mod head;
mod mail;
mod organisation;
mod provider;
mod sign_in;

pub use directory::{AlertSettings, DefaultStateSettings};
pub use head::{SettingsHead, SettingsTab};
pub use mail::MailSettings;
pub use organisation::{AppearanceSettings, OrganisationProfile};
pub use provider::ProviderSettings;
pub use sign_in::{PasswordSettings, SessionSettings};
