//! `jetway login`: signs in and stores credentials, or answers as a `credential_process`.

use secrecy::ExposeSecret;
use serde::Serialize;
use zeroize::Zeroizing;

use super::error::CommandError;
use super::sign_in::{check_target, check_writable, get_credentials, still_valid, store};
use crate::args::{AccountArgs, LoginArgs};
use crate::clock;
use crate::exit::ExitStatus;
use crate::files::credentials::TemporaryCredentials;
use crate::printer::Printer;
use crate::settings::{Environment, LoginOptions, LoginSettings};

pub(super) fn run(
    account: &AccountArgs,
    args: &LoginArgs,
    environment: &Environment,
    printer: Printer,
) -> Result<ExitStatus, CommandError> {
    let options = LoginOptions {
        target: &args.target,
        replace_keys: args.replace,
        credential_process: args.credential_process,
        browser: &args.browser,
    };
    let settings = LoginSettings::resolve(account, options, environment)?;
    let now = clock::now();
    let stored = check_target(&settings, printer)?;
    if !args.force
        && let Some(credentials) = still_valid(&stored, settings.role.as_deref(), now)
    {
        if args.credential_process {
            print_for_sdk(&credentials, printer)?;
        }
        return Ok(ExitStatus::Success);
    }
    // Stored keys go before `credential_process` in a profile, so in the file that AWS tools
    // read they would hide the very setting that runs this command, also when they have expired.
    let storing = !(args.credential_process && settings.target.is_tools_file);
    if storing {
        check_writable(&settings)?;
    }
    let credentials = get_credentials(&settings, now, printer)?;
    if storing {
        store(&settings, &credentials, printer)?;
    }
    if args.credential_process {
        print_for_sdk(&credentials, printer)?;
    }
    Ok(ExitStatus::Success)
}

/// What AWS tools expect from a `credential_process`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ForSdk<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    expiration: String,
}

fn print_for_sdk(credentials: &TemporaryCredentials, printer: Printer) -> Result<(), CommandError> {
    let answer = ForSdk {
        version: 1,
        access_key_id: &credentials.access_key_id,
        secret_access_key: credentials.secret_access_key.expose_secret(),
        session_token: credentials.session_token.expose_secret(),
        expiration: clock::rfc3339_local(credentials.expires),
    };
    let line = serde_json::to_string(&answer).map(Zeroizing::new);
    let line = line.map_err(|error| CommandError::Output(error.into()))?;
    printer.data(&line).map_err(CommandError::Output)
}
