//! An organisation that has nothing yet: `jetwayd serve` with an empty data folder, its first
//! administrator at a desk, and an empty AWS account beside it.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use jetway_testkit::authenticator_app::shown_now;
use jetway_testkit::counterparts::BrowserPrograms;
use jetway_testkit::fantoccini::Locator;
use jetway_testkit::process::Jetwayd;
use serde_json::{Value, json};

use crate::administrators::set_up_link;
use crate::aws_set_up_script::run;
use crate::desk::Desk;
use crate::federation_from_nothing::{ACCOUNT, environment_of};
use crate::key_pair::KeyPair;
use crate::person::{PASSWORD, Person, succeeded};

pub(crate) const ADMINISTRATOR: &str = "granny@the-acme-corporation.com";

pub(crate) struct EmptyOrganisation {
    /// Where the administrator sits, signed in.
    pub(crate) desk: Desk,
    /// The administrator's own computer, with a home folder and the AWS CLI.
    pub(crate) computer: Person,
    pub(crate) aws_url: String,
    aws_cli: PathBuf,
    key: Value,
    programs: BrowserPrograms,
    _local_aws: Jetwayd,
}

impl EmptyOrganisation {
    /// Starts both sides, and makes the first administrator with the link that the server printed.
    pub(crate) async fn start(programs: BrowserPrograms, aws_cli: PathBuf) -> Result<Self> {
        let local_aws = Jetwayd::local_aws_with(&["--account", ACCOUNT])?;
        let serving = Rc::new(Jetwayd::serve()?);
        let desk = Desk::at(&serving, &programs).await?;
        let organisation = Self {
            computer: Person::new(&local_aws, aws_cli.clone())?,
            key: environment_of(&local_aws)?,
            aws_url: local_aws.aws_url(),
            desk,
            aws_cli,
            programs,
            _local_aws: local_aws,
        };
        organisation.first_run(&serving).await?;
        Ok(organisation)
    }

    async fn first_run(&self, serving: &Jetwayd) -> Result<()> {
        let link = set_up_link(serving).context("no link to the first run")?;
        let desk = &self.desk;
        desk.browser.client().goto(&link).await?;
        desk.fill_in("Organisation", "Acme Corporation").await?;
        desk.fill_in("Your name", "Granny").await?;
        desk.fill_in("E-mail address", ADMINISTRATOR).await?;
        desk.fill_in("Password", PASSWORD).await?;
        desk.fill_in("The same once more", PASSWORD).await?;
        desk.click_on("Create the organisation").await?;
        desk.shows("Administrator Login").await?;
        desk.fill_in("Email", ADMINISTRATOR).await?;
        desk.fill_in("Password", PASSWORD).await?;
        desk.click_on("Administrator Login").await?;
        desk.shows("Set up a second factor").await?;
        desk.click_on("Connect an authenticator app").await?;
        desk.shows("Put this into the app").await?;
        let client = desk.browser.client();
        let secret = client.find(Locator::Css("code.secret")).await?;
        let code = shown_now(&secret.text().await?, 0)?;
        desk.fill_in("Six digits", &code).await?;
        desk.click_on("Connect").await?;
        desk.shows("Keep these where you find them").await?;
        desk.click_on("I have kept them").await?;
        desk.shows("Welcome, Granny").await?;
        Ok(())
    }

    /// Adds a user who can sign in at once, with the sample password.
    pub(crate) async fn add_user(&self, email: &str, first_name: &str) -> Result<()> {
        let desk = &self.desk;
        desk.navigate("Users").await?;
        desk.click_on("Add users").await?;
        desk.click_on("Add a user").await?;
        let (username, _) = email.split_once('@').context("no address")?;
        desk.fill_in("Username", username).await?;
        desk.fill_in("Company Email", email).await?;
        desk.fill_in("First Name", first_name).await?;
        desk.tick("Active").await?;
        desk.tick("Set a password now").await?;
        desk.fill_in("Password", PASSWORD).await?;
        desk.click_on("save user").await?;
        desk.shows("Security Status").await?;
        Ok(())
    }

