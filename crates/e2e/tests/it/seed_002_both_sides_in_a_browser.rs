//! "Integrate with AWS IAM Identity Center", both sides of it, from nothing: the identity provider's
//! administrator at one browser, the administrator of AWS at another, the person at a third.

use anyhow::{Context, Result, ensure};
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::empty_organisation::{EmptyOrganisation, sign_in};
use crate::person::{ROAD_RUNNER, refused, succeeded};
use crate::wizard;

const ENTRY: &str = "AWS IAM Identity Center";
const LABEL: &str = "AWS Single Sign-On";
const GROUP: &str = "rocket engineers";
const SET: &str = "Engineer";
const METADATA_OF_AWS: &str = "saml-metadata.xml";
const METADATA_OF_JETWAY: &str = "jetway-aws-sso-metadata.xml";
const PROJECT: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:Project";
/// The two statements of the document, in one policy.
const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Deny",
   "Action": ["iam:*", "organizations:DescribeAccount", "organizations:DescribeOrganization"],
   "Resource": "*",
   "Condition": {"StringEquals": {"aws:PrincipalTag/Project": "Automation"}}},
  {"Sid": "DenyAccessByRegion", "Effect": "Deny", "NotAction": ["cloudfront:*", "iam:*"],
   "Resource": "*",
   "Condition": {"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Region}"}}}]}"#;

/// Requirements W03, W04, W05, J06, N02.
#[tokio::test]
async fn seed_002_identity_center_and_the_identity_provider_trust_each_other_and_deny_by_attribute()
{
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    let organisation = EmptyOrganisation::start(programs, aws_cli).await.unwrap();
    let console = organisation.console().await.unwrap();
    organisation.add_user(ROAD_RUNNER, "Road").await.unwrap();
    organisation.add_group(GROUP, ROAD_RUNNER).await.unwrap();
    configure_identity_center_1(&organisation, &console)
        .await
        .unwrap();
    configure_jetway(&organisation).await.unwrap();
    configure_identity_center_2(&organisation, &console)
        .await
        .unwrap();
    organisation.grant(LABEL, GROUP).await.unwrap();
    let scim = enable_provisioning(&console).await.unwrap();
    provision(&scim).unwrap();
    attributes_for_access_control(&console).await.unwrap();
    permission_set(&console).await.unwrap();
    assign(&console).await.unwrap();
    policy_by_attributes(&console).await.unwrap();

    new_project(&organisation, "Automation").await.unwrap();
    let portal = idp_initiated(&organisation).await.unwrap();
    let keys = access_keys(&portal).await.unwrap();
    let aws = |words: &[&str]| run(&organisation, &keys, words);
    succeeded(&aws(&["s3", "ls", "--region", "us-west-2"]));
    for (words, action) in [
        (
            &["s3", "ls", "--region", "us-east-1"][..],
            "s3:ListAllMyBuckets",
        ),
        (
            &["iam", "list-roles", "--region", "us-west-2"],
            "iam:ListRoles",
        ),
    ] {
        let denied = refused(&aws(words));
        assert!(denied.contains("explicit deny"), "{denied}");
        assert!(denied.contains(action), "{denied}");
    }

    other_project(&organisation, "Rockets").await.unwrap();
    let portal = sp_initiated(&organisation).await.unwrap();
    let keys = access_keys(&portal).await.unwrap();
    let aws = |words: &[&str]| run(&organisation, &keys, words);
    succeeded(&aws(&["iam", "list-roles", "--region", "us-west-2"]));
}

/// "To configure AWS IAM Identity Center 1"
async fn configure_identity_center_1(
    organisation: &EmptyOrganisation,
    console: &Desk,
) -> Result<()> {
    console.click_on("Create AWS organization").await?;
    console.shows("Enable IAM Identity Center").await?;
    console.click_on("Enable").await?;
    console.shows("Recommended setup steps").await?;
    console.click_on("Choose your identity source").await?;
    console.click_on("Change").await?;
    console.tick("External identity provider").await?;
    let folder = organisation.computer.home();
    let click = "download metadata file";
    let metadata = console.download(click, folder, METADATA_OF_AWS).await?;
    ensure!(metadata.contains("/platform/saml/acs/"), "{metadata}");
    Ok(())
}

