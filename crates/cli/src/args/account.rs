//! Options that work before and after the command, as in saml2aws.

use std::path::PathBuf;

use clap::{ArgAction, Args};
use secrecy::SecretString;

/// Shortest and longest session that AWS gives, in seconds.
pub(crate) const SESSION_SECONDS: std::ops::RangeInclusive<u32> = 900..=43_200;

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch that can be typed"
)]
#[command(next_help_heading = "Account options")]
pub(crate) struct AccountArgs {
    /// The account of the configuration to use [default: default]
    #[arg(short = 'a', long, global = true, value_name = "NAME")]
    pub(crate) idp_account: Option<String>,

    /// Configuration file: one ending in `.toml` is Jetway's own (default
    /// ~/.config/jetway/config.toml), any other is saml2aws's (default ~/.saml2aws)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Address of the application at the identity provider, https://…/saml2/<application>
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// The identity provider: Jetway or JumpCloud
    #[arg(long, global = true, value_name = "PROVIDER")]
    pub(crate) idp_provider: Option<String>,

    /// Second factor to use: Auto, TOTP or PUSH
    #[arg(long, global = true, value_name = "FACTOR")]
    pub(crate) mfa: Option<String>,

    /// E-mail address to sign in with
    #[arg(long, global = true, value_name = "EMAIL")]
    pub(crate) username: Option<String>,

    /// Password. Others can see arguments in the process list: prefer the prompt or the
    /// environment variable `JETWAY_PASSWORD`
    #[arg(long, global = true, value_name = "PASSWORD", value_parser = secret)]
    pub(crate) password: Option<SecretString>,

    /// One-time code, if the sign-in asks for one
    #[arg(long, global = true, value_name = "CODE", value_parser = secret)]
    pub(crate) mfa_token: Option<SecretString>,

    /// ARN of the role to take
    #[arg(long, global = true, value_name = "ARN")]
    pub(crate) role: Option<String>,

    /// Length of the AWS session in seconds, 900 to 43200 [default: 3600]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = session_duration)]
    pub(crate) session_duration: Option<u32>,

    /// AWS region whose STS is asked; also written to the profile
    #[arg(short = 'r', long, global = true, value_name = "REGION")]
    pub(crate) region: Option<String>,

    /// File with a session policy that narrows the role's permissions
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) policyfile: Option<PathBuf>,

    /// ARNs of managed session policies, separated by commas
    #[arg(long, global = true, value_name = "ARNS")]
    pub(crate) policyarns: Option<String>,

    /// Don't verify the certificate of the identity provider (dangerous)
    #[arg(short = 's', long, global = true)]
    pub(crate) skip_verify: bool,

    /// Don't ask for the user name and the password
    #[arg(long, global = true)]
    pub(crate) skip_prompt: bool,

    /// Don't ask anything: fail with status 3 instead
    #[arg(long, global = true)]
    pub(crate) no_input: bool,

    /// Longest time a request may take, in seconds [default: 60]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) timeout: Option<u32>,

    /// Show requests and decisions (never secrets)
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) verbose: bool,

    /// Show only warnings, errors and prompts
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Accepted for saml2aws scripts: Jetway stores no passwords.
    #[arg(long, global = true, hide = true, action = ArgAction::SetTrue)]
    pub(crate) disable_keychain: bool,

    /// Accepted for saml2aws scripts: these identity providers have no use for it.
    #[arg(long, global = true, hide = true)]
    pub(crate) aws_urn: Option<String>,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that clap asks for")]
fn secret(text: &str) -> Result<SecretString, std::convert::Infallible> {
    Ok(SecretString::from(text))
}

/// 0 means "as configured", as in saml2aws.
fn session_duration(text: &str) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(seconds) if seconds == 0 || SESSION_SECONDS.contains(&seconds) => Ok(seconds),
        _ => Err("AWS accepts 900 (15 minutes) to 43200 (12 hours) seconds".to_owned()),
    }
}
