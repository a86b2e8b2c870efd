//! "saml2aws documentation for JumpCloud": a key pair of one's own, two roles to choose from, and
//! the same account on the command line.

use anyhow::{Context, Result, ensure};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::{counterparts, require};

use crate::empty_organisation::{EmptyOrganisation, landed, sign_in};
use crate::federation_from_nothing::ACCOUNT;
use crate::key_pair::KeyPair;
use crate::person::{FULL, READ_ONLY, ROAD_RUNNER, refused, succeeded};
use crate::wizard;

const LABEL: &str = "AWS production, administration";
const SESSION_DURATION: &str = "https://aws.amazon.com/SAML/Attributes/SessionDuration";

/// Requirements F04, G09, G10, G12, I01, I02, I04 to I06, I11, J01, J13, J14, J17, K02, K05, N01,
/// N05, T01 to T03, W01, W05.
#[tokio::test]
async fn seed_003_a_key_of_ones_own_and_two_roles_lead_into_aws_in_a_browser_and_a_terminal() {
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    let openssl = require!(counterparts::openssl());
    let organisation = EmptyOrganisation::start(programs, aws_cli).await.unwrap();
    organisation
        .aws(&["s3", "mb", "s3://acme-rocket-plans"])
        .unwrap();
    organisation.add_user(ROAD_RUNNER, "Road").await.unwrap();
    organisation
        .add_group("operations", ROAD_RUNNER)
        .await
        .unwrap();
    let pair = KeyPair::make(&openssl, organisation.computer.home(), "production").unwrap();
    configure_jetway(&organisation, &pair).await.unwrap();
    configure_aws(&organisation).await.unwrap();
    organisation.grant(LABEL, "operations").await.unwrap();
    console_access(&organisation).await.unwrap();
    programmatic_access(&organisation).unwrap();
}

/// "Configure the new application in JumpCloud"
async fn configure_jetway(organisation: &EmptyOrganisation, pair: &KeyPair) -> Result<()> {
    let desk = &organisation.desk;
    let entry = "Amazon Web Services (IAM)";
    wizard::add_application(desk, entry, LABEL, "acme-prod-aws-admin").await?;
    desk.tab("SSO").await?;
    organisation.take_metadata_of_aws().await?;
    organisation.upload_key_pair(pair).await?;
    desk.look("seed-003-key").await?;

    let folder = organisation.computer.home();
    let name = "jetway-acme-prod-aws-admin-metadata.xml";
    let metadata = desk.download("Export Metadata", folder, name).await?;
    let metadata: String = metadata.split_whitespace().collect();
    ensure!(metadata.contains(&pair.certificate_base64()?), "{metadata}");

    // "Set SessionDuration to something that makes sense for your organization."
    desk.tab("Attributes").await?;
    desk.click_on("add constant attribute").await?;
    desk.fill_in("Name of constant attribute 3", SESSION_DURATION)
        .await?;
    desk.fill_in("Value of constant attribute 3", "7200")
        .await?;
    desk.look("seed-003-attributes").await?;
    desk.click_on("save").await?;
    desk.shows("The application is saved.").await?;
    Ok(())
}

/// "Configure the new application in AWS": "a read-only role and a full role".
async fn configure_aws(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.tab("AWS set-up").await?;
    desk.shows("This application names no AWS account yet.")
        .await?;
    desk.fill_in("Numbers of AWS accounts", ACCOUNT).await?;
    desk.fill_in("Names of roles", "AcmeJumpCloudAdminRO\nAcmeJumpCloudAdmin")
        .await?;
    desk.fill_in("Name of the SAML provider", "acme-jumpcloud")
        .await?;
    desk.fill_in("Managed policies", "AmazonS3ReadOnlyAccess")
        .await?;
    desk.click_on("Generate").await?;
    desk.shows("SAML provider acme-jumpcloud").await?;
    desk.look("seed-003-aws-set-up").await?;
    let pairs = organisation.run_set_up_script().await?;
    organisation.aws(&[
        "iam",
        "attach-role-policy",
        "--role-name",
        "AcmeJumpCloudAdmin",
        "--policy-arn",
        "arn:aws:iam::aws:policy/AdministratorAccess",
    ])?;

    desk.fill_in("What AWS answered", &pairs).await?;
    desk.click_on("Read").await?;
    let page = desk.shows("After").await?;
    ensure!(page.contains(READ_ONLY) && page.contains(FULL), "{page}");
    desk.look("seed-003-roles").await?;
    desk.click_on("Replace the roles").await?;
    desk.shows("The roles are replaced.").await?;
    desk.tab("SSO").await?;
    organisation.activate().await
}

/// "You'll see the new application when you log in, select it and you will be taken to AWS and
/// logged in. If you configured multiple roles, you will be asked to choose which role to use."
async fn console_access(organisation: &EmptyOrganisation) -> Result<()> {
    let visitor = organisation.visitor().await?;
    visitor.open("/").await?;
    sign_in(&visitor, ROAD_RUNNER).await?;
    visitor.shows("Applications").await?;
    ensure!(visitor.tiles().await? == [LABEL]);
    visitor.click_tile(LABEL).await?;
    let client = visitor.browser.client();
    let chooser = client.wait().for_element(Locator::Id(READ_ONLY)).await;
    let read_only = chooser.context("no choice of roles")?;
    client.find(Locator::Id(FULL)).await?;
    visitor.look("seed-003-chooser").await?;
    read_only.click().await?;
    visitor.click_on("Sign in").await?;
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/AcmeJumpCloudAdminRO/{ROAD_RUNNER}");
    ensure!(landed(&visitor).await? == arn);
    visitor.shows("acme-rocket-plans").await?;
    // Two hours were asked for; without asking it is one.
    let remaining = client.find(Locator::Id("remaining")).await?.text().await?;
    ensure!(
        remaining.starts_with("2 hours") || remaining.starts_with("1 hour 5"),
        "{remaining}"
    );
    visitor.look("seed-003-console").await
}

/// "AWS programmatic access": configure, login, use.
fn programmatic_access(organisation: &EmptyOrganisation) -> Result<()> {
    let person = &organisation.computer;
    let idp_url = organisation.desk.jetwayd().idp_url();
    person.configure(&idp_url, READ_ONLY)?;
    let login = person.login(&[])?;
    succeeded(&login);
    let said = String::from_utf8_lossy(&login.stderr);
    for words in [
        format!("Selected role: {READ_ONLY}"),
        format!(
            "Logged in as: arn:aws:sts::{ACCOUNT}:assumed-role/AcmeJumpCloudAdminRO/{ROAD_RUNNER}"
        ),
    ] {
        ensure!(said.contains(&words), "{words:?} is not in {said}");
    }
    let production = |words: &[&str]| {
        let mut aws = person.aws();
        aws.args(["--profile", "production"]).args(words).output()
    };
    let listed = succeeded(&production(&["s3", "ls"])?);
    ensure!(listed.contains("acme-rocket-plans"), "{listed}");
    let error = refused(&production(&["s3", "mb", "s3://acme-anvils"])?);
    ensure!(error.contains("AccessDenied"), "{error}");

    let exec = ["exec", "-a", "production", "--", "aws", "s3", "ls"];
    let listed = succeeded(&person.jetway()?.args(exec).output()?);
    ensure!(listed.contains("acme-rocket-plans"), "{listed}");

    succeeded(&person.login(&["--force", "--role", FULL])?);
    succeeded(&production(&["s3", "mb", "s3://acme-anvils"])?);
    Ok(())
}
