//! Proving who the person is: with a password, or through the browser. Either gives an assertion.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::error::CommandError;
use crate::desktop::{Opener, machine_name};
use crate::identity_provider::{BrowserSignIn, Console, Factor, SignIn};
use crate::printer::{Printer, printable};
use crate::prompt::{Missing, PromptError, Prompts};
use crate::settings::LoginSettings;

/// Signs in as the settings say.
pub(super) fn authenticate(
    settings: &LoginSettings,
    console: Console<'_>,
    printer: Printer,
) -> Result<Zeroizing<String>, CommandError> {
    match &settings.browser {
        Some(opener) => through_browser(settings, console, opener, printer),
        None => with_password(settings, console, printer),
    }
}

fn with_password(
    settings: &LoginSettings,
    console: Console<'_>,
    printer: Printer,
) -> Result<Zeroizing<String>, CommandError> {
    let username = username(settings)?;
    let password = password(settings)?;
    printer.note(&format!("Authenticating as {} ...", printable(&username)));
    let sign_in = SignIn {
        console,
        username: &username,
        password: &password,
        factor: settings.factor,
        code: &|| one_time_code(settings),
        choose: &|factors| choose_factor(settings, factors),
        printer,
    };
    Ok(sign_in.run()?)
}

fn through_browser(
    settings: &LoginSettings,
    console: Console<'_>,
    opener: &Opener,
    printer: Printer,
) -> Result<Zeroizing<String>, CommandError> {
    if let Prompts::Off(switch) = settings.prompts {
        return Err(CommandError::Prompt(PromptError::Forbidden {
            what: "Somebody has to sign in in the browser".to_owned(),
            how: "Run the command without it, or sign in with a password.".to_owned(),
            switch,
        }));
    }
    let sign_in = BrowserSignIn {
        console,
        machine: &machine_name(),
        opener,
        printer,
    };
    let signed_in = sign_in.run()?;
    printer.note(&format!("Authenticated as {}.", signed_in.email));
    if let Some(username) = &settings.username
        && !username.eq_ignore_ascii_case(&signed_in.email)
    {
        return Err(CommandError::SomebodyElse {
            account: settings.name.clone(),
            expected: printable(username),
            found: signed_in.email,
        });
    }
    Ok(signed_in.assertion)
}

fn username(settings: &LoginSettings) -> Result<String, PromptError> {
    if let Some(username) = &settings.username {
        return Ok(username.clone());
    }
    let missing = Missing {
        what: "The user name is missing",
        how: "Give it with --username or the environment variable JETWAY_USERNAME \
              (SAML2AWS_USERNAME), or store it with: jetway configure --username …",
    };
    settings.credential_prompts.text("Username", None, missing)
}

fn password(settings: &LoginSettings) -> Result<SecretString, PromptError> {
    if let Some(password) = &settings.password {
        return Ok(password.clone());
    }
    let missing = Missing {
        what: "The password is missing",
        how: "Give it with the environment variable JETWAY_PASSWORD (SAML2AWS_PASSWORD) or with \
              --password, or run the command at a terminal.",
    };
    settings.credential_prompts.secret("Password", missing)
}

/// Whoever gives a code, or cannot be asked, means the code.
fn choose_factor(settings: &LoginSettings, factors: &[Factor]) -> Result<usize, PromptError> {
    let code = factors.iter().position(|factor| *factor == Factor::Totp);
    if let Some(code) = code
        && (settings.mfa_token.is_some() || !settings.prompts.possible())
    {
        return Ok(code);
    }
    let labels = factors.iter().map(|factor| match factor {
        Factor::Push => "PUSH MFA authentication (Jetway Protect)",
        _ => "TOTP MFA authentication",
    });
    let missing = Missing {
        what: "There are several second factors",
        how: "Name one with --mfa: TOTP or PUSH.",
    };
    let labels: Vec<_> = labels.collect();
    settings
        .prompts
        .choose("Select which MFA option to use", labels, 0, missing)
}

/// The code without the spaces in which apps show it.
fn one_time_code(settings: &LoginSettings) -> Result<SecretString, PromptError> {
    if let Some(code) = &settings.mfa_token {
        return Ok(without_spaces(code.expose_secret()));
    }
    let missing = Missing {
        what: "The one-time code is missing",
        how: "Give it with --mfa-token or the environment variable JETWAY_MFA_TOKEN \
              (SAML2AWS_MFA_TOKEN), or run the command at a terminal.",
    };
    Ok(without_spaces(&settings.prompts.text(
        "MFA Token",
        None,
        missing,
    )?))
}

fn without_spaces(code: &str) -> SecretString {
    code.split_whitespace().collect::<String>().into()
}
