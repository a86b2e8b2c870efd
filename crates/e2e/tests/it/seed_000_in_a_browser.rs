//! The walk-through "AWS task": one application, one role, a person who gets in.

use anyhow::{Result, ensure};
use jetway_testkit::{counterparts, require};

use crate::empty_organisation::{EmptyOrganisation, landed, sign_in};
use crate::federation_from_nothing::ACCOUNT;
use crate::wizard;

const AKSHAY: &str = "akshay@gmail.com";

/// Requirements F01, F02, F04 to F06, G01 to G05, G07, G09 to G12, H01, H03, H05, I01, I02, I07,
/// I08, I10, I11, J01 to J06, J16, J17, K01, K02, K05, N01, N04 to N06, W01, W05.
#[tokio::test]
async fn seed_000_a_user_is_given_aws_from_the_first_application_to_the_console() {
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    let organisation = EmptyOrganisation::start(programs, aws_cli).await.unwrap();
    organisation.aws(&["s3", "mb", "s3://rockets"]).unwrap();
    add_the_external_user(&organisation).await.unwrap();
    new_application(&organisation).await.unwrap();
    configure_saml(&organisation).await.unwrap();
    set_up_aws(&organisation).await.unwrap();
    without_a_grant(&organisation).await.unwrap();
    assign_users(&organisation).await.unwrap();
    test_access(&organisation).await.unwrap();
}

/// "Invite and add external users to your JumpCloud directory."
async fn add_the_external_user(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.navigate("Users").await?;
    desk.shows("No users yet").await?;
    organisation.add_user(AKSHAY, "akshay").await?;
    desk.navigate("Users").await?;
    desk.shows(AKSHAY).await?;
    desk.look("seed-000-users").await
}

/// "Click on the New Application button. Choose AWS as the application."
async fn new_application(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.navigate("SSO Applications").await?;
    desk.shows("Add your first application").await?;
    let page = desk
        .shows("Export user identities from Jetway to external applications")
        .await?;
    ensure!(page.contains("Pro Tip:"), "{page}");
    desk.look("seed-000-no-application").await?;
    desk.click_on("Get Started").await?;

    desk.shows("Create New Application Integration").await?;
    let page = desk
        .shows("Which application would you like to integrate?")
        .await?;
    for words in [
        "Select Application",
        "Select Options",
        "Enter General Info",
        "Review",
        "Search from our ever-growing app catalog, or create a custom integration.",
        "Not for IAM Identity Center.",
    ] {
        ensure!(page.contains(words), "{words:?} is not in {page}");
    }
    desk.look("seed-000-catalog").await?;
    wizard::select(desk, "Amazon Web Services (IAM)").await?;
    desk.shows("SSO with SAML").await?;
    desk.look("seed-000-options").await?;
    desk.click_on("Next").await?;

    desk.fill_in("Display Label", "aws").await?;
    desk.click_on("Advanced Settings").await?;
    desk.shows("The SSO IdP URL is not editable after the application is created.")
        .await?;
    desk.look("seed-000-general-info").await?;
    desk.click_on("Next").await?;
    let page = desk.shows("Save Application").await?;
    ensure!(page.contains("amazonwebservicesiam"), "{page}");
    desk.look("seed-000-review").await?;
    wizard::save(desk).await?;
    desk.look("seed-000-saved").await?;
    desk.click_on("Configure Application").await
}

