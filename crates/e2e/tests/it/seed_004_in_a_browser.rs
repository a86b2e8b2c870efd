//! "Use AWS CLI with JumpCloud": the whole document against the local AWS, with the AWS CLI at a
//! terminal, a browser for the administrator of AWS and one for the person, who has MFA.

use std::rc::Rc;

use anyhow::{Result, ensure};
use jetway_testkit::authenticator_app::shown_now;
use jetway_testkit::counterparts::BrowserPrograms;
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};

use crate::aws_sso::{SsoTerminal, answer, choose};
use crate::desk::Desk;
use crate::empty_organisation::open_console;
use crate::person::{PASSWORD, Person, ROAD_RUNNER, refused, succeeded};

const PROFILE: &str = "999999_S3Admin";
const NEW_SET: &str = "Auditors";

/// Requirements T04, T05, W04, W05.
#[tokio::test]
async fn seed_004_the_aws_cli_signs_in_through_the_access_portal_with_mfa() {
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    require!(counterparts::oathtool());
    let jetwayd = Rc::new(Jetwayd::dev().unwrap());
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    let start_url = assign_permissions(&programs, &jetwayd).await.unwrap();
    let (mut browser, secret) = with_mfa(&programs, &jetwayd).await.unwrap();
    let terminal = SsoTerminal::of(&person).unwrap();
    create_named_profile(&terminal, &browser, &secret, &start_url)
        .await
        .unwrap();
    retrieve_and_cache(&terminal, &mut browser).await.unwrap();
    run_commands(&terminal).unwrap();
    sign_out(&terminal).unwrap();
}

/// "Assign permissions and policies within each AWS account in AWS IAM Identity Center". Gives the
/// user portal URL.
async fn assign_permissions(programs: &BrowserPrograms, jetwayd: &Rc<Jetwayd>) -> Result<String> {
    let console = Desk::at(jetwayd, programs).await?;
    // "Login to the AWS management console as an admin."
    let dev = jetwayd.dev_json();
    open_console(&console, &jetwayd.aws_url(), &dev["aws"]["accounts"][0]).await?;
    console.navigate("Permission sets").await?;
    console.click_on("Create permission set").await?;
    console.fill_in("Permission set name", NEW_SET).await?;
    let policy = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    console.fill_in("AWS managed policies", policy).await?;
    console.click_on("Create").await?;
    console.shows(NEW_SET).await?;
    console.navigate("AWS accounts").await?;
    console.click_on("staging").await?;
    console.click_on("Assign users or groups").await?;
    console.tab("Groups").await?;
    console.tick("operations").await?;
    console.click_on("Next: Permission sets").await?;
    console.tick(NEW_SET).await?;
    console.click_on("Save changes").await?;
    let page = console.shows("Assigned users and groups").await?;
    ensure!(page.contains(NEW_SET), "{page}");
    console.navigate("Settings").await?;
    console.shows("User portal URL").await?;
    let client = console.browser.client();
    let url = client.find(Locator::Id("start-url")).await?.text().await?;
    ensure!(dev["aws"]["identity_center"]["start_url"] == url, "{url}");
    Ok(url)
}

/// Somebody with an authenticator app, signed out again.
async fn with_mfa(programs: &BrowserPrograms, jetwayd: &Rc<Jetwayd>) -> Result<(Desk, String)> {
    let browser = Desk::at(jetwayd, programs).await?;
    browser.open("/profile").await?;
    enter_credentials(&browser).await?;
    browser.click_on("Connect an authenticator app").await?;
    let css = Locator::Css("code.secret");
    let client = browser.browser.client();
    let secret = client.wait().for_element(css).await?.text().await?;
    // The code of the step before: a code is taken once, and the next one is needed soon.
    browser
        .fill_in("Six digits", &shown_now(&secret, -1)?)
        .await?;
    browser.click_on("Connect").await?;
    browser.shows("The authenticator app is connected").await?;
    client.delete_all_cookies().await?;
    Ok((browser, secret))
}

