//! "Integrate with AWS IAM Identity Center": the identity provider's side of it, up to the signed
//! response that would go to AWS.

use anyhow::{Context, Result, ensure};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::{counterparts, require};

use crate::empty_organisation::{EmptyOrganisation, sign_in};
use crate::person::ROAD_RUNNER;
use crate::wizard;

const ENTRY: &str = "AWS IAM Identity Center";
const LABEL: &str = "AWS Single Sign-On";
const GROUP: &str = "rocket engineers";
const ENTITY_ID: &str = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-9067f3a1b2";
const ACS_URL: &str =
    "https://us-east-1.signin.aws/platform/saml/acs/4455422d84a27c9f-9f18-41fa-81b4-769660979b1e";
const OTHER_ACS_URL: &str = "https://us-east-1.sso.signin.aws/platform/saml/acs/4455422d84a27c9f-9f18-41fa-81b4-769660979b1e";
const ACCESS_PORTAL: &str = "https://acme.awsapps.com/start";
const REGION: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:Region";
const PROJECT: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:Project";
const COST_CENTER: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter";

/// Requirements C15, E03, F04, F06, G02, G04, G09 to G11, H03, I01, I02, I09, I11, J03, J06 to J11, K01,
/// K02, N02.
#[tokio::test]
async fn seed_002_identity_center_is_configured_and_told_who_somebody_is() {
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    let organisation = EmptyOrganisation::start(programs, aws_cli).await.unwrap();
    organisation.add_user(ROAD_RUNNER, "Road").await.unwrap();
    organisation.add_group(GROUP, ROAD_RUNNER).await.unwrap();
    new_application(&organisation).await.unwrap();
    configure_jetway(&organisation).await.unwrap();
    abac_attributes(&organisation).await.unwrap();
    values_of_group_and_user(&organisation).await.unwrap();
    organisation.grant(LABEL, GROUP).await.unwrap();
    tile_leads_to_the_access_portal(&organisation)
        .await
        .unwrap();
    what_aws_is_told(&organisation).await.unwrap();
}

/// "Do not select Amazon Web Services (IAM) for this connector."
async fn new_application(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.navigate("SSO Applications").await?;
    desk.click_on("Get Started").await?;
    let page = desk.shows("formerly AWS Single Sign-On").await?;
    ensure!(page.contains("Not for IAM Identity Center."), "{page}");
    wizard::add_application(desk, ENTRY, LABEL, "aws-sso").await
}

/// "Once this file is uploaded, all fields should populate automatically."
async fn configure_jetway(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.tab("SSO").await?;
    desk.look("seed-002-not-configured").await?;
    let file = organisation.computer.home().join("aws-sp-metadata.xml");
    std::fs::write(&file, service_provider_metadata())?;
    desk.upload("Metadata file", &file).await?;
    desk.click_on("Upload Metadata").await?;
    desk.shows("The metadata has filled in the settings.")
        .await?;
    ensure!(desk.stands_in("SP Entity ID").await? == ENTITY_ID);
    ensure!(desk.stands_in("ACS URL").await? == ACS_URL);
    let others = desk.stands_in("Further ACS URLs").await?;
    ensure!(others.contains(OTHER_ACS_URL), "{others}");
    let folder = organisation.computer.home();
    let name = "jetway-aws-sso-metadata.xml";
    let metadata = desk.download("Export Metadata", folder, name).await?;
    ensure!(metadata.contains("/saml2/aws-sso"), "{metadata}");

    // "Optionally, if you want to force SP Initiated Authentication".
    desk.fill_in("Login URL", ACCESS_PORTAL).await?;
    desk.click_on("save").await?;
    desk.shows("The application is saved.").await?;
    organisation.activate().await?;
    desk.look("seed-002-sso").await
}

/// "To configure ABAC using SAML attributes"
async fn abac_attributes(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.tab("Attributes").await?;
    let custom = "Custom User or Group Attribute";
    for (number, name, source, custom_name) in [
        ("1", REGION, "addresses.work.region", None),
        ("2", PROJECT, custom, Some("AWS-ABAC-Project")),
        ("3", COST_CENTER, custom, Some("AWS-ABAC-CostCenter")),
    ] {
        desk.click_on("add new attribute").await?;
        desk.fill_in(&format!("Service Provider Attribute Name {number}"), name)
            .await?;
        desk.choose(&format!("Jetway Attribute Name {number}"), source)
            .await?;
        if let Some(custom_name) = custom_name {
            desk.fill_in(&format!("Custom attribute {number}"), custom_name)
                .await?;
        }
    }
    desk.look("seed-002-attributes").await?;
    desk.click_on("save").await?;
    desk.shows("The application is saved.").await?;
    Ok(())
}