/// "Configure the necessary settings, such as ACS URL, Entity ID, and Attribute Statements."
async fn configure_saml(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.tab("SSO").await?;
    let page = desk.shows("Service Provider Metadata").await?;
    ensure!(
        page.contains("/saml2/amazonwebservicesiam") && page.contains("Visible in user portal"),
        "{page}"
    );
    organisation.take_metadata_of_aws().await?;
    ensure!(desk.stands_in("SP Entity ID").await? == "urn:amazon:webservices");

    desk.tab("Attributes").await?;
    desk.shows("Additional attributes may be included in assertions")
        .await?;
    let required = "Service Provider Attribute Name 1";
    ensure!(
        desk.stands_in(required).await? == "https://aws.amazon.com/SAML/Attributes/RoleSessionName"
    );
    ensure!(desk.stands_in("Jetway Attribute Name 1").await? == "email");
    desk.click_on("add new attribute").await?;
    desk.fill_in("Service Provider Attribute Name 2", "givenName")
        .await?;
    desk.choose("Jetway Attribute Name 2", "firstname").await?;
    desk.look("seed-000-attributes").await?;
    desk.click_on("save").await?;
    desk.shows("The application is saved.").await?;
    Ok(())
}

/// "Setup in AWS IAM", then "Provide the ARN of the IAM Role to JumpCloud".
async fn set_up_aws(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.tab("SSO").await?;
    let name = "jetway-amazonwebservicesiam-metadata.xml";
    let folder = organisation.computer.home();
    desk.download("Export Metadata", folder, name).await?;
    let (provider, role) = organisation.federate(
        ("JumpCloud", &folder.join(name)),
        ("aws-external-users", "AmazonS3ReadOnlyAccess"),
    )?;
    ensure!(role == format!("arn:aws:iam::{ACCOUNT}:role/aws-external-users"));

    desk.tab("SSO").await?;
    desk.shows(
        "https://aws.amazon.com/SAML/Attributes/Role still contains YOUR_AWS_ACCOUNT_NUMBER",
    )
    .await?;
    desk.look("seed-000-not-ready").await?;
    desk.tab("Attributes").await?;
    // The seed writes the pair the other way round than AWS: provider first.
    desk.fill_in(
        "Value of constant attribute 2",
        &format!("{provider},{role}"),
    )
    .await?;
    desk.click_on("save").await?;
    desk.shows("The application is saved.").await?;
    desk.tab("SSO").await?;
    desk.click_on("Activate").await?;
    let page = desk.shows("Single sign-on is activated.").await?;
    ensure!(page.contains("IdP certificate"), "{page}");
    desk.look("seed-000-sso").await
}

/// Users are implicitly denied access to applications.
async fn without_a_grant(organisation: &EmptyOrganisation) -> Result<()> {
    let visitor = organisation.visitor().await?;
    visitor.open("/").await?;
    sign_in(&visitor, AKSHAY).await?;
    visitor.shows("You have no applications yet").await?;
    visitor.open("/saml2/amazonwebservicesiam").await?;
    visitor.shows("You do not have access to aws").await?;
    Ok(())
}

/// "Select the AWS application. Assign the external users you want to grant access to."
async fn assign_users(organisation: &EmptyOrganisation) -> Result<()> {
    organisation.grant("aws", "All Users").await?;
    organisation.desk.shows(AKSHAY).await?;
    organisation.desk.look("seed-000-user-groups").await
}

/// "Go to sso, now you will get idp url, copy and paste it in the browser. Use the user credentials
/// and login. Click on application and now you will be redirected to aws console."
async fn test_access(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.tab("SSO").await?;
    let script = "return document.getElementById('idp-url').textContent";
    let idp_url = desk.browser.client().execute(script, vec![]).await?;
    let visitor = organisation.visitor().await?;
    let client = visitor.browser.client();
    client.goto(idp_url.as_str().unwrap_or_default()).await?;
    sign_in(&visitor, AKSHAY).await?;
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/aws-external-users/{AKSHAY}");
    ensure!(landed(&visitor).await? == arn);

    visitor.open("/").await?;
    visitor.shows("Applications").await?;
    ensure!(visitor.tiles().await? == ["aws"]);
    visitor.look("seed-000-portal").await?;
    visitor.click_tile("aws").await?;
    ensure!(landed(&visitor).await? == arn);
    ensure!(
        client
            .current_url()
            .await?
            .as_str()
            .starts_with(&organisation.aws_url)
    );
    visitor.shows("rockets").await?;
    visitor.shows("may be listed").await?;
    visitor.look("seed-000-console").await
}