async fn enter_credentials(browser: &Desk) -> Result<()> {
    browser
        .type_into("input[name=username]", ROAD_RUNNER)
        .await?;
    browser.type_into("input[name=password]", PASSWORD).await?;
    browser.click("main form button[type=submit]").await
}

/// "Create an AWS CLI named profile to use your JumpCloud account and JumpCloud MFA", with the
/// answers of the document.
async fn create_named_profile(
    sso: &SsoTerminal<'_>,
    browser: &Desk,
    secret: &str,
    start_url: &str,
) -> Result<()> {
    let mut terminal = sso.start(&["configure", "sso"])?;
    // The document is older than sessions: no name.
    answer(&mut terminal, "SSO session name", "").await?;
    answer(&mut terminal, "SSO start URL", start_url).await?;
    answer(&mut terminal, "SSO region", "us-east-1").await?;
    browser.browser.client().goto(&sso.address().await?).await?;
    enter_credentials(browser).await?;
    browser.fill_in("Code", &shown_now(secret, 0)?).await?;
    browser.click_on("Sign in").await?;
    let page = browser.shows("Authorization requested").await?;
    ensure!(
        page.contains(ROAD_RUNNER) || page.contains("Road"),
        "{page}"
    );
    browser.look("seed-004-device").await?;
    browser.click_on("Confirm and continue").await?;
    browser.shows("Request approved").await?;
    choose(
        &mut terminal,
        "There are 3 AWS accounts available to you.",
        2,
    )
    .await?;
    terminal.sees("Using the account ID 111122223333")?;
    choose(&mut terminal, "There are 3 roles available to you.", 2).await?;
    terminal.sees("Using the role name \"S3Admin\"")?;
    answer(&mut terminal, "efault client Region", "us-east-1").await?;
    answer(&mut terminal, "efault output format", "json").await?;
    answer(&mut terminal, "rofile name", PROFILE).await?;
    ensure!(terminal.ends()?.success());
    Ok(())
}

/// "Retrieve and cache temporary AWS credentials using your named profile": the browser remembers
/// the sign-in, the command line asks again.
async fn retrieve_and_cache(sso: &SsoTerminal<'_>, browser: &mut Desk) -> Result<()> {
    let mut terminal = sso.start(&["sso", "login", "--profile", PROFILE])?;
    browser.browser.client().goto(&sso.address().await?).await?;
    browser.click_on("Confirm and continue").await?;
    browser.shows("Request approved").await?;
    terminal.sees("Successfully logged into Start URL")?;
    ensure!(terminal.ends()?.success());
    Ok(())
}

/// "Running AWS CLI commands using your named profile temporary credentials". The permission set
/// keeps everybody in the region of their own.
fn run_commands(sso: &SsoTerminal<'_>) -> Result<()> {
    succeeded(
        &sso.aws(&["s3", "mb", "s3://seed-004", "--profile", PROFILE])
            .output()?,
    );
    let list = succeeded(&sso.aws(&["s3", "ls", "--profile", PROFILE]).output()?);
    ensure!(list.contains("seed-004"), "{list}");
    let caller = ["sts", "get-caller-identity", "--profile", PROFILE];
    let caller = succeeded(&sso.aws(&caller).output()?);
    let session = format!("/{ROAD_RUNNER}\"");
    ensure!(
        caller.contains("assumed-role/AWSReservedSSO_S3Admin_"),
        "{caller}"
    );
    ensure!(caller.contains(&session), "{caller}");
    let elsewhere = ["s3", "ls", "--region", "eu-west-1", "--profile", PROFILE];
    let denied = refused(&sso.aws(&elsewhere).output()?);
    ensure!(denied.contains("explicit deny"), "{denied}");
    Ok(())
}

/// "Sign out and delete cached and temporary credentials".
fn sign_out(sso: &SsoTerminal<'_>) -> Result<()> {
    succeeded(&sso.aws(&["sso", "logout"]).output()?);
    let after = refused(&sso.aws(&["s3", "ls", "--profile", PROFILE]).output()?);
    ensure!(after.contains("Error loading SSO Token"), "{after}");
    Ok(())
}