/// "To configure JumpCloud"
async fn configure_jetway(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    desk.navigate("SSO Applications").await?;
    desk.click_on("Get Started").await?;
    wizard::add_application(desk, ENTRY, LABEL, "aws-sso").await?;
    desk.tab("SSO").await?;
    let folder = organisation.computer.home();
    desk.upload("Metadata file", &folder.join(METADATA_OF_AWS))
        .await?;
    desk.click_on("Upload Metadata").await?;
    desk.shows("The metadata has filled in the settings.")
        .await?;
    desk.click_on("save").await?;
    desk.shows("The application is saved.").await?;
    desk.download("Export Metadata", folder, METADATA_OF_JETWAY)
        .await?;
    organisation.activate().await?;
    desk.tab("Attributes").await?;
    desk.click_on("add new attribute").await?;
    desk.fill_in("Service Provider Attribute Name 1", PROJECT)
        .await?;
    desk.choose("Jetway Attribute Name 1", "Custom User or Group Attribute")
        .await?;
    desk.fill_in("Custom attribute 1", "AWS-ABAC-Project")
        .await?;
    desk.click_on("save").await?;
    desk.shows("The application is saved.").await?;
    Ok(())
}

/// "To configure AWS IAM Identity Center 2"
async fn configure_identity_center_2(
    organisation: &EmptyOrganisation,
    console: &Desk,
) -> Result<()> {
    let file = organisation.computer.home().join(METADATA_OF_JETWAY);
    console
        .upload("IdP SAML metadata: Choose file", &file)
        .await?;
    console.click_on("Next: Review").await?;
    console.look("seed-002-review").await?;
    let label = "Type ACCEPT to change your identity source";
    console.fill_in(label, "ACCEPT").await?;
    // The button; a link in the crumbs has the same words.
    console
        .click("form[action$='/identity-source/change'] button")
        .await?;
    console.shows("Manage certificates").await?;
    Ok(())
}

/// "Configuring the Identity Management Integration", on AWS's side: endpoint and token.
async fn enable_provisioning(console: &Desk) -> Result<(String, String)> {
    console.navigate("Settings").await?;
    console.tab("Automatic provisioning").await?;
    console.click_on("Enable automatic provisioning").await?;
    console.shows("Inbound automatic provisioning").await?;
    console.click_on("Show token").await?;
    console.look("seed-002-provisioning").await?;
    let endpoint = text(console, "scim-endpoint").await?;
    let token = text(console, "access-token").await?;
    console.tab("Automatic provisioning").await?;
    let page = console.shows("Inbound automatic provisioning").await?;
    ensure!(!page.contains("Show token"), "it is shown once");
    Ok((endpoint, token))
}

/// The person and the group, as an identity provider brings them.
fn provision((endpoint, token): &(String, String)) -> Result<()> {
    let post = |kind: &str, body: Value| -> Result<Value> {
        let mut answer = ureq::post(format!("{endpoint}{kind}"))
            .header("Authorization", format!("Bearer {token}"))
            .content_type("application/scim+json")
            .send(body.to_string())?;
        Ok(serde_json::from_str(&answer.body_mut().read_to_string()?)?)
    };
    let user = post(
        "Users",
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": ROAD_RUNNER,
            "displayName": "Road Runner",
            "name": {"givenName": "Road", "familyName": "Runner"},
            "emails": [{"value": ROAD_RUNNER, "type": "work", "primary": true}],
            "addresses": [{"type": "work", "region": "us-west-2"}],
        }),
    )?;
    let member = user["id"].as_str().context("no id")?;
    post(
        "Groups",
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": GROUP,
            "members": [{"value": member}],
        }),
    )?;
    Ok(())
}

/// "To enable ABAC in AWS IAM Identity Center", and "To configure ABAC Using SCIM User Attributes".
async fn attributes_for_access_control(console: &Desk) -> Result<()> {
    console.navigate("Settings").await?;
    console.tab("Attributes for access control").await?;
    console.click_on("Enable").await?;
    console.fill_in("Key 1", "Region").await?;
    let source = "${path:addresses[type eq \"work\"].region}";
    console.choose("Value 1", source).await?;
    console.click_on("Save changes").await?;
    console.look("seed-002-access-control").await?;
    ensure!(console.stands_in("Key 1").await? == "Region");
    Ok(())
}

async fn permission_set(console: &Desk) -> Result<()> {
    console.navigate("Permission sets").await?;
    console.click_on("Create permission set").await?;
    console.fill_in("Permission set name", SET).await?;
    let policy = "arn:aws:iam::aws:policy/AdministratorAccess";
    console.fill_in("AWS managed policies", policy).await?;
    console.click_on("Create").await?;
    console.shows("Permissions policy").await?;
    Ok(())
}

