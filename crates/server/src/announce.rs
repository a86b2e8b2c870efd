//! What the subcommands print once everything is ready.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::dev_json::DevJson;
use crate::instance::Instance;
use crate::sample;

/// The tour of `jetwayd dev`.
pub(crate) fn dev(facts: &DevJson, port: u16) -> std::io::Result<()> {
    let mut text = String::new();
    let _ = tour(&mut text, facts, port);
    print(&text)
}

fn tour(out: &mut String, facts: &DevJson, port: u16) -> std::fmt::Result {
    let idp = facts.idp.url.trim_end_matches('/');
    writeln!(
        out,
        "Jetway is ready. Nothing here leaves this machine; Ctrl-C stops it.\n"
    )?;
    writeln!(out, "  Identity provider  {idp}")?;
    writeln!(
        out,
        "  Local AWS          {}  (account {})\n",
        facts.aws.url,
        sample::PRODUCTION
    )?;
    writeln!(out, "Sign in as (every password is {}):", sample::PASSWORD)?;
    for person in &facts.people {
        let groups = if person.groups.is_empty() {
            "in no group".to_owned()
        } else {
            person.groups.join(", ")
        };
        writeln!(out, "  {:<42} {groups}", person.email)?;
        if let Some(secret) = &person.totp_secret {
            writeln!(out, "    with the authenticator app {secret}")?;
        }
    }
    let first = &facts.people[0].email;
    let option = if port == 4566 {
        String::new()
    } else {
        format!(" --port {port}")
    };
    let admin = &facts.idp.admin;
    writeln!(out, "\nAdministrator of {idp}/admin (the same password):")?;
    writeln!(out, "  {}", admin.email)?;
    writeln!(out, "\nThe API, with a key for this start:")?;
    writeln!(
        out,
        "  curl -H 'Authorization: Bearer {}' {idp}/api/v1/caller",
        facts.idp.api_key
    )?;
    writeln!(out, "\nTry, in another terminal:")?;
    writeln!(out, "  eval \"$(jetwayd local-aws env{option})\"")?;
    writeln!(
        out,
        "  jetway configure -a production --idp-provider Jetway --mfa Auto --profile production \\\n    \
         --url {idp}/saml2/acme-prod-aws-admin --username {first} \\\n    \
         --role arn:aws:iam::{}:role/AcmeJumpCloudAdminRO --skip-prompt",
        sample::PRODUCTION
    )?;
    writeln!(
        out,
        "  jetway login -a production && aws --profile production s3 ls"
    )?;
    writeln!(
        out,
        "\nOr with IAM Identity Center, the way AWS does it (sign in as {first}):"
    )?;
    let center = &facts.aws.identity_center;
    writeln!(
        out,
        "  export HOME=$(mktemp -d)   # apart from the sign-ins to the real AWS"
    )?;
    writeln!(out, "  aws configure sso")?;
    writeln!(out, "    SSO session name: local")?;
    writeln!(out, "    SSO start URL:    {}", center.start_url)?;
    writeln!(out, "    SSO region:       {}", center.region)?;
    writeln!(out, "  The access portal itself: {}", center.portal_url)?;
    writeln!(
        out,
        "  Its console, for the access key of an administrator: {}/console/identity-center",
        facts.aws.url.trim_end_matches('/')
    )?;
    writeln!(out, "\nOr open {idp} in a browser and choose a tile.")
}

/// What `jetwayd serve` prints.
pub(crate) fn serve(url: &url::Url, set_up: Option<&str>) -> std::io::Result<()> {
    let url = url.as_str().trim_end_matches('/');
    let mut text = String::new();
    if let Some(link) = set_up {
        let _ = write!(
            text,
            "Nobody administers it yet. Open this address within 24 hours to name the organisation\n\
             and to become its first administrator. It works once:\n\n  {link}\n\n"
        );
    }
    let _ = writeln!(text, "Jetway is ready at {url}; Ctrl-C stops it.");
    print(&text)
}

/// What `jetwayd local-aws` prints.
pub(crate) fn local_aws(instance: &Instance, port: u16) -> std::io::Result<()> {
    let mut text = format!(
        "The local AWS is ready at {}; Ctrl-C stops it.\n",
        instance.url
    );
    let option = if port == 4566 {
        String::new()
    } else {
        format!(" --port {port}")
    };
    for account in &instance.accounts {
        let _ = writeln!(
            text,
            "Account {}: eval \"$(jetwayd local-aws env{option} --account {})\"",
            account.id, account.id
        );
    }
    print(&text)
}

fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
