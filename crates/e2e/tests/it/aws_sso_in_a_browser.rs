//! `aws configure sso` in its forms, with Chromium as the browser, and the AWS SDK with the profiles
//! that it made (identity-center.md §1.4, §8.1).

use std::rc::Rc;

use anyhow::{Result, ensure};
use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};
use serde_json::Value;

use crate::aws_sso::{SsoTerminal, answer, choose};
use crate::desk::Desk;
use crate::person::{PASSWORD, Person, ROAD_RUNNER, succeeded};
use crate::session_of_a_terminal::TerminalSession;

const SESSION: &str = "jetway";
const ACCOUNTS: &str = "There are 3 AWS accounts available to you.";
const ROLES: &str = "There are 2 roles available to you.";

/// Requirements T04, T05.
#[tokio::test]
async fn the_wizard_of_the_aws_cli_and_the_sdk_work_in_every_form() {
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    let python = require!(counterparts::aws_python());
    let jetwayd = Rc::new(Jetwayd::dev().unwrap());
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    let sso = SsoTerminal::of(&person).unwrap();
    let browser = Desk::at(&jetwayd, &programs).await.unwrap();
    let dev = jetwayd.dev_json();
    let start_url = dev["aws"]["identity_center"]["start_url"].as_str().unwrap();

    session_in_the_browser(&sso, &browser, start_url)
        .await
        .unwrap();
    session_that_exists(&sso).await.unwrap();
    session_with_a_device_code(&sso, &browser, start_url)
        .await
        .unwrap();
    for profile in ["ReadOnly-012345678987", "second", "third"] {
        caller(&sso, profile).unwrap();
    }
    sdk(&person, &jetwayd, &python).unwrap();
}

/// Authorization code with PKCE: the browser signs in, allows, and comes back to the terminal.
async fn session_in_the_browser(
    sso: &SsoTerminal<'_>,
    browser: &Desk,
    start_url: &str,
) -> Result<()> {
    let mut terminal = sso.start(&["configure", "sso"])?;
    new_session(&mut terminal, SESSION, start_url).await?;
    let address = sso.address().await?;
    ensure!(address.contains("/authorize?"), "{address}");
    browser.browser.client().goto(&address).await?;
    browser
        .type_into("input[name=username]", ROAD_RUNNER)
        .await?;
    browser.type_into("input[name=password]", PASSWORD).await?;
    browser.click("main form button[type=submit]").await?;
    browser.shows("to access your data?").await?;
    browser.look("aws-sso-consent").await?;
    browser.click_on("Allow access").await?;
    choose(&mut terminal, ACCOUNTS, 0).await?;
    terminal.sees("Using the account ID 012345678987")?;
    choose(&mut terminal, ROLES, 0).await?;
    terminal.sees("Using the role name \"ReadOnly\"")?;
    the_rest(&mut terminal, "").await?;
    ensure!(terminal.ends()?.success());
    Ok(())
}

/// Nothing is asked twice, and no browser opens: the token is there.
async fn session_that_exists(sso: &SsoTerminal<'_>) -> Result<()> {
    let mut terminal = sso.start(&["configure", "sso"])?;
    answer(&mut terminal, "SSO session name", SESSION).await?;
    choose(&mut terminal, ACCOUNTS, 1).await?;
    terminal.sees("Using the account ID 444455556666")?;
    choose(&mut terminal, ROLES, 1).await?;
    terminal.sees("Using the role name \"S3Admin\"")?;
    the_rest(&mut terminal, "second").await?;
    ensure!(terminal.ends()?.success());
    Ok(())
}

async fn session_with_a_device_code(
    sso: &SsoTerminal<'_>,
    browser: &Desk,
    start_url: &str,
) -> Result<()> {
    let mut terminal = sso.start(&["configure", "sso", "--use-device-code"])?;
    new_session(&mut terminal, "jetway-device", start_url).await?;
    let address = sso.address().await?;
    ensure!(address.contains("user_code="), "{address}");
    browser.browser.client().goto(&address).await?;
    browser.click_on("Confirm and continue").await?;
    browser.shows("Request approved").await?;
    choose(&mut terminal, ACCOUNTS, 2).await?;
    terminal.sees("Using the account ID 111122223333")?;
    choose(&mut terminal, ROLES, 0).await?;
    the_rest(&mut terminal, "third").await?;
    ensure!(terminal.ends()?.success());
    Ok(())
}

async fn new_session(terminal: &mut TerminalSession, name: &str, start_url: &str) -> Result<()> {
    answer(terminal, "SSO session name", name).await?;
    answer(terminal, "SSO start URL", start_url).await?;
    answer(terminal, "SSO region", "us-east-1").await?;
    answer(terminal, "SSO registration scopes", "").await
}

async fn the_rest(terminal: &mut TerminalSession, profile: &str) -> Result<()> {
    answer(terminal, "efault client Region", "us-east-1").await?;
    answer(terminal, "efault output format", "json").await?;
    answer(terminal, "rofile name", profile).await
}

fn caller(sso: &SsoTerminal<'_>, profile: &str) -> Result<()> {
    let ask = ["sts", "get-caller-identity", "--profile", profile];
    let identity: Value = serde_json::from_str(&succeeded(&sso.aws(&ask).output()?))?;
    let arn = identity["Arn"].as_str().unwrap_or_default();
    ensure!(arn.ends_with(&format!("/{ROAD_RUNNER}")), "{arn}");
    Ok(())
}

/// boto3 with a profile of the wizard: it reads the same token.
fn sdk(person: &Person, jetwayd: &Jetwayd, python: &std::path::Path) -> Result<()> {
    let program = "import boto3\n\
        session = boto3.Session(profile_name='second')\n\
        print(session.client('sts').get_caller_identity()['Arn'])\n\
        session.client('s3').create_bucket(Bucket='made-by-the-sdk')\n\
        print([bucket['Name'] for bucket in session.client('s3').list_buckets()['Buckets']])\n";
    let output = std::process::Command::new(python)
        .env_clear()
        .env("HOME", person.home())
        .env("AWS_ENDPOINT_URL", jetwayd.aws_url())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .args(["-c", program])
        .output()?;
    let printed = succeeded(&output);
    ensure!(
        printed.contains("assumed-role/AWSReservedSSO_S3Admin_"),
        "{printed}"
    );
    ensure!(printed.contains("made-by-the-sdk"), "{printed}");
    Ok(())
}
