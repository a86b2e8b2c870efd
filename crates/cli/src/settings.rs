//! Everything a command needs to know, merged once: flag > environment > file > default. The
//! environment is read here and nowhere else.

mod account;
pub(crate) mod admin;
mod configure;
mod environment;
mod error;
mod login;
mod network;
mod own_file;
mod saml2aws_file;

pub(crate) use account::{AccountFile, StoredAccount};
pub(crate) use admin::AdminSettings;
pub(crate) use configure::ConfigureSettings;
pub(crate) use environment::{Environment, SECRETS};
pub(crate) use error::SettingsError;
pub(crate) use login::{LoginOptions, LoginSettings};

/// The first that is there, in order of precedence.
fn pick<T>(candidates: impl IntoIterator<Item = Option<T>>) -> Option<T> {
    candidates.into_iter().flatten().next()
}
