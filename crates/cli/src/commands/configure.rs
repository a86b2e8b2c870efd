//! `jetway configure`: writes an account into the configuration.

use super::error::CommandError;
use crate::args::{AccountArgs, ConfigureArgs};
use crate::exit::ExitStatus;
use crate::identity_provider::{Factor, IdpAddress, Provider};
use crate::printer::Printer;
use crate::prompt::{Missing, PromptError};
use crate::settings::{ConfigureSettings, Environment, SettingsError, StoredAccount};

/// Nothing is asked unless a terminal is there, so these words are never needed.
const ASKED: Missing<'_> = Missing {
    what: "A value is missing",
    how: "",
};

pub(super) fn run(
    account: &AccountArgs,
    args: &ConfigureArgs,
    environment: &Environment,
    printer: Printer,
) -> Result<ExitStatus, CommandError> {
    let settings = ConfigureSettings::resolve(account, args, environment)?;
    let mut account = settings.account.clone();
    if settings.ask {
        ask(&settings, &mut account)?;
    }
    let account = complete(&settings, account)?;
    if settings.password_given {
        printer.warn("the password is not stored: Jetway keeps no passwords.");
    }
    settings.file.write(&settings.name, &account)?;
    printer.note(&summary(&account));
    printer.note(&format!(
        "Configuration saved for IDP account: {}",
        settings.name
    ));
    printer.detail(|| format!("The file is {}", settings.file.path().display()));
    Ok(ExitStatus::Success)
}

fn ask(settings: &ConfigureSettings, account: &mut StoredAccount) -> Result<(), CommandError> {
    let prompts = settings.prompts;
    let provider = account.provider()?;
    let names = Provider::ALL.map(Provider::name);
    let cursor = names
        .iter()
        .position(|name| *name == provider.name())
        .unwrap_or(0);
    let chosen = prompts.choose("Please choose a provider:", names.to_vec(), cursor, ASKED)?;
    account.provider = Some(names[chosen].to_owned());

    let factors = Factor::OFFERED.map(Factor::name);
    let current = account
        .mfa
        .as_deref()
        .and_then(Factor::parse)
        .map(Factor::name);
    let cursor = factors
        .iter()
        .position(|name| Some(*name) == current)
        .unwrap_or(0);
    let chosen = prompts.choose("Please choose an MFA", factors.to_vec(), cursor, ASKED)?;
    account.mfa = Some(factors[chosen].to_owned());

    let profile = account
        .profile
        .as_deref()
        .unwrap_or(&settings.default_profile);
    account.profile = Some(prompts.text("AWS Profile", Some(profile), ASKED)?);
    account.url = Some(prompts.text("URL", account.url.as_deref(), ASKED)?);
    account.username = Some(prompts.text("Username", account.username.as_deref(), ASKED)?);
    Ok(())
}

/// Checks the account, and makes its defaults explicit so that the file can be read alone.
fn complete(
    settings: &ConfigureSettings,
    mut account: StoredAccount,
) -> Result<StoredAccount, CommandError> {
    let provider = account.provider()?;
    let Some(url) = &account.url else {
        return Err(PromptError::NoTerminal {
            what: format!("The URL of the account {:?} is missing", settings.name),
            how: "Give it with --url or the environment variable JETWAY_URL (SAML2AWS_URL)."
                .to_owned(),
        }
        .into());
    };
    let address =
        IdpAddress::parse(url).map_err(|source| SettingsError::Address { provider, source })?;
    account.url = Some(address.url().to_string());
    let factor = account.mfa.as_deref().unwrap_or(Factor::Auto.name());
    let factor = Factor::parse(factor).ok_or_else(|| SettingsError::Mfa {
        name: factor.to_owned(),
        provider,
    })?;
    account.mfa = Some(factor.name().to_owned());
    account.provider = Some(provider.name().to_owned());
    account
        .profile
        .get_or_insert_with(|| settings.default_profile.clone());
    Ok(account)
}

/// The block that saml2aws prints.
fn summary(account: &StoredAccount) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    format!(
        "\naccount {{\n  URL: {}\n  Username: {}\n  Provider: {}\n  MFA: {}\n  SkipVerify: {}\n  \
         SessionDuration: {}\n  Profile: {}\n  RoleARN: {}\n  Region: {}\n}}\n",
        text(&account.url),
        text(&account.username),
        text(&account.provider),
        text(&account.mfa),
        account.skip_verify.unwrap_or(false),
        account.session_duration.unwrap_or(3600),
        text(&account.profile),
        text(&account.role),
        text(&account.region),
    )
}
