//! The way from a person to stored credentials, which `login` and `exec` share.

use jetway_saml::RolePair;
use time::{Duration, OffsetDateTime};

use super::authenticate::authenticate;
use super::error::CommandError;
use crate::aws::{
    Asked, AssumeRole, DurationMemory, RoleError, RoleOffer, SessionPolicy, Sts, negotiate,
    offered_roles,
};
use crate::clock;
use crate::files::credentials::{CredentialsFile, StoredProfile, TemporaryCredentials};
use crate::http::Http;
use crate::identity_provider::Console;
use crate::printer::{Printer, printable};
use crate::prompt::Missing;
use crate::settings::{LoginSettings, SettingsError};

/// Credentials that end sooner than this are renewed: the request they are for takes time too.
const SAFETY_MARGIN: Duration = Duration::seconds(60);

/// The stored credentials, if they last, and if they are for `role` where one is asked for.
pub(super) fn still_valid(
    stored: &StoredProfile,
    role: Option<&str>,
    now: OffsetDateTime,
) -> Option<TemporaryCredentials> {
    let credentials = stored.credentials()?;
    let lasting = credentials.expires > now + SAFETY_MARGIN;
    let same_role = role.is_none_or(|role| is_session_of(&credentials.principal_arn, role));
    (lasting && same_role).then_some(credentials)
}

/// Whether `arn:aws:sts::1:assumed-role/Name/session` is a session of
/// `arn:aws:iam::1:role/path/Name`.
fn is_session_of(principal_arn: &str, role_arn: &str) -> bool {
    let session: Vec<&str> = principal_arn.splitn(6, ':').collect();
    let role: Vec<&str> = role_arn.splitn(6, ':').collect();
    let (&[_, partition, _, _, account, session], &[_, role_partition, _, _, role_account, role]) =
        (session.as_slice(), role.as_slice())
    else {
        return false;
    };
    let session_role = session
        .strip_prefix("assumed-role/")
        .and_then(|it| it.split('/').next());
    let role_name = role
        .strip_prefix("role/")
        .and_then(|it| it.rsplit('/').next());
    partition == role_partition
        && account == role_account
        && session_role.is_some()
        && session_role == role_name
}

/// Signs in, takes the role and gets its credentials. Nothing is stored.
pub(super) fn get_credentials(
    settings: &LoginSettings,
    now: OffsetDateTime,
    printer: Printer,
) -> Result<TemporaryCredentials, CommandError> {
    printer.note(&format!(
        "Using IdP Account {} to access {} {}",
        settings.name,
        settings.provider,
        settings.address.url()
    ));
    if settings.skip_verify && settings.address.url().scheme() == "https" {
        printer.warn(&format!(
            "the certificate of {} is not verified (skip_verify): anybody in between can read \
             the password.",
            settings.address.url().host_str().unwrap_or_default()
        ));
    }
    // Nobody should type a password, and use up a code, for settings that cannot work.
    let policy = settings.policy()?;
    let endpoint = settings.sts_endpoint(settings.role.as_deref().unwrap_or_default())?;
    let idp_http = Http::new(settings.idp_http.clone(), printer);
    let sts_http = Http::new(settings.sts_http.clone(), printer);
    for (http, url) in [
        (&idp_http, settings.address.url()),
        (&sts_http, &endpoint.url),
    ] {
        http.prepare(url).map_err(SettingsError::Connection)?;
    }
    let console = Console {
        http: &idp_http,
        provider: settings.provider,
        address: &settings.address,
    };
    let assertion = authenticate(settings, console, printer)?;
    let role = choose_role(settings, &assertion, printer)?;
    printer.note(&format!("Selected role: {}", role.pair.role_arn));
    let request = Unlimited {
        role: &role.pair,
        assertion: &assertion,
        policy: &policy,
    };
    assume(settings, &sts_http, request, (now, printer))
}

/// What STS is asked for, but for the length of the session, which is negotiated.
#[derive(Clone, Copy)]
struct Unlimited<'a> {
    role: &'a RolePair,
    assertion: &'a str,
    policy: &'a SessionPolicy,
}

/// Stores the credentials in the profile and says so.
pub(super) fn store(
    settings: &LoginSettings,
    credentials: &TemporaryCredentials,
    printer: Printer,
) -> Result<(), CommandError> {
    let target = &settings.target;
    let file = CredentialsFile::new(&target.credentials_file);
    let path = target.credentials_file.display();
    let waiting = || {
        printer.note(&format!(
            "Waiting for another program to finish with {path} ..."
        ));
    };
    let replaced = file.store(
        &target.profile,
        credentials,
        target.region.as_deref(),
        target.replace_keys,
        waiting,
    )?;
    if replaced.made_private {
        printer.warn(&format!("others had access to {path}; now only you have."));
    }
    printer.note(&format!("Logged in as: {}", credentials.principal_arn));
    printer.note("\nYour new access key pair has been stored in the AWS configuration.");
    printer.note(&format!(
        "Note that it will expire at {}",
        clock::for_people(credentials.expires)
    ));
    if target.profile != "default" {
        printer.note(&format!(
            "To use this credential, call the AWS CLI with the --profile option (e.g. aws \
             --profile {} ec2 describe-instances).",
            target.profile
        ));
    }
    if let Some((key, file)) = settings.shadowed_by() {
        printer.warn(&format!(
            "the profile {} of {} has {key}, which AWS tools prefer to these credentials.",
            target.profile,
            file.display()
        ));
    }
    Ok(())
}

