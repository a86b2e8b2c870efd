//! `jetway exec -- command`: runs a command with credentials that are valid, in place of this
//! process, so that its exit status and every signal are its own.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use secrecy::ExposeSecret;

use super::error::CommandError;
use super::sign_in::{check_target, check_writable, get_credentials, still_valid, store};
use crate::args::{AccountArgs, ExecArgs};
use crate::clock;
use crate::exit::ExitStatus;
use crate::files::credentials::TemporaryCredentials;
use crate::printer::Printer;
use crate::settings::{Environment, LoginOptions, LoginSettings, SECRETS};

/// Ways to credentials that some tools would prefer to those in the environment, or mix with
/// them.
const CONFLICTING: [&str; 9] = [
    // Of the credentials that were there before: it would lead to another account's endpoints.
    "AWS_ACCOUNT_ID",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CREDENTIAL_FILE",
];

pub(super) fn run(
    account: &AccountArgs,
    args: ExecArgs,
    environment: &Environment,
    printer: Printer,
) -> Result<ExitStatus, CommandError> {
    let options = LoginOptions {
        target: &args.target,
        replace_keys: args.replace,
        credential_process: false,
        browser: &args.browser,
    };
    let settings = LoginSettings::resolve(account, options, environment)?;
    let now = clock::now();
    let stored = check_target(&settings, printer)?;
    // A role that the configuration names is where a sign-in begins; whoever signed in with
    // another one since then means to use it.
    let role = settings
        .role
        .as_deref()
        .filter(|_| settings.role_is_explicit);
    let credentials = if let Some(credentials) = still_valid(&stored, role, now) {
        credentials
    } else {
        check_writable(&settings)?;
        let credentials = get_credentials(&settings, now, printer)?;
        store(&settings, &credentials, printer)?;
        credentials
    };
    let region = settings.child_region();
    let child = command(args.command, &settings, &credentials, region);
    replace_this_process(child)
}

fn command(
    words: Vec<OsString>,
    settings: &LoginSettings,
    credentials: &TemporaryCredentials,
    region: Option<String>,
) -> Command {
    let mut words = words.into_iter();
    let mut child = Command::new(words.next().unwrap_or_default());
    child.args(words);
    for name in CONFLICTING.iter().chain(&SECRETS) {
        child.env_remove(name);
    }
    let token = credentials.session_token.expose_secret();
    child
        .env("AWS_ACCESS_KEY_ID", &credentials.access_key_id)
        .env(
            "AWS_SECRET_ACCESS_KEY",
            credentials.secret_access_key.expose_secret(),
        )
        .env("AWS_SESSION_TOKEN", token)
        .env("AWS_SECURITY_TOKEN", token)
        .env("EC2_SECURITY_TOKEN", token)
        .env(
            "AWS_CREDENTIAL_EXPIRATION",
            clock::rfc3339_local(credentials.expires),
        )
        .env("AWS_PROFILE", &settings.target.profile)
        .env("AWS_DEFAULT_PROFILE", &settings.target.profile);
    if !settings.target.is_tools_file {
        // AWS_PROFILE must lead to a profile that exists, from every folder.
        let file = &settings.target.credentials_file;
        let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
        child.env("AWS_SHARED_CREDENTIALS_FILE", file);
    }
    if let Some(region) = region {
        child
            .env("AWS_REGION", &region)
            .env("AWS_DEFAULT_REGION", &region);
    }
    child
}

fn replace_this_process(mut child: Command) -> Result<ExitStatus, CommandError> {
    // Returns only if there is nothing to run.
    let source = child.exec();
    Err(CommandError::Exec {
        command: child.get_program().to_owned(),
        source,
    })
}