/// "Open the user or group record for which you to pass the value for the attribute you created."
async fn values_of_group_and_user(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.navigate("User Groups").await?;
    desk.click_on(GROUP).await?;
    custom_attribute(organisation, "AWS-ABAC-Project", "Automation").await?;
    desk.click_on("save group").await?;
    desk.shows("The group is saved.").await?;
    desk.look("seed-002-group").await?;

    desk.navigate("Users").await?;
    desk.click_on("Road").await?;
    desk.tab("Details").await?;
    custom_attribute(organisation, "AWS-ABAC-CostCenter", "rockets 4711").await?;
    desk.click_on("Personal Employee Information").await?;
    desk.fill_in("Work State", "us-west-2").await?;
    desk.look("seed-002-user").await?;
    desk.click_on("save user").await?;
    desk.shows("The user is saved.").await?;
    Ok(())
}

/// "Select string. For Attribute Name, enter the name. For Attribute Value, enter the value."
async fn custom_attribute(organisation: &EmptyOrganisation, name: &str, value: &str) -> Result<()> {
    let desk = &organisation.desk;
    desk.click_on("Custom Attributes").await?;
    desk.fill_in("Name of attribute 1", name).await?;
    desk.choose("Type of attribute 1", "String").await?;
    desk.fill_in("Value of attribute 1", value).await
}

/// "IdP initiated: access the user console, select the application's tile" — with a Login URL.
async fn tile_leads_to_the_access_portal(organisation: &EmptyOrganisation) -> Result<()> {
    let visitor = organisation.visitor().await?;
    visitor.open("/").await?;
    sign_in(&visitor, ROAD_RUNNER).await?;
    visitor.shows("Applications").await?;
    ensure!(visitor.tiles().await? == [LABEL]);
    let tile = Locator::Css("a.tile");
    let tile = visitor.browser.client().find(tile).await?;
    let leads_to = tile.attr("href").await?.context("leads nowhere")?;
    ensure!(leads_to == ACCESS_PORTAL, "{leads_to}");
    Ok(())
}

/// The preview and the real response say the same. Neither gets to AWS: the real one is held.
async fn what_aws_is_told(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    organisation.open_application(LABEL).await?;
    desk.tab("Preview").await?;
    desk.fill_in("Find a person", ROAD_RUNNER).await?;
    desk.click_on("Find").await?;
    desk.click("main a[href*='preview?user=']").await?;
    desk.shows("What the application would be told").await?;
    let preview = desk.shows("us-west-2").await?;
    desk.look("seed-002-preview").await?;
    desk.click_on("Hold my next sign-in").await?;
    desk.shows("Your next sign-in to it is held.").await?;
    desk.open("/saml2/aws-sso").await?;
    sign_in(desk, ROAD_RUNNER).await?;
    let held = desk.shows("is held").await?;
    desk.look("seed-002-held").await?;
    ensure!(held.contains(ACS_URL), "{held}");
    for page in [&preview, &held] {
        for words in [
            ROAD_RUNNER,
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            REGION,
            "us-west-2",
            PROJECT,
            "Automation",
            COST_CENTER,
            "rockets 4711",
        ] {
            ensure!(page.contains(words), "{words:?} is not in {page}");
        }
    }
    Ok(())
}

/// As IAM Identity Center offers it for download, with the addresses of both of its kinds.
fn service_provider_metadata() -> String {
    let post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{ENTITY_ID}\">\n\
         <md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\n\
         <md:AssertionConsumerService Binding=\"{post}\" Location=\"{ACS_URL}\" index=\"0\" isDefault=\"true\"/>\n\
         <md:AssertionConsumerService Binding=\"{post}\" Location=\"{OTHER_ACS_URL}\" index=\"1\"/>\n\
         </md:SPSSODescriptor>\n\
         </md:EntityDescriptor>\n"
    )
}
