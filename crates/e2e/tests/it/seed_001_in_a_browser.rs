//! "Integrate with Amazon IAM (Multiple Roles)": two connectors, each with its own role and its own
//! people.

use anyhow::{Context, Result, ensure};
use jetway_testkit::counterparts;
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::require;

use crate::desk::Desk;
use crate::empty_organisation::{EmptyOrganisation, landed, sign_in};
use crate::federation_from_nothing::ACCOUNT;
use crate::key_pair::KeyPair;
use crate::person::{ROAD_RUNNER, WILE_COYOTE};
use crate::wizard;

const MANUAL: &str = "Rocket manual";

/// What differs between the two connectors of the seed.
struct Connector {
    label: &'static str,
    ending: &'static str,
    provider: &'static str,
    role: &'static str,
    policy: &'static str,
    group: &'static str,
    person: &'static str,
}

const A: Connector = Connector {
    label: "AWS A",
    ending: "aws-a",
    provider: "JumpCloud",
    role: "SAML-User",
    policy: "AmazonS3ReadOnlyAccess",
    group: "SSO-AWS-A",
    person: ROAD_RUNNER,
};
const B: Connector = Connector {
    label: "AWS B",
    ending: "aws-b",
    provider: "JumpCloud2",
    role: "SAML2-User",
    policy: "IAMReadOnlyAccess",
    group: "SSO-AWS-B",
    person: WILE_COYOTE,
};

/// Requirements F02 to F04, F07, F08, G04, G08, G09, G11, G12, H05, I02 to I05, I07, I10 to I13,
/// J01, J02, J15, J16, K01 to K03, K05, N01, N05, S01 to S04, W01, W02, W05.
#[tokio::test]
async fn seed_001_two_connectors_give_two_groups_a_role_each_until_they_are_taken_away() {
    let programs = require!(counterparts::browser());
    let aws_cli = require!(counterparts::aws_cli());
    let openssl = require!(counterparts::openssl());
    let organisation = EmptyOrganisation::start(programs, aws_cli).await.unwrap();
    organisation.aws(&["s3", "mb", "s3://anvils"]).unwrap();
    let folder = organisation.computer.home();
    for connector in [&A, &B] {
        let name = connector.person.split('.').next().unwrap();
        organisation.add_user(connector.person, name).await.unwrap();
        organisation
            .add_group(connector.group, connector.person)
            .await
            .unwrap();
        let pair = KeyPair::make(&openssl, folder, connector.ending).unwrap();
        connect(&organisation, connector, &pair).await.unwrap();
        organisation
            .grant(connector.label, connector.group)
            .await
            .unwrap();
    }
    a_bookmark_for_the_first_group(&organisation).await.unwrap();

    let road_runner = organisation.visitor().await.unwrap();
    gets_in(&organisation, &road_runner, &A, &[A.label, MANUAL])
        .await
        .unwrap();
    road_runner.shows("may be listed").await.unwrap();
    let coyote = organisation.visitor().await.unwrap();
    gets_in(&organisation, &coyote, &B, &[B.label])
        .await
        .unwrap();
    coyote
        .shows("This role may not list buckets")
        .await
        .unwrap();
    coyote.open("/saml2/aws-a").await.unwrap();
    coyote
        .shows("You do not have access to AWS A")
        .await
        .unwrap();

    deactivate(&organisation, &coyote).await.unwrap();
    delete(&organisation, &road_runner).await.unwrap();
}

/// "To configure JumpCloud", then "To configure AWS".
async fn connect(
    organisation: &EmptyOrganisation,
    connector: &Connector,
    pair: &KeyPair,
) -> Result<()> {
    let desk = &organisation.desk;
    let entry = "Amazon Web Services (IAM)";
    wizard::add_application(desk, entry, connector.label, connector.ending).await?;
    desk.tab("SSO").await?;
    organisation.take_metadata_of_aws().await?;
    organisation.upload_key_pair(pair).await?;

    desk.tab("Attributes").await?;
    ensure!(desk.stands_in("Value of constant attribute 1").await? == "SSO-User");
    let value = "Value of constant attribute 2";
    let template = desk.stands_in(value).await?;
    ensure!(
        template
            == "arn:aws:iam::YOUR_AWS_ACCOUNT_NUMBER:role/SAML-User,arn:aws:iam::YOUR_AWS_ACCOUNT_NUMBER:saml-provider/JumpCloud"
    );
    let Connector { role, provider, .. } = connector;
    let pair_of_arns = format!(
        "arn:aws:iam::{ACCOUNT}:role/{role},arn:aws:iam::{ACCOUNT}:saml-provider/{provider}"
    );
    desk.fill_in(value, &pair_of_arns).await?;
    desk.click_on("save").await?;
    desk.shows("The application is saved.").await?;
    desk.tab("SSO").await?;
    organisation.activate().await?;

    let name = format!("jetway-{}-metadata.xml", connector.ending);
    let folder = organisation.computer.home();
    let metadata = desk.download("Export Metadata", folder, &name).await?;
    let metadata: String = metadata.split_whitespace().collect();
    ensure!(metadata.contains(&pair.certificate_base64()?), "{metadata}");

    desk.tab("AWS set-up").await?;
    desk.click_on("What there shall be in AWS").await?;
    desk.fill_in("Managed policies", connector.policy).await?;
    desk.click_on("Generate").await?;
    desk.shows(&format!("SAML provider {provider}")).await?;
    let printed = organisation.run_set_up_script().await?;
    ensure!(printed.trim() == pair_of_arns, "{printed}");
    Ok(())
}

