//! What `jetway configure` needs to know.

use super::account::{AccountFiles, account_name, default_profile, given};
use super::environment as env;
use super::{AccountFile, Environment, SettingsError, StoredAccount};
use crate::args::{AccountArgs, ConfigureArgs};
use crate::prompt::Prompts;

#[derive(Debug)]
pub(crate) struct ConfigureSettings {
    pub(crate) name: String,
    /// Where the account is written.
    pub(crate) file: AccountFile,
    /// What flags, environment and the files say already.
    pub(crate) account: StoredAccount,
    /// The profile where none is named.
    pub(crate) default_profile: String,
    pub(crate) ask: bool,
    pub(crate) prompts: Prompts,
    pub(crate) password_given: bool,
}

impl ConfigureSettings {
    pub(crate) fn resolve(
        args: &AccountArgs,
        command: &ConfigureArgs,
        environment: &Environment,
    ) -> Result<Self, SettingsError> {
        let name = account_name(args, environment);
        let files = AccountFiles::find(args, environment)?;
        let existing = files
            .lookup(&name)?
            .map(|(account, _)| account)
            .unwrap_or_default();
        let mut given = given(args, &command.target, environment)?;
        // What is stored must mean the same file from every folder.
        given.credentials_file = given.credentials_file.map(from_everywhere);
        given.policy_file = given.policy_file.map(from_everywhere);
        let account = given.or(existing);
        let file = files
            .files
            .into_iter()
            .next()
            .ok_or(SettingsError::NoHome)?;
        let prompts = prompts(args, environment)?;
        let skip = args.skip_prompt || environment.shared_flag(env::SKIP_PROMPT)? == Some(true);
        Ok(Self {
            default_profile: default_profile(&name, Some(&file)),
            ask: !skip && prompts.possible(),
            prompts,
            name,
            file,
            account,
            password_given: args.password.is_some(),
        })
    }
}

/// The path made absolute, unless it begins at the home folder.
fn from_everywhere(path: String) -> String {
    if path.starts_with("~/") {
        return path;
    }
    match std::path::absolute(&path) {
        Ok(absolute) => absolute.to_string_lossy().into_owned(),
        Err(_) => path,
    }
}

/// Whether anything may be asked at all.
pub(super) fn prompts(
    args: &AccountArgs,
    environment: &Environment,
) -> Result<Prompts, SettingsError> {
    Ok(if args.no_input {
        Prompts::Off("--no-input")
    } else if environment.shared_flag(env::NO_INPUT)? == Some(true) {
        Prompts::Off("JETWAY_NO_INPUT")
    } else {
        Prompts::Allowed
    })
}