async fn assign(console: &Desk) -> Result<()> {
    console.navigate("AWS accounts").await?;
    console.click("#organization a.row-name").await?;
    console.click_on("Assign users or groups").await?;
    console.tab("Groups").await?;
    console.tick(GROUP).await?;
    console.click_on("Next: Permission sets").await?;
    console.tick(SET).await?;
    console.click_on("Finish").await?;
    console.shows("Assigned users and groups").await?;
    Ok(())
}

/// "To apply a permission policy from the AWS IAM Identity Center console"
async fn policy_by_attributes(console: &Desk) -> Result<()> {
    console.navigate("Permission sets").await?;
    console.click_on(SET).await?;
    console.click_on("Edit permissions").await?;
    console
        .fill_in("Permissions policy (inline, JSON)", POLICY)
        .await?;
    console.click_on("Save policy").await?;
    console
        .shows("AWS accounts with this permission set")
        .await?;
    console.look("seed-002-reprovision").await?;
    console.click_on("Reprovision").await?;
    console.click_on("Add tags").await?;
    console.fill_in("Key 1", "Project").await?;
    console.click_on("Add tag").await?;
    console.fill_in("Key 2", "Region").await?;
    console.click_on("Save changes").await?;
    let page = console.shows("Edit tags").await?;
    ensure!(
        page.contains("Project") && page.contains("Region"),
        "{page}"
    );
    Ok(())
}

/// "Open the user or group record for which you to pass the value for the attribute you created."
async fn new_project(organisation: &EmptyOrganisation, value: &str) -> Result<()> {
    let desk = &organisation.desk;
    desk.navigate("User Groups").await?;
    desk.click_on(GROUP).await?;
    desk.click_on("Custom Attributes").await?;
    desk.fill_in("Name of attribute 1", "AWS-ABAC-Project")
        .await?;
    desk.choose("Type of attribute 1", "String").await?;
    change_project(desk, value).await
}

/// The attribute is there already, and its part of the page is unfolded.
async fn other_project(organisation: &EmptyOrganisation, value: &str) -> Result<()> {
    let desk = &organisation.desk;
    desk.navigate("User Groups").await?;
    desk.click_on(GROUP).await?;
    change_project(desk, value).await
}

async fn change_project(desk: &Desk, value: &str) -> Result<()> {
    desk.fill_in("Value of attribute 1", value).await?;
    desk.click_on("save group").await?;
    desk.shows("The group is saved.").await.map(drop)
}

/// "Access the JumpCloud User Console. Select the application's tile. The application will launch
/// and login the user."
async fn idp_initiated(organisation: &EmptyOrganisation) -> Result<Desk> {
    let visitor = organisation.visitor().await?;
    visitor.open("/").await?;
    sign_in(&visitor, ROAD_RUNNER).await?;
    visitor.click_tile(LABEL).await?;
    visitor.shows("AWS access portal").await?;
    Ok(visitor)
}

/// "Navigate to your Service Provider application URL. You will be redirected to log in to the
/// JumpCloud User Portal. The browser will be redirected back to the application."
async fn sp_initiated(organisation: &EmptyOrganisation) -> Result<Desk> {
    let visitor = organisation.visitor().await?;
    let portal = format!("{}/start", organisation.aws_url);
    visitor.browser.client().goto(&portal).await?;
    sign_in(&visitor, ROAD_RUNNER).await?;
    visitor.shows("AWS access portal").await?;
    Ok(visitor)
}

/// Access key id, secret access key and session token, as the portal shows them.
async fn access_keys(portal: &Desk) -> Result<[String; 3]> {
    portal.click("a[aria-label^='Access keys of']").await?;
    portal.shows("Option 3").await?;
    portal.look("seed-002-access-keys").await?;
    Ok([
        text(portal, "access-key-id").await?,
        text(portal, "secret-access-key").await?,
        text(portal, "session-token").await?,
    ])
}

fn run(
    organisation: &EmptyOrganisation,
    [id, secret, token]: &[String; 3],
    words: &[&str],
) -> std::process::Output {
    let mut command = organisation.computer.aws();
    command
        .env("AWS_ACCESS_KEY_ID", id)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_SESSION_TOKEN", token)
        .args(words)
        .output()
        .unwrap()
}

async fn text(desk: &Desk, id: &str) -> Result<String> {
    let element = desk.browser.client().find(Locator::Id(id)).await?;
    let text = element.prop("textContent").await?;
    Ok(text.context("no text")?.trim().to_owned())
}