/// Fails where [`store`] would, before anybody types a password, and warns of what AWS tools
/// will stumble over. Answers what is stored.
pub(super) fn check_target(
    settings: &LoginSettings,
    printer: Printer,
) -> Result<StoredProfile, CommandError> {
    let target = &settings.target;
    let file = CredentialsFile::new(&target.credentials_file);
    let stored = file.read(&target.profile)?;
    if stored.is_repeated() {
        printer.warn(&format!(
            "[{}] appears more than once in {}, which the AWS CLI refuses. Jetway uses the first \
             one; remove the others.",
            target.profile,
            target.credentials_file.display()
        ));
    }
    Ok(stored)
}

/// Whether the profile may be written.
pub(super) fn check_writable(settings: &LoginSettings) -> Result<(), CommandError> {
    let target = &settings.target;
    let file = CredentialsFile::new(&target.credentials_file);
    Ok(file.check(&target.profile, target.replace_keys)?)
}

fn choose_role(
    settings: &LoginSettings,
    assertion: &str,
    printer: Printer,
) -> Result<RoleOffer, CommandError> {
    let offered = offered_roles(assertion)?;
    for value in &offered.unusable {
        printer.warn(&format!(
            "the assertion holds a role that is no pair of ARNs, which is passed over: {}",
            printable(value)
        ));
    }
    let mut roles = offered.roles;
    let arns = || {
        roles
            .iter()
            .map(|role| role.pair.role_arn.clone())
            .collect::<Vec<_>>()
    };
    if let Some(wanted) = &settings.role {
        let found = roles.iter().position(|role| role.pair.role_arn == *wanted);
        let found = found.ok_or_else(|| RoleError::NotOffered {
            wanted: wanted.clone(),
            offered: arns(),
        })?;
        return Ok(roles.swap_remove(found));
    }
    if roles.len() == 1 {
        return Ok(roles.swap_remove(0));
    }
    let how = format!(
        "Name one with --role or JETWAY_ROLE (SAML2AWS_ROLE):\n{}",
        arns().join("\n")
    );
    let missing = Missing {
        what: "There are several roles to choose from",
        how: &how,
    };
    let labels: Vec<String> = roles.iter().map(|role| role.label.clone()).collect();
    let chosen = settings
        .prompts
        .choose("Please choose the role", labels, 0, missing)?;
    Ok(roles.swap_remove(chosen))
}

fn assume(
    settings: &LoginSettings,
    http: &Http,
    request: Unlimited<'_>,
    (now, printer): (OffsetDateTime, Printer),
) -> Result<TemporaryCredentials, CommandError> {
    let role_arn = request.role.role_arn.as_str();
    let endpoint = settings.sts_endpoint(role_arn)?;
    printer.detail(|| format!("STS is {} ({})", endpoint.url, endpoint.decided_by));
    printer.note("Requesting AWS credentials using SAML assertion.");
    let sts = Sts {
        http,
        endpoint: &endpoint,
    };
    let memory = DurationMemory::in_folder(&settings.state_folder);
    let remembered = memory.recall(role_arn, now);
    let asked = negotiate(settings.seconds, remembered, |seconds| {
        sts.assume_role(AssumeRole {
            role: request.role,
            assertion: request.assertion,
            policy: request.policy,
            seconds,
        })
    })?;
    tell_about_length(settings, &asked, printer);
    if let Some(limit) = asked.limited_to
        && remembered != Some(limit)
        && let Err(error) = memory.remember(role_arn, limit, now)
    {
        printer.warn(&format!("the session length cannot be remembered: {error}"));
    }
    Ok(asked.credentials)
}

fn tell_about_length(settings: &LoginSettings, asked: &Asked, printer: Printer) {
    if let Some(limit) = asked.limited_to {
        printer.note(&format!(
            "The role allows sessions of {}, not of {} as asked for; that is what you get.",
            clock::duration_for_people(limit.into()),
            clock::duration_for_people(settings.seconds.into())
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::is_session_of;

    #[test]
    fn a_session_belongs_to_its_role_only() {
        let session = "arn:aws:sts::012345678987:assumed-role/Admin/road.runner@acme.com";
        assert!(is_session_of(
            session,
            "arn:aws:iam::012345678987:role/Admin"
        ));
        assert!(is_session_of(
            session,
            "arn:aws:iam::012345678987:role/team/Admin"
        ));
        assert!(!is_session_of(
            session,
            "arn:aws:iam::012345678987:role/AdminRO"
        ));
        assert!(!is_session_of(
            session,
            "arn:aws:iam::112345678987:role/Admin"
        ));
        assert!(!is_session_of(
            session,
            "arn:aws-cn:iam::012345678987:role/Admin"
        ));
        assert!(!is_session_of("", "arn:aws:iam::012345678987:role/Admin"));
        assert!(!is_session_of(session, "Admin"));
    }
}