    /// Makes a group with one member.
    pub(crate) async fn add_group(&self, name: &str, member: &str) -> Result<()> {
        let desk = &self.desk;
        desk.navigate("User Groups").await?;
        desk.click_on("Add a group").await?;
        desk.fill_in("Name", name).await?;
        desk.click_on("create group").await?;
        desk.tab("Members").await?;
        desk.fill_in("Find people to add", member).await?;
        desk.click_on("Find").await?;
        desk.click("form[action$='/members/add'] button").await?;
        desk.shows(member).await?;
        Ok(())
    }

    /// "Navigate to USER AUTHENTICATION > SSO Applications", then the application.
    pub(crate) async fn open_application(&self, label: &str) -> Result<()> {
        self.desk.navigate("SSO Applications").await?;
        self.desk.click_on(label).await
    }

    /// "Select the User Groups tab. Select the check box next to the group of users you want to
    /// give access. Click save."
    pub(crate) async fn grant(&self, application: &str, group: &str) -> Result<()> {
        self.open_application(application).await?;
        self.desk.tab("User Groups").await?;
        self.desk.tick(group).await?;
        self.desk.click_on("save").await?;
        self.desk.shows("Who has the application is saved.").await?;
        Ok(())
    }

    /// On the tab SSO: the file that AWS offers fills in where responses go.
    pub(crate) async fn take_metadata_of_aws(&self) -> Result<()> {
        let file = self.computer.home().join("aws-saml-metadata.xml");
        let address = format!("{}/static/saml-metadata.xml", self.aws_url);
        let metadata = ureq::get(address).call()?.into_body().read_to_string()?;
        std::fs::write(&file, metadata)?;
        let desk = &self.desk;
        desk.upload("Metadata file", &file).await?;
        desk.click_on("Upload Metadata").await?;
        desk.shows("The metadata has filled in the settings.")
            .await?;
        let acs_url = desk.stands_in("ACS URL").await?;
        ensure!(acs_url == format!("{}/saml", self.aws_url), "{acs_url}");
        Ok(())
    }

    /// On the tab SSO of an application that is not activated yet: "click Upload IdP Private Key and
    /// upload your private key; click Upload IdP Certificate and upload your public certificate".
    pub(crate) async fn upload_key_pair(&self, pair: &KeyPair) -> Result<()> {
        let desk = &self.desk;
        desk.click_on("Add a key").await?;
        desk.upload("IdP private key", &pair.private_key).await?;
        desk.upload("IdP certificate", &pair.certificate).await?;
        desk.click("input[name=use_now]").await?;
        desk.click_on("Upload key and certificate").await?;
        desk.shows("The key is added.").await?;
        Ok(())
    }

    /// "Click Activate", on the tab SSO.
    pub(crate) async fn activate(&self) -> Result<()> {
        self.desk.click_on("Activate").await?;
        self.desk.shows("Single sign-on is activated.").await?;
        Ok(())
    }

    /// What is generated on the tab AWS set-up for the AWS CLI, run in the account; what it printed
    /// for the application.
    pub(crate) async fn run_set_up_script(&self) -> Result<String> {
        let desk = &self.desk;
        desk.click_on("Script for the AWS CLI").await?;
        let folder = tempfile::tempdir()?;
        let script = desk.download("Download", folder.path(), "setup.sh").await?;
        let printed = self.run_in_aws(&script)?;
        let (_, pairs) = printed
            .split_once("into the application:\n")
            .context("no pairs")?;
        Ok(pairs.to_owned())
    }

    /// `aws …` as the administrator of the account; what it printed.
    pub(crate) fn aws(&self, words: &[&str]) -> Result<String> {
        let mut command = self.computer.aws_as_administrator(&self.key)?;
        Ok(succeeded(&command.args(words).output()?))
    }

