//! `/admin/settings/…`: what the organisation decided for everyone, a tab each.

mod alerts;
mod appearance;
mod default_states;
mod history;
mod logo;
mod mail;
mod organisation;
mod passwords;
mod problems;
mod provider;
mod sessions;
mod tab;

use axum::response::Response;
use jetway_pages::admin::settings::SettingsTab;

use crate::shared::{Failure, see_other};

pub(crate) use alerts::Alerts;
pub(crate) use appearance::Appearance;
pub(crate) use default_states::DefaultStates;
pub(crate) use logo::{delete_logo, upload_logo};
pub(crate) use mail::Mail;
pub(crate) use organisation::Organisation;
pub(crate) use passwords::Passwords;
pub(crate) use provider::Provider;
pub(crate) use sessions::Sessions;
pub(crate) use tab::{save, show};

/// Longest logo with the rest of its form, in bytes. Longer than a logo may be, so that most that
/// are too large are told so by the form.
pub(crate) const MAX_LOGO_FORM: usize = 1024 * 1024;

/// The first tab.
pub(crate) async fn first() -> Result<Response, Failure> {
    see_other(SettingsTab::Organisation.href())
}