/// "If this is a Bookmark Application, enter your sign-in URL in the Bookmark URL field." Granted
/// "from the Groups Configuration panel".
async fn a_bookmark_for_the_first_group(organisation: &EmptyOrganisation) -> Result<()> {
    let desk = &organisation.desk;
    wizard::add_bookmark(desk, MANUAL, "https://manual.the-acme-corporation.com/").await?;
    desk.shows("Configured Applications").await?;
    desk.look("seed-001-applications").await?;
    desk.navigate("User Groups").await?;
    desk.click_on(A.group).await?;
    desk.tab("Applications").await?;
    desk.tick(MANUAL).await?;
    desk.click_on("save group").await?;
    desk.open("/admin/applications").await?;
    desk.shows(MANUAL).await?;
    Ok(())
}

/// "Testing your Single Sign-on (SSO) configuration: IdP-initiated flow."
async fn gets_in(
    organisation: &EmptyOrganisation,
    visitor: &Desk,
    connector: &Connector,
    tiles: &[&str],
) -> Result<()> {
    visitor.open("/").await?;
    sign_in(visitor, connector.person).await?;
    visitor.shows("Applications").await?;
    let found = visitor.tiles().await?;
    ensure!(found == tiles, "{found:?}");
    visitor
        .look(&format!("seed-001-portal-{}", connector.ending))
        .await?;
    visitor.click_tile(connector.label).await?;
    let (role, person) = (connector.role, connector.person);
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{person}");
    let found = landed(visitor).await?;
    ensure!(found == arn, "{found}");
    let address = visitor.browser.client().current_url().await?;
    ensure!(address.as_str().starts_with(&organisation.aws_url));
    visitor
        .shows(&format!("saml-provider/{}", connector.provider))
        .await?;
    Ok(())
}

/// "To deactivate the SSO Integration"
async fn deactivate(organisation: &EmptyOrganisation, coyote: &Desk) -> Result<()> {
    let desk = &organisation.desk;
    desk.navigate("SSO Applications").await?;
    desk.fill_in("Search applications", B.label).await?;
    desk.click_on("Search").await?;
    desk.click_on(B.label).await?;
    desk.tab("SSO").await?;
    desk.click_on("Deactivate SSO").await?;
    desk.shows("Single sign-on is deactivated.").await?;
    desk.look("seed-001-deactivated").await?;
    coyote.open("/").await?;
    coyote.shows("You have no applications yet").await?;
    coyote.open("/saml2/aws-b").await?;
    let page = coyote.shows("AWS B").await;
    let address = coyote.browser.client().current_url().await?;
    ensure!(
        !address.as_str().starts_with(&organisation.aws_url),
        "{page:?}"
    );
    Ok(())
}

/// "To delete the application": the other connector and the bookmark at once.
async fn delete(organisation: &EmptyOrganisation, road_runner: &Desk) -> Result<()> {
    let desk = &organisation.desk;
    desk.navigate("SSO Applications").await?;
    for label in [A.label, MANUAL] {
        desk.tick(&format!("Select {label}")).await?;
    }
    desk.shows("2 of 3 applications selected").await?;
    desk.click_on("Delete").await?;
    let page = desk.shows("Delete 2 Applications?").await?;
    ensure!(
        page.contains("In AWS the SAML provider and its roles stay: remove them there."),
        "{page}"
    );
    let button = Locator::XPath("//main//button[normalize-space(.)='Delete 2 Applications']");
    let button = desk.browser.client().find(button).await;
    let button = button.context("nothing to delete them with")?;
    ensure!(!button.is_enabled().await?, "nothing is typed yet");
    desk.type_into("input[name=typed]", "1").await?;
    ensure!(!button.is_enabled().await?, "they are two");
    desk.look("seed-001-delete").await?;
    desk.type_into("input[name=typed]", "2").await?;
    button.click().await?;
    let page = desk.shows("Deleted.").await?;
    ensure!(page.contains(B.label), "{page}");
    ensure!(!page.contains(A.label) && !page.contains(MANUAL), "{page}");
    desk.look("seed-001-deleted").await?;
    road_runner.open("/").await?;
    road_runner.shows("You have no applications yet").await?;
    Ok(())
}