    /// Runs a script with the administrator's access key; what it printed.
    fn run_in_aws(&self, script: &str) -> Result<String> {
        let output = run(
            script,
            &self.aws_cli,
            &self.computer,
            &self.aws_url,
            &self.key,
        )?;
        Ok(succeeded(&output))
    }

    /// What an administrator clicks together in the console of IAM: the provider from our metadata,
    /// the role for SAML 2.0 federation that trusts it, and a policy of AWS for the role. Gives the
    /// ARNs of the provider and of the role.
    pub(crate) fn federate(
        &self,
        (provider, metadata): (&str, &Path),
        (role, policy): (&str, &str),
    ) -> Result<(String, String)> {
        let document = format!("file://{}", metadata.display());
        let created = self.aws(&[
            "iam",
            "create-saml-provider",
            "--saml-metadata-document",
            &document,
            "--name",
            provider,
        ])?;
        let created: Value = serde_json::from_str(&created)?;
        let provider = created["SAMLProviderArn"].as_str().context("no ARN")?;
        let trust = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithSAML",
            "Condition": {"StringEquals": {"SAML:aud": format!("{}/saml", self.aws_url)}}}]});
        let created = self.aws(&[
            "iam",
            "create-role",
            "--role-name",
            role,
            "--assume-role-policy-document",
            &trust.to_string(),
        ])?;
        let created: Value = serde_json::from_str(&created)?;
        let arn = created["Role"]["Arn"].as_str().context("no ARN")?;
        let policy = format!("arn:aws:iam::aws:policy/{policy}");
        self.aws(&[
            "iam",
            "attach-role-policy",
            "--role-name",
            role,
            "--policy-arn",
            &policy,
        ])?;
        Ok((provider.to_owned(), arn.to_owned()))
    }

    /// The administrator of AWS at a browser of their own, signed in to the console of IAM Identity
    /// Center.
    pub(crate) async fn console(&self) -> Result<Desk> {
        let console = self.visitor().await?;
        open_console(&console, &self.aws_url, &self.key).await?;
        Ok(console)
    }

    /// Somebody with a browser of their own, not signed in.
    pub(crate) async fn visitor(&self) -> Result<Desk> {
        Desk::at(self.desk.jetwayd(), &self.programs).await
    }
}

/// "Log in to the AWS IAM Identity Center management console", with the key of an account.
pub(crate) async fn open_console(console: &Desk, aws_url: &str, key: &Value) -> Result<()> {
    let field = |name: &str| key[name].as_str().context("no key");
    let url = format!("{aws_url}/console/identity-center");
    console.browser.client().goto(&url).await?;
    let id = field("access_key_id")?;
    console.fill_in("Access key ID", id).await?;
    let secret = field("secret_access_key")?;
    console.fill_in("Secret access key", secret).await?;
    console.click_on("Sign in").await?;
    // Whatever the page says, there is somebody now who can sign out.
    let sign_out = Locator::Css("form[action='/console/sign-in/out']");
    console
        .browser
        .client()
        .wait()
        .for_element(sign_out)
        .await?;
    Ok(())
}

/// The way of a person: the sign-in page that they are at, with the sample password.
pub(crate) async fn sign_in(visitor: &Desk, email: &str) -> Result<()> {
    visitor.fill_in("E-mail address", email).await?;
    visitor.fill_in("Password", PASSWORD).await?;
    visitor.click_on("Sign in").await
}

/// The ARN of the session that the person has at the local AWS, once they have landed there.
pub(crate) async fn landed(visitor: &Desk) -> Result<String> {
    let client = visitor.browser.client();
    let arn = Locator::Id("assumed-role-arn");
    match client.wait().for_element(arn).await {
        Ok(arn) => Ok(arn.text().await?),
        Err(error) => {
            let page = client.find(Locator::Css("body")).await?.text().await?;
            let address = client.current_url().await?;
            anyhow::bail!("not signed in to AWS ({error}), but at {address}: {page}")
        }
    }
}
